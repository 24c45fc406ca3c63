/* SPDX-License-Identifier: MIT
 *
 * reader - see reader.h.
 *
 * Layer: store.  Threads: its own.
 */
#include "store/reader.h"

#include "base/limits.h"

enum { STEPS_BETWEEN_LOOKS = 20000 }; /* of SQLite's machine: about a millisecond */

/* SQLite asks this now and then; other than 0 ends the query. */
static int is_over(void *context)
{
	const struct reader *r = context;

	return clock_monotonic_ms(&r->tx.clock) >= r->until_ms;
}

static enum err read_one(struct reader *r, struct store_job *job)
{
	struct tx *tx = &r->tx;
	enum err e = tx_exec(tx, "BEGIN");

	if (e)
		return e;
	tx_reset(tx);
	r->until_ms = clock_monotonic_ms(&tx->clock) + READ_TIME_MAX;
	e = job->run(tx, job);
	job->sentence = tx->sentence;
	tx_close_rows(tx);
	if (!sqlite3_get_autocommit(tx->db) && tx_exec(tx, "COMMIT"))
		sqlite3_exec(tx->db, "ROLLBACK", NULL, NULL, NULL);
	return e;
}

void reader_run(struct reader *r)
{
	struct store_job *job;

	sqlite3_progress_handler(r->tx.db, STEPS_BETWEEN_LOOKS, is_over, r);
	while ((job = queue_take(r->queue, 1)) != NULL) {
		job->sentence = NULL;
		job->err = read_one(r, job);
		atomic_fetch_add_explicit(&r->count, 1, memory_order_relaxed);
		r->post(r->post_context, job);
	}
}

uint64_t reader_count(struct reader *r)
{
	return atomic_load_explicit(&r->count, memory_order_relaxed);
}
