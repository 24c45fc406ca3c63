/* SPDX-License-Identifier: MIT
 *
 * reader - a thread that answers questions from one snapshot each. Private to the store.
 *
 * Layer: store.  Threads: reader_run its own; reader_count any.
 */
#ifndef STORE_READER_H
#define STORE_READER_H

#include <stdatomic.h>

#include "store/queue.h"
#include "store/tx_state.h"

struct reader {
	struct tx tx;
	struct queue *queue; /* shared by the readers */
	void (*post)(void *context, struct store_job *take_finished);
	void *post_context;
	_Atomic uint64_t count;
	int64_t until_ms; /* then the job at hand is given up */
};

/* Works until the queue is closed and empty. A job that takes longer than READ_TIME_MAX is ERR_UNAVAILABLE. */
void reader_run(struct reader *r);

/* How many jobs it has run. */
uint64_t reader_count(struct reader *r);

#endif
