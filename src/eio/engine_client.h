/* SPDX-License-Identifier: MIT
 *
 * engine_client - Engine.IO protocol revision 4, the client's side: one session over WebSocket or long polling.
 * No I/O: what the transport got is handed in, what it must do is asked for by `engine_client_ops`.
 *
 * Lifetimes: 1. handler->closed is called at most once, nothing after it. 2. From handlers and ops every
 * engine_client_ function may be called but engine_client_free. 3. No handler is called from
 * engine_client_send.
 *
 * Layer: eio.  Threads: one owner at a time.
 */
#ifndef EIO_ENGINE_CLIENT_H
#define EIO_ENGINE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/frame/frame.h"
#include "base/str.h"
#include "base/timer.h"
#include "eio/engine.h"

struct engine_client;

enum engine_client_transport { ENGINE_CLIENT_WEBSOCKET, ENGINE_CLIENT_POLLING };

/* What the transport does for the session. */
struct engine_client_ops {
	/* WebSocket: whole messages, unmasked, one behind the other, as engine_session_send takes them. f is borrowed. ERR_NOMEM. */
	enum err (*ws_send)(void *transport, struct frame *f);
	/* WebSocket: bytes that wait to be written. */
	size_t (*ws_waiting)(void *transport);
	/* Polling: a GET, with sid when it is not empty; its body goes to engine_client_payload. One at a time. */
	void (*poll_get)(void *transport, struct str sid);
	/* Polling: a POST with this body, borrowed; then engine_client_posted. One at a time. */
	void (*poll_post)(void *transport, struct str sid, struct str body);
};

struct engine_client_handler {
	void (*opened)(void *context);
	/* The bytes are valid and may be changed during the call. */
	void (*message)(void *context, bool binary, char *p, size_t n);
	/* The transport is to be closed. */
	void (*closed)(void *context, enum engine_reason reason);
};

struct engine_client_source {
	enum engine_client_transport transport;
	const struct engine_client_ops *ops;
	void *ops_context;
	const struct engine_client_handler *handler;
	void *context;
	struct frame_pool *frames;
	struct timers *timers; /* run by the owner, with the same clock as now_ms */
	int64_t (*now_ms)(void *clock);
	void *clock;
	size_t send_queue_max;
};

NODISCARD enum err engine_client_new(
	const struct engine_client_source *from, struct engine_client **out); /* ERR_NOMEM */
void engine_client_free(struct engine_client *c);                             /* NULL is taken */

/* The transport is ready: polling asks for its handshake, WebSocket waits for it. */
void engine_client_begin(struct engine_client *c);

/* A WebSocket message. */
void engine_client_message(struct engine_client *c, bool binary, char *p, size_t n);

/* The whole body of a GET that was answered 200. */
void engine_client_payload(struct engine_client *c, char *p, size_t n);

/* The POST was answered 200. */
void engine_client_posted(struct engine_client *c);

/* The transport is gone; clean: by an orderly end. */
void engine_client_gone(struct engine_client *c, bool clean);

/*
 * Queues one packet, in the form of engine_session_send; f is borrowed. ERR_UNAVAILABLE when the session is not
 * open; ERR_TOO_LARGE when the packet exceeds the server's maxPayload; ERR_RATE_LIMITED when send_queue_max is
 * reached; ERR_NOMEM.
 */
NODISCARD enum err engine_client_send(struct engine_client *c, struct frame *f);

/* Says goodbye: polling by a packet 1, as a POST of its own if none is under way; handler->closed is not called. */
void engine_client_close(struct engine_client *c);

bool engine_client_is_open(const struct engine_client *c);

/* The words that Socket.IO's clients use, as "ping timeout". Never NULL. */
const char *engine_client_reason(enum engine_reason reason);

#endif
