/* SPDX-License-Identifier: MIT
 *
 * seat - what the server remembers of one socket of one namespace.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#ifndef DISPATCH_SEAT_H
#define DISPATCH_SEAT_H

#include "base/uuid.h"
#include "dispatch/bucket.h"
#include "schema/schema.h"

struct call;
struct deferred;
struct user_rate;

struct seat {
	uint64_t socket;
	enum ns ns;
	enum role role;
	bool entered;      /* /music: USER_CONNECT has been answered */
	bool said_goodbye; /* left by USER_DISCONNECT: no grace */
	bool is_present;   /* counted by presence */
	bool is_lost;      /* the connection is gone, the socket may come back (hub_recover) */
	bool has_returned; /* after it was lost: it hears of its own absence, and so of its return */
	bool none_open;    /* it has no open group: it must name one, or turn to one */
	struct uuid user_id, session_id;
	struct uuid open_group; /* nil: lobby; unless none_open */

	/* dispatch's own */
	unsigned turns;         /* TURN rows under way: what comes next is deferred */
	unsigned changes;       /* changing rows under way */
	uint64_t changes_begun; /* numbers them */
	struct call *parked;    /* reads that wait for changes that were asked for before them */
	struct call *reads;     /* reads that a reader has */
	struct deferred *first, *last; /* events that wait for a turn */
	unsigned deferred_count;
	struct bucket allowance;
	struct user_rate *user_rate;
	struct seat *next_lost; /* of the user */
};

#endif
