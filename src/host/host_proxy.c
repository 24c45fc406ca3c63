/* SPDX-License-Identifier: MIT
 *
 * host_proxy - who the client is: trusted proxies (RFC 7239, X-Forwarded-For and its like).
 *
 * Layer: host.  Threads: the loop's.
 */
#include "base/limits.h"
#include "host/host_inside.h"

enum { V4_PREFIX_BITS = 96, ADDRESS_BITS = 128 };

/* Clients of which a trusted proxy says nothing that can be read, or this very machine, are counted as one: `::`. */
static const struct conn_address nobody;

enum err host_proxy_parse(const char *block, struct host_block *out)
{
	const char *slash = strchr(block, '/');
	struct str text = { block, slash ? (size_t)(slash - block) : strlen(block) };
	struct conn_address a;
	unsigned long bits = ADDRESS_BITS;
	enum err e = conn_address_parse(text, &a);

	if (e)
		return e;
	if (slash) {
		char *end;
		bits = strtoul(slash + 1, &end, 10);
		if (slash[1] < '0' || slash[1] > '9' || *end)
			return ERR_BAD_REQUEST;
		if (!memchr(text.p, ':', text.n))
			bits += V4_PREFIX_BITS;
	}
	if (bits > ADDRESS_BITS)
		return ERR_BAD_REQUEST;
	memcpy(out->ip, a.ip, sizeof out->ip);
	out->bits = (unsigned)bits;
	return ERR_OK;
}

static bool block_has(const struct host_block *b, const struct conn_address *a)
{
	size_t whole = b->bits / 8;
	unsigned rest = b->bits % 8;

	if (memcmp(b->ip, a->ip, whole) != 0)
		return false;
	return rest == 0 || ((b->ip[whole] ^ a->ip[whole]) >> (8 - rest)) == 0;
}

bool host_proxy_is_trusted(const struct sio_server *s, const struct conn_address *a)
{
	for (size_t i = 0; i < s->options.trusted_proxy_count; i++) {
		if (block_has(&s->proxies[i], a))
			return true;
	}
	return false;
}

/* "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:80", with or without quotes. */
static bool read_node(struct str s, struct conn_address *out)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = (struct str){ s.p + 1, s.n - 2 };
	if (s.n && s.p[0] == '[') {
		const char *end = memchr(s.p, ']', s.n);
		if (!end)
			return false;
		s = (struct str){ s.p + 1, (size_t)(end - s.p) - 1 };
	} else {
		const char *colon = s.n ? memchr(s.p, ':', s.n) : NULL;
		if (colon && colon == memrchr(s.p, ':', s.n))
			s.n = (size_t)(colon - s.p);
	}
	return conn_address_parse(s, out) == ERR_OK;
}

/* The value of a parameter of one element of Forwarded, as for=... */
static struct str parameter(struct str element, struct str name)
{
	while (element.n) {
		const char *stop = memchr(element.p, ';', element.n);
		struct str pair = { element.p, stop ? (size_t)(stop - element.p) : element.n };
		element = str_after(element, stop ? pair.n + 1 : pair.n);
		pair = str_trim(pair);
		if (pair.n > name.n && pair.p[name.n] == '=' &&
			http_head_same((struct str){ pair.p, name.n }, name))
			return str_after(pair, name.n + 1);
	}
	return (struct str){ NULL, 0 };
}

/*
 * The elements of all fields of that name, in order: the last PROXY_HOPS_MAX of them, each at its number modulo that. What a
 * client sends of its own stands before what the proxies append.
 */
static size_t collect_hops(const struct http_head *head, struct str name, struct str *hops)
{
	struct str list, element;
	size_t at = 0, n = 0;

	while (http_head_next(head, name, &at, &list)) {
		while (http_head_element(&list, &element))
			hops[n++ % PROXY_HOPS_MAX] = element;
	}
	return n;
}

/* The hop that is nearest to the client, as far as each hop behind it is trusted; unchanged without any. */
static void walk(const struct sio_server *s, bool forwarded, const struct str *hops, size_t n,
	struct conn_address *address)
{
	size_t first = n > PROXY_HOPS_MAX ? n - PROXY_HOPS_MAX : 0;

	while (n-- > first) {
		struct str hop = hops[n % PROXY_HOPS_MAX];
		struct conn_address a = { .port = 0 };
		if (!read_node(forwarded ? parameter(hop, STR("for")) : hop, &a)) {
			*address = nobody;
			return;
		}
		*address = a;
		if (!host_proxy_is_trusted(s, &a))
			return;
	}
}

void host_proxy_client(const struct sio_server *s, const struct http_head *head,
	struct conn_address *address, bool *secure)
{
	struct str hops[PROXY_HOPS_MAX], proto, name = str_of(s->options.proxy_header);
	bool forwarded = http_head_same(name, STR("Forwarded"));

	*secure = false;
	if (!host_proxy_is_trusted(s, address))
		return;
	size_t n = collect_hops(head, name, hops);
	if (forwarded && n)
		proto = parameter(hops[(n - 1) % PROXY_HOPS_MAX], STR("proto"));
	else
		proto = http_head_find(head, STR("X-Forwarded-Proto"));
	*secure = http_head_same(proto, STR("https"));
	walk(s, forwarded, hops, n, address);
	if (conn_address_is_loopback(address))
		*address = nobody;
}
