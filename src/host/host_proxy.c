/* SPDX-License-Identifier: MIT
 *
 * host_proxy - who the client is: trusted proxies (RFC 7239, X-Forwarded-For and its like).
 *
 * Layer: host.  Threads: the loop's.
 */
#include "host/host_inside.h"

enum { V4_PREFIX_BITS = 96, ADDRESS_BITS = 128 };

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

enum { HOPS_MAX = 16 };

/* The elements of all fields of that name, in order, the first HOPS_MAX of them. */
static size_t collect_hops(const struct http_head *head, struct str name, struct str *hops)
{
	struct str list, element;
	size_t at = 0, n = 0;

	while (http_head_next(head, name, &at, &list)) {
		while (n < HOPS_MAX && http_head_element(&list, &element))
			hops[n++] = element;
	}
	return n;
}

void host_proxy_client(const struct sio_server *s, const struct http_head *head,
	struct conn_address *address, bool *secure)
{
	struct str hops[HOPS_MAX], proto;
	bool forwarded = true;

	*secure = false;
	if (!host_proxy_is_trusted(s, address))
		return;
	size_t n = collect_hops(head, STR("Forwarded"), hops);
	if (n) {
		proto = parameter(hops[n - 1], STR("proto"));
	} else {
		forwarded = false;
		n = collect_hops(head, STR("X-Forwarded-For"), hops);
		proto = http_head_find(head, STR("X-Forwarded-Proto"));
	}
	*secure = http_head_same(proto, STR("https"));
	while (n-- > 0) { /* from the nearest hop outwards, as far as each is trusted */
		struct str node = forwarded ? parameter(hops[n], STR("for")) : hops[n];
		struct conn_address hop = { 0 };
		if (!read_node(node, &hop))
			return;
		*address = hop;
		if (!host_proxy_is_trusted(s, &hop))
			return;
	}
}
