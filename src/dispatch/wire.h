/* SPDX-License-Identifier: MIT
 *
 * wire - what carries events: the interface to Socket.IO, bound in app.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#ifndef DISPATCH_WIRE_H
#define DISPATCH_WIRE_H

#include "dispatch/hub.h"

/* One event or acknowledgement, its arguments as JSON text without the brackets around them. */
struct wire_packet {
	enum ns ns;
	struct str name; /* empty for an acknowledgement */
	struct str json;
	const struct str *attachments;
	size_t attachment_count;
};

/* impl is the first argument of each. A socket that has gone is passed over in silence; join and leave reach lost ones too. */
struct wire {
	void (*emit)(void *impl, const struct wire_packet *packet, const struct audience *to);
	void (*acknowledge)(
		void *impl, uint64_t socket, uint64_t ack, const struct wire_packet *packet);
	void (*join)(void *impl, uint64_t socket, struct room room);
	void (*leave)(void *impl, uint64_t socket, struct room room);
	size_t (*count)(void *impl, enum ns ns, struct room room);
	void (*each)(void *impl, enum ns ns, struct room room,
		void (*fn)(void *context, uint64_t socket), void *context);
	/*
	 * Lets it in as a new socket: its handle, or 0 when the connection has gone. owner is given back to dispatch_gone's
	 * caller, see dispatch_expired.
	 */
	uint64_t (*accept)(void *impl, uint64_t connect, void *owner);
	/* Lets a lost socket in as it was; what it missed follows. False: it has gone, or must begin anew. */
	bool (*recover)(void *impl, uint64_t connect, void *owner);
	/* A lost socket may not come back: dispatch_expired is called. */
	void (*end_lost)(void *impl, uint64_t socket);
	/* CONNECT_ERROR with message and data, a JSON text. */
	void (*refuse)(void *impl, uint64_t connect, struct str message, struct str data);
	void (*disconnect)(void *impl, uint64_t socket);
	void (*timer_start)(void *impl, struct timer *t, int64_t delay_ms);
	void (*timer_stop)(void *impl, struct timer *t);
};

#endif
