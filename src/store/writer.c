/* SPDX-License-Identifier: MIT
 *
 * writer - see writer.h.
 *
 * Layer: store.  Threads: its own, but for writer_stats.
 */
#include "store/writer.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"

enum {
	BATCH_MS = 5,
	HELP_WAIT_US = 400, /* for the next job, when the batches before say that more are coming */
	HELP_TOGETHER = 8,  /* are awaited together: each wake-up costs two switches of threads */
	HELP_RECENT_MS = 3, /* how long the batch before says anything */
	WAL_FRAMES_MAX =
		10000, /* then the writer checkpoints itself, so that the log starts anew */
	SWEEP_MS = 60000,
};

/* Run for every job, so kept prepared. */
static const struct query savepoint = { "SAVEPOINT job" };
static const struct query release = { "RELEASE job" };

enum fate { FATE_KEPT, FATE_REFUSED, FATE_LOST };

static int count_frames(void *context, sqlite3 *db, const char *name, int frames)
{
	struct writer *w = context;

	(void)db;
	(void)name;
	w->wal_frames = (uint32_t)frames;
	return SQLITE_OK;
}

enum err writer_init(struct writer *w, struct blobs *blobs)
{
	w->blobs = blobs;
	w->stats.writable = true;
	if (pthread_mutex_init(&w->stats_mutex, NULL) != 0)
		return ERR_NOMEM;
	enum err e = queue_init(&w->queue, WRITER_QUEUE_MAX);
	if (e) {
		pthread_mutex_destroy(&w->stats_mutex);
		return e;
	}
	sqlite3_wal_hook(w->tx.db, count_frames, w);
	return ERR_OK;
}

void writer_done(struct writer *w)
{
	queue_done(&w->queue);
	pthread_mutex_destroy(&w->stats_mutex);
}

/* True when SQLite itself has ended the transaction (FULL, IOERR, NOMEM …). */
static bool transaction_is_lost(const struct writer *w)
{
	return sqlite3_get_autocommit(w->tx.db) != 0;
}

static enum fate job_run(struct writer *w, struct store_job *job)
{
	struct tx *tx = &w->tx;
	size_t mark = tx->after_count;
	enum err e = tx_run(tx, &savepoint, NULL, 0);

	tx->sentence = NULL;
	tx_limit(tx, WRITE_TIME_MAX);
	job->err = e ? e : job->run(tx, job);
	tx_unlimit(tx);
	job->sentence = tx->sentence;
	tx_close_rows(tx);
	if (transaction_is_lost(w))
		return FATE_LOST;
	if (job->err) {
		tx_forget_after(tx, mark);
		if (tx_exec(tx, "ROLLBACK TO job; RELEASE job") || transaction_is_lost(w))
			return FATE_LOST;
		return FATE_REFUSED;
	}
	if (tx_run(tx, &release, NULL, 0) || transaction_is_lost(w)) {
		job->err = ERR_UNAVAILABLE;
		return FATE_LOST;
	}
	return FATE_KEPT;
}

/* How long the next job may be awaited, µs. A lone job is never held up. */
static unsigned help_wait_us(const struct writer *w)
{
	bool recent = clock_monotonic_ms(&w->tx.clock) - w->last_end_ms <= HELP_RECENT_MS;

	return recent && w->last_count >= 4 && w->count < w->last_count ? HELP_WAIT_US : 0;
}

/* The next jobs, if there are any within the time that they may be awaited. */
static struct store_job *await_more(struct writer *w)
{
	size_t expected = w->last_count > w->count ? w->last_count - w->count : 1;
	size_t wanted = expected < HELP_TOGETHER ? expected : HELP_TOGETHER;

	return queue_poll(&w->queue, w->batch_max - w->count, wanted, help_wait_us(w));
}

static void batch_append(struct writer *w, struct store_job *jobs)
{
	for (; jobs; jobs = jobs->next)
		w->jobs[w->count++] = jobs;
}

/* Runs the jobs from `from` on, but `skip`. ERR_UNAVAILABLE when one lost the transaction: *lost. */
static enum err batch_run(
	struct writer *w, size_t from, const struct store_job *skip, struct store_job **lost)
{
	for (size_t i = from; i < w->count; i++) {
		if (w->jobs[i]->looks || w->jobs[i] == skip || job_run(w, w->jobs[i]) != FATE_LOST)
			continue;
		*lost = w->jobs[i];
		w->jobs[i]->err = ERR_UNAVAILABLE;
		return ERR_UNAVAILABLE;
	}
	return ERR_OK;
}

/* What comes behind the jobs: their index work, and the flush. */
static enum err batch_commit(struct writer *w)
{
	enum err e = tx_index_all(&w->tx);

	tx_close_rows(&w->tx);
	if (!e && transaction_is_lost(w))
		e = ERR_UNAVAILABLE;
	return e ? e : tx_exec(&w->tx, "COMMIT");
}

static bool has_changes(const struct writer *w, size_t from)
{
	for (size_t i = from; i < w->count; i++) {
		if (!w->jobs[i]->looks)
			return true;
	}
	return false;
}

/* Runs what only reads, in a transaction of its own behind that of the changes. */
static void batch_look(struct writer *w)
{
	struct tx *tx = &w->tx;
	size_t looks = 0;

	for (size_t i = 0; i < w->count; i++)
		looks += w->jobs[i]->looks;
	if (looks == 0)
		return;
	enum err e = tx_exec(tx, "PRAGMA query_only=1; BEGIN");
	for (size_t i = 0; i < w->count; i++) {
		struct store_job *job = w->jobs[i];
		if (!job->looks)
			continue;
		tx->sentence = NULL;
		tx_limit(tx, READ_TIME_MAX);
		job->err = e ? e : job->run(tx, job);
		tx_unlimit(tx);
		job->sentence = tx->sentence;
		tx_close_rows(tx);
	}
	if (!transaction_is_lost(w) && tx_exec(tx, "COMMIT"))
		sqlite3_exec(tx->db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_exec(tx->db, "PRAGMA query_only=0", NULL, NULL, NULL);
}

/* The first attempt: runs what waits, and what comes meanwhile, up to the bounds of a batch. */
static enum err batch_first(struct writer *w, struct store_job *waiting, struct store_job **lost)
{
	int64_t end_ms = clock_monotonic_ms(&w->tx.clock) + BATCH_MS;
	size_t from = 0;

	batch_append(w, waiting);
	enum err e = ERR_OK;
	while (!e && from < w->count) {
		if (!w->wrote && has_changes(w, from)) {
			w->wrote = true;
			e = tx_exec(&w->tx, "BEGIN IMMEDIATE");
		}
		if (!e)
			e = batch_run(w, from, NULL, lost);
		from = w->count;
		if (!e && w->count < w->batch_max && clock_monotonic_ms(&w->tx.clock) < end_ms)
			batch_append(w, await_more(w));
	}
	return e || !w->wrote ? e : batch_commit(w);
}

/* The second attempt, without the job that lost the first. */
static enum err batch_again(struct writer *w, const struct store_job *skip)
{
	struct store_job *lost = NULL;

	tx_reset(&w->tx);
	enum err e = tx_exec(&w->tx, "BEGIN IMMEDIATE");
	if (!e)
		e = batch_run(w, 0, skip, &lost);
	return e ? e : batch_commit(w);
}

static void batch_count(struct writer *w, enum err e, size_t rerun)
{
	pthread_mutex_lock(&w->stats_mutex);
	if (w->wrote)
		w->stats.writable = !e; /* what only read says nothing about the disk */
	w->stats.jobs_rerun += rerun;
	if (!e && w->wrote) {
		w->stats.commits++;
		for (size_t i = 0; i < w->count; i++) {
			w->stats.jobs_written += !w->jobs[i]->looks;
			w->stats.jobs_refused += !w->jobs[i]->looks && w->jobs[i]->err != ERR_OK;
		}
	}
	w->stats.wal_frames = w->wal_frames;
	memcpy(w->stats.last_error, w->tx.last_error, sizeof w->stats.last_error);
	pthread_mutex_unlock(&w->stats_mutex);
}

/* Hands the batch back in the order in which it ran, what changed something first; jobs that someone waits for on the spot are done here. */
static void batch_post(struct writer *w)
{
	struct store_job *list = NULL, **last = &list;

	for (int looks = 0; looks < 2; looks++) {
		for (size_t i = 0; i < w->count; i++) {
			if (w->jobs[i]->looks != (looks == 1))
				continue;
			*last = w->jobs[i];
			last = &w->jobs[i]->next;
		}
	}
	*last = NULL;
	w->post(w->post_context, list);
}

static void batch(struct writer *w, struct store_job *waiting)
{
	struct store_job *lost = NULL;
	size_t rerun = 0;

	w->count = 0;
	w->wrote = false;
	tx_reset(&w->tx);
	enum err e = batch_first(w, waiting, &lost);
	if (e && lost) {
		rerun = w->count - 1;
		e = batch_again(w, lost);
	}
	if (e && !transaction_is_lost(w) && tx_exec(&w->tx, "ROLLBACK"))
		assert(transaction_is_lost(w));
	for (size_t i = 0; e && i < w->count; i++) {
		if (w->jobs[i]->looks)
			continue;
		w->jobs[i]->err = ERR_UNAVAILABLE;
		w->jobs[i]->sentence = NULL;
	}
	if (!e)
		blobs_after_commit(w->blobs, &w->tx);
	batch_look(w);
	batch_count(w, e, rerun);
	w->last_count = w->count;
	batch_post(w);
	w->last_end_ms = clock_monotonic_ms(&w->tx.clock);
}

/* Between batches: a log that a thread's checkpoints never let start anew, and blobs whose row never came. */
static void housekeep(struct writer *w)
{
	if (w->wal_frames > WAL_FRAMES_MAX)
		sqlite3_wal_checkpoint_v2(w->tx.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	if (w->last_end_ms - w->last_sweep_ms >= SWEEP_MS) {
		w->last_sweep_ms = w->last_end_ms;
		blobs_expire_marks(w->blobs, &w->tx);
	}
	w->committed(w->committed_context);
}

void writer_run(struct writer *w)
{
	struct store_job *waiting;

	while ((waiting = queue_take(&w->queue, w->batch_max)) != NULL) {
		batch(w, waiting);
		housekeep(w);
	}
}

void writer_stats(struct writer *w, struct store_stats *out)
{
	pthread_mutex_lock(&w->stats_mutex);
	*out = w->stats;
	pthread_mutex_unlock(&w->stats_mutex);
	out->write_queue = (uint32_t)queue_length(&w->queue);
}
