/* SPDX-License-Identifier: MIT
 *
 * arena - memory of one event: given out piece by piece, given back all at once.
 *
 * An arena travels with its job from thread to thread; one owner at a time. Results "in the arena"
 * live until it is reset or done.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/attr.h"
#include "base/str.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* the newest; NULL before the first piece */
};

/* An empty one, which owns nothing yet; { 0 } is the same. */
void arena_init(struct arena *a);

/* Gives all memory back. */
void arena_done(struct arena *a);

/* Forgets all pieces; keeps one chunk for the next event. */
void arena_reset(struct arena *a);

/* size bytes, zeroed, aligned for any type. NULL without memory. A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* count elements of size bytes each, zeroed. NULL without memory or when the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* A copy of s, with a NUL behind it that n does not count. NULL in p without memory. */
struct str arena_dup(struct arena *a, struct str s);

/* Text by printf's rules. p is NULL without memory. */
struct str arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);

/* A zeroed struct of the named type, or NULL. */
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
