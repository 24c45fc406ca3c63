/* SPDX-License-Identifier: MIT
 *
 * reader - see reader.h.
 *
 * Layer: store.  Threads: its own.
 */
#include "store/reader.h"

#include "base/limits.h"

/* SQLite asks this now and then while a job runs. */
static bool is_given_up(void *context)
{
	const struct reader *r = context;
	const atomic_bool *abandoned = r->job->abandoned;

	return (abandoned && atomic_load_explicit(abandoned, memory_order_relaxed)) ||
	       read_queue_is_closed(r->queue, r->lane);
}

static enum err read_one(struct reader *r, struct store_job *job)
{
	struct tx *tx = &r->tx;
	enum err e = tx_exec(tx, "BEGIN");

	if (e)
		return e;
	tx_reset(tx);
	r->job = job;
	tx->is_given_up = is_given_up;
	tx->give_up_context = r;
	tx_limit(tx, READ_TIME_MAX);
	e = job->run(tx, job);
	tx_unlimit(tx);
	job->sentence = tx->sentence;
	tx_close_rows(tx);
	if (!sqlite3_get_autocommit(tx->db) && tx_exec(tx, "COMMIT"))
		sqlite3_exec(tx->db, "ROLLBACK", NULL, NULL, NULL);
	return e;
}

void reader_run(struct reader *r)
{
	const struct clock *clock = &r->tx.clock;
	struct store_job *job;
	enum err e;

	while ((job = read_queue_take(r->queue, r->lane, &e)) != NULL) {
		struct uuid owner = job->owner;
		int64_t from_ms = clock_monotonic_ms(clock);
		job->sentence = NULL;
		job->err = e ? e : read_one(r, job);
		read_queue_worked(
			r->queue, owner, r->lane, (clock_monotonic_ms(clock) - from_ms) * 1000);
		atomic_fetch_add_explicit(&r->count, 1, memory_order_relaxed);
		r->post(r->post_context, job);
	}
}

uint64_t reader_count(struct reader *r)
{
	return atomic_load_explicit(&r->count, memory_order_relaxed);
}
