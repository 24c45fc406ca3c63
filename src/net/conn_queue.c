/* SPDX-License-Identifier: MIT
 *
 * conn_queue - see conn_queue.h.
 *
 * Layer: net.  Threads: the loop's.
 */
#include "net/conn_queue.h"

#include <stdlib.h>

static void drop_entry(uintptr_t entry)
{
	if (!conn_queue_is_range(entry)) {
		frame_unref((struct frame *)entry);
		return;
	}
	conn_file_unref(conn_queue_range(entry)->file);
	free(conn_queue_range(entry));
}

static bool push(struct conn_queue *q, struct loop *l, uintptr_t entry)
{
	if (!q->first && q->inside_end < CONN_QUEUE_INSIDE) {
		q->inside[q->inside_end++] = entry;
		return true;
	}
	if (!q->last || q->last->end == LOOP_CHUNK_FRAMES) {
		struct loop_chunk *chunk = loop_take_chunk(l);
		if (!chunk) {
			drop_entry(entry);
			return false;
		}
		if (q->last)
			q->last->next = chunk;
		else
			q->first = chunk;
		q->last = chunk;
	}
	q->last->entry[q->last->end++] = entry;
	return true;
}

bool conn_queue_frame(struct conn_queue *q, struct loop *l, struct frame *f)
{
	if (!push(q, l, (uintptr_t)frame_ref(f)))
		return false;
	q->bytes += f->n;
	return true;
}

bool conn_queue_file(struct conn_queue *q, struct loop *l, struct file_range *take_range)
{
	if (!push(q, l, (uintptr_t)take_range | 1))
		return false;
	q->ranges++;
	return true;
}

uintptr_t conn_queue_first(const struct conn_queue *q)
{
	return q->inside_first < q->inside_end ? q->inside[q->inside_first]
	                                       : q->first->entry[q->first->first];
}

/* Takes the entry at the front off the queue, still held. */
static void unlink_first(struct conn_queue *q, struct loop *l)
{
	if (q->inside_first < q->inside_end) {
		if (++q->inside_first == q->inside_end)
			q->inside_first = q->inside_end = 0;
		return;
	}
	struct loop_chunk *chunk = q->first;
	if (++chunk->first < chunk->end)
		return;
	q->first = chunk->next;
	if (!q->first)
		q->last = NULL;
	loop_give_chunk(l, chunk);
}

void conn_queue_pop(struct conn_queue *q, struct loop *l)
{
	uintptr_t entry = conn_queue_first(q);

	q->ranges -= conn_queue_is_range(entry);
	unlink_first(q, l);
	drop_entry(entry);
}

/* Adds the entries to iov while there is room; stops at a file range. Returns the new count. */
static size_t gather_entries(
	const uintptr_t *entry, size_t count, struct iovec *iov, size_t n, bool *stopped)
{
	for (size_t i = 0; i < count && n < CONN_QUEUE_IOV; i++) {
		if (conn_queue_is_range(entry[i])) {
			*stopped = true;
			break;
		}
		struct frame *f = (struct frame *)entry[i];
		iov[n++] = (struct iovec){ f->p, f->n };
	}
	return n;
}

size_t conn_queue_gather(const struct conn_queue *q, struct iovec iov[CONN_QUEUE_IOV])
{
	bool stopped = false;
	size_t n = gather_entries(q->inside + q->inside_first,
		(size_t)(q->inside_end - q->inside_first), iov, 0, &stopped);

	for (const struct loop_chunk *k = q->first; k && !stopped && n < CONN_QUEUE_IOV;
		k = k->next)
		n = gather_entries(
			k->entry + k->first, (size_t)(k->end - k->first), iov, n, &stopped);
	if (n) {
		iov[0].iov_base = (char *)iov[0].iov_base + q->offset;
		iov[0].iov_len -= q->offset;
	}
	return n;
}

void conn_queue_written(struct conn_queue *q, struct loop *l, size_t n)
{
	q->bytes -= n;
	n += q->offset;
	while (!conn_queue_is_empty(q) && !conn_queue_is_range(conn_queue_first(q))) {
		const struct frame *f = (struct frame *)conn_queue_first(q);
		if (n < f->n)
			break;
		n -= f->n;
		conn_queue_pop(q, l);
	}
	q->offset = (uint32_t)n;
}

void conn_queue_drop(struct conn_queue *q, struct loop *l)
{
	while (!conn_queue_is_empty(q))
		conn_queue_pop(q, l);
	q->bytes = 0;
	q->offset = 0;
}
