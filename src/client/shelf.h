/* SPDX-License-Identifier: MIT
 *
 * shelf - things of one kind, sorted by their keys: public structs, each in one piece of memory.
 *
 * Ids of version 7 sort by time, so that nearly all that comes goes to the end.
 *
 * Layer: client.  Threads: one owner at a time.
 */
#ifndef CLIENT_SHELF_H
#define CLIENT_SHELF_H

#include <stdbool.h>
#include <stdint.h>

#include "client/form.h"

enum { SHELF_KEY_MAX = 256 };

/* Followed by its public struct. */
struct item {
	const char *key;
	size_t key_n;
	int64_t rev;  /* of the last change taken in; 0: none is known */
	int64_t mark; /* of a group: the seq one has read up to */
	int64_t seen; /* of a group that is behind, and of its messages: the highest rev that came meanwhile */
	int64_t last; /* of a group that is behind: its lastSeq before */
	bool behind;  /* of a group: changes before `seen` are still to come */
};

/* The struct of the item's payload in its public form. */
static inline void *item_object(const struct item *it)
{
	return (void *)(uintptr_t)(it + 1);
}

static inline struct str item_key(const struct item *it)
{
	return (struct str){ it->key, it->key_n };
}

/* A new item with a copy of key, its object packed from wire; free() frees it. NULL without memory. */
struct item *shelf_item(const struct payload *p, const void *wire, struct str key);

struct shelf {
	struct item **v;
	size_t n, cap;
};

/* Frees all. */
void shelf_done(struct shelf *s);

/* The first place whose key is not less. */
size_t shelf_lower(const struct shelf *s, struct str key);

/* Borrowed; NULL when there is none. */
struct item *shelf_find(const struct shelf *s, struct str key);

/* Puts it in its place, where it replaces (and frees) one of the same key. ERR_NOMEM. */
NODISCARD enum err shelf_put(struct shelf *s, struct item *take_item);

/* Takes it off, the caller's then; NULL when there is none. */
struct item *shelf_take(struct shelf *s, struct str key);

/* How many keys begin so; they stand together from *first on. */
size_t shelf_range(const struct shelf *s, struct str prefix, size_t *first);

/* Frees those whose keys begin so. */
void shelf_drop(struct shelf *s, struct str prefix);

#endif
