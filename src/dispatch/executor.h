/* SPDX-License-Identifier: MIT
 *
 * executor - where a step runs: the interface to the store's threads and the workers, bound in app.
 *
 * Layer: dispatch.  Threads: submit is called on the loop; run elsewhere; done on the loop.
 */
#ifndef DISPATCH_EXECUTOR_H
#define DISPATCH_EXECUTOR_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/uuid.h"

struct tx;
struct blobs;

enum place {
	PLACE_WORKER, /* what blocks: Argon2id, blob files; tx is NULL */
	PLACE_WRITER, /* inside the transaction */
	PLACE_READER, /* a read-only snapshot */
	PLACE_LOOK, /* on the writer, between two transactions: reads, in its place among the commits; a failed one is no matter to it */
};

/*
 * One step that leaves the loop and comes back; embedded in a larger struct, owned by whoever has it.
 * After a submit that returned ERR_OK it may not be touched until done.
 */
struct job {
	enum err (*run)(struct job *job, struct tx *tx); /* may be run again: see store.h */
	void (*done)(struct job *job);
	struct arena *arena;  /* of the event; the executor takes its own small needs from it too */
	enum err err;         /* what run returned, or why it never ran */
	const char *sentence; /* what tx_refuse said, or NULL */
	/* Of a read: */
	struct uuid owner; /* the user who asks: reads are fair between users; nil: nobody */
	bool heavy;        /* waits with its like, not before cheap ones */
	atomic_bool
		abandoned; /* set on the loop: nobody waits for it any more, and it may be given up */
};

struct executor {
	/* ERR_UNAVAILABLE when the queue is full: nothing is called then. ERR_RATE_LIMITED when the owner of a read asks for
	 * too much; the job's sentence says so. ERR_NOMEM. */
	enum err (*submit)(void *impl, enum place place, struct job *job);
	void *impl;
	struct blobs *blobs; /* the files, for prepare */
};

NODISCARD static inline enum err executor_submit(
	const struct executor *x, enum place place, struct job *job)
{
	return x->submit(x->impl, place, job);
}

#endif
