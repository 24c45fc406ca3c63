/* SPDX-License-Identifier: MIT
 *
 * buf - bytes that grow at the end, by doubling.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUF_FIRST_BYTES = 128, DIGITS_U64 = 20 };

void buf_init(struct buf *b)
{
	*b = (struct buf){ 0 };
}

void buf_done(struct buf *b)
{
	free(b->p);
	buf_init(b);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = false;
}

char *buf_reserve(struct buf *b, size_t n)
{
	if (b->failed || n > SIZE_MAX / 2 - b->n) {
		b->failed = true;
		return NULL;
	}
	if (b->cap - b->n >= n)
		return b->p + b->n;

	size_t cap = b->cap ? b->cap : BUF_FIRST_BYTES;
	while (cap < b->n + n)
		cap *= 2;
	char *p = realloc(b->p, cap);
	if (!p) {
		b->failed = true;
		return NULL;
	}
	b->p = p;
	b->cap = cap;
	return b->p + b->n;
}

void buf_grow(struct buf *b, size_t n)
{
	assert(n <= b->cap - b->n);
	b->n += n;
}

void buf_append(struct buf *b, struct str s)
{
	if (s.n == 0)
		return;
	char *to = buf_reserve(b, s.n);
	if (!to)
		return;
	memcpy(to, s.p, s.n);
	b->n += s.n;
}

void buf_byte(struct buf *b, char c)
{
	if (b->n < b->cap && !b->failed)
		b->p[b->n++] = c;
	else
		buf_append(b, (struct str){ &c, 1 });
}

void buf_u64(struct buf *b, uint64_t n)
{
	char digits[DIGITS_U64];
	size_t i = sizeof digits;

	do {
		digits[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	buf_append(b, (struct str){ digits + i, sizeof digits - i });
}

void buf_i64(struct buf *b, int64_t n)
{
	if (n < 0)
		buf_byte(b, '-');
	buf_u64(b, n < 0 ? UINT64_C(0) - (uint64_t)n : (uint64_t)n);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);

	int n = vsnprintf(NULL, 0, format, args);
	char *to = n < 0 ? NULL : buf_reserve(b, (size_t)n + 1);
	if (to) {
		vsnprintf(to, (size_t)n + 1, format, again);
		b->n += (size_t)n;
	} else {
		b->failed = true;
	}
	va_end(again);
	va_end(args);
}

void buf_drop(struct buf *b, size_t n)
{
	assert(n <= b->n);
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
}
