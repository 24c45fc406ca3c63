/* SPDX-License-Identifier: MIT
 *
 * executor_threads - see executor_threads.h. A job of dispatch travels inside one of the store's.
 *
 * Layer: app.  Threads: submit the loop's; run_on_store the store's; run_on_worker a worker's.
 */
#include "app/executor_threads.h"

#include <stdlib.h>

/* Lies in the job's own arena. */
struct carried {
	struct store_job store_job;
	struct loop_task task; /* of the first of a finished list */
	struct job *job;
};

static enum err run_on_store(struct tx *tx, struct store_job *store_job)
{
	struct job *job = ((struct carried *)(void *)store_job)->job; /* its first member */

	return job->run(job, tx);
}

static void done_on_store(struct store_job *store_job)
{
	struct job *job = ((struct carried *)(void *)store_job)->job;

	job->err = store_job->err;
	job->sentence = store_job->sentence;
	job->done(job);
}

static void run_on_worker(void *context)
{
	struct job *job = context;

	job->err = job->run(job, NULL);
}

static void done_on_worker(void *context)
{
	struct job *job = context;

	job->done(job);
}

static enum err submit(void *impl, enum place place, struct job *job)
{
	struct executor_threads *x = impl;

	if (!x->store || !x->workers)
		return ERR_UNAVAILABLE; /* the server is closing */
	if (place == PLACE_WORKER)
		return workers_run(x->workers, run_on_worker, done_on_worker, job);
	struct carried *c = ARENA_NEW(job->arena, struct carried);
	if (!c)
		return ERR_NOMEM;
	*c = (struct carried){ .store_job = { .run = run_on_store,
				       .done = done_on_store,
				       .owner = job->owner,
				       .heavy = job->heavy,
				       .abandoned = &job->abandoned,
				       .looks = place == PLACE_LOOK },
		.job = job };
	if (place == PLACE_WRITER || place == PLACE_LOOK)
		return store_write(x->store, &c->store_job);
	enum err e = store_read(x->store, &c->store_job);
	if (e) /* else it is the reader's already */
		job->sentence = c->store_job.sentence;
	return e;
}

struct executor executor_threads_bind(struct executor_threads *x)
{
	return (struct executor){ .submit = submit, .impl = x, .blobs = store_blobs(x->store) };
}

static void finish(void *context)
{
	store_finish(context);
}

void executor_threads_post(void *context, struct store_job *take_finished)
{
	struct carried *first = (struct carried *)(void *)take_finished; /* its first member */

	first->task = (struct loop_task){ .fn = finish, .context = take_finished };
	loop_post_task(context, &first->task);
}
