/* SPDX-License-Identifier: MIT
 *
 * buf - bytes that grow at the end.
 *
 * A buf remembers its own failure: after an append that found no memory it takes nothing more and
 * buf_failed says so; callers append freely and ask once, at the end.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

struct buf {
	char *p;
	size_t n, cap; /* bytes used, bytes there */
	bool failed;
};

/* An empty one, which owns nothing yet; { 0 } is the same. */
void buf_init(struct buf *b);

/* Gives the memory back; the buf is then as after buf_init. */
void buf_done(struct buf *b);

/* Forgets the content and the failure, keeps the memory. */
void buf_clear(struct buf *b);

/* Room for n more bytes. Returns where they go (then add them with buf_grow), or NULL without memory. */
char *buf_reserve(struct buf *b, size_t n);

/* Says that n bytes were written behind the end; n is at most what buf_reserve gave. */
void buf_grow(struct buf *b, size_t n);

void buf_append(struct buf *b, struct str s);
void buf_byte(struct buf *b, char c);
void buf_u64(struct buf *b, uint64_t n); /* as decimal digits */
void buf_i64(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* Removes the first n bytes; n is at most b->n. */
void buf_drop(struct buf *b, size_t n);

/* True when an append found no memory since init or clear: the content is then cut short. */
static inline bool buf_failed(const struct buf *b)
{
	return b->failed;
}

/* The content, borrowed until the next call that changes the buf. */
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

#endif
