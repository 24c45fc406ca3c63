/* SPDX-License-Identifier: MIT
 *
 * host_proxy - who the client is: trusted proxies (RFC 7239), and how many connections an address has.
 *
 * Layer: host.  Threads: the loop's.
 */
#include <stdlib.h>

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

/* The address's entry, with one connection more; NULL when it has too many. */
static struct host_address *count_in(struct sio_server *s, const struct conn_address *a)
{
	struct host_address *entry;

	HASH_FIND(hh, s->addresses, a->ip, sizeof a->ip, entry);
	if (entry && entry->count >= s->options.max_connections_per_address) {
		s->refused_addresses++;
		return NULL;
	}
	if (!entry) {
		entry = calloc(1, sizeof *entry);
		if (!entry)
			return NULL;
		memcpy(entry->ip, a->ip, sizeof entry->ip);
		HASH_ADD(hh, s->addresses, ip, sizeof entry->ip, entry);
		if (!entry->hh.tbl) {
			free(entry);
			return NULL;
		}
	}
	entry->count++;
	return entry;
}

bool host_proxy_admit(struct host_peer *p, const struct conn_address *a)
{
	struct sio_server *s = p->server;

	if (!s->options.max_connections_per_address || p->address ||
		(conn_address_is_loopback(a) && !s->options.trusted_proxy_count))
		return true;
	pthread_mutex_lock(&s->mutex);
	p->address = count_in(s, a);
	pthread_mutex_unlock(&s->mutex);
	return p->address != NULL;
}

uint64_t host_proxy_refused(const struct sio_server *s)
{
	struct sio_server *same = s->threads[0].server; /* the mutex is not const */

	pthread_mutex_lock(&same->mutex);
	uint64_t n = same->refused_addresses;
	pthread_mutex_unlock(&same->mutex);
	return n;
}

void host_proxy_release(struct host_peer *p)
{
	struct host_address *entry = p->address;

	p->address = NULL;
	if (!entry)
		return;
	pthread_mutex_lock(&p->server->mutex);
	if (--entry->count == 0) {
		HASH_DEL(p->server->addresses, entry);
		free(entry);
	}
	pthread_mutex_unlock(&p->server->mutex);
}
