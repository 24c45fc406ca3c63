/* SPDX-License-Identifier: MIT
 *
 * test_dispatch - packets through the guard to fake verbs, with a fake wire and an executor that runs
 * jobs when the test says so.
 *
 * Layer: tests.  Threads: one.
 */
#include "dispatch_fixture.h"

/* --- the tests --- */

static void an_unknown_event_is_refused_by_its_name(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	send(&f, "NO_SUCH", "{}", 3);
	expect(&f, "ack 3 of 7: {\"ok\":false,\"error\":{\"errorCode\":\"unknown_event\"");
	send(&f, "NO_SUCH", "{}", 0);
	expect(&f, "emit ERROR_OCCURED to 7: {\"errorCode\":\"unknown_event\"");
	teardown(&f);
}

static void nothing_works_before_user_connect(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	send(&f, "PUBLISH_RATING", RATING, 2);
	expect(&f, "\"errorCode\":\"unauthorized\"");
	assert_int_equal(f.job_count, 0);
	teardown(&f);
}

static void a_wrong_field_is_named_and_nothing_runs(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "PUBLISH_RATING",
		"{\"trackId\":\"0193a1b2-0000-7000-8000-000000000001\",\"value\":6}", 2);
	expect(&f, "The field `value` must be a whole number from 1 to 5.");
	assert_int_equal(f.job_count, 0);
	teardown(&f);
}

static void a_change_is_acknowledged_after_its_commit(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "PUBLISH_RATING", RATING, 2);
	assert_int_equal(f.said.n, 0);
	assert_int_equal(step(&f), PLACE_WRITER);
	expect(&f, "ack 2 of 7: {\"ok\":true,");
	teardown(&f);
}

static void a_refusal_of_the_verb_travels_with_its_sentence(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "PUBLISH_COMMENT", COMMENT, 2);
	step(&f);
	expect(&f, "{\"errorCode\":\"forbidden\",\"errorMessage\":\"No, says the verb.\"");
	send(&f, "PUBLISH_COMMENT", COMMENT, 0);
	step(&f);
	expect(&f, "\"event\":\"PUBLISH_COMMENT\"");
	teardown(&f);
}

static void a_full_queue_is_unavailable(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	f.submit_err = ERR_UNAVAILABLE;
	send(&f, "PUBLISH_RATING", RATING, 2);
	expect(&f, "\"errorCode\":\"unavailable\"");
	f.submit_err = ERR_OK;
	send(&f, "PUBLISH_RATING", RATING, 3);
	step(&f);
	expect(&f, "ack 3 of 7: {\"ok\":true");
	teardown(&f);
}

static void what_follows_a_turn_waits_for_it(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	send(&f, "USER_CONNECT", "{}", 1);
	send(&f, "PUBLISH_RATING", RATING, 2); /* without waiting for the answer */
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 3);
	assert_int_equal(f.job_count, 1);
	step(&f);
	assert_int_equal(f.job_count, 1);
	step(&f);
	assert_int_equal(step(&f), PLACE_READER); /* behind the rating */
	expect(&f, "ack 3 of 7: {\"ok\":true,\"changes\":[],\"rev\":5");
	teardown(&f);
}

static void a_read_waits_for_the_changes_before_it_and_never_runs_on_the_writer(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
	assert_int_equal(step(&f), PLACE_READER);
	send(&f, "PUBLISH_RATING", RATING, 3);
	send(&f, "PUBLISH_COMMENT", COMMENT, 4); /* refused: an end, too */
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 5);
	send(&f, "PUBLISH_RATING", RATING, 6); /* behind the read: it does not wait for this */
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 7);
	assert_int_equal(f.job_count, 3);
	assert_int_equal(step(&f), PLACE_WRITER);
	assert_int_equal(f.job_count, 2);
	assert_int_equal(step(&f), PLACE_WRITER);
	assert_int_equal(f.job_count, 2); /* the third change, and the read that has waited */
	assert_int_equal(step(&f), PLACE_WRITER);
	assert_int_equal(step(&f), PLACE_READER);
	expect(&f, "ack 5 of 7: {\"ok\":true");
	assert_int_equal(step(&f), PLACE_READER);
	expect(&f, "ack 7 of 7: {\"ok\":true");
	assert_int_equal(dispatch_stats(f.d)->calls, 0);
	teardown(&f);
}

static void reads_of_a_socket_that_has_gone_are_dropped_or_given_up(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2); /* a reader has it */
	send(&f, "PUBLISH_RATING", RATING, 3);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 4); /* waits for the rating */
	assert_false(f.jobs[0]->abandoned);
	dispatch_gone(f.d, SOCKET, PARTING_LOST);
	assert_true(f.jobs[0]->abandoned);
	step(&f);
	step(&f);
	assert_int_equal(f.job_count, 0);
	assert_int_equal(dispatch_stats(f.d)->calls, 0);
	teardown(&f);
}

static void a_read_names_its_user_and_whether_it_is_heavy(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
	send(&f, "LIST_TRACKS", "{}", 3);
	assert_int_equal(f.jobs[0]->owner.b[0], 9);
	assert_false(f.jobs[0]->heavy);
	assert_true(f.jobs[1]->heavy);
	step(&f);
	step(&f);
	teardown(&f);
}

static void a_read_without_acknowledgement_answers_by_its_event(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 0);
	step(&f);
	expect(&f, "emit LIST_CHANGES to 7: {\"ok\":true,");
	teardown(&f);
}

static void the_allowance_of_a_socket_ends_and_comes_back(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	f.now_ms += 60000;
	for (int64_t i = 0; i < f.limits.socket_burst; i++) {
		send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
		step(&f);
	}
	buf_clear(&f.said);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
	expect(&f, "\"errorCode\":\"rate_limited\"");
	f.now_ms += 1000 / f.limits.socket_rate;
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
	step(&f);
	expect(&f, "{\"ok\":true");
	teardown(&f);
}

static void a_change_of_a_socket_that_has_gone_is_announced_all_the_same(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "PUBLISH_RATING", RATING, 2);
	dispatch_gone(f.d, SOCKET, PARTING_LOST);
	step(&f);
	expect(&f, "ack 2 of 7"); /* the wire drops it */
	assert_int_equal(dispatch_stats(f.d)->calls, 0);
	assert_int_equal(dispatch_stats(f.d)->seats[NS_MUSIC], 0);
	teardown(&f);
}

static void a_turn_of_a_socket_that_has_gone_leaves_nothing_behind(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	send(&f, "USER_CONNECT", "{}", 1);
	send(&f, "PUBLISH_RATING", RATING, 2);
	dispatch_gone(f.d, SOCKET, PARTING_LOST);
	step(&f);
	assert_int_equal(f.job_count, 0);
	assert_int_equal(dispatch_stats(f.d)->calls, 0);
	teardown(&f);
}

static void connecting_without_a_token_is_refused(void **state)
{
	static const char *const auths[] = { "", "{}", "{\"token\":5}", "[]", "null" };
	struct fixture f;
	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT_OF(auths); i++) {
		dispatch_connect(f.d, &(struct dispatch_connect){
					      NS_MUSIC, 8, str_of(auths[i]), STR("::1"), false });
		expect(&f, "refuse 8: Connect with auth: { token }; POST /api/v1/sessions gives "
			   "one. {\"errorCode\":\"unauthorized\"");
	}
	teardown(&f);
}

static void an_ended_session_is_told_before_it_is_disconnected(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	hub_end_session(dispatch_hub(f.d), (struct uuid){ { 0 } }, ERR_UNAUTHORIZED,
		"The session has ended.");
	expect(&f, "\"errorMessage\":\"The session has "
		   "ended.\",\"timestamp\":\"1970-01-01T00:00:01.000Z\",\"event\":null}"
		   "\ndisconnect 7\n");
	assert_int_equal(dispatch_stats(f.d)->seats[NS_MUSIC], 0);
	teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_event_is_refused_by_its_name),
		cmocka_unit_test(nothing_works_before_user_connect),
		cmocka_unit_test(a_wrong_field_is_named_and_nothing_runs),
		cmocka_unit_test(a_change_is_acknowledged_after_its_commit),
		cmocka_unit_test(a_refusal_of_the_verb_travels_with_its_sentence),
		cmocka_unit_test(a_full_queue_is_unavailable),
		cmocka_unit_test(what_follows_a_turn_waits_for_it),
		cmocka_unit_test(
			a_read_waits_for_the_changes_before_it_and_never_runs_on_the_writer),
		cmocka_unit_test(reads_of_a_socket_that_has_gone_are_dropped_or_given_up),
		cmocka_unit_test(a_read_names_its_user_and_whether_it_is_heavy),
		cmocka_unit_test(a_read_without_acknowledgement_answers_by_its_event),
		cmocka_unit_test(the_allowance_of_a_socket_ends_and_comes_back),
		cmocka_unit_test(a_change_of_a_socket_that_has_gone_is_announced_all_the_same),
		cmocka_unit_test(a_turn_of_a_socket_that_has_gone_leaves_nothing_behind),
		cmocka_unit_test(connecting_without_a_token_is_refused),
		cmocka_unit_test(an_ended_session_is_told_before_it_is_disconnected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
