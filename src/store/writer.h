/* SPDX-License-Identifier: MIT
 *
 * writer - the one thread that changes the database: batches, savepoints, one flush, then completions.
 * Private to the store.
 *
 * Layer: store.  Threads: writer_run its own; writer_stats any.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/limits.h"
#include "store/blobs.h"
#include "store/queue.h"
#include "store/tx_state.h"

struct writer {
	struct tx tx;
	struct queue queue;
	struct blobs *blobs;
	void (*post)(void *context, struct store_job *take_finished);
	void *post_context;
	void (*committed)(void *context); /* tells the checkpoints; same context */
	void *committed_context;
	pthread_mutex_t stats_mutex;
	struct store_stats stats; /* under stats_mutex; queue lengths are not kept here */
	size_t batch_max;         /* jobs of a batch, 1 to WRITER_BATCH_MAX */
	/* the batch at hand */
	struct store_job *jobs[WRITER_BATCH_MAX];
	size_t count;
	bool wrote;        /* it has a job that changes something */
	size_t last_count; /* of the batch before: tells whether waiting helps */
	int64_t last_end_ms;
	int64_t last_sweep_ms;
	uint32_t wal_frames; /* set by SQLite's hook after a commit */
};

/* Takes over an open connection. ERR_NOMEM. */
NODISCARD enum err writer_init(struct writer *w, struct blobs *blobs);
void writer_done(struct writer *w);

/* Works until the queue is closed and empty. */
void writer_run(struct writer *w);

void writer_stats(struct writer *w, struct store_stats *out);

#endif
