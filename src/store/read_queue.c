/* SPDX-License-Identifier: MIT
 *
 * read_queue - see read_queue.h.
 *
 * Layer: store.  Threads: any.
 */
#include "store/read_queue.h"

#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/table.h"

enum { SWEEP_MS = 10000 };

/* A user with jobs here, or whose time is not all given back yet. */
struct read_owner {
	struct uuid id;
	struct store_job *first[READ_LANES], **last[READ_LANES];
	struct read_owner *next[READ_LANES]; /* in the turn of a lane */
	bool in_turn[READ_LANES];
	unsigned waiting, running[READ_LANES];
	int64_t spent_us; /* of the readers' time, at seen_ms; it goes down as time passes */
	int64_t seen_ms;
	UT_hash_handle hh; /* by id */
};

enum err read_queue_init(
	struct read_queue *q, const struct clock *clock, const struct read_bounds *bounds)
{
	*q = (struct read_queue){ .clock = *clock, .bounds = *bounds };
	if (pthread_mutex_init(&q->mutex, NULL) != 0)
		return ERR_NOMEM;
	for (int lane = 0; lane < READ_LANES; lane++) {
		q->turn_end[lane] = &q->turn[lane];
		pthread_cond_init(&q->filled[lane], NULL);
	}
	return ERR_OK;
}

void read_queue_done(struct read_queue *q)
{
	struct read_owner *o, *next;

	assert(q->count == 0);
	HASH_ITER(hh, q->owners, o, next)
	{
		HASH_DEL(q->owners, o);
		free(o);
	}
	for (int lane = 0; lane < READ_LANES; lane++)
		pthread_cond_destroy(&q->filled[lane]);
	pthread_mutex_destroy(&q->mutex);
}

static enum read_lane lane_of(const struct store_job *job)
{
	return job->heavy ? READ_LANE_HEAVY : READ_LANE_LIGHT;
}

/* Gives back what the time that has passed allows. */
static void owner_look(struct read_queue *q, struct read_owner *o)
{
	int64_t now_ms = clock_monotonic_ms(&q->clock);
	int64_t spent_us = o->spent_us - (now_ms - o->seen_ms) * q->bounds.ms_per_second;

	o->spent_us = spent_us > 0 ? spent_us : 0;
	o->seen_ms = now_ms;
}

static bool owner_is_spent(const struct read_queue *q, const struct read_owner *o)
{
	return q->bounds.ms_per_second && !uuid_is_nil(o->id) &&
	       o->spent_us >= q->bounds.burst_ms * 1000;
}

static void forget_idle(struct read_queue *q)
{
	struct read_owner *o, *next;
	int64_t now_ms = clock_monotonic_ms(&q->clock);

	if (now_ms - q->swept_ms < SWEEP_MS)
		return;
	q->swept_ms = now_ms;
	HASH_ITER(hh, q->owners, o, next)
	{
		owner_look(q, o);
		if (o->waiting || o->running[READ_LANE_LIGHT] || o->running[READ_LANE_HEAVY] ||
			o->spent_us)
			continue;
		HASH_DEL(q->owners, o);
		free(o);
	}
}

static struct read_owner *owner_find(struct read_queue *q, struct uuid id)
{
	struct read_owner *o;

	HASH_FIND(hh, q->owners, &id, sizeof id, o);
	return o;
}

static struct read_owner *owner_get(struct read_queue *q, struct uuid id)
{
	struct read_owner *o = owner_find(q, id);

	if (o)
		return o;
	o = calloc(1, sizeof *o);
	if (!o)
		return NULL;
	o->id = id;
	o->seen_ms = clock_monotonic_ms(&q->clock);
	for (int lane = 0; lane < READ_LANES; lane++)
		o->last[lane] = &o->first[lane];
	HASH_ADD(hh, q->owners, id, sizeof id, o);
	if (!o->hh.tbl) {
		free(o);
		return NULL;
	}
	return o;
}

/* Puts who has jobs in a lane at the end of its turn. */
static void turn_append(struct read_queue *q, struct read_owner *o, enum read_lane lane)
{
	if (o->in_turn[lane] || !o->first[lane])
		return;
	o->in_turn[lane] = true;
	o->next[lane] = NULL;
	*q->turn_end[lane] = o;
	q->turn_end[lane] = &o->next[lane];
}

static enum err push(struct read_queue *q, struct store_job *job)
{
	enum read_lane lane = lane_of(job);

	if (q->closed[lane] || q->count >= READER_QUEUE_MAX)
		return ERR_UNAVAILABLE;
	struct read_owner *o = owner_get(q, job->owner);
	if (!o)
		return ERR_NOMEM;
	owner_look(q, o);
	if (owner_is_spent(q, o)) {
		job->sentence = "Your requests keep the server busy for too long; wait a few "
				"seconds and ask for less.";
		return ERR_RATE_LIMITED;
	}
	if (!uuid_is_nil(o->id) && o->waiting >= READS_PER_USER_MAX) {
		job->sentence = "Too many of your requests wait for their answers already; wait "
				"for some of them.";
		return ERR_RATE_LIMITED;
	}
	job->next = NULL;
	*o->last[lane] = job;
	o->last[lane] = &job->next;
	o->waiting++;
	q->count++;
	turn_append(q, o, lane);
	return ERR_OK;
}

enum err read_queue_push(struct read_queue *q, struct store_job *job)
{
	job->sentence = NULL;
	pthread_mutex_lock(&q->mutex);
	forget_idle(q);
	enum err e = push(q, job);
	pthread_mutex_unlock(&q->mutex);
	if (!e)
		pthread_cond_signal(&q->filled[lane_of(job)]);
	return e;
}

/* Takes the first user of the turn who may have a job run now out of it; NULL when there is none. */
static struct read_owner *turn_take(struct read_queue *q, enum read_lane lane)
{
	struct read_owner **at = &q->turn[lane];

	while (*at && lane == READ_LANE_HEAVY && (*at)->running[lane] && !q->closed[lane] &&
		!uuid_is_nil((*at)->id))
		at = &(*at)->next[lane];
	struct read_owner *o = *at;
	if (!o)
		return NULL;
	*at = o->next[lane];
	if (!*at)
		q->turn_end[lane] = at;
	o->in_turn[lane] = false;
	return o;
}

static struct store_job *job_take(struct read_queue *q, struct read_owner *o, enum read_lane lane)
{
	struct store_job *job = o->first[lane];

	o->first[lane] = job->next;
	if (!job->next)
		o->last[lane] = &o->first[lane];
	job->next = NULL;
	o->waiting--;
	o->running[lane]++;
	q->count--;
	turn_append(q, o, lane);
	return job;
}

static bool is_abandoned(const struct store_job *job)
{
	return job->abandoned && atomic_load_explicit(job->abandoned, memory_order_relaxed);
}

struct store_job *read_queue_take(struct read_queue *q, enum read_lane lane, enum err *err)
{
	struct read_owner *o;
	struct store_job *job = NULL;

	*err = ERR_OK;
	pthread_mutex_lock(&q->mutex);
	while (!(o = turn_take(q, lane)) && !q->closed[lane])
		pthread_cond_wait(&q->filled[lane], &q->mutex);
	if (o) {
		job = job_take(q, o, lane);
		owner_look(q, o);
		if (q->closed[lane] || is_abandoned(job))
			*err = ERR_UNAVAILABLE;
		else if (owner_is_spent(q, o))
			*err = ERR_RATE_LIMITED;
	}
	pthread_mutex_unlock(&q->mutex);
	return job;
}

void read_queue_worked(struct read_queue *q, struct uuid owner, enum read_lane lane, int64_t us)
{
	pthread_mutex_lock(&q->mutex);
	struct read_owner *o = owner_find(q, owner);
	assert(o); /* kept while one of its jobs runs */
	owner_look(q, o);
	o->spent_us += us;
	o->running[lane]--;
	bool waits = o->first[lane] != NULL;
	pthread_mutex_unlock(&q->mutex);
	if (waits) /* for this one, maybe */
		pthread_cond_signal(&q->filled[lane]);
}

void read_queue_close(struct read_queue *q, enum read_lane lane)
{
	pthread_mutex_lock(&q->mutex);
	q->closed[lane] = true;
	pthread_cond_broadcast(&q->filled[lane]);
	pthread_mutex_unlock(&q->mutex);
}

bool read_queue_is_closed(struct read_queue *q, enum read_lane lane)
{
	pthread_mutex_lock(&q->mutex);
	bool closed = q->closed[lane];
	pthread_mutex_unlock(&q->mutex);
	return closed;
}

size_t read_queue_length(struct read_queue *q)
{
	pthread_mutex_lock(&q->mutex);
	size_t n = q->count;
	pthread_mutex_unlock(&q->mutex);
	return n;
}
