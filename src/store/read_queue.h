/* SPDX-License-Identifier: MIT
 *
 * read_queue - the jobs that wait for a reader: in two lanes, and fair between the users who ask.
 *
 * A lane takes the users in turn, a job each, so that many requests of one wait for each other and not for everybody
 * else's. The cheap and the heavy jobs have lanes, and threads, of their own; of a user one heavy job runs at a time.
 * A user's jobs take at most so many milliseconds of readers a second; beyond that they are refused. Jobs without an
 * owner take their turn as one user's would, and have no such bounds.
 *
 * Layer: store.  Threads: any.
 */
#ifndef STORE_READ_QUEUE_H
#define STORE_READ_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

enum read_lane { READ_LANE_LIGHT, READ_LANE_HEAVY, READ_LANES };

struct read_owner;

struct read_queue {
	pthread_mutex_t mutex;
	pthread_cond_t filled[READ_LANES];
	struct clock clock;
	struct read_bounds bounds;
	struct read_owner *owners; /* by id */
	struct read_owner *turn[READ_LANES],
		**turn_end[READ_LANES]; /* those with jobs, the next one first */
	size_t count;
	int64_t swept_ms;
	bool closed[READ_LANES];
};

NODISCARD enum err read_queue_init(struct read_queue *q, const struct clock *clock,
	const struct read_bounds *bounds); /* ERR_NOMEM */

/* No job may be left. */
void read_queue_done(struct read_queue *q);

/*
 * ERR_UNAVAILABLE when the queue is full or closed; ERR_RATE_LIMITED, with the job's sentence, when its owner has too
 * many jobs here or has used up the readers' time; ERR_NOMEM.
 */
NODISCARD enum err read_queue_push(struct read_queue *q, struct store_job *job);

/*
 * The next job of a lane; waits for one. *err is why it is not to be run: ERR_RATE_LIMITED as above, ERR_UNAVAILABLE
 * when nobody waits for it any more or the lane is closed. NULL when the lane is closed and empty.
 */
struct store_job *read_queue_take(struct read_queue *q, enum read_lane lane, enum err *err);

/* After each job that was taken: its reader worked on it for so long, 0 when not at all. */
void read_queue_worked(struct read_queue *q, struct uuid owner, enum read_lane lane, int64_t us);

/* No more pushes to a lane; what waits is handed out not to be run, then NULL. */
void read_queue_close(struct read_queue *q, enum read_lane lane);

/* True once the lane is closed: what runs may be given up. */
bool read_queue_is_closed(struct read_queue *q, enum read_lane lane);

size_t read_queue_length(struct read_queue *q);

#endif
