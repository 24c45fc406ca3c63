/* SPDX-License-Identifier: MIT
 *
 * shelf - see shelf.h.
 *
 * Layer: client.  Threads: one owner at a time.
 */
#include "client/shelf.h"

#include <stdlib.h>

struct item *shelf_item(const struct payload *p, const void *wire, struct str key)
{
	struct form form = form_of(p);
	size_t size = form_size(&form, wire);
	struct item *it = malloc(sizeof *it + size + key.n + 1);

	if (!it)
		return NULL;
	*it = (struct item){ .key_n = key.n };
	form_pack(&form, wire, item_object(it));
	char *at = (char *)(it + 1) + size;
	if (key.n)
		memcpy(at, key.p, key.n);
	it->key = at;
	return it;
}

void shelf_done(struct shelf *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	*s = (struct shelf){ 0 };
}

static int compare(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

size_t shelf_lower(const struct shelf *s, struct str key)
{
	size_t low = 0, high = s->n;

	if (s->n && compare(item_key(s->v[s->n - 1]), key) < 0)
		return s->n; /* what is new is the newest */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(item_key(s->v[middle]), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct item *shelf_find(const struct shelf *s, struct str key)
{
	size_t at = shelf_lower(s, key);

	return at < s->n && str_eq(item_key(s->v[at]), key) ? s->v[at] : NULL;
}

enum err shelf_put(struct shelf *s, struct item *take_item)
{
	size_t at = shelf_lower(s, item_key(take_item));

	if (at < s->n && str_eq(item_key(s->v[at]), item_key(take_item))) {
		free(s->v[at]);
		s->v[at] = take_item;
		return ERR_OK;
	}
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 16;
		struct item **v = realloc(s->v, cap * sizeof(struct item *));
		if (!v) {
			free(take_item);
			return ERR_NOMEM;
		}
		s->v = v;
		s->cap = cap;
	}
	memmove(s->v + at + 1, s->v + at, (s->n - at) * sizeof(struct item *));
	s->v[at] = take_item;
	s->n++;
	return ERR_OK;
}

struct item *shelf_take(struct shelf *s, struct str key)
{
	size_t at = shelf_lower(s, key);

	if (at == s->n || !str_eq(item_key(s->v[at]), key))
		return NULL;
	struct item *it = s->v[at];
	s->n--;
	memmove(s->v + at, s->v + at + 1, (s->n - at) * sizeof(struct item *));
	return it;
}

size_t shelf_range(const struct shelf *s, struct str prefix, size_t *first)
{
	size_t low = shelf_lower(s, prefix), high = s->n;

	*first = low;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_starts(item_key(s->v[middle]), prefix))
			low = middle + 1;
		else
			high = middle;
	}
	return low - *first;
}

void shelf_drop(struct shelf *s, struct str prefix)
{
	size_t first, n = shelf_range(s, prefix, &first);

	for (size_t i = first; i < first + n; i++)
		free(s->v[i]);
	if (n)
		memmove(s->v + first, s->v + first + n, (s->n - first - n) * sizeof(struct item *));
	s->n -= n;
}
