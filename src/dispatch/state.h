/* SPDX-License-Identifier: MIT
 *
 * state - what dispatch.c and hub.c share; nobody else includes it.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#ifndef DISPATCH_STATE_H
#define DISPATCH_STATE_H

#include "base/table.h"
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
	unsigned seats;    /* lost ones too */
	struct seat *lost; /* sockets that may come back */
	size_t bytes;      /* of requests under way: charge.h */
	UT_hash_handle hh;
};

struct hub {
	struct dispatch_options o;
	struct seat_entry *seats;
	struct user_rate *users;
	int64_t users_swept_ms;
	size_t bytes;    /* of all requests under way */
	struct buf text; /* of the packet being sent */
	struct dispatch_stats stats;
};

/* Tells the trace sink, if there is one. */
void hub_trace(
	struct hub *hub, enum trace_direction direction, const struct ask *ask, struct str json);

/* Refuses a CONNECT packet. */
void hub_refuse(struct hub *hub, const struct ask *ask, enum err e, const char *sentence);

/* Removes a seat. */
void hub_remove(struct hub *hub, struct seat *seat);

/* hub_lost.c: a seat is among the lost ones of its user from now on; no more. */
void hub_lost_add(struct hub *hub, struct seat *seat);
void hub_lost_take(struct hub *hub, struct seat *seat);

/* Ends the lost ones of a session, of a user. */
void hub_lost_end_session(struct hub *hub, struct uuid session_id);
void hub_lost_end_user(struct hub *hub, struct uuid user_id);

/* What connecting costs; refuses with a sentence. */
NODISCARD enum err hub_charge(struct hub *hub, struct user_rate *rate, const char **sentence);

#endif
