/* SPDX-License-Identifier: MIT
 *
 * queue - see queue.h.
 *
 * Layer: store.  Threads: any.
 */
#include "store/queue.h"

#include <time.h>

enum err queue_init(struct queue *q, size_t max)
{
	pthread_condattr_t monotonic;

	*q = (struct queue){ .max = max, .wanted = 1 };
	q->last = &q->first;
	if (pthread_mutex_init(&q->mutex, NULL) != 0)
		return ERR_NOMEM;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	int failed = pthread_cond_init(&q->filled, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (failed) {
		pthread_mutex_destroy(&q->mutex);
		return ERR_NOMEM;
	}
	return ERR_OK;
}

void queue_done(struct queue *q)
{
	pthread_cond_destroy(&q->filled);
	pthread_mutex_destroy(&q->mutex);
}

enum err queue_push(struct queue *q, struct store_job *job)
{
	bool taken = false, wake = false;

	job->next = NULL;
	pthread_mutex_lock(&q->mutex);
	if (!q->closed && q->count < q->max) {
		*q->last = job;
		q->last = &job->next;
		q->count++;
		taken = true;
		wake = q->count >= q->wanted;
	}
	pthread_mutex_unlock(&q->mutex);
	if (wake) /* without the mutex, which the woken thread needs */
		pthread_cond_signal(&q->filled);
	return taken ? ERR_OK : ERR_UNAVAILABLE;
}

/* Cuts up to max jobs off the front; the mutex is held. */
static struct store_job *cut(struct queue *q, size_t max)
{
	struct store_job *first = q->first;
	struct store_job **end = &q->first;

	for (size_t n = 0; n < max && *end; n++) {
		end = &(*end)->next;
		q->count--;
	}
	struct store_job *rest = *end;
	if (!first)
		return NULL;
	*end = NULL;
	q->first = rest;
	if (!rest)
		q->last = &q->first;
	return first;
}

struct store_job *queue_take(struct queue *q, size_t max)
{
	pthread_mutex_lock(&q->mutex);
	while (!q->first && !q->closed)
		pthread_cond_wait(&q->filled, &q->mutex);
	struct store_job *jobs = cut(q, max);
	pthread_mutex_unlock(&q->mutex);
	return jobs;
}

struct store_job *queue_poll(struct queue *q, size_t max, size_t wanted, unsigned wait_us)
{
	struct timespec until;

	pthread_mutex_lock(&q->mutex);
	if (!q->first && wait_us && !q->closed) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += (long)wait_us * 1000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		/* A spurious wake-up ends the wait early, which does no harm. */
		q->wanted = wanted;
		pthread_cond_timedwait(&q->filled, &q->mutex, &until);
		q->wanted = 1;
	}
	struct store_job *jobs = cut(q, max);
	pthread_mutex_unlock(&q->mutex);
	return jobs;
}

void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->mutex);
	q->closed = true;
	pthread_cond_broadcast(&q->filled);
	pthread_mutex_unlock(&q->mutex);
}

size_t queue_length(struct queue *q)
{
	pthread_mutex_lock(&q->mutex);
	size_t n = q->count;
	pthread_mutex_unlock(&q->mutex);
	return n;
}
