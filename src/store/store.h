/* SPDX-License-Identifier: MIT
 *
 * store - the database and the blob files of one data folder, and the threads that work on them.
 *
 * One writer thread takes what is waiting (at most `batch_max` jobs or 5 ms), runs each job in a
 * savepoint of one transaction, flushes once, and hands all finished jobs to `post` in commit order.
 * Reader threads run jobs in read transactions of their own, two the cheap ones and two the heavy ones, fair between
 * the users who ask (store/read_queue.h). No job may take longer than READ_TIME_MAX or WRITE_TIME_MAX. A job that fails
 * is rolled back alone.
 * When SQLite has thrown the whole transaction away, the job at fault gets ERR_UNAVAILABLE and the others
 * run again once, so `run` must depend on nothing but the database and the job's input.
 *
 * The store knows rows, not users or messages.
 *
 * Layer: store.  Threads: store_open, store_close one thread; store_write, store_read, store_stats any.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/uuid.h"

struct store;
struct tx;
struct blobs;

/*
 * One piece of work, embedded in the caller's struct. The caller owns it; the store borrows it from a
 * store_write or store_read that returned ERR_OK until `post` has handed it back.
 */
struct store_job {
	/* On the writer or a reader. What it returns becomes `err`; changes of a failed one are undone. */
	enum err (*run)(struct tx *tx, struct store_job *job);
	/* By store_finish, on the thread that calls it. */
	void (*done)(struct store_job *job);
	struct store_job *next; /* the store's while it has the job */
	enum err err;           /* the result */
	const char
		*sentence; /* what tx_refuse said, or NULL; lives as long as what was given there */
	/* Of the writer's: it only reads, in its place among the commits. It runs when the transaction of its batch is over,
	 * committed or not, and is posted behind those that wrote. */
	bool looks;
	/* Of a reader's job: */
	struct uuid owner; /* the user who asks; nil: nobody */
	bool heavy;
	const atomic_bool
		*abandoned; /* becomes true when nobody waits for it any more; may be NULL */
};

/* What one user may take of the readers' time. */
struct read_bounds {
	int64_t ms_per_second; /* 0: no bound */
	int64_t burst_ms;
};

struct store_options {
	const char *folder; /* made, mode 0700, when it is not there; its parent must be */
	struct clock clock;
	struct read_bounds read_bounds;
	size_t batch_max; /* jobs of one transaction, at most WRITER_BATCH_MAX; 0: so many */
	/* Takes a list of finished jobs, linked by `next`, in the order of their completion; called on the
	 * store's threads; brings them to a thread that calls store_finish. */
	void (*post)(void *context, struct store_job *take_finished);
	void *post_context;
};

/*
 * Locks the folder, opens and migrates the database, sweeps what a crash left, starts the threads.
 * On failure one sentence for the operator is appended to `sentence`: another process has the folder, a
 * newer version wrote it, the disk says no. ERR_CONFLICT, ERR_UNAVAILABLE, ERR_NOMEM.
 */
NODISCARD enum err store_open(
	const struct store_options *options, struct buf *sentence, struct store **out);

/* Runs all that is queued for the writer, gives up what readers have, posts all, checkpoints, ends the threads, unlocks. NULL is taken. */
void store_close(struct store *s);

/* Queues a job for the writer. ERR_UNAVAILABLE when the queue is full; the job was not taken. */
NODISCARD enum err store_write(struct store *s, struct store_job *job);

/* Queues a job for a reader. The same; and ERR_RATE_LIMITED, with the job's sentence, when its owner asks for too much. */
NODISCARD enum err store_read(struct store *s, struct store_job *job);

/* Heavy reads, waiting, running or to come, are ERR_UNAVAILABLE from now on: the server stops. */
void store_end_heavy_reads(struct store *s);

/* Calls `done` of each job of a posted list, in order. A job may be freed by its `done`. */
void store_finish(struct store_job *take_finished);

/* Runs one job at once on the calling thread's behalf and waits: for start-up, before the loop runs. */
NODISCARD enum err store_run_now(struct store *s, struct store_job *job);

/* The files. Borrowed; lives as long as the store. */
struct blobs *store_blobs(struct store *s);

struct store_stats {
	uint64_t commits;      /* transactions flushed: one fdatasync each */
	uint64_t jobs_written; /* jobs in them */
	uint64_t jobs_refused; /* jobs rolled back alone */
	uint64_t jobs_rerun;   /* jobs run again after SQLite lost a transaction */
	uint64_t reads;        /* jobs of the readers */
	uint64_t checkpoints;
	uint32_t write_queue, read_queue; /* jobs that wait now */
	uint32_t wal_frames;              /* after the last commit */
	bool writable;                    /* the last commit went well */
	char last_error[160];             /* of SQLite, for the log; "" when there was none */
};

void store_stats(struct store *s, struct store_stats *out);

#endif
