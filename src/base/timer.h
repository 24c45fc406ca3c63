/* SPDX-License-Identifier: MIT
 *
 * timer - what is to be done when a time comes: a heap through the timers themselves, without allocation.
 *
 * Knows no clock: whoever owns the heap says what time it is. A test owns the heap; a loop does elsewhere.
 *
 * Layer: base.  Threads: the heap's owner.
 */
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In its owner's storage, zeroed but for fn and context; stopped before that storage goes. */
struct timer {
	void (*fn)(void *context);
	void *context;
	int64_t due_ms;
	bool running;
	struct timer *child, *next, *prev; /* the heap's */
};

struct timers {
	struct timer *first; /* the one that is due first, or NULL */
	int64_t run_ms;      /* while timer_run is at work, its time; else INT64_MIN */
};

/* An empty one. */
static inline struct timers timers_none(void)
{
	return (struct timers){ .first = NULL, .run_ms = INT64_MIN };
}

/* fn will be called once, by timer_run, at due_ms or later. A running timer is moved. Constant time. */
void timer_start(struct timers *ts, struct timer *t, int64_t due_ms);

/* A timer that does not run is left alone. Logarithmic time, amortised. */
void timer_stop(struct timers *ts, struct timer *t);

/* Calls what is due at now_ms, the earliest first. What they start for now or before waits for the next millisecond. */
void timer_run(struct timers *ts, int64_t now_ms);

/* When the first is due; INT64_MAX when none runs. */
int64_t timer_next_due(const struct timers *ts);

#endif
