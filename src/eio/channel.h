/* SPDX-License-Identifier: MIT
 *
 * channel - a session as the layer above sees it, wherever it lives: an engine's own, or the stand-in of one
 * that lives on another thread.
 *
 * Lives from handler->opened to handler->closed; its memory, and the handshake, until the end of that turn.
 *
 * Layer: eio.  Threads: the one that runs the handlers.
 */
#ifndef EIO_CHANNEL_H
#define EIO_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/frame/frame.h"
#include "base/str.h"
#include "eio/handshake.h"

enum { SESSION_ID_BYTES = 20 };

/* Why a session ended. */
enum engine_reason {
	ENGINE_TRANSPORT_ERROR,
	ENGINE_TRANSPORT_CLOSE,
	ENGINE_FORCED_CLOSE,
	ENGINE_PING_TIMEOUT,
	ENGINE_SHUTTING_DOWN,
	ENGINE_FORCED_SERVER_CLOSE,
	ENGINE_PARSE_ERROR,
};

/* What a session was ended for exceeding. */
enum channel_limit { CHANNEL_NO_LIMIT, CHANNEL_QUEUE_BYTES, CHANNEL_QUEUE_PACKETS };

struct channel;

struct channel_ops {
	void (*send)(struct channel *c, struct frame *f);
	void (*send_volatile)(struct channel *c, struct frame *f);
	bool (*is_writable)(const struct channel *c);
	bool (*is_polling)(const struct channel *c);
	void (*close)(struct channel *c, enum engine_reason reason);
};

struct channel {
	const struct channel_ops *ops;
	void *user; /* of the layer above; NULL at first */
	struct handshake *handshake;
	char id[SESSION_ID_BYTES];
	uint8_t revision; /* of the protocol: 3 or 4 */
	uint8_t limit;    /* enum channel_limit, when it is closed */
	uint32_t excess;  /* what there was of it */
};

/*
 * Queues one packet: f holds whole WebSocket messages (unmasked), the first a text that begins with
 * '4', binary ones behind it; polling sessions translate it. f is borrowed. Ignored on a closed session.
 */
static inline void channel_send(struct channel *c, struct frame *f)
{
	c->ops->send(c, f);
}

/* The same of a packet that is dropped unless something takes it now, and little is waiting. */
static inline void channel_send_volatile(struct channel *c, struct frame *f)
{
	c->ops->send_volatile(c, f);
}

/* False: a volatile packet has no chance. */
static inline bool channel_is_writable(const struct channel *c)
{
	return c->ops->is_writable(c);
}

static inline bool channel_is_polling(const struct channel *c)
{
	return c->ops->is_polling(c);
}

/* Ends it: what is queued still goes out. handler->closed is called now, with the reason. */
static inline void channel_close(struct channel *c, enum engine_reason reason)
{
	c->ops->close(c, reason);
}

#endif
