/* SPDX-License-Identifier: MIT
 *
 * ask - who asks for what, when, and with which fresh ids: all that a verb may know besides its payload.
 *
 * Layer: dispatch.  Threads: constant once made; travels with its job.
 */
#ifndef DISPATCH_ASK_H
#define DISPATCH_ASK_H

#include "base/limits.h"
#include "base/uuid.h"
#include "schema/schema.h"

struct ask {
	const struct event *row; /* NULL for a request of the HTTP API, or an unknown event */
	enum ns ns;              /* of the socket */
	struct str event;        /* the event's name as it was sent; empty for HTTP */
	uint64_t socket;         /* the socket that asks; 0 for HTTP and while it connects */
	uint64_t connect;        /* of a CONNECT row: what hub_accept needs; else 0 */
	bool recovers; /* of a CONNECT row: a lost socket comes back, of this user and session */
	uint64_t ack;  /* the acknowledgement that is awaited; 0: none */
	struct uuid user_id; /* nil before anybody is known */
	struct uuid session_id;
	enum role role;
	struct uuid open_group;      /* the socket's active group; nil: lobby */
	bool none_open;              /* it has none */
	struct str address;          /* of the client, as text; empty when not known */
	int64_t now_ms;              /* wall clock when the request came */
	struct uuid fresh;           /* the first of the ids that this request may give out */
	const struct limits *limits; /* as configured; never NULL */
	const void *prepared;        /* what id_prepare made, else NULL */
};

/* The nth fresh id of this request, n from 0: time-ordered, the same when the job is run again. */
static inline struct uuid ask_id(const struct ask *ask, uint32_t n)
{
	return n ? uuid_plus(ask->fresh, n) : ask->fresh;
}

/* The socket that a relay leaves out: the one whose acknowledgement tells it already; 0: none. */
static inline uint64_t ask_except(const struct ask *ask)
{
	return ask->ack ? ask->socket : 0;
}

/* A moderator or an admin. */
static inline bool ask_moderates(const struct ask *ask)
{
	return ask->role >= ROLE_MODERATOR;
}

#endif
