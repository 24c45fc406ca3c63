/* SPDX-License-Identifier: MIT
 *
 * stream - a byte stream to a server: TCP, through a proxy if there is one, inside TLS if that is asked for.
 *
 * Lifetimes: 1. Each stream ends with exactly one stream_close, which may be called from any of its callbacks;
 * after it none comes, and the memory goes when the loop has let go of it. 2. No callback comes from inside
 * stream_new or stream_send.
 *
 * Layer: client.  Threads: its loop's.
 */
#ifndef CLIENT_STREAM_H
#define CLIENT_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/frame/frame.h"
#include "base/str.h"
#include "client/link/url.h"
#include "net/loop.h"
#include "net/tls.h"

struct stream;

struct stream_handler {
	void (*ready)(void *context);
	void (*bytes)(void *context, char *p, size_t n); /* may be changed during the call */
	/* It is over, or never was. clean: the other side has ended it in order. sentence: one English sentence. */
	void (*closed)(void *context, bool clean, const char *sentence);
};

struct stream_source {
	const struct url *to;
	const struct url *proxy;   /* NULL: none */
	struct tls_context *trust; /* needed when `to` is secure; outlives the stream */
	const struct stream_handler *handler;
	void *context;
};

/* Begins to connect; what `from` points to is copied but for trust. ERR_BAD_REQUEST, ERR_NOMEM, ERR_UNAVAILABLE. */
NODISCARD enum err stream_new(
	struct loop *l, const struct stream_source *from, struct stream **out);

/* Once it is ready: queues the frame's bytes; f is borrowed. */
void stream_send(struct stream *s, struct frame *f);

/* Bytes that wait to be written. */
size_t stream_waiting(const struct stream *s);

/* Writes what can be written at once, then ends it. NULL is taken. */
void stream_close(struct stream *s);

#endif
