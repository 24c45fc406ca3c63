/* SPDX-License-Identifier: MIT
 *
 * state - what dispatch.c and hub.c share; nobody else includes it.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#ifndef DISPATCH_STATE_H
#define DISPATCH_STATE_H

#include <uthash.h>

#include "dispatch/dispatch.h"
#include "dispatch/seat.h"

struct seat_entry {
	struct seat seat;
	UT_hash_handle hh; /* by seat.socket */
};

/* The allowance that all sockets of a user share; it stays behind the last of them until it is full again. */
struct user_rate {
	struct uuid user_id;
	struct bucket allowance;
	unsigned seats;
	UT_hash_handle hh;
};

struct hub {
	struct dispatch_options o;
	struct seat_entry *seats;
	struct user_rate *users;
	int64_t users_swept_ms;
	struct buf text; /* of the packet being sent */
	struct dispatch_stats stats;
};

/* Tells the trace sink, if there is one. */
void hub_trace(
	struct hub *hub, enum trace_direction direction, const struct ask *ask, struct str json);

/* Refuses a CONNECT packet. */
void hub_refuse(struct hub *hub, const struct ask *ask, enum err e, const char *sentence);

/* Removes a seat, which may be gone already. */
void hub_remove(struct hub *hub, struct seat *seat);

#endif
