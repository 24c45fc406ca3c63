/* SPDX-License-Identifier: MIT
 *
 * transport - one attempt at an Engine.IO session, by WebSocket or by polling, from the first byte to its end.
 *
 * Lifetimes: 1. handler->closed comes at most once and is the last; it does not come after
 * transport_close. 2. No callback comes from inside a transport_ call. 3. Callbacks may
 * call every function: memory goes in a turn to come, or with the loop.
 *
 * Layer: client.  Threads: its loop's.
 */
#ifndef CLIENT_TRANSPORT_H
#define CLIENT_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/frame/frame.h"
#include "base/rng.h"
#include "client/link/url.h"
#include "eio/engine_client.h"
#include "net/loop.h"
#include "net/tls.h"

struct transport;

struct transport_end {
	enum engine_reason reason;
	bool reached; /* the server's end of the connection was reached: another transport may do better */
	const char *sentence; /* one English sentence */
};

struct transport_handler {
	void (*opened)(void *context);
	void (*message)(
		void *context, bool binary, char *p, size_t n); /* may be changed during the call */
	void (*closed)(void *context, const struct transport_end *end);
};

struct transport_source {
	enum engine_client_transport kind;
	const struct url *to,
		*proxy; /* proxy: NULL for none; both outlive the transport, and trust */
	struct tls_context *trust;
	uint32_t message_max, send_queue_max; /* bytes */
	struct rng rng;
	const struct transport_handler *handler;
	void *context;
};

NODISCARD enum err transport_new(struct loop *l, const struct transport_source *from,
	struct transport **out);          /* ERR_BAD_REQUEST, ERR_NOMEM, ERR_UNAVAILABLE */
void transport_free(struct transport *t); /* closes it; NULL is taken */

/*
 * Says goodbye and ends it. By polling its two requests stay until the server has answered the goodbye, a second at
 * most: a server that sees the waiting GET break off first takes it for a loss.
 */
void transport_close(struct transport *t);
bool transport_is_leaving(const struct transport *t); /* that goodbye has no answer yet */

/* Ends a session whose server broke the rules above Engine.IO: no callback comes from it either. */
void transport_fail(struct transport *t);

/* As engine_client_send. */
NODISCARD enum err transport_send(struct transport *t, struct frame *f);

bool transport_is_open(const struct transport *t);
bool transport_was_reached(const struct transport *t); /* as transport_end's reached */
enum engine_client_transport transport_kind(const struct transport *t);

#endif
