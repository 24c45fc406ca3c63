/* SPDX-License-Identifier: MIT
 *
 * store - see store.h: the folder's lock, and the threads.
 *
 * Layer: store.  Threads: as in store.h.
 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/blobs.h"
#include "store/migrate.h"
#include "store/reader.h"
#include "store/writer.h"

enum {
	READERS_PER_LANE = 2,
	READERS = READ_LANES * READERS_PER_LANE,
	CHECKPOINT_MS = 100,
	PATH_BYTES = 4096
};

struct store {
	struct store_options options;
	int lock;
	struct blobs *blobs;
	struct writer writer;
	struct reader readers[READERS];
	struct read_queue reads;
	struct tx checkpoints; /* the connection of the checkpoint thread */
	pthread_mutex_t mutex; /* over what follows */
	pthread_cond_t changed;
	bool dirty, stopping;
	uint64_t checkpoint_count;
	pthread_t writer_thread, checkpoint_thread;
	pthread_t reader_threads[READERS];
	unsigned started; /* threads: writer, checkpoints, readers, in this order */
};

/* --- jobs that someone waits for on the spot --- */

struct now {
	struct store_job job, *inner;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool over;
};

static enum err now_run(struct tx *tx, struct store_job *job)
{
	struct now *n = (struct now *)job;

	return n->inner->run(tx, n->inner);
}

static void now_done(struct store_job *job)
{
	struct now *n = (struct now *)job;

	pthread_mutex_lock(&n->mutex);
	n->over = true;
	pthread_cond_signal(&n->changed);
	pthread_mutex_unlock(&n->mutex);
}

enum err store_run_now(struct store *s, struct store_job *job)
{
	struct now n = { .job = { .run = now_run, .done = now_done, .looks = job->looks },
		.inner = job };

	pthread_mutex_init(&n.mutex, NULL);
	pthread_cond_init(&n.changed, NULL);
	enum err e = store_write(s, &n.job);
	pthread_mutex_lock(&n.mutex);
	while (!e && !n.over)
		pthread_cond_wait(&n.changed, &n.mutex);
	pthread_mutex_unlock(&n.mutex);
	pthread_cond_destroy(&n.changed);
	pthread_mutex_destroy(&n.mutex);
	if (e)
		return e;
	job->err = n.job.err;
	job->sentence = n.job.sentence;
	return job->err;
}

/* Finished jobs of the store's threads: waited-for ones are done here, the others go to the owner. */
static void finished(void *context, struct store_job *jobs)
{
	struct store *s = context;
	struct store_job *list = NULL, **last = &list;

	while (jobs) {
		struct store_job *job = jobs;
		jobs = job->next;
		if (job->done == now_done) {
			now_done(job);
			continue;
		}
		*last = job;
		last = &job->next;
	}
	*last = NULL;
	if (list)
		s->options.post(s->options.post_context, list);
}

void store_finish(struct store_job *take_finished)
{
	while (take_finished) {
		struct store_job *job = take_finished;
		take_finished = job->next;
		job->done(job);
	}
}

/* --- threads --- */

static void committed(void *context)
{
	struct store *s = context;

	pthread_mutex_lock(&s->mutex);
	if (!s->dirty)
		pthread_cond_signal(&s->changed);
	s->dirty = true;
	pthread_mutex_unlock(&s->mutex);
}

static void *run_writer(void *context)
{
	struct store *s = context;

	writer_run(&s->writer);
	return NULL;
}

static void *run_reader(void *context)
{
	reader_run(context);
	return NULL;
}

/* Sleeps up to CHECKPOINT_MS, less when the store is closed. The mutex is held. */
static void checkpoint_pause(struct store *s)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += CHECKPOINT_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!s->stopping) {
		if (pthread_cond_timedwait(&s->changed, &s->mutex, &until) == ETIMEDOUT)
			return;
	}
}

static void *run_checkpoints(void *context)
{
	struct store *s = context;

	pthread_mutex_lock(&s->mutex);
	while (!s->stopping) {
		while (!s->dirty && !s->stopping)
			pthread_cond_wait(&s->changed, &s->mutex);
		checkpoint_pause(s);
		s->dirty = false;
		s->checkpoint_count++;
		pthread_mutex_unlock(&s->mutex);
		sqlite3_wal_checkpoint_v2(
			s->checkpoints.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
		pthread_mutex_lock(&s->mutex);
	}
	pthread_mutex_unlock(&s->mutex);
	return NULL;
}

static enum err start_one(struct store *s, pthread_t *thread, void *(*run)(void *), void *context)
{
	if (pthread_create(thread, NULL, run, context) != 0)
		return ERR_UNAVAILABLE;
	s->started++;
	return ERR_OK;
}

static enum err start_threads(struct store *s)
{
	sigset_t all, before;

	/* Signals are the loop's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	enum err e = start_one(s, &s->writer_thread, run_writer, s);
	if (!e)
		e = start_one(s, &s->checkpoint_thread, run_checkpoints, s);
	for (int i = 0; i < READERS && !e; i++)
		e = start_one(s, &s->reader_threads[i], run_reader, &s->readers[i]);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return e;
}

static void stop_threads(struct store *s)
{
	unsigned n = s->started;

	queue_close(&s->writer.queue);
	for (int lane = 0; lane < READ_LANES; lane++)
		read_queue_close(&s->reads, (enum read_lane)lane);
	pthread_mutex_lock(&s->mutex);
	s->stopping = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->mutex);
	if (n > 0)
		pthread_join(s->writer_thread, NULL);
	if (n > 1)
		pthread_join(s->checkpoint_thread, NULL);
	for (unsigned i = 0; n > 2 + i; i++)
		pthread_join(s->reader_threads[i], NULL);
	s->started = 0;
}

/* --- opening --- */

static enum err lock_folder(struct store *s, struct buf *sentence)
{
	char path[PATH_BYTES];
	const char *folder = s->options.folder;

	if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
		buf_printf(sentence, "The data folder %s cannot be made: %s.", folder,
			strerror(errno));
		return ERR_UNAVAILABLE;
	}
	snprintf(path, sizeof path, "%s/lock", folder);
	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock < 0) {
		buf_printf(sentence, "The data folder %s cannot be written: %s.", folder,
			strerror(errno));
		return ERR_UNAVAILABLE;
	}
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
		buf_printf(sentence, "Another process has the data folder %s.", folder);
		return ERR_CONFLICT;
	}
	return ERR_OK;
}

static enum err open_readers(struct store *s, const char *path)
{
	for (int i = 0; i < READERS; i++) {
		struct reader *r = &s->readers[i];
		enum err e = tx_init(&r->tx, path, TX_READ, &s->options.clock);
		if (e)
			return e;
		r->tx.blobs = s->blobs;
		r->queue = &s->reads;
		r->lane = (enum read_lane)(i / READERS_PER_LANE);
		r->post = finished;
		r->post_context = s;
	}
	return ERR_OK;
}

/* All connections; the writer's first, which makes and migrates the file. */
static enum err open_database(struct store *s, struct buf *sentence)
{
	char path[PATH_BYTES];
	struct writer *w = &s->writer;

	snprintf(path, sizeof path, "%s/antiphon.db", s->options.folder);
	enum err e = tx_init(&w->tx, path, TX_WRITE, &s->options.clock);
	if (e) {
		buf_printf(
			sentence, "The database %s cannot be opened: %s.", path, w->tx.last_error);
		return e;
	}
	e = migrate_run(&w->tx, sentence);
	if (e)
		return e;
	e = blobs_new(s->options.folder, &s->options.clock, &s->blobs);
	if (!e)
		e = blobs_sweep(s->blobs, &w->tx);
	if (!e)
		e = tx_init(&s->checkpoints, path, TX_WRITE, &s->options.clock);
	if (!e)
		e = open_readers(s, path);
	if (e)
		buf_printf(sentence, "The data folder %s cannot be used: %s.", s->options.folder,
			strerror(errno));
	return e;
}

static enum err open_all(struct store *s, struct buf *sentence)
{
	enum err e = lock_folder(s, sentence);

	if (!e)
		e = open_database(s, sentence);
	if (e)
		return e;
	s->writer.tx.blobs = s->blobs;
	e = writer_init(&s->writer, s->blobs);
	if (e)
		return e;
	e = read_queue_init(&s->reads, &s->options.clock, &s->options.read_bounds);
	if (e) {
		writer_done(&s->writer);
		return e;
	}
	s->writer.batch_max = s->options.batch_max ? s->options.batch_max : WRITER_BATCH_MAX;
	s->writer.post = finished;
	s->writer.post_context = s;
	s->writer.committed = committed;
	s->writer.committed_context = s;
	e = start_threads(s);
	if (e) {
		buf_printf(sentence, "The store's threads cannot be started.");
		stop_threads(s);
		read_queue_done(&s->reads);
		writer_done(&s->writer);
	}
	return e;
}

/* What open_database and lock_folder made, in whatever state. */
static void store_free(struct store *s)
{
	for (int i = 0; i < READERS; i++)
		tx_done(&s->readers[i].tx);
	tx_done(&s->checkpoints);
	tx_done(&s->writer.tx); /* the last one: SQLite checkpoints and removes the log */
	blobs_free(s->blobs);
	if (s->lock >= 0)
		close(s->lock);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}

enum err store_open(const struct store_options *options, struct buf *sentence, struct store **out)
{
	struct store *s = calloc(1, sizeof *s);
	pthread_condattr_t monotonic;

	if (!s)
		return ERR_NOMEM;
	/* Before SQLite's first use in the process, else without effect: nobody asks for its count of memory, which
	 * costs two locks an allocation. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	s->options = *options;
	s->lock = -1;
	pthread_mutex_init(&s->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	enum err e = open_all(s, sentence);
	if (e) {
		store_free(s);
		return e;
	}
	*out = s;
	return ERR_OK;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	stop_threads(s);
	read_queue_done(&s->reads);
	writer_done(&s->writer);
	store_free(s);
}

enum err store_write(struct store *s, struct store_job *job)
{
	return queue_push(&s->writer.queue, job);
}

enum err store_read(struct store *s, struct store_job *job)
{
	return read_queue_push(&s->reads, job);
}

void store_end_heavy_reads(struct store *s)
{
	read_queue_close(&s->reads, READ_LANE_HEAVY);
}

struct blobs *store_blobs(struct store *s)
{
	return s->blobs;
}

void store_stats(struct store *s, struct store_stats *out)
{
	writer_stats(&s->writer, out);
	out->read_queue = (uint32_t)read_queue_length(&s->reads);
	for (int i = 0; i < READERS; i++)
		out->reads += reader_count(&s->readers[i]);
	pthread_mutex_lock(&s->mutex);
	out->checkpoints = s->checkpoint_count;
	pthread_mutex_unlock(&s->mutex);
}
