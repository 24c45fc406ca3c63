/* SPDX-License-Identifier: MIT
 *
 * arena - chunks of growing size, the newest first.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_CHUNK_BYTES = 4096 - 64 };

struct arena_chunk {
	struct arena_chunk *older;
	size_t used, cap;
	alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *a)
{
	a->chunk = NULL;
}

static void free_older(struct arena_chunk *c)
{
	while (c) {
		struct arena_chunk *older = c->older;
		free(c);
		c = older;
	}
}

void arena_done(struct arena *a)
{
	free_older(a->chunk);
	a->chunk = NULL;
}

void arena_reset(struct arena *a)
{
	if (!a->chunk)
		return;
	if (a->chunk->cap >
		ARENA_CHUNK_BYTES) { /* one large event must not be remembered forever */
		arena_done(a);
		return;
	}
	free_older(a->chunk->older);
	a->chunk->older = NULL;
	a->chunk->used = 0;
}

static struct arena_chunk *chunk_add(struct arena *a, size_t size)
{
	size_t cap = size > ARENA_CHUNK_BYTES ? size : ARENA_CHUNK_BYTES;
	struct arena_chunk *c = malloc(sizeof *c + cap);

	if (!c)
		return NULL;
	*c = (struct arena_chunk){ .older = a->chunk, .cap = cap };
	a->chunk = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t align = alignof(max_align_t);

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + align - 1) / align * align;
	struct arena_chunk *c = a->chunk;
	if (!c || c->cap - c->used < size) {
		c = chunk_add(a, size);
		if (!c)
			return NULL;
	}
	void *p = c->bytes + c->used;
	c->used += size;
	return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 2 / size)
		return NULL;
	return arena_alloc(a, count * size);
}

struct str arena_dup(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (!p)
		return (struct str){ NULL, 0 };
	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);

	struct str out = { NULL, 0 };
	int n = vsnprintf(NULL, 0, format, args);
	char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
	if (p) {
		vsnprintf(p, (size_t)n + 1, format, again);
		out = (struct str){ p, (size_t)n };
	}
	va_end(again);
	va_end(args);
	return out;
}
