/* SPDX-License-Identifier: MIT
 *
 * test_deferred - what requests under way may keep, and that each is answered, also without memory.
 *
 * Layer: tests.  Threads: one.
 */
#include "dispatch_fixture.h"

#include "../no_memory.h"

enum { PAD_BYTES = 20000, FEW = 65536 }; /* so three padded requests fit */

/* A rating of some twenty thousand bytes. */
static void send_padded(struct fixture *f, size_t bytes, uint64_t ack)
{
	struct buf b = { 0 };

	buf_append(&b, STR("{\"trackId\":\"0193a1b2-0000-7000-8000-000000000001\",\"value\":4,"
			   "\"pad\":\""));
	for (size_t i = 0; i < bytes; i++)
		buf_byte(&b, 'x');
	buf_append(&b, STR("\"}"));
	dispatch_event(f->d, &(struct dispatch_packet){ .socket = SOCKET,
				     .ack = ack,
				     .name = STR("PUBLISH_RATING"),
				     .args = buf_str(&b) });
	buf_done(&b);
}

static void settle(struct fixture *f)
{
	while (f->job_count)
		step(f);
}

static void more_than_so_many_events_behind_a_turn_are_refused(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	f.limits.socket_rate = f.limits.user_rate = 0;
	send(&f, "USER_CONNECT", "{}", 1);
	for (int i = 0; i < DEFERRED_EVENTS_MAX; i++)
		send(&f, "NO_ANSWER_YET", "{}", 0);
	buf_clear(&f.said);
	for (int i = 0; i < DEFERRED_EVENTS_MAX; i++)
		send(&f, "PUBLISH_COMMENT", COMMENT, 2);
	assert_int_equal(f.said.n, 0);
	send(&f, "PUBLISH_COMMENT", COMMENT, 3);
	expect(&f, "ack 3 of 7: {\"ok\":false,\"error\":{\"errorCode\":\"rate_limited\"");
	dispatch_gone(f.d, SOCKET, PARTING_LOST);
	settle(&f);
	assert_int_equal(dispatch_stats(f.d)->calls, 0);
	teardown(&f);
}

static void a_deferred_event_costs_its_token_when_it_arrives(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	f.limits.socket_burst = 3;
	send(&f, "USER_CONNECT", "{}", 1);
	send(&f, "PUBLISH_RATING", RATING, 2);
	send(&f, "PUBLISH_RATING", RATING, 3);
	assert_int_equal(f.said.n ? strstr(f.said.p, "rate_limited") != NULL : 0, 0);
	send(&f, "PUBLISH_RATING", RATING, 4);
	expect(&f, "ack 4 of 7: {\"ok\":false,\"error\":{\"errorCode\":\"rate_limited\"");
	settle(&f); /* the others are not asked for another token */
	expect(&f, "ack 3 of 7: {\"ok\":true");
	teardown(&f);
}

static void the_bytes_of_a_users_requests_are_bounded_deferred_or_under_way(void **state)
{
	struct fixture f;

	(void)state;
	for (int deferred = 0; deferred < 2; deferred++) {
		setup(&f);
		f.limits.user_request_bytes = FEW;
		if (deferred)
			send(&f, "USER_CONNECT", "{}", 1);
		else
			enter(&f);
		for (uint64_t i = 0; i < 2; i++)
			send_padded(&f, PAD_BYTES, 2 + i);
		/* 1,024 + 14 + the 83 bytes around the pad, thrice, and of the turn 1,038 */
		size_t left =
			FEW - 2 * (PAD_BYTES + 1024 + 14 + 71) - (deferred ? 1024 + 12 + 2 : 0);
		buf_clear(&f.said);
		send_padded(&f, left - (1024 + 14 + 71), 4);
		assert_int_equal(f.said.n, 0);
		send(&f, "PUBLISH_RATING", RATING, 5);
		expect(&f, "ack 5 of 7: {\"ok\":false,\"error\":{\"errorCode\":\"rate_limited\"");
		settle(&f);
		expect(&f, "ack 4 of 7: {\"ok\":true");
		send(&f, "PUBLISH_RATING", RATING, 6); /* given back */
		settle(&f);
		expect(&f, "ack 6 of 7: {\"ok\":true");
		teardown(&f);
	}
}

static void a_users_only_request_has_room_however_large_it_is(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	enter(&f);
	f.limits.user_request_bytes = FEW;
	send_padded(&f, FEW * 2, 2);
	settle(&f);
	expect(&f, "ack 2 of 7: {\"ok\":true");
	teardown(&f);
}

static void all_requests_together_are_bounded(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	enter(&f);
	f.limits.request_bytes = FEW;
	for (uint64_t i = 0; i < 4; i++)
		send_padded(&f, PAD_BYTES, 2 + i);
	expect(&f, "ack 5 of 7: {\"ok\":false,\"error\":{\"errorCode\":\"unavailable\"");
	settle(&f);
	expect(&f, "ack 4 of 7: {\"ok\":true");
	teardown(&f);
}

static void who_says_too_much_when_connecting_is_refused(void **state)
{
	struct fixture f;
	struct buf b = { 0 };

	(void)state;
	setup(&f);
	buf_append(&b, STR("{\"token\":\"t\",\"pad\":\""));
	while (b.n < CONNECT_AUTH_MAX - 2)
		buf_byte(&b, 'x');
	buf_append(&b, STR("\"}"));
	dispatch_connect(
		f.d, &(struct dispatch_connect){ NS_MUSIC, 8, buf_str(&b), STR("::1"), false });
	assert_int_equal(f.job_count, 1); /* at the limit */
	settle(&f);
	b.p[b.n - 2] = 'x';
	buf_clear(&f.said);
	buf_append(&b, STR("\"}"));
	dispatch_connect(
		f.d, &(struct dispatch_connect){ NS_MUSIC, 9, buf_str(&b), STR("::1"), false });
	assert_int_equal(f.job_count, 0);
	expect(&f, "refuse 9");
	buf_done(&b);
	teardown(&f);
}

/* How often a request has been answered. */
static int answers(struct fixture *f, const char *ack)
{
	int n = 0;

	buf_byte(&f->said, '\0');
	for (const char *p = f->said.p; (p = strstr(p, ack)) != NULL; p++)
		n++;
	f->said.n--;
	return n;
}

static void each_request_is_answered_once_when_any_allocation_fails(void **state)
{
	struct fixture f;
	bool came = true;

	(void)state;
	for (long nth = 1; came; nth++) {
		setup(&f);
		send(&f, "USER_CONNECT", "{}", 1);
		buf_clear(&f.said);
		assert_non_null(buf_reserve(&f.said, 65536)); /* the fixture's own needs */
		no_memory_begin(nth);
		send(&f, "PUBLISH_RATING", RATING, 2);
		send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 3);
		settle(&f);
		came = no_memory_end();
		assert_int_equal(answers(&f, "ack 2 of"), 1);
		assert_int_equal(answers(&f, "ack 3 of"), 1);
		assert_int_equal(dispatch_stats(f.d)->calls, 0);
		teardown(&f);
	}
}

static void a_users_sockets_are_ended_also_without_memory(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	enter(&f);
	assert_non_null(buf_reserve(&f.said, 65536));
	no_memory_begin(1);
	hub_end_user(dispatch_hub(f.d), (struct uuid){ { 9 } }, ERR_FORBIDDEN, NULL);
	(void)no_memory_end();
	expect(&f, "disconnect 7");
	assert_int_equal(dispatch_stats(f.d)->seats[NS_MUSIC], 0);
	teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_than_so_many_events_behind_a_turn_are_refused),
		cmocka_unit_test(a_deferred_event_costs_its_token_when_it_arrives),
		cmocka_unit_test(the_bytes_of_a_users_requests_are_bounded_deferred_or_under_way),
		cmocka_unit_test(a_users_only_request_has_room_however_large_it_is),
		cmocka_unit_test(all_requests_together_are_bounded),
		cmocka_unit_test(who_says_too_much_when_connecting_is_refused),
		cmocka_unit_test(each_request_is_answered_once_when_any_allocation_fails),
		cmocka_unit_test(a_users_sockets_are_ended_also_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
