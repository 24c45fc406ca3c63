/* SPDX-License-Identifier: MIT
 *
 * loop - one thread's event loop: timers, calls from other threads, what is done at the end of a turn.
 *
 * A turn: timers and I/O callbacks run; then the hooks; then every connection that got something to
 * send in this turn writes it, in one system call each; then the loop sleeps.
 *
 * Layer: net.  Threads: the loop's own, but for loop_post and loop_post_task.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/frame/frame.h"
#include "base/timer.h"

struct loop;

NODISCARD enum err loop_new(struct loop **out); /* ERR_NOMEM; ERR_UNAVAILABLE without descriptors */

/* Runs what was posted and closes what is closing; listeners and connections are gone or closing. NULL is taken. */
void loop_free(struct loop *l);

/* Runs until loop_stop. May be called again after. */
void loop_run(struct loop *l);

/* loop_run returns at the end of this turn, its writes done. */
void loop_stop(struct loop *l);

/* One turn: waits at most wait_ms for something to do (-1: without limit), does it and all its writes. */
void loop_turn(struct loop *l, int64_t wait_ms);

/* For a loop inside another: readable when there is something to do; and how long that one may sleep at most, -1: without limit. */
int loop_fd(const struct loop *l);
int64_t loop_sleep_ms(struct loop *l);

/* For an owner that ends: one turn without waiting, after which what was closed before has been told so. */
void loop_run_closing(struct loop *l);

/* When this turn began; from any point, never back. Milliseconds. */
int64_t loop_now_ms(const struct loop *l);

/* t->fn runs once on the loop, delay_ms after the turn began or later. A running timer is moved. */
void loop_timer_start(struct loop *l, struct timer *t, int64_t delay_ms);
void loop_timer_stop(struct loop *l, struct timer *t);

/* The heap behind the two, for protocol code that does no I/O: times are loop_now_ms's. */
struct timers *loop_timers(struct loop *l);

/* Frames of this loop's connections. */
struct frame_pool *loop_frames(struct loop *l);

/* A call that another thread asks for. In its owner's storage until fn is called. */
struct loop_task {
	void (*fn)(void *context);
	void *context;
	struct loop_task *next; /* the loop's */
};

/*
 * From any thread: fn(context) runs on the loop, calls in the order of posting; one wake-up serves all
 * that wait. What is posted after the loop has stopped runs in loop_free.
 */
void loop_post_task(struct loop *l, struct loop_task *task);
NODISCARD enum err loop_post(
	struct loop *l, void (*fn)(void *context), void *context); /* ERR_NOMEM */

/* Runs now what was posted so far; for the loop's own thread, when it ends. */
void loop_run_posted(struct loop *l);

/* A call at the end of each turn, before the writes. In its owner's storage; added once, removed before it goes. */
struct loop_hook {
	void (*fn)(void *context);
	void *context;
	struct loop_hook *next; /* the loop's */
};

void loop_hook_add(struct loop *l, struct loop_hook *hook);
void loop_hook_remove(struct loop *l, struct loop_hook *hook);

/* fn(context, number) runs on the loop when the process gets the signal. At most 4. ERR_UNAVAILABLE. */
NODISCARD enum err loop_on_signal(
	struct loop *l, int number, void (*fn)(void *context, int number), void *context);

#endif
