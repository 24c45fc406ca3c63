/* SPDX-License-Identifier: MIT
 *
 * reader - a thread that answers questions on a read-only connection, each in a transaction of its own.
 *
 * Layer: store.  Threads: its own, but for reader_count.
 */
#ifndef STORE_READER_H
#define STORE_READER_H

#include <stdatomic.h>

#include "store/read_queue.h"
#include "store/tx_state.h"

struct reader {
	struct tx tx;
	struct read_queue *queue; /* shared by the readers */
	enum read_lane lane;      /* what it takes of it */
	void (*post)(void *context, struct store_job *take_finished);
	void *post_context;
	const struct store_job *job; /* at hand */
	_Atomic uint64_t count;
};

/*
 * Works until the lane is closed and empty. A job that takes longer than READ_TIME_MAX, that nobody waits for any
 * more, or that runs when the lane is closed is ERR_UNAVAILABLE.
 */
void reader_run(struct reader *r);

/* How many jobs it has run. */
uint64_t reader_count(struct reader *r);

#endif
