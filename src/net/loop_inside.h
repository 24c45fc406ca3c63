/* SPDX-License-Identifier: MIT
 *
 * loop_inside - what connections and listeners need of their loop and nobody else does.
 *
 * Layer: net, private to it.  Threads: the loop's.
 */
#ifndef NET_LOOP_INSIDE_H
#define NET_LOOP_INSIDE_H

#include <uv.h>

#include "base/buf.h"
#include "net/conn.h"
#include "net/loop.h"

enum { LOOP_READ_BYTES = 65536, LOOP_HEAVY_BYTES = 16384, LOOP_CHUNK_FRAMES = 30 };

/* Queued frames of a connection beyond its first few; kept in a free list of the loop. */
struct loop_chunk {
	struct loop_chunk *next;
	uint16_t first, end;
	uintptr_t entry[LOOP_CHUNK_FRAMES];
};

uv_loop_t *loop_uv(struct loop *l);

/* The one read buffer, LOOP_READ_BYTES long. */
char *loop_read_buffer(struct loop *l);

/* Asked by each heavy connection that could be read: true for one of them a turn, each in its turn. */
bool loop_serves_heavy(struct loop *l);

/* What a TLS connection has read, while its handler looks at it. */
struct buf *loop_plain_buffer(struct loop *l);

/* c will be flushed at the end of the turn. Linked by conn_next_dirty. */
void loop_add_dirty(struct loop *l, struct conn *c);

/* An empty chunk, or NULL without memory; and its way back. */
struct loop_chunk *loop_take_chunk(struct loop *l);
void loop_give_chunk(struct loop *l, struct loop_chunk *chunk);

/* In conn.c: the link of the dirty list, and the write. */
struct conn **conn_next_dirty(struct conn *c);
void conn_flush_dirty(struct conn *c);

#endif
