/* SPDX-License-Identifier: MIT
 *
 * test_queue - a line of jobs between threads: its bound, its end, and who is woken when.
 *
 * Layer: tests.  Threads: two.
 */
#include "../cmocka_all.h"

#include "store/queue.h"

enum { SOON_US = 500000, LATE_US = 60000000 };

static size_t length_of(const struct store_job *jobs)
{
	size_t n = 0;

	for (; jobs; jobs = jobs->next)
		n++;
	return n;
}

struct polling {
	struct queue queue;
	size_t wanted;
	unsigned wait_us;
	size_t got;
	bool over; /* under the queue's mutex */
};

static void *poll_once(void *context)
{
	struct polling *p = context;

	p->got = length_of(queue_poll(&p->queue, SIZE_MAX, p->wanted, p->wait_us));
	pthread_mutex_lock(&p->queue.mutex);
	p->over = true;
	pthread_mutex_unlock(&p->queue.mutex);
	return NULL;
}

/* Returns when the other thread waits for its jobs, or has ceased to. */
static void await_waiting(struct polling *p)
{
	bool waits = false;

	while (!waits) {
		pthread_mutex_lock(&p->queue.mutex);
		waits = p->over || p->queue.wanted == p->wanted;
		pthread_mutex_unlock(&p->queue.mutex);
		if (!waits)
			sched_yield();
	}
}

static void who_wants_several_gets_them_together_or_what_is_there_when_the_time_is_over(
	void **state)
{
	static const struct {
		const char *what;
		unsigned wait_us;
		size_t pushed;
	} cases[] = {
		{ "as many as wanted: at once", LATE_US, 3 },
		{ "fewer: when the time is over", SOON_US, 2 },
		{ "none: when the time is over", SOON_US, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct polling p = { .wanted = 3, .wait_us = cases[i].wait_us };
		struct store_job jobs[3];
		pthread_t thread;
		assert_int_equal(queue_init(&p.queue, 8), ERR_OK);
		assert_int_equal(pthread_create(&thread, NULL, poll_once, &p), 0);
		await_waiting(&p);
		for (size_t k = 0; k < cases[i].pushed; k++)
			assert_int_equal(queue_push(&p.queue, &jobs[k]), ERR_OK);
		pthread_join(thread, NULL);
		if (p.got != cases[i].pushed)
			fail_msg("%s: %zu", cases[i].what, p.got);
		assert_int_equal(p.queue.wanted, 1);
		queue_done(&p.queue);
	}
}

static void what_is_there_is_taken_without_waiting_for_more(void **state)
{
	struct queue q;
	struct store_job jobs[2];

	(void)state;
	assert_int_equal(queue_init(&q, 8), ERR_OK);
	assert_null(queue_poll(&q, 8, 8, 0));
	assert_int_equal(queue_push(&q, &jobs[0]), ERR_OK);
	assert_int_equal(queue_push(&q, &jobs[1]), ERR_OK);
	assert_int_equal(length_of(queue_poll(&q, 1, 8, LATE_US)), 1);
	assert_int_equal(length_of(queue_take(&q, 8)), 1);
	queue_done(&q);
}

static void a_full_or_closed_queue_takes_nothing_and_what_is_in_it_comes_out(void **state)
{
	struct queue q;
	struct store_job jobs[3];

	(void)state;
	assert_int_equal(queue_init(&q, 2), ERR_OK);
	assert_int_equal(queue_push(&q, &jobs[0]), ERR_OK);
	assert_int_equal(queue_push(&q, &jobs[1]), ERR_OK);
	assert_int_equal(queue_push(&q, &jobs[2]), ERR_UNAVAILABLE);
	assert_ptr_equal(queue_take(&q, 1), &jobs[0]);
	queue_close(&q);
	assert_int_equal(queue_push(&q, &jobs[2]), ERR_UNAVAILABLE);
	assert_ptr_equal(queue_take(&q, 8), &jobs[1]);
	assert_null(queue_take(&q, 8));
	queue_done(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			who_wants_several_gets_them_together_or_what_is_there_when_the_time_is_over),
		cmocka_unit_test(what_is_there_is_taken_without_waiting_for_more),
		cmocka_unit_test(a_full_or_closed_queue_takes_nothing_and_what_is_in_it_comes_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
