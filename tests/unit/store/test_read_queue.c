/* SPDX-License-Identifier: MIT
 *
 * test_read_queue - who waits for a reader, and who is refused one.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/limits.h"
#include "store/read_queue.h"

enum { JOBS_MAX = 1200 };

struct fixture {
	struct read_queue q;
	struct store_job jobs[JOBS_MAX];
	size_t count;
	int64_t now_ms;
};

static int64_t fake_now(void *context)
{
	return ((struct fixture *)context)->now_ms;
}

static void setup(struct fixture *f)
{
	const struct clock clock = { fake_now, fake_now, f };

	memset(f, 0, sizeof *f);
	assert_int_equal(
		read_queue_init(&f->q, &clock, &(struct read_bounds){ 250, 1000 }), ERR_OK);
}

/* Pushes a job of a user, by number; 0: nobody. */
static enum err push(struct fixture *f, unsigned char user, bool heavy)
{
	struct store_job *job = &f->jobs[f->count++];

	job->owner.b[0] = user;
	job->heavy = heavy;
	return read_queue_push(&f->q, job);
}

/* Takes a job, which takes ms to work on; the user's number, negative when it is not to be run. */
static int take(struct fixture *f, enum read_lane lane, int64_t ms)
{
	enum err e;
	struct store_job *job = read_queue_take(&f->q, lane, &e);

	f->now_ms += ms;
	read_queue_worked(&f->q, job->owner, lane, e ? 0 : ms * 1000);
	return e ? -job->owner.b[0] : job->owner.b[0];
}

static void teardown(struct fixture *f)
{
	enum err e;

	for (int lane = 0; lane < READ_LANES; lane++) {
		struct store_job *job;
		read_queue_close(&f->q, (enum read_lane)lane);
		while ((job = read_queue_take(&f->q, (enum read_lane)lane, &e)) != NULL) {
			assert_int_equal(e, ERR_UNAVAILABLE);
			read_queue_worked(&f->q, job->owner, (enum read_lane)lane, 0);
		}
	}
	assert_int_equal(read_queue_length(&f->q), 0);
	read_queue_done(&f->q);
}

static void users_take_turns_however_many_jobs_one_has(void **state)
{
	static const unsigned char pushed[] = { 1, 1, 1, 2, 3, 2 };
	static const int taken[] = { 1, 2, 3, 1, 2, 1 };
	struct fixture f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i < sizeof pushed; i++)
		assert_int_equal(push(&f, pushed[i], false), ERR_OK);
	for (size_t i = 0; i < sizeof pushed; i++)
		assert_int_equal(take(&f, READ_LANE_LIGHT, 0), taken[i]);
	teardown(&f);
}

static void heavy_jobs_are_in_a_lane_of_their_own_and_one_of_a_user_runs_at_a_time(void **state)
{
	struct fixture f;
	enum err e;

	(void)state;
	setup(&f);
	assert_int_equal(push(&f, 1, true), ERR_OK);
	assert_int_equal(push(&f, 1, true), ERR_OK);
	assert_int_equal(push(&f, 2, true), ERR_OK);
	assert_int_equal(push(&f, 1, false), ERR_OK);
	assert_ptr_equal(read_queue_take(&f.q, READ_LANE_HEAVY, &e), &f.jobs[0]);
	assert_ptr_equal(read_queue_take(&f.q, READ_LANE_HEAVY, &e), &f.jobs[2]);
	assert_ptr_equal(read_queue_take(&f.q, READ_LANE_LIGHT, &e), &f.jobs[3]);
	read_queue_worked(&f.q, f.jobs[0].owner, READ_LANE_HEAVY, 0);
	assert_ptr_equal(read_queue_take(&f.q, READ_LANE_HEAVY, &e), &f.jobs[1]);
	read_queue_worked(&f.q, f.jobs[1].owner, READ_LANE_HEAVY, 0);
	read_queue_worked(&f.q, f.jobs[2].owner, READ_LANE_HEAVY, 0);
	read_queue_worked(&f.q, f.jobs[3].owner, READ_LANE_LIGHT, 0);
	teardown(&f);
}

static void who_has_used_up_the_readers_time_is_refused_until_it_comes_back(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_int_equal(push(&f, 1, false), ERR_OK);
	assert_int_equal(take(&f, READ_LANE_LIGHT, 999), 1);
	assert_int_equal(push(&f, 1, true), ERR_OK); /* 999 ms of 1,000 */
	assert_int_equal(push(&f, 1, true), ERR_OK);
	assert_int_equal(take(&f, READ_LANE_HEAVY, 1000), 1);
	assert_int_equal(
		take(&f, READ_LANE_HEAVY, 0), -1); /* 1,749 ms: what waits is not run either */
	assert_int_equal(push(&f, 1, false), ERR_RATE_LIMITED);
	assert_non_null(f.jobs[f.count - 1].sentence);
	assert_int_equal(push(&f, 2, false), ERR_OK); /* nobody else's */
	f.now_ms += 2995;
	assert_int_equal(push(&f, 1, false), ERR_RATE_LIMITED);
	f.now_ms += 5;
	assert_int_equal(push(&f, 1, false), ERR_OK);
	teardown(&f);
}

static void one_job_more_than_a_user_may_have_is_refused(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	for (int i = 0; i < READS_PER_USER_MAX; i++)
		assert_int_equal(push(&f, 1, i % 2 == 0), ERR_OK);
	assert_int_equal(push(&f, 1, false), ERR_RATE_LIMITED);
	assert_int_equal(push(&f, 2, false), ERR_OK);
	for (int i = 0; i < READS_PER_USER_MAX; i++)
		assert_int_equal(push(&f, 0, false), ERR_OK);
	assert_int_equal(push(&f, 0, false), ERR_OK); /* strangers are no user */
	teardown(&f);
}

static void a_job_that_nobody_waits_for_is_not_run(void **state)
{
	atomic_bool abandoned = false;
	struct fixture f;

	(void)state;
	setup(&f);
	f.jobs[0].abandoned = &abandoned;
	assert_int_equal(push(&f, 1, false), ERR_OK);
	abandoned = true;
	assert_int_equal(take(&f, READ_LANE_LIGHT, 0), -1);
	teardown(&f);
}

static void a_closed_lane_hands_out_what_waits_not_to_be_run(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_int_equal(push(&f, 1, true), ERR_OK);
	assert_int_equal(push(&f, 1, false), ERR_OK);
	read_queue_close(&f.q, READ_LANE_HEAVY);
	assert_int_equal(push(&f, 2, true), ERR_UNAVAILABLE);
	assert_int_equal(take(&f, READ_LANE_HEAVY, 0), -1);
	assert_int_equal(push(&f, 2, false), ERR_OK);
	assert_int_equal(take(&f, READ_LANE_LIGHT, 0), 1);
	teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_take_turns_however_many_jobs_one_has),
		cmocka_unit_test(
			heavy_jobs_are_in_a_lane_of_their_own_and_one_of_a_user_runs_at_a_time),
		cmocka_unit_test(who_has_used_up_the_readers_time_is_refused_until_it_comes_back),
		cmocka_unit_test(one_job_more_than_a_user_may_have_is_refused),
		cmocka_unit_test(a_job_that_nobody_waits_for_is_not_run),
		cmocka_unit_test(a_closed_lane_hands_out_what_waits_not_to_be_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
