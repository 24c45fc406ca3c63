/* SPDX-License-Identifier: MIT
 *
 * queue - a bounded line of jobs between threads.
 *
 * Layer: store.  Threads: any.
 */
#ifndef STORE_QUEUE_H
#define STORE_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

struct queue {
	pthread_mutex_t mutex;
	pthread_cond_t filled;
	struct store_job *first, **last;
	size_t count, max;
	size_t wanted; /* a push wakes a taker when so many are there */
	bool closed;
};

NODISCARD enum err queue_init(struct queue *q, size_t max); /* ERR_NOMEM */
void queue_done(struct queue *q);

/* ERR_UNAVAILABLE when the queue is full or closed. */
NODISCARD enum err queue_push(struct queue *q, struct store_job *job);

/* Up to `max` jobs, linked; waits for one. NULL when the queue is closed and empty. */
struct store_job *queue_take(struct queue *q, size_t max);

/*
 * The same, but waits at most wait_us microseconds, 0 for not at all, and when there is none yet is not woken
 * before `wanted` are there: a wake-up for each costs more than they do. For a queue with one taker. NULL when none
 * came.
 */
struct store_job *queue_poll(struct queue *q, size_t max, size_t wanted, unsigned wait_us);

/* No more pushes; takers get what is left, then NULL. */
void queue_close(struct queue *q);

size_t queue_length(struct queue *q);

#endif
