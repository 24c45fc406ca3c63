/* SPDX-License-Identifier: MIT
 *
 * test_many - middlewares, functions by name, namespaces that clients make, and what is done to many sockets at once.
 *
 * Layer: tests.  Threads: one.
 */
#include "world.h"

/* ---- events ---- */

static bool let_through(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct world *w = context;

	(void)s;
	buf_printf(&w->log, "use(%.*s) ", (int)e->name.n, e->name.p);
	return e->name.n != 3 || memcmp(e->name.p, "bad", 3) != 0;
}

static bool throw_out(void *context, struct sio_socket *s, const struct sio_event *e)
{
	(void)context;
	if (e->name.n == 3 && memcmp(e->name.p, "out", 3) == 0)
		sio_socket_disconnect(s);
	return true;
}

static void on_named(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct world *w = context;

	(void)s;
	buf_printf(&w->log, "named(%.*s) ", (int)e->name.n, e->name.p);
}

static void events_pass_middlewares_to_their_functions(void **state)
{
	struct world *w = *state;

	connect_all(w);
	assert_int_equal(sio_namespace_use(w->main, let_through, w), SIO_OK);
	assert_int_equal(sio_namespace_use(w->main, throw_out, w), SIO_OK);
	assert_int_equal(sio_namespace_on(w->main, "named", on_named, w), SIO_OK);
	assert_int_equal(sio_namespace_on(w->main, "connect", on_named, w), SIO_INVALID);
	assert_int_equal(sio_namespace_on(w->main, "", on_named, w), SIO_INVALID);
	say(w, 0, "42[\"named\"]", false);
	expect_log(w, "use(named) named(named) ");
	say(w, 0, "42[\"other\"]", false);
	expect_log(w, "use(other) event(other|) ");
	say(w, 0, "42[\"bad\"]", false);
	expect_log(w, "use(bad) ");
	say(w, 0, "42[\"out\"]", false);
	expect_log(w, "use(out) A<41 gone(server namespace disconnect) ");
}

static void on_outgoing(
	void *context, struct sio_namespace *n, struct sio_socket *s, const struct sio_emit *e)
{
	struct world *w = context;

	(void)n;
	buf_printf(&w->log, "out(%.*s %s) ", (int)e->event.n, e->event.p, s ? "one" : "all");
}

static void what_is_sent_can_be_watched(void **state)
{
	struct world *w = *state;
	struct sio_emit e = { .event = TEXT("e") };

	open_peer(w, 0);
	say(w, 0, "40", false);
	buf_clear(&w->log);
	w->active = &w->peers[0];
	sio_namespace_on_outgoing(w->main, on_outgoing, w);
	assert_int_equal(sio_namespace_emit(w->main, &e, NULL), SIO_OK);
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_OK);
	sio_namespace_on_outgoing(w->main, NULL, NULL);
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_OK);
	expect_log(w, "out(e all) A<42[\"e\"] out(e one) A<42[\"e\"] A<42[\"e\"] ");
}

/* ---- namespaces that clients make ---- */

static bool match_rooms(void *context, struct sio_str name, struct sio_str auth)
{
	struct world *w = context;

	buf_printf(&w->log, "match(%.*s%.*s) ", (int)name.n, name.p, (int)auth.n, auth.p);
	return name.n > 3 && memcmp(name.p, "/r-", 3) == 0;
}

static void a_namespace_begins_with_its_first_client_and_ends_with_its_last(void **state)
{
	struct world *w = *state;
	struct sio_dynamic *d = NULL;
	struct sio_emit e = { .event = TEXT("e") };

	assert_int_equal(sio_core_of_dynamic(w->core, match_rooms, &eager, w, &d), SIO_OK);
	open_peer(w, 0);
	open_peer(w, 1);
	say(w, 0, "40/r-1,{\"a\":1}", false);
	say(w, 1, "40/r-1,", false);
	say(w, 1, "40/r-2,", false);
	say(w, 1, "40/x,", false);
	expect_log(w, "match(/r-1{\"a\":1}) A<40 B<40 match(/r-2{}) B<40 match(/x{}) "
		      "B<44/x,{\"message\":\"Invalid namespace\"} ");
	assert_int_equal(sio_dynamic_emit(d, &e, NULL), SIO_OK);
	expect_log(w, "A<42/r-1,[\"e\"] B<42/r-1,[\"e\"] B<42/r-2,[\"e\"] ");
	assert_int_equal(w->core->dynamic_count, 2);
	say(w, 1, "41/r-2,", false);
	say(w, 1, "41/r-1,", false);
	turn(w);
	assert_int_equal(w->core->dynamic_count, 1);
	say(w, 0, "41/r-1,", false);
	turn(w);
	assert_int_equal(w->core->dynamic_count, 0);
	assert_int_equal(HASH_COUNT(w->core->namespaces), 2);
}

static void namespaces_that_clients_make_are_bounded(void **state)
{
	struct world *w = *state;

	assert_int_equal(sio_core_of_dynamic(w->core, match_rooms, &eager, w, NULL), SIO_OK);
	open_peer(w, 0);
	for (int i = 0; i < 3; i++) {
		char packet[] = "40/r-0,";
		packet[5] = (char)('0' + i);
		say(w, 0, packet, false);
	}
	buf_clear(&w->log);
	say(w, 0, "40/r-9,", false);
	expect_log(w, "match(/r-9{}) A<44/r-9,{\"message\":\"Too many namespaces\"} ");
	say(w, 0, "41/r-0,", false);
	turn(w);
	buf_clear(&w->log);
	say(w, 0, "40/r-9,", false);
	expect_log(w, "match(/r-9{}) A<40 ");
}

/* ---- acknowledged broadcasts ---- */

static void on_one(void *context, struct sio_socket *s, const struct sio_args *answer)
{
	struct world *w = context;

	(void)s;
	buf_printf(&w->log, "one(%.*s) ", (int)answer->json.n, answer->json.p);
}

static void on_done(void *context, enum sio_result result, size_t asked, size_t answered)
{
	struct world *w = context;

	buf_printf(&w->log, "done(%s %zu %zu) ", sio_result_text(result), asked, answered);
}

static void ask_all(struct world *w, const struct sio_target *to)
{
	struct sio_emit e = { .event = TEXT("q") };
	struct sio_broadcast_ack ack = {
		.answer = on_one, .done = on_done, .context = w, .timeout = 100
	};

	assert_int_equal(sio_namespace_emit_with_ack(w->main, &e, to, &ack), SIO_OK);
}

static void a_broadcast_gathers_its_answers(void **state)
{
	struct world *w = *state;
	struct sio_target but_d = { .except_socket = 0 };

	connect_all(w);
	but_d.except_socket = sio_socket_handle(w->peers[3].socket);
	ask_all(w, &but_d);
	expect_log(w, "A<420[\"q\"] B<420[\"q\"] C<420[\"q\"] ");
	say(w, 1, "430[\"b\"]", false);
	say(w, 3, "430[\"nobody asked\"]", false);
	say(w, 0, "430[\"a\"]", false);
	expect_log(w, "one(\"b\") one(\"a\") ");
	say(w, 2, "430[]", false);
	expect_log(w, "one() done(ok 3 3) ");
}

static void a_broadcast_does_not_wait_for_ever(void **state)
{
	struct world *w = *state;

	connect_all(w);
	ask_all(w, NULL);
	say(w, 0, "430[1]", false);
	say(w, 1, "41", false);
	buf_clear(&w->log);
	pass(w, 100);
	expect_log(w, "done(no acknowledgement in time 4 1) ");
	say(w, 2, "430[1]", false);
	expect_log(w, "");
	assert_int_equal(HASH_COUNT(w->core->pending), 0);
}

static void a_broadcast_to_nobody_is_done_at_once(void **state)
{
	struct world *w = *state;

	ask_all(w, NULL);
	expect_log(w, "done(ok 0 0) ");
}

/* ---- many sockets ---- */

static void log_id(void *context, struct sio_socket *s)
{
	struct world *w = context;

	for (size_t i = 0; i < PEERS; i++) {
		if (w->peers[i].socket == s)
			buf_printf(&w->log, "%c ", w->peers[i].name);
	}
}

static void sockets_are_moved_by_their_rooms(void **state)
{
	struct world *w = *state;
	struct sio_str red = TEXT("red"), blue = TEXT("blue");
	struct sio_target in_red = { .rooms = &red, .room_count = 1 };
	struct sio_target red_not_blue = {
		.rooms = &red, .room_count = 1, .except_rooms = &blue, .except_room_count = 1
	};

	connect_all(w);
	assert_int_equal(sio_socket_join(w->peers[0].socket, red), SIO_OK);
	assert_int_equal(sio_socket_join(w->peers[1].socket, red), SIO_OK);
	assert_int_equal(sio_socket_join(w->peers[1].socket, blue), SIO_OK);
	assert_int_equal(sio_namespace_fetch_sockets(w->main, &red_not_blue, log_id, w), SIO_OK);
	expect_log(w, "A ");
	assert_int_equal(sio_namespace_fetch_sockets(w->main, NULL, log_id, w), SIO_OK);
	expect_log(w, "A B C D ");
	assert_int_equal(sio_namespace_sockets_join(w->main, &in_red, TEXT("new")), SIO_OK);
	assert_int_equal(sio_namespace_room_size(w->main, TEXT("new")), 2);
	assert_int_equal(sio_namespace_sockets_leave(w->main, &red_not_blue, TEXT("new")), SIO_OK);
	assert_true(sio_socket_is_in(w->peers[1].socket, TEXT("new")));
	assert_false(sio_socket_is_in(w->peers[0].socket, TEXT("new")));
	assert_int_equal(sio_namespace_disconnect_sockets(w->main, &red_not_blue, false), SIO_OK);
	expect_log(w, "A<41 gone(server namespace disconnect) ");
	assert_int_equal(sio_namespace_disconnect_sockets(w->main, NULL, true), SIO_OK);
	assert_int_equal(sio_namespace_socket_count(w->main), 0);
}

static int setup_recovery(void **state)
{
	return setup_with(state, 1000);
}

static void lost_sockets_are_moved_too(void **state)
{
	struct world *w = *state;
	struct sio_str red = TEXT("red");
	struct sio_target in_red = { .rooms = &red, .room_count = 1 };

	connect_all(w);
	assert_int_equal(sio_socket_join(w->peers[0].socket, red), SIO_OK);
	assert_int_equal(sio_socket_join(w->peers[0].socket, TEXT("blue")), SIO_OK);
	assert_int_equal(sio_socket_join(w->peers[1].socket, red), SIO_OK);
	for (size_t i = 0; i < 2; i++)
		engine_ws_gone(w->peers[i].session, &w->peers[i], true);
	buf_clear(&w->log);
	assert_int_equal(sio_namespace_sockets_leave(w->main,
				 &(struct sio_target){
					 .rooms = &(struct sio_str){ "blue", 4 }, .room_count = 1 },
				 red),
		SIO_OK);
	assert_int_equal(sio_namespace_disconnect_sockets(w->main, &in_red, false), SIO_OK);
	expect_log(w, "expired() ");
	assert_int_equal(w->main->parked_count, 1);
	assert_false(sio_lost_is_in(w->core->parked_first, STR("red")));
	assert_true(sio_lost_is_in(w->core->parked_first, STR("blue")));
}

/* ---- limits ---- */

static const struct {
	const char *packet, *log;
} excesses[] = {
	{ "4511-[\"x\"]", "attachments of a packet: 11 of 10 " },
	{ "42[\"x\",[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
		"levels of JSON: 33 of 32 " },
	{ "42["
	  "\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234"
	  "567890123456789012345678901234567890123456789\"]",
		"bytes of an event's name: 130 of 128 " },
};

static void a_limit_is_named_with_its_number(void **state)
{
	struct world *w = *state;
	char want[128];

	for (size_t i = 0; i < COUNT_OF(excesses); i++) {
		open_peer(w, i);
		say(w, i, "40", false);
		buf_clear(&w->log);
		say(w, i, excesses[i].packet, false);
		snprintf(want, sizeof want, "%c! gone(forced close) %s", (char)('A' + i),
			excesses[i].log);
		expect_log(w, want);
	}
	assert_int_equal(sio_core_exceeded(w->core)[SIO_LIMIT_ATTACHMENTS], 1);
}

static void packets_of_a_second_are_bounded(void **state)
{
	struct world *w = *state;

	open_peer(w, 0);
	say(w, 0, "40", false);
	for (int i = 0; i < 49; i++)
		say(w, 0, "42", false);
	pass(w, 1000);
	for (int i = 0; i < 50; i++)
		say(w, 0, "42", false);
	buf_clear(&w->log);
	say(w, 0, "42", false);
	expect_log(w, "A! gone(forced server close) packets a second: 51 of 50 ");
}

static void a_peer_that_does_not_read_is_named_too(void **state)
{
	struct world *w = *state;
	struct sio_emit e = { .event = TEXT("e") };

	open_peer(w, 0);
	say(w, 0, "40", false);
	w->peers[0].waiting = 6000;
	buf_clear(&w->log);
	assert_int_equal(sio_namespace_emit(w->main, &e, NULL), SIO_OK);
	expect_log(
		w, "A<42[\"e\"] A! gone(transport error) bytes waiting to be sent: 6000 of 5000 ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void answer_ends_the_other(
	void *context, struct sio_socket *s, const struct sio_args *answer)
{
	struct world *w = context;

	(void)s;
	(void)answer;
	sio_socket_disconnect(w->peers[1].socket);
}

static void log_done(void *context, enum sio_result result, size_t asked, size_t answered)
{
	struct world *w = context;

	buf_printf(&w->log, "done(%s %zu %zu) ", sio_result_text(result), asked, answered);
}

static void an_answer_may_end_the_last_other_recipient(void **state)
{
	struct world *w = *state;
	struct sio_emit e = { .event = TEXT("q") };
	struct sio_broadcast_ack ack = {
		.answer = answer_ends_the_other, .done = log_done, .context = w, .timeout = 100
	};

	for (size_t i = 0; i < 2; i++) {
		open_peer(w, i);
		say(w, i, "40", false);
	}
	buf_clear(&w->log);
	assert_int_equal(sio_namespace_emit_with_ack(w->main, &e, NULL, &ack), SIO_OK);
	say(w, 0, "430[1]", false);
	turn(w);
	buf_byte(&w->log, '\0');
	assert_non_null(strstr(w->log.p, " 2 1) "));
	assert_null(strstr(strstr(w->log.p, "done(") + 1, "done("));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			an_answer_may_end_the_last_other_recipient, setup, teardown),
		TEST(events_pass_middlewares_to_their_functions),
		TEST(what_is_sent_can_be_watched),
		TEST(a_namespace_begins_with_its_first_client_and_ends_with_its_last),
		TEST(namespaces_that_clients_make_are_bounded),
		TEST(a_broadcast_gathers_its_answers),
		TEST(a_broadcast_does_not_wait_for_ever),
		TEST(a_broadcast_to_nobody_is_done_at_once),
		TEST(a_limit_is_named_with_its_number),
		TEST(packets_of_a_second_are_bounded),
		TEST(a_peer_that_does_not_read_is_named_too),
		TEST(sockets_are_moved_by_their_rooms),
		cmocka_unit_test_setup_teardown(
			lost_sockets_are_moved_too, setup_recovery, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
