/* SPDX-License-Identifier: MIT
 *
 * frame - see frame.h: three size classes with free lists, the rest by malloc.
 *
 * Layer: base.  Threads: the pool's.
 */
#include "base/frame/frame.h"

#include <assert.h>
#include <stdlib.h>

enum { CLASSES = 3, FREE_BYTES_MAX = 1 << 20, FRAME_BYTES_MAX = 1 << 30 };

static const uint32_t class_cap[CLASSES] = { 256 - sizeof(struct frame),
	1024 - sizeof(struct frame), 4096 - sizeof(struct frame) };

struct frame_pool {
	struct frame *free[CLASSES]; /* linked by `other` */
	struct frame *loans;         /* settled ones, for the next */
	struct frame *returned;      /* loans of other pools that nobody here holds any more */
	size_t free_bytes[CLASSES];
	size_t live; /* frames that somebody holds */
};

enum err frame_pool_new(struct frame_pool **out)
{
	*out = calloc(1, sizeof **out);
	return *out ? ERR_OK : ERR_NOMEM;
}

void frame_pool_free(struct frame_pool *pool)
{
	if (!pool)
		return;
	assert(pool->live == 0);
	for (size_t i = 0; i < CLASSES; i++) {
		while (pool->free[i]) {
			struct frame *next = pool->free[i]->other;
			free(pool->free[i]);
			pool->free[i] = next;
		}
	}
	assert(!pool->returned);
	while (pool->loans) {
		struct frame *next = pool->loans->other;
		free(pool->loans);
		pool->loans = next;
	}
	free(pool);
}

enum err frame_new(struct frame_pool *pool, size_t cap, struct frame **out)
{
	size_t i = 0;
	struct frame *f;

	if (cap > FRAME_BYTES_MAX)
		return ERR_TOO_LARGE;
	while (i < CLASSES && cap > class_cap[i])
		i++;
	if (i < CLASSES)
		cap = class_cap[i];
	if (i < CLASSES && pool->free[i]) {
		f = pool->free[i];
		pool->free[i] = f->other;
		pool->free_bytes[i] -= cap;
	} else {
		f = malloc(sizeof *f + cap);
		if (!f)
			return ERR_NOMEM;
	}
	pool->live++;
	f->pool = pool;
	f->p = f->bytes;
	f->other = NULL;
	f->refs = 1;
	f->n = 0;
	f->cap = (uint32_t)cap;
	f->form = FRAME_PLAIN;
	f->uncompressed = false;
	*out = f;
	return ERR_OK;
}

enum err frame_of(struct frame_pool *pool, struct str s, struct frame **out)
{
	struct frame *f;
	enum err e = frame_new(pool, s.n, &f);

	if (e)
		return e;
	frame_put(f, s);
	*out = f;
	return ERR_OK;
}

enum err frame_of_constant(struct frame_pool *pool, struct str s, struct frame **out)
{
	struct frame *f;

	if (s.n > FRAME_BYTES_MAX)
		return ERR_TOO_LARGE;
	enum err e = frame_new(pool, 0, &f);
	if (e)
		return e;
	memcpy(&f->p, &s.p,
		sizeof s.p); /* nobody writes there: a frame that was handed on never changes */
	f->n = (uint32_t)s.n;
	*out = f;
	return ERR_OK;
}

struct frame *frame_in_form(struct frame *f, unsigned form)
{
	while (f && f->form != form)
		f = f->other;
	return f;
}

void frame_add_form(struct frame *f, unsigned form, struct frame *take_made)
{
	take_made->form = (uint8_t)form;
	take_made->other = f->other;
	f->other = take_made;
}

void frame_release(struct frame *f)
{
	struct frame_pool *pool = f->pool;

	frame_unref(f->other);
	pool->live--;
	if (f->cap == 0) {
		f->other = pool->returned;
		pool->returned = f;
		return;
	}
	for (size_t i = 0; i < CLASSES; i++) {
		if (f->cap != class_cap[i] || pool->free_bytes[i] >= FREE_BYTES_MAX)
			continue;
		f->other = pool->free[i];
		pool->free[i] = f;
		pool->free_bytes[i] += f->cap;
		return;
	}
	free(f);
}

/* ---- loans: cap is 0; in place of bytes stands the frame that is lent ---- */

static struct frame *home_of(const struct frame *loan)
{
	struct frame *home;

	memcpy(&home, loan->bytes, sizeof home);
	return home;
}

enum err frame_lend(struct frame *f, struct frame **out)
{
	struct frame *loan = f->pool->loans;

	if (loan) {
		f->pool->loans = loan->other;
	} else {
		loan = malloc(sizeof *loan + sizeof f);
		if (!loan)
			return ERR_NOMEM;
	}
	*loan = (struct frame){
		.p = f->p, .n = f->n, .refs = 1, .form = f->form, .uncompressed = f->uncompressed
	};
	frame_ref(f);
	memcpy(loan->bytes, &f, sizeof f);
	*out = loan;
	return ERR_OK;
}

void frame_land(struct frame_pool *pool, struct frame *loan)
{
	loan->pool = pool;
	pool->live++;
}

bool frame_has_returned(const struct frame_pool *pool)
{
	return pool->returned != NULL;
}

struct frame *frame_take_returned(struct frame_pool *pool)
{
	struct frame *list = pool->returned;

	pool->returned = NULL;
	return list;
}

void frame_settle(struct frame *take_loans)
{
	while (take_loans) {
		struct frame *loan = take_loans, *home = home_of(loan);
		struct frame_pool *pool = home->pool;
		take_loans = loan->other;
		loan->other = pool->loans;
		pool->loans = loan;
		frame_unref(home);
	}
}
