/* SPDX-License-Identifier: MIT
 *
 * conn_queue - what a connection has to send: frames and file ranges, told apart by the lowest bit of an entry.
 * The first few stand in the connection, the rest in chunks borrowed from the loop while there are more.
 *
 * Layer: net, private to it.  Threads: the loop's.
 */
#ifndef NET_CONN_QUEUE_H
#define NET_CONN_QUEUE_H

#include <sys/uio.h>

#include "net/loop_inside.h"

enum { CONN_QUEUE_INSIDE = 3, CONN_QUEUE_IOV = 64 };

struct conn_queue {
	uintptr_t inside[CONN_QUEUE_INSIDE];
	struct loop_chunk *first, *last;
	size_t bytes;    /* of frames */
	size_t ranges;   /* how many entries are file ranges */
	uint32_t offset; /* bytes of the first frame that are written */
	uint8_t inside_first, inside_end;
};

struct file_range {
	struct conn_file *file;
	uint64_t offset, left;
};

static inline bool conn_queue_is_empty(const struct conn_queue *q)
{
	return q->inside_first == q->inside_end && !q->first;
}

static inline struct file_range *conn_queue_range(uintptr_t entry)
{
	return (struct file_range *)(entry & ~(uintptr_t)1);
}

static inline bool conn_queue_is_range(uintptr_t entry)
{
	return entry & 1;
}

/* Takes a reference of f's, or the range itself. False without memory: nothing was queued. */
bool conn_queue_frame(struct conn_queue *q, struct loop *l, struct frame *f);
bool conn_queue_file(struct conn_queue *q, struct loop *l, struct file_range *take_range);

/* The entry at the front; the queue is not empty. */
uintptr_t conn_queue_first(const struct conn_queue *q);

/* The frames at the front, as far as the first file range. Returns how many. */
size_t conn_queue_gather(const struct conn_queue *q, struct iovec iov[CONN_QUEUE_IOV]);

/* Lets go of n bytes of frames at the front, which were written. */
void conn_queue_written(struct conn_queue *q, struct loop *l, size_t n);

/* Lets go of the entry at the front. */
void conn_queue_pop(struct conn_queue *q, struct loop *l);

/* Lets go of all. */
void conn_queue_drop(struct conn_queue *q, struct loop *l);

#endif
