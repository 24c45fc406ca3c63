/* SPDX-License-Identifier: MIT
 *
 * workers - see workers.h. Jobs stand in an array made at the start, so that only a full queue can refuse one.
 *
 * Layer: net.  Threads: the loop's; the workers' own functions say so.
 */
#include "net/workers.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct worker_job {
	struct loop_task task; /* its way back to the loop */
	struct workers *workers;
	void (*work)(void *context);
	void (*done)(void *context);
	void *context;
	struct worker_job *next; /* in the free list or the queue */
};

struct workers {
	struct loop *loop;
	pthread_mutex_t mutex; /* of queue, queue_end, free, stopping */
	pthread_cond_t wake;
	struct worker_job *queue, **queue_end, *free, *jobs;
	size_t waiting, queue_max, thread_count;
	bool stopping;
	pthread_t threads[];
};

static void finish_job(void *context)
{
	struct worker_job *job = context;
	struct workers *w = job->workers;
	struct worker_job copy = *job;

	pthread_mutex_lock(&w->mutex);
	job->next = w->free;
	w->free = job;
	pthread_mutex_unlock(&w->mutex);
	copy.done(copy.context);
}

/* A worker's life. */
static void *worker_main(void *context)
{
	struct workers *w = context;

	pthread_mutex_lock(&w->mutex);
	for (;;) {
		while (!w->queue && !w->stopping)
			pthread_cond_wait(&w->wake, &w->mutex);
		struct worker_job *job = w->queue;
		if (!job)
			break;
		w->queue = job->next;
		if (!w->queue)
			w->queue_end = &w->queue;
		w->waiting--;
		pthread_mutex_unlock(&w->mutex);
		job->work(job->context);
		loop_post_task(w->loop, &job->task);
		pthread_mutex_lock(&w->mutex);
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

enum err workers_new(struct loop *l, size_t threads, size_t queue_max, struct workers **out)
{
	struct workers *w = calloc(1, sizeof *w + threads * sizeof w->threads[0]);
	size_t jobs = queue_max * 2 + threads; /* waiting, at work, and on their way back */

	if (w)
		w->jobs = calloc(jobs, sizeof *w->jobs);
	if (!w || !w->jobs) {
		free(w);
		return ERR_NOMEM;
	}
	w->loop = l;
	w->queue_max = queue_max;
	w->queue_end = &w->queue;
	pthread_mutex_init(&w->mutex, NULL);
	pthread_cond_init(&w->wake, NULL);
	for (size_t i = 0; i < jobs; i++) {
		w->jobs[i].next = w->free;
		w->free = &w->jobs[i];
	}
	for (; w->thread_count < threads; w->thread_count++) {
		if (pthread_create(&w->threads[w->thread_count], NULL, worker_main, w)) {
			workers_free(w);
			return ERR_UNAVAILABLE;
		}
	}
	*out = w;
	return ERR_OK;
}

void workers_free(struct workers *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->mutex);
	w->stopping = true;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->mutex);
	for (size_t i = 0; i < w->thread_count; i++)
		pthread_join(w->threads[i], NULL);
	loop_run_posted(w->loop);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->mutex);
	free(w->jobs);
	free(w);
}

enum err workers_run(
	struct workers *w, void (*work)(void *context), void (*done)(void *context), void *context)
{
	pthread_mutex_lock(&w->mutex);
	struct worker_job *job = w->waiting < w->queue_max && !w->stopping ? w->free : NULL;
	if (job) {
		w->free = job->next;
		*job = (struct worker_job){ .workers = w,
			.work = work,
			.done = done,
			.context = context,
			.task = { .fn = finish_job, .context = job } };
		*w->queue_end = job;
		w->queue_end = &job->next;
		w->waiting++;
		pthread_cond_signal(&w->wake);
	}
	pthread_mutex_unlock(&w->mutex);
	return job ? ERR_OK : ERR_UNAVAILABLE;
}
