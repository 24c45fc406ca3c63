/* SPDX-License-Identifier: MIT
 *
 * requester - HTTP requests to one server, one after the other, over a connection that is kept between them.
 *
 * Lifetimes: 1. Each request has one outcome, answered or failed, never from inside a requester_ call.
 * 2. After requester_close none comes. 3. requester_free is not for callbacks.
 *
 * Layer: client.  Threads: its loop's.
 */
#ifndef CLIENT_REQUESTER_H
#define CLIENT_REQUESTER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"
#include "client/link/url.h"
#include "net/loop.h"
#include "net/tls.h"

struct requester;

struct requester_handler {
	/* The body is whole; its bytes may be changed during the call. */
	void (*answered)(void *context, int status, char *body, size_t n);
	/* sentence: one English sentence. */
	void (*failed)(void *context, const char *sentence);
};

struct requester_source {
	const struct url *to,
		*proxy; /* proxy: NULL for none; both outlive the requester, and trust */
	struct tls_context *trust;
	uint64_t body_max; /* of an answer, bytes */
	const struct requester_handler *handler;
	void *context;
};

NODISCARD enum err requester_new(struct loop *l, const struct requester_source *from,
	struct requester **out);          /* ERR_NOMEM */
void requester_free(struct requester *r); /* NULL is taken */

/*
 * Sends a whole request, head and body, which are copied. None is under way. An empty head stands for one that found
 * no memory: the request fails. Ignored after requester_close.
 */
void requester_send(struct requester *r, struct str head, struct str body);

/* True from requester_send to the call that tells its outcome. */
bool requester_is_busy(const struct requester *r);

/* Writes what can be written at once, then ends the connection. */
void requester_close(struct requester *r);

#endif
