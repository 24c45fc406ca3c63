/* SPDX-License-Identifier: MIT
 *
 * handshake - see handshake.h: one allocation; texts follow each other, each behind its length in two bytes.
 *
 * Layer: eio.  Threads: one owner at a time.
 */
#include "eio/handshake.h"

#include <stdlib.h>

struct handshake {
	struct handshake_charge charge;
	int64_t time_ms;
	uint32_t n; /* bytes of texts */
	bool secure;
	char texts[]; /* address, path, query, then names and values */
};

static size_t text_bytes(struct str s)
{
	return 2 + s.n;
}

static char *put(char *p, struct str s)
{
	uint16_t n = (uint16_t)s.n;

	memcpy(p, &n, 2);
	if (s.n)
		memcpy(p + 2, s.p, s.n);
	return p + 2 + s.n;
}

static struct str take(const char **p)
{
	uint16_t n;

	memcpy(&n, *p, 2);
	struct str s = { *p + 2, n };
	*p += 2 + n;
	return s;
}

enum err handshake_new(const struct handshake_source *from, struct handshake **out)
{
	size_t n = text_bytes(from->address) + text_bytes(from->path) + text_bytes(from->query);

	for (size_t i = 0; i < from->field_count; i++)
		n += text_bytes(from->fields[i].name) + text_bytes(from->fields[i].value);
	if (n > UINT16_MAX)
		return ERR_TOO_LARGE;
	struct handshake *h = malloc(sizeof *h + n);
	if (!h)
		return ERR_NOMEM;
	*h = (struct handshake){ .charge = from->charge,
		.time_ms = from->time_ms,
		.n = (uint32_t)n,
		.secure = from->secure };
	char *p = put(put(put(h->texts, from->address), from->path), from->query);
	for (size_t i = 0; i < from->field_count; i++)
		p = put(put(p, from->fields[i].name), from->fields[i].value);
	*out = h;
	return ERR_OK;
}

void handshake_joined(struct handshake *h)
{
	if (h->charge.charge)
		h->charge.joined(h->charge.charge);
}

void handshake_free(struct handshake *h)
{
	if (h && h->charge.charge)
		h->charge.free(h->charge.charge);
	free(h);
}

/* The index-th of the leading texts. */
static struct str leading(const struct handshake *h, size_t index)
{
	const char *p = h->texts;
	struct str s = take(&p);

	while (index-- > 0)
		s = take(&p);
	return s;
}

struct str handshake_address(const struct handshake *h)
{
	return leading(h, 0);
}

struct str handshake_path(const struct handshake *h)
{
	return leading(h, 1);
}

struct str handshake_query(const struct handshake *h)
{
	return leading(h, 2);
}

int64_t handshake_time_ms(const struct handshake *h)
{
	return h->time_ms;
}

bool handshake_is_secure(const struct handshake *h)
{
	return h->secure;
}

bool handshake_next(const struct handshake *h, size_t *at, struct handshake_field *out)
{
	struct str query = leading(h, 2);
	size_t first = (size_t)(query.p + query.n - h->texts);

	if (*at < first)
		*at = first;
	if (*at >= h->n)
		return false;
	const char *p = h->texts + *at;
	out->name = take(&p);
	out->value = take(&p);
	*at = (size_t)(p - h->texts);
	return true;
}
