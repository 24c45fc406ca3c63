/* SPDX-License-Identifier: MIT
 *
 * frame - bytes ready to be sent, written once, then immutable and shared by reference.
 *
 * A frame is filled by the one who made it, up to its capacity, and never changed after it was handed
 * on. Small frames come from a pool, so that a server at work asks malloc for none.
 *
 * Counts are not atomic: a frame never leaves its pool's thread. What another thread is to send is lent to it: a
 * loan is a frame of that thread's, which borrows the bytes and holds one reference for all its recipients there.
 *
 * Layer: base.  Threads: the pool's.
 */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

struct frame_pool;

/* In what form a packet stands: each is made when the first connection wants it, for all who do. */
enum frame_form {
	FRAME_PLAIN, /* whole WebSocket messages, what everybody makes */
	FRAME_POLL,  /* as it stands in a poll's body */
	FRAME_DEFLATE, /* compressed WebSocket messages; + 1 for each bit of window below 15, up to 6 */
};

struct frame {
	struct frame_pool *pool;
	struct frame *other; /* the same packet in other forms, linked by this; owned */
	uint32_t refs;
	uint32_t n, cap;   /* bytes used, bytes there */
	uint8_t form;      /* enum frame_form */
	bool uncompressed; /* it is to travel as it is */
	char *p; /* bytes, or, of a loan, those of the frame that is lent; or constant ones */
	char bytes[];
};

NODISCARD enum err frame_pool_new(struct frame_pool **out); /* ERR_NOMEM */

/* Every frame of the pool has been let go of before; NULL is taken. */
void frame_pool_free(struct frame_pool *pool);

/* An empty frame with room for cap bytes and one reference, the caller's. ERR_NOMEM, ERR_TOO_LARGE beyond 1 GiB. */
NODISCARD enum err frame_new(struct frame_pool *pool, size_t cap, struct frame **out);

/* A frame that holds a copy of s. */
NODISCARD enum err frame_of(struct frame_pool *pool, struct str s, struct frame **out);

/*
 * A frame of bytes that live as long as the program: not copied. Nothing is put into it. ERR_NOMEM,
 * ERR_TOO_LARGE beyond 1 GiB.
 */
NODISCARD enum err frame_of_constant(struct frame_pool *pool, struct str s, struct frame **out);

/* f in that form, borrowed from it, or NULL when it was not made. */
struct frame *frame_in_form(struct frame *f, unsigned form);

/* f also has that form from now on. */
void frame_add_form(struct frame *f, unsigned form, struct frame *take_made);

/*
 * A loan of f, which stays until the loan is settled. It is handed to the other thread, which makes it its own by
 * frame_land; when the last reference there has gone it stands among that pool's returned loans, and goes home.
 * Other forms of f are not lent. ERR_NOMEM.
 */
NODISCARD enum err frame_lend(struct frame *f, struct frame **out);

/* On the other thread: from now on a frame of that pool with one reference, the caller's. */
void frame_land(struct frame_pool *pool, struct frame *loan);

/* There: some loan was let go of. */
bool frame_has_returned(const struct frame_pool *pool);

/* There: takes all loans that were let go of, linked by `other`; NULL when there are none. */
struct frame *frame_take_returned(struct frame_pool *pool);

/* At home: ends loans that came back, or never landed. */
void frame_settle(struct frame *take_loans);

/* Gives the memory back: what frame_unref calls when the last reference goes. */
void frame_release(struct frame *f);

static inline struct frame *frame_ref(struct frame *f)
{
	f->refs++;
	return f;
}

static inline void frame_unref(struct frame *f)
{
	if (f && --f->refs == 0)
		frame_release(f);
}

/* For CLEANUP. */
static inline void frame_unref_at_end(struct frame **f)
{
	frame_unref(*f);
}

/* Appends while the frame is being made; there is room. */
static inline void frame_put(struct frame *f, struct str s)
{
	if (s.n)
		memcpy(f->p + f->n, s.p, s.n);
	f->n += (uint32_t)s.n;
}

static inline void frame_put_byte(struct frame *f, char c)
{
	f->p[f->n++] = c;
}

static inline struct str frame_str(const struct frame *f)
{
	return (struct str){ f->p, f->n };
}

#endif
