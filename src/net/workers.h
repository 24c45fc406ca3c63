/* SPDX-License-Identifier: MIT
 *
 * workers - threads for what blocks, behind a bounded queue; the outcome comes back to the loop.
 *
 * Layer: net.  Threads: the loop's; work() runs on a worker.
 */
#ifndef NET_WORKERS_H
#define NET_WORKERS_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/loop.h"

struct workers;

/* `threads` threads; at most `queue_max` jobs wait (as WORKER_QUEUE_MAX). ERR_NOMEM, ERR_UNAVAILABLE. */
NODISCARD enum err workers_new(
	struct loop *l, size_t threads, size_t queue_max, struct workers **out);

/* Ends all jobs that were taken, calls each done that is still due, then joins the threads. NULL is taken. */
void workers_free(struct workers *w);

/*
 * work(context) runs on a worker, then done(context) on the loop; context is the job's owner's at one
 * place at a time. ERR_UNAVAILABLE when the queue is full: nothing is called then.
 */
NODISCARD enum err workers_run(
	struct workers *w, void (*work)(void *context), void (*done)(void *context), void *context);

#endif
