/* SPDX-License-Identifier: MIT
 *
 * call - a request on its way through the steps of its verb; and the reads of a seat, which wait for its changes.
 * Private to dispatch.
 *
 * Layer: dispatch.  Threads: the loop's, but that a job's run sees its call.
 */
#ifndef DISPATCH_CALL_H
#define DISPATCH_CALL_H

#include "dispatch/charge.h"
#include "dispatch/state.h"

struct call {
	struct job job; /* first */
	struct dispatch *d;
	struct ask ask;
	struct arena arena;
	const struct verb *verb;
	void *in;
	void *out;
	struct charge charge;
	struct call *next; /* among the kept ones, or those to begin */
	uint64_t number;   /* a change: which of its seat's; a read: how many had begun before it */
	unsigned behind;   /* a parked read: changes that it waits for */
	struct call *list_next,
		**list_at; /* in its seat's parked or reads; list_at NULL: in neither */
};

struct dispatch {
	struct hub hub;
	struct call *kept; /* calls whose memory waits for the next request */
	unsigned kept_count;
};

/* With its time and ids; NULL without memory. */
struct call *call_new(struct dispatch *d);

/* Gives its charge back. */
void call_free(struct call *c);

/* The kept ones go. */
void call_free_kept(struct dispatch *d);

/* Into a list of its seat, and out of the one in which it is, if any. */
void call_list_add(struct call **list, struct call *c);
void call_list_remove(struct call *c);

/* Takes the parked reads that wait for no other change now that one has ended; the oldest is the first. */
struct call *call_unpark(struct seat *seat, uint64_t change);

/* The socket goes: parked reads are dropped, what a reader has it may give up. */
void call_drop_reads(struct seat *seat);

#endif
