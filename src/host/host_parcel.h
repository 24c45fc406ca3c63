/* SPDX-License-Identifier: MIT
 *
 * host_parcel - what goes from one thread to another in one post: records behind each other, in the order of what
 * happened. A box gathers them, and keeps parcels that were used up for the next.
 *
 * Layer: host, private to it.  Threads: a box's one; a parcel's whoever has it.
 */
#ifndef HOST_HOST_PARCEL_H
#define HOST_HOST_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"

struct host_thread;

enum host_record_kind {
	/* from an I/O thread; of the first ones the subject is a stand-in */
	HOST_OPENED,
	HOST_TEXT,
	HOST_BINARY,   /* the message follows */
	HOST_CLOSED,   /* detail: enum engine_reason */
	HOST_RETURNED, /* subject: loans that came back */
	HOST_COUNTS,   /* a struct engine_counts follows */
	HOST_REFUSED,  /* subject: a copy of a request; a struct sio_connection_error follows */
	/* to one */
	HOST_FRAME,     /* subject: a loan; the sessions that get it follow */
	HOST_VOLATILE,  /* the same, for those who can take it at once */
	HOST_CLOSE,     /* subject: a session; detail: enum engine_reason */
	HOST_FORGOTTEN, /* subject: a stand-in that nobody names any more */
};

struct host_record {
	void *subject;
	uint32_t n; /* bytes that follow, then to a multiple of 8 */
	uint8_t kind, detail;
};

struct host_parcel {
	struct loop_task task;
	struct host_parcel *next;
	struct host_thread *thread; /* the I/O thread that it comes from or goes to */
	size_t used, cap;
	size_t weight; /* bytes of memory that wait with it */
	uint64_t bytes[];
};

/* Zeroed at first. */
struct host_box {
	struct host_parcel *first, *last; /* what is to be posted */
	struct host_parcel *spare;
	size_t spare_count;
	size_t weight;            /* of what is to be posted */
	struct host_record *open; /* the last record, while its parcel has not been posted */
};

/* A record of that kind with n bytes behind it, to be filled in. NULL without memory. */
struct host_record *host_parcel_add(struct host_box *b, enum host_record_kind kind, size_t n);

/* n more bytes (a multiple of 8) behind the last record; NULL when its parcel has no room for them, or there is none. */
void *host_parcel_extend(struct host_box *b, size_t n);

/* The bytes behind a record. */
static inline char *host_parcel_bytes(struct host_record *r)
{
	return (char *)(r + 1);
}

/* The record at *at, and *at behind it; NULL at the end. *at begins with 0. */
struct host_record *host_parcel_next(struct host_parcel *p, size_t *at);

/* Posts all to the loop, which runs fn(parcel); it then belongs to that side. Returns the weight. */
size_t host_parcel_post(
	struct host_box *b, struct loop *l, struct host_thread *t, void (*fn)(void *parcel));

/* A parcel that was used up. */
void host_parcel_keep(struct host_box *b, struct host_parcel *take_p);

void host_parcel_done(struct host_box *b);

#endif
