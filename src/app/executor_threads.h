/* SPDX-License-Identifier: MIT
 *
 * executor_threads - the executor on the store's threads and the workers.
 *
 * Layer: app.  Threads: the loop's.
 */
#ifndef APP_EXECUTOR_THREADS_H
#define APP_EXECUTOR_THREADS_H

#include "dispatch/executor.h"
#include "net/loop.h"
#include "net/workers.h"
#include "store/store.h"

struct executor_threads {
	struct loop *loop;
	struct store *store;
	struct workers *workers;
};

/* x and what it names live as long as the executor. */
struct executor executor_threads_bind(struct executor_threads *x);

/* For store_options: brings finished jobs to the loop. context is the struct loop. */
void executor_threads_post(void *context, struct store_job *take_finished);

#endif
