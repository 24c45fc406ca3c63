/* SPDX-License-Identifier: MIT
 *
 * store_fixture - a store in a temporary folder, and a way to run code inside its transactions.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#ifndef UNIT_STORE_FIXTURE_H
#define UNIT_STORE_FIXTURE_H

#include <ftw.h>
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/blob.h"
#include "store/store.h"
#include "store/tx.h"

struct store_fixture {
	char folder[64];
	struct clock clock; /* the machine's, unless a test puts another here and opens again */
	struct store *store;
	size_t batch_max; /* for the next store_fixture_open */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct store_job *finished, **last; /* under the mutex */
	size_t finished_count;
};

static inline void store_fixture_post(void *context, struct store_job *jobs)
{
	struct store_fixture *f = context;

	pthread_mutex_lock(&f->mutex);
	*f->last = jobs;
	for (; jobs; jobs = jobs->next) {
		f->last = &jobs->next;
		f->finished_count++;
	}
	pthread_cond_signal(&f->changed);
	pthread_mutex_unlock(&f->mutex);
}

static inline enum err store_fixture_open(struct store_fixture *f, struct buf *sentence)
{
	const struct store_options options = {
		.folder = f->folder,
		.clock = f->clock,
		.batch_max = f->batch_max,
		.post = store_fixture_post,
		.post_context = f,
	};

	return store_open(&options, sentence, &f->store);
}

static inline void store_fixture_init(struct store_fixture *f)
{
	struct buf sentence = { 0 };

	*f = (struct store_fixture){ .folder = "/tmp/antiphon-test-XXXXXX",
		.clock = clock_system() };
	f->last = &f->finished;
	pthread_mutex_init(&f->mutex, NULL);
	pthread_cond_init(&f->changed, NULL);
	assert_non_null(mkdtemp(f->folder));
	assert_int_equal(store_fixture_open(f, &sentence), ERR_OK);
	buf_done(&sentence);
}

static inline int store_fixture_unlink(
	const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void store_fixture_done(struct store_fixture *f)
{
	store_close(f->store);
	nftw(f->folder, store_fixture_unlink, 16, FTW_DEPTH | FTW_PHYS);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->mutex);
}

/* Waits for `count` jobs and finishes them in their order. */
static inline void store_fixture_await(struct store_fixture *f, size_t count)
{
	pthread_mutex_lock(&f->mutex);
	while (f->finished_count < count)
		pthread_cond_wait(&f->changed, &f->mutex);
	struct store_job *jobs = f->finished;
	f->finished = NULL;
	f->last = &f->finished;
	f->finished_count = 0;
	pthread_mutex_unlock(&f->mutex);
	store_finish(jobs);
}

struct store_fixture_call {
	struct store_job job;
	enum err (*fn)(struct tx *tx, void *context);
	void *context;
};

static inline enum err store_fixture_run(struct tx *tx, struct store_job *job)
{
	struct store_fixture_call *c = (struct store_fixture_call *)job;

	return c->fn(tx, c->context);
}

/* Runs fn in a transaction of the writer and waits for the commit; *sentence may be NULL. */
static inline enum err store_fixture_write(struct store_fixture *f,
	enum err (*fn)(struct tx *tx, void *context), void *context, const char **sentence)
{
	struct store_fixture_call c = { { .run = store_fixture_run }, fn, context };
	enum err e = store_run_now(f->store, &c.job);

	if (sentence)
		*sentence = c.job.sentence;
	return e;
}

/* How many files there are below the folder's blobs/. */
static inline size_t store_fixture_files(struct store_fixture *f)
{
	char pattern[96];
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/blobs/[0-9a-f]*/*", f->folder);
	int failed = glob(pattern, 0, NULL, &found);
	size_t n = failed ? 0 : found.gl_pathc;
	globfree(&found);
	snprintf(pattern, sizeof pattern, "%s/blobs/part-*", f->folder);
	failed = glob(pattern, 0, NULL, &found);
	n += failed ? 0 : found.gl_pathc;
	globfree(&found);
	return n;
}

#endif
