/* SPDX-License-Identifier: MIT
 *
 * deferred - events of a socket that wait for its TURN row to end: admitted and charged already, kept as they came.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#ifndef DISPATCH_DEFERRED_H
#define DISPATCH_DEFERRED_H

#include "dispatch/charge.h"
#include "dispatch/dispatch.h"

struct hub;
struct seat;

struct deferred {
	struct deferred *next;
	struct arena arena;
	struct dispatch_packet packet; /* in the arena */
	struct charge charge;
};

/*
 * Keeps a copy behind those that wait already; takes the charge over. ERR_RATE_LIMITED, with a sentence, when
 * DEFERRED_EVENTS_MAX wait; ERR_NOMEM. The charge stays the caller's then.
 */
NODISCARD enum err deferred_add(struct seat *seat, const struct dispatch_packet *packet,
	struct charge *charge, const char **sentence);

/* The oldest, the caller's from now on; NULL without any. */
struct deferred *deferred_take(struct seat *seat);

/* Gives the memory and the charge back; the charge is 0 when somebody took it over. */
void deferred_free(struct hub *hub, struct deferred *d);

/* All of them. */
void deferred_drop(struct hub *hub, struct seat *seat);

#endif
