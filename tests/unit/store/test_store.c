/* SPDX-License-Identifier: MIT
 *
 * test_store - batches, savepoints, lost transactions, order, locks, versions, a full disk.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "base/limits.h"
#include "store_fixture.h"

static const struct query put = { "INSERT INTO meta (name, value) VALUES (?1, ?2)" };
static const struct query get = { "SELECT value FROM meta WHERE name = ?1" };
static const struct query count = { "SELECT count(*) FROM meta" };
static const struct query roll_back = { "ROLLBACK" };

enum what { PUT, PUT_THEN_REFUSE, LOSE_ALWAYS, WAIT };

struct writing {
	struct store_job job;
	enum what what;
	char name[16];
	int runs;
	int *order, *next; /* done writes its place */
};

static enum err writing_run(struct tx *tx, struct store_job *job)
{
	struct writing *w = (struct writing *)job;
	enum err e;

	w->runs++;
	if (w->what == WAIT) {
		usleep(20000);
		return ERR_OK;
	}
	e = tx_run(tx, &put, VALUES(of_str(str_of(w->name)), of_int(w->runs)));
	if (e)
		return e;
	if (w->what == PUT_THEN_REFUSE)
		return tx_refuse(tx, ERR_FORBIDDEN, "Not this one.");
	if (w->what == LOSE_ALWAYS)
		return tx_run(tx, &roll_back, NO_VALUES) ? ERR_INTERNAL : ERR_OK;
	return ERR_OK;
}

static void writing_done(struct store_job *job)
{
	struct writing *w = (struct writing *)job;

	*w->order = (*w->next)++;
}

static enum err count_rows(struct tx *tx, void *context)
{
	struct row *r;
	enum err e = tx_one(tx, &count, NO_VALUES, &r);

	*(int *)context = e ? -1 : (int)row_int(r, 0);
	return e;
}

static int rows(struct store_fixture *f)
{
	int n = -1;

	assert_int_equal(store_fixture_write(f, count_rows, &n, NULL), ERR_OK);
	return n;
}

enum { JOBS = 20 };

/* Queues a job that holds the writer up, then JOBS of which number `odd` does `what`; all finish. */
static void run_jobs(
	struct store_fixture *f, struct writing *w, int *order, int odd, enum what what)
{
	int next = 0;

	for (int i = 0; i < JOBS + 1; i++) {
		w[i] = (struct writing){ .job = { .run = writing_run, .done = writing_done },
			.what = i == 0     ? WAIT
			        : i == odd ? what
			                   : PUT,
			.order = &order[i],
			.next = &next };
		snprintf(w[i].name, sizeof w[i].name, "n%d", i);
		assert_int_equal(store_write(f->store, &w[i].job), ERR_OK);
	}
	store_fixture_await(f, JOBS + 1);
	assert_int_equal(next, JOBS + 1);
}

static void a_refused_job_is_rolled_back_alone(void **state)
{
	struct store_fixture f;
	struct writing w[JOBS + 1];
	int order[JOBS + 1];
	struct store_stats stats;

	(void)state;
	store_fixture_init(&f);
	run_jobs(&f, w, order, 7, PUT_THEN_REFUSE);
	for (int i = 0; i < JOBS + 1; i++) {
		assert_int_equal(w[i].job.err, i == 7 ? ERR_FORBIDDEN : ERR_OK);
		assert_int_equal(order[i], i);
		assert_int_equal(w[i].runs, 1);
	}
	assert_string_equal(w[7].job.sentence, "Not this one.");
	assert_null(w[8].job.sentence);
	assert_int_equal(rows(&f), JOBS - 1);
	store_stats(f.store, &stats);
	assert_int_equal(stats.jobs_refused, 1);
	assert_true(stats.commits <= 3); /* the waiting one, at most one more batch, the count */
	store_fixture_done(&f);
}

static void a_batch_of_one_gives_every_job_its_transaction(void **state)
{
	struct store_fixture f;
	struct writing w[JOBS + 1];
	int order[JOBS + 1];
	struct store_stats stats;
	struct buf sentence = { 0 };

	(void)state;
	store_fixture_init(&f);
	store_close(f.store);
	f.batch_max = 1;
	assert_int_equal(store_fixture_open(&f, &sentence), ERR_OK);
	buf_done(&sentence);
	run_jobs(&f, w, order, 7, PUT_THEN_REFUSE);
	for (int i = 0; i < JOBS + 1; i++) {
		assert_int_equal(w[i].job.err, i == 7 ? ERR_FORBIDDEN : ERR_OK);
		assert_int_equal(order[i], i);
	}
	store_stats(f.store, &stats);
	assert_int_equal(stats.commits, JOBS + 1);
	assert_int_equal(stats.jobs_written, JOBS + 1);
	assert_int_equal(rows(&f), JOBS - 1);
	store_fixture_done(&f);
}

static void jobs_of_a_lost_transaction_run_again_once_without_the_one_at_fault(void **state)
{
	struct store_fixture f;
	struct writing w[JOBS + 1];
	int order[JOBS + 1];

	(void)state;
	store_fixture_init(&f);
	run_jobs(&f, w, order, 11, LOSE_ALWAYS);
	for (int i = 1; i < JOBS + 1; i++) {
		assert_int_equal(w[i].job.err, i == 11 ? ERR_UNAVAILABLE : ERR_OK);
		assert_int_equal(order[i], i);
		assert_true(w[i].runs <= 2);
	}
	assert_int_equal(w[11].runs, 1);
	assert_int_equal(rows(&f), JOBS - 1);
	store_fixture_done(&f);
}

static void a_broken_constraint_is_a_conflict_and_loses_nothing(void **state)
{
	struct store_fixture f;
	struct writing w[JOBS + 1];
	int order[JOBS + 1];

	(void)state;
	store_fixture_init(&f);
	run_jobs(&f, w, order, 0, WAIT);
	run_jobs(&f, w, order, 0, WAIT); /* the names are taken now */
	for (int i = 1; i < JOBS + 1; i++)
		assert_int_equal(w[i].job.err, ERR_CONFLICT);
	assert_int_equal(rows(&f), JOBS);
	store_fixture_done(&f);
}

static enum err bound_pages(struct tx *tx, void *context)
{
	static const struct query small = { "PRAGMA max_page_count = 80" };
	static const struct query large = { "PRAGMA max_page_count = 100000" };

	return tx_run(tx, *(char *)context == 's' ? &small : &large, NO_VALUES);
}

static enum err put_much(struct tx *tx, void *context)
{
	static char bytes[400000];

	memset(bytes, 'x', sizeof bytes);
	return tx_run(tx, &put,
		VALUES(of_str(str_of(context)), of_str((struct str){ bytes, sizeof bytes })));
}

static void a_full_disk_is_unavailable_and_what_was_there_stays(void **state)
{
	struct store_fixture f;
	struct writing w[JOBS + 1];
	int order[JOBS + 1];
	char small[] = "small", large[] = "large", name[] = "much";

	(void)state;
	store_fixture_init(&f);
	run_jobs(&f, w, order, 0, WAIT);
	assert_int_equal(store_fixture_write(&f, bound_pages, small, NULL), ERR_OK);
	assert_int_equal(store_fixture_write(&f, put_much, name, NULL), ERR_UNAVAILABLE);
	assert_int_equal(rows(&f), JOBS);
	assert_int_equal(store_fixture_write(&f, bound_pages, large, NULL), ERR_OK);
	assert_int_equal(store_fixture_write(&f, put_much, name, NULL), ERR_OK);
	assert_int_equal(rows(&f), JOBS + 1);
	store_fixture_done(&f);
}

static void a_second_store_on_the_folder_is_refused_in_one_sentence(void **state)
{
	struct store_fixture f, second;
	struct buf sentence = { 0 };

	(void)state;
	store_fixture_init(&f);
	second = f;
	assert_int_equal(store_fixture_open(&second, &sentence), ERR_CONFLICT);
	assert_true(sentence.n > 20 && sentence.p[sentence.n - 1] == '.');
	buf_done(&sentence);
	store_fixture_done(&f);
}

static enum err write_newer_version(struct tx *tx, void *context)
{
	static const struct query newer = { "PRAGMA user_version = 99999" };

	(void)context;
	return tx_run(tx, &newer, NO_VALUES);
}

static void a_folder_of_a_newer_version_is_refused(void **state)
{
	struct store_fixture f;
	struct buf sentence = { 0 };

	(void)state;
	store_fixture_init(&f);
	assert_int_equal(store_fixture_write(&f, write_newer_version, NULL, NULL), ERR_OK);
	store_close(f.store);
	f.store = NULL;
	assert_int_equal(store_fixture_open(&f, &sentence), ERR_CONFLICT);
	assert_true(sentence.n > 20 && sentence.p[sentence.n - 1] == '.');
	buf_done(&sentence);
	store_fixture_done(&f);
}

struct reading {
	struct store_job job;
	int64_t value;
};

static enum err reading_run(struct tx *tx, struct store_job *job)
{
	struct reading *r = (struct reading *)job;
	struct row *row;
	enum err e = tx_one(tx, &get, VALUES(of_str(STR("n3"))), &row);

	if (e)
		return e;
	r->value = row_int(row, 0);
	if (tx_run(tx, &put, VALUES(of_str(STR("by a reader")), of_int(1))) == ERR_OK)
		return ERR_INTERNAL;
	return ERR_OK;
}

static void reading_done(struct store_job *job)
{
	(void)job;
}

static void a_reader_sees_what_was_committed_and_cannot_write(void **state)
{
	struct store_fixture f;
	struct writing w[JOBS + 1];
	int order[JOBS + 1];
	struct reading r = { .job = { .run = reading_run, .done = reading_done } };

	(void)state;
	store_fixture_init(&f);
	run_jobs(&f, w, order, 0, WAIT);
	assert_int_equal(store_read(f.store, &r.job), ERR_OK);
	store_fixture_await(&f, 1);
	assert_int_equal(r.job.err, ERR_OK);
	assert_int_equal(r.value, 1);
	assert_int_equal(rows(&f), JOBS);
	store_fixture_done(&f);
}

static enum err endless_run(struct tx *tx, struct store_job *job)
{
	static const struct query endless = { "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i "
					      "+ 1 FROM n) SELECT count(*) FROM n" };
	struct row *r;

	(void)job;
	return tx_one(tx, &endless, NO_VALUES, &r);
}

/* A clock by which each look is a second later. */
static int64_t hasty_ms(void *context)
{
	return 1000 * (int64_t)++ * (_Atomic int *)context;
}

static void a_question_that_takes_too_long_is_given_up(void **state)
{
	_Atomic int looks = 0;
	struct store_fixture f;
	struct buf sentence = { 0 };
	struct reading r = { .job = { .run = endless_run, .done = reading_done } };

	(void)state;
	store_fixture_init(&f);
	store_close(f.store);
	f.clock = (struct clock){ hasty_ms, hasty_ms, &looks };
	assert_int_equal(store_fixture_open(&f, &sentence), ERR_OK);
	assert_int_equal(store_read(f.store, &r.job), ERR_OK);
	store_fixture_await(&f, 1);
	assert_int_equal(r.job.err, ERR_UNAVAILABLE);
	r.job.run = reading_run;
	assert_int_equal(store_read(f.store, &r.job), ERR_OK);
	store_fixture_await(&f, 1);
	assert_int_equal(r.job.err, ERR_NOT_FOUND); /* the reader goes on */
	store_fixture_done(&f);
}

/* Holds the writer a while. */
static enum err look_wait_run(struct tx *tx, struct store_job *job)
{
	(void)tx, (void)job;
	usleep(20000);
	return ERR_OK;
}

/* So many words that their index, which is written with the commit, finds no room. */
static enum err index_much(struct tx *tx, struct store_job *job)
{
	static const struct text_index index = {
		{ "INSERT INTO message_text (rowid, words) VALUES (?1, ?2)" },
		{ "INSERT INTO message_text (message_text, rowid, words) VALUES ('delete', ?1, "
		  "?2)" },
	};
	static char words[400000];

	(void)job;
	for (size_t i = 0; i < sizeof words; i++)
		words[i] = i % 8 == 7 ? ' ' : (char)('a' + (i * i / 8) % 26);
	return tx_index_add(tx, &index, &(struct indexed){ 1, 1, { words, sizeof words } });
}

static bool is_writable(struct store_fixture *f)
{
	struct store_stats stats;

	store_stats(f->store, &stats);
	return stats.writable;
}

static void what_only_looks_does_not_fail_with_the_changes_of_its_batch(void **state)
{
	struct store_fixture f;
	struct writing wait;
	int order[2], next = 0;
	char small[] = "small", large[] = "large";
	struct reading look = { .job = {
					.run = reading_run, .done = reading_done, .looks = true } };
	struct reading much = { .job = { .run = index_much, .done = reading_done } };

	(void)state;
	store_fixture_init(&f);
	wait = (struct writing){ .job = { .run = writing_run, .done = writing_done },
		.what = PUT,
		.name = "n3",
		.order = &order[0],
		.next = &next };
	assert_int_equal(store_write(f.store, &wait.job), ERR_OK);
	store_fixture_await(&f, 1);
	assert_int_equal(store_fixture_write(&f, bound_pages, small, NULL), ERR_OK);
	wait.what = WAIT;
	wait.job.run = look_wait_run;
	wait.job.looks = true;
	assert_int_equal(store_write(f.store, &wait.job), ERR_OK); /* the next two come meanwhile */
	assert_int_equal(store_write(f.store, &look.job), ERR_OK);
	assert_int_equal(store_write(f.store, &much.job), ERR_OK);
	store_fixture_await(&f, 3);
	assert_int_equal(much.job.err, ERR_UNAVAILABLE);
	assert_int_equal(look.job.err, ERR_OK);
	assert_int_equal(look.value, 1);
	assert_false(is_writable(&f));
	assert_int_equal(store_write(f.store, &look.job), ERR_OK);
	store_fixture_await(&f, 1);
	assert_int_equal(look.job.err, ERR_OK);
	assert_false(is_writable(&f)); /* it says nothing about the disk */
	assert_int_equal(store_fixture_write(&f, bound_pages, large, NULL), ERR_OK);
	assert_true(is_writable(&f));
	store_fixture_done(&f);
}

static void a_change_that_takes_too_long_is_given_up_and_costs_the_others_nothing(void **state)
{
	_Atomic int looks = 0;
	struct store_fixture f;
	struct buf sentence = { 0 };
	struct reading endless = { .job = { .run = endless_run, .done = reading_done } };
	struct writing other;
	int order, next = 0;

	(void)state;
	store_fixture_init(&f);
	store_close(f.store);
	f.clock = (struct clock){ hasty_ms, hasty_ms, &looks };
	assert_int_equal(store_fixture_open(&f, &sentence), ERR_OK);
	other = (struct writing){ .job = { .run = writing_run, .done = writing_done },
		.what = PUT,
		.name = "other",
		.order = &order,
		.next = &next };
	assert_int_equal(store_write(f.store, &endless.job), ERR_OK);
	assert_int_equal(store_write(f.store, &other.job), ERR_OK);
	store_fixture_await(&f, 2);
	assert_int_equal(endless.job.err, ERR_UNAVAILABLE);
	assert_int_equal(other.job.err, ERR_OK);
	store_fixture_done(&f);
}

static void closing_gives_up_what_readers_have(void **state)
{
	struct store_fixture f;
	struct reading r[3];

	(void)state;
	store_fixture_init(&f);
	for (int i = 0; i < 3; i++) {
		r[i] = (struct reading){
			.job = { .run = endless_run, .done = reading_done, .heavy = i > 0 }
		};
		assert_int_equal(store_read(f.store, &r[i].job), ERR_OK);
	}
	store_end_heavy_reads(f.store);
	store_fixture_await(&f, 2);
	store_close(f.store);
	f.store = NULL;
	store_fixture_await(&f, 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(r[i].job.err, ERR_UNAVAILABLE);
	store_fixture_done(&f);
}

static void closing_runs_what_is_queued_and_it_is_there_afterwards(void **state)
{
	struct store_fixture f;
	static struct writing w[600];
	static int order[600];
	struct buf sentence = { 0 };
	int next = 0;

	(void)state;
	store_fixture_init(&f);
	for (int i = 0; i < 600; i++) {
		w[i] = (struct writing){ .job = { .run = writing_run, .done = writing_done },
			.what = PUT,
			.order = &order[i],
			.next = &next };
		snprintf(w[i].name, sizeof w[i].name, "n%d", i);
		assert_int_equal(store_write(f.store, &w[i].job), ERR_OK);
	}
	store_close(f.store);
	f.store = NULL;
	store_fixture_await(&f, 600);
	for (int i = 0; i < 600; i++)
		assert_int_equal(order[i], i);
	assert_int_equal(store_fixture_open(&f, &sentence), ERR_OK);
	assert_int_equal(rows(&f), 600);
	store_fixture_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_job_is_rolled_back_alone),
		cmocka_unit_test(a_batch_of_one_gives_every_job_its_transaction),
		cmocka_unit_test(
			jobs_of_a_lost_transaction_run_again_once_without_the_one_at_fault),
		cmocka_unit_test(a_broken_constraint_is_a_conflict_and_loses_nothing),
		cmocka_unit_test(a_full_disk_is_unavailable_and_what_was_there_stays),
		cmocka_unit_test(a_second_store_on_the_folder_is_refused_in_one_sentence),
		cmocka_unit_test(a_folder_of_a_newer_version_is_refused),
		cmocka_unit_test(a_reader_sees_what_was_committed_and_cannot_write),
		cmocka_unit_test(a_question_that_takes_too_long_is_given_up),
		cmocka_unit_test(
			a_change_that_takes_too_long_is_given_up_and_costs_the_others_nothing),
		cmocka_unit_test(what_only_looks_does_not_fail_with_the_changes_of_its_batch),
		cmocka_unit_test(closing_gives_up_what_readers_have),
		cmocka_unit_test(closing_runs_what_is_queued_and_it_is_there_afterwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
