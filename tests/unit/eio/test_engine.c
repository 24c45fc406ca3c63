/* SPDX-License-Identifier: MIT
 *
 * test_engine - Engine.IO's rules, seen from outside: requests and messages in, a log of all that the engine did.
 *
 * Layer: tests.  Threads: one.
 */
#include "world.h"

/* ---- opening ---- */

static void a_polling_handshake_offers_the_upgrade(void **state)
{
	struct world *w = *state;

	assert_int_equal(engine_open_poll(w->engine, some_handshake(), STR(""), handle(0)), ERR_OK);
	expect_log(w, "A=200:0{\"sid\":\"AAAAAAAAAAAAAAAAAAAA\",\"upgrades\":[\"websocket\"],"
		      "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000} opened ");
	assert_int_equal(engine_counts(w->engine)->polling, 1);
}

static void a_websocket_handshake_offers_none(void **state)
{
	struct world *w = *state;
	struct engine_session *s = NULL;

	assert_int_equal(
		engine_open_ws(w->engine, some_handshake(), STR(""), handle(0), &s), ERR_OK);
	expect_log(w, "A<0{\"sid\":\"AAAAAAAAAAAAAAAAAAAA\",\"upgrades\":[],"
		      "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000} opened ");
	assert_int_equal(engine_counts(w->engine)->polling, 0);
}

static const struct {
	const char *what, *query;
	enum engine_method method;
	bool upgrade, bad_origin;
	enum engine_route_kind kind;
	unsigned code;
} routes[] = {
	{ "no transport", "EIO=4", ENGINE_GET, false, false, ENGINE_ROUTE_REFUSE, 0 },
	{ "an unknown transport", "EIO=4&transport=x", ENGINE_GET, false, false,
		ENGINE_ROUTE_REFUSE, 0 },
	{ "an unknown session", "EIO=4&transport=polling&sid=x", ENGINE_GET, false, false,
		ENGINE_ROUTE_REFUSE, 1 },
	{ "a POST without session", "EIO=4&transport=polling", ENGINE_POST, false, false,
		ENGINE_ROUTE_REFUSE, 2 },
	{ "a bad origin", "EIO=4&transport=polling", ENGINE_GET, false, true, ENGINE_ROUTE_REFUSE,
		3 },
	{ "websocket without upgrade", "EIO=4&transport=websocket", ENGINE_GET, false, false,
		ENGINE_ROUTE_REFUSE, 3 },
	{ "revision 3", "EIO=3&transport=polling", ENGINE_GET, false, false, ENGINE_ROUTE_REFUSE,
		5 },
	{ "no revision", "transport=polling", ENGINE_GET, false, false, ENGINE_ROUTE_REFUSE, 5 },
	{ "an empty sid is none", "EIO=4&transport=polling&sid=", ENGINE_GET, false, false,
		ENGINE_ROUTE_OPEN, 0 },
	{ "the last of two keys counts", "EIO=3&transport=x&transport=polling&EIO=4", ENGINE_GET,
		false, false, ENGINE_ROUTE_OPEN, 0 },
	{ "an upgrade", "EIO=4&transport=websocket", ENGINE_GET, true, false, ENGINE_ROUTE_OPEN,
		0 },
	{ "a poll", "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", ENGINE_GET, false, false,
		ENGINE_ROUTE_POLL, 0 },
	{ "a post", "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", ENGINE_POST, false, false,
		ENGINE_ROUTE_POST, 0 },
	{ "another method", "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", ENGINE_OTHER, false,
		false, ENGINE_ROUTE_NO_METHOD, 0 },
	{ "another revision", "EIO=3&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", ENGINE_GET, false,
		false, ENGINE_ROUTE_REFUSE, 3 },
	{ "another transport", "EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA", ENGINE_GET,
		false, false, ENGINE_ROUTE_REFUSE, 3 },
	{ "an upgrade of it", "EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA", ENGINE_GET,
		true, false, ENGINE_ROUTE_UPGRADE, 0 },
};

static void requests_find_their_way(void **state)
{
	struct world *w = *state;

	open_poll(w);
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		struct engine_request r = { .method = routes[i].method,
			.upgrade = routes[i].upgrade,
			.origin_valid = !routes[i].bad_origin,
			.query = str_of(routes[i].query) };
		struct engine_route got = engine_route(w->engine, &r);
		if (got.kind != routes[i].kind || got.code != routes[i].code)
			fail_msg("%s: kind %d, code %u", routes[i].what, (int)got.kind, got.code);
	}
}

/* ---- polling ---- */

static const struct {
	const char *what, *body, *log;
} posts[] = {
	{ "one message", "4hi", "text(hi) B=200:ok " },
	{ "several",
		"4a\x1e"
		"4b\x1e"
		"4",
		"text(a) text(b) text() B=200:ok " },
	{ "binary", "bAQID", "binary(\x01\x02\x03) B=200:ok " },
	{ "a pong that nobody asked for", "3", "B=200:ok " },
	{ "what is ignored",
		"0\x1e"
		"5\x1e"
		"6",
		"B=200:ok " },
	{ "an invalid type",
		"4a\x1e"
		"9\x1e"
		"4b",
		"text(a) closed:6 B=200:ok " },
	{ "an empty body", "", "closed:6 B=200:ok " },
	{ "an empty packet", "4a\x1e", "text(a) closed:6 B=200:ok " },
	{ "a ping from the wrong side", "2", "closed:0 B=200:ok " },
	{ "bad base64", "b!", "closed:6 B=200:ok " },
	{ "bytes that are no UTF-8", "4\xff", "closed:6 B=200:ok " },
	{ "a close", "1", "closed:1 B=200:ok " },
};

static void posts_are_taken_apart(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF(posts); i++) {
		open_poll(w);
		post(w, posts[i].body);
		expect_log(w, posts[i].log);
		if (!strstr(posts[i].log, "closed"))
			engine_session_close(w->session, ENGINE_FORCED_CLOSE);
		engine_turn_end(w->engine);
		buf_clear(&w->log);
	}
}

static void a_close_answers_the_pending_get(void **state)
{
	struct world *w = *state;

	open_poll(w);
	engine_poll(w->session, handle(2));
	post(w, "1");
	expect_log(w, "C=200:6 closed:1 B=200:ok ");
}

static void packets_of_one_turn_leave_together(void **state)
{
	struct world *w = *state;

	open_poll(w);
	send_text(w, "a");
	engine_poll(w->session, handle(1));
	send_text(w, "b");
	expect_log(w, "B=200:4a\x1e"
		      "4b ");
	engine_poll(w->session, handle(2));
	expect_log(w, "");
	send_text(w, "c");
	expect_log(w, "C=200:4c ");
}

static void binary_goes_as_base64(void **state)
{
	struct world *w = *state;
	struct frame *f = NULL;

	open_poll(w);
	assert_int_equal(frame_new(w->pool, 64, &f), ERR_OK);
	engine_frame_text(f, 1);
	frame_put(f, STR("x"));
	engine_frame_binary(f, 3);
	frame_put(f, STR("\x01\x02\x03"));
	engine_session_send(w->session, f);
	frame_unref(f);
	engine_poll(w->session, handle(1));
	expect_log(w, "B=200:4x\x1e"
		      "bAQID ");
}

static void a_message_of_binary_alone_goes_as_base64_too(void **state)
{
	struct world *w = *state;
	struct frame *f = NULL;

	open_poll(w);
	assert_int_equal(frame_new(w->pool, 64, &f), ERR_OK);
	engine_frame_binary(f, 3);
	frame_put(f, STR("\x01\x02\x03"));
	engine_session_send(w->session, f);
	engine_session_send(w->session, f);
	frame_unref(f);
	engine_poll(w->session, handle(1));
	expect_log(w, "B=200:bAQID\x1e"
		      "bAQID ");
}

static void a_second_get_closes_the_session(void **state)
{
	struct world *w = *state;

	open_poll(w);
	engine_poll(w->session, handle(1));
	engine_poll(w->session, handle(2));
	expect_log(w, "C=400: B=200:1 closed:0 ");
	assert_int_equal(engine_counts(w->engine)->sessions, 0);
}

static void a_second_post_closes_the_session(void **state)
{
	struct world *w = *state;

	open_poll(w);
	assert_true(engine_post_begin(w->session, handle(1), false));
	assert_false(engine_post_begin(w->session, handle(2), false));
	expect_log(w, "C=400: B=0: closed:0 ");
}

static void a_session_stays_until_its_post_is_over(void **state)
{
	struct world *w = *state;
	char body[] = "4late";

	open_poll(w);
	assert_true(engine_post_begin(w->session, handle(1), false));
	engine_poll(w->session, handle(2));
	engine_poll_gone(w->session);
	expect_log(w, "closed:0 ");
	engine_post(w->session, handle(1), body, 5);
	expect_log(w, "B=200:ok ");
}

static void a_post_of_octets_closes_the_session(void **state)
{
	struct world *w = *state;

	open_poll(w);
	assert_false(engine_post_begin(w->session, handle(1), true));
	expect_log(w, "B=400: closed:0 ");
}

static void a_post_that_is_too_large_does_not(void **state)
{
	struct world *w = *state;

	open_poll(w);
	assert_true(engine_post_begin(w->session, handle(1), false));
	engine_post_gone(w->session, handle(1), true);
	expect_log(w, "");
	post(w, "4x");
	expect_log(w, "text(x) B=200:ok ");
	assert_true(engine_post_begin(w->session, handle(1), false));
	engine_post_gone(w->session, handle(1), false);
	expect_log(w, "closed:0 ");
}

static void a_closing_session_says_so_to_the_next_get(void **state)
{
	struct world *w = *state;

	open_poll(w);
	engine_session_close(w->session, ENGINE_FORCED_CLOSE);
	expect_log(w, "closed:2 ");
	engine_poll(w->session, handle(1));
	expect_log(w, "B=200:6\x1e"
		      "1 ");
	assert_int_equal(engine_counts(w->engine)->sessions, 0);
}

static void what_is_queued_goes_before_the_close(void **state)
{
	struct world *w = *state;

	open_poll(w);
	send_text(w, "last");
	engine_session_close(w->session, ENGINE_FORCED_CLOSE);
	engine_poll(w->session, handle(1));
	expect_log(w, "closed:2 B=200:4last\x1e"
		      "1 ");
}

static void a_closing_session_without_a_get_ends_by_itself(void **state)
{
	struct world *w = *state;

	open_poll(w);
	engine_session_close(w->session, ENGINE_FORCED_CLOSE);
	pass(w, 29000);
	assert_int_equal(engine_counts(w->engine)->sessions, 1);
	pass(w, 1001);
	assert_int_equal(engine_counts(w->engine)->sessions, 0);
	expect_log(w, "closed:2 ");
}

/* ---- heartbeat ---- */

static void pings_come_every_interval(void **state)
{
	struct world *w = *state;

	open_ws(w);
	pass(w, 24990);
	expect_log(w, "");
	pass(w, 20);
	expect_log(w, "A<2 ");
	ws_text(w, 0, "3");
	pass(w, 25010);
	expect_log(w, "A<2 ");
	pass(w, 20010);
	expect_log(w, "A!0 closed:3 ");
}

static void other_traffic_extends_a_late_pong_once(void **state)
{
	struct world *w = *state;

	open_ws(w);
	pass(w, 25010);
	ws_text(w, 0, "4x");
	pass(w, 30000);
	ws_text(w, 0, "4y");
	expect_log(w, "A<2 text(x) text(y) ");
	pass(w, 10010);
	expect_log(w, "A!0 closed:3 ");
}

static void sessions_are_pinged_in_their_order(void **state)
{
	struct world *w = *state;
	struct engine_session *s = NULL;

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(
			engine_open_ws(w->engine, some_handshake(), STR(""), handle(i), &s),
			ERR_OK);
		pass(w, 100);
	}
	buf_clear(&w->log);
	pass(w, 24700);
	expect_log(w, "A<2 ");
	pass(w, 100);
	expect_log(w, "B<2 ");
	pass(w, 100);
	expect_log(w, "C<2 ");
}

/* ---- upgrade ---- */

static void a_websocket_takes_over(void **state)
{
	struct world *w = *state;

	open_poll(w);
	engine_poll(w->session, handle(1));
	assert_true(engine_upgrade(w->session, handle(2)));
	ws_text(w, 2, "2probe");
	expect_log(w, "C<3probe ");
	pass(w, 100);
	expect_log(w, "B=200:6 ");
	send_text(w, "queued");
	ws_text(w, 2, "5");
	expect_log(w, "C<4queued ");
	send_text(w, "direct");
	ws_text(w, 2, "4in");
	expect_log(w, "C<4direct text(in) ");
	assert_int_equal(engine_counts(w->engine)->polling, 0);
	engine_ws_gone(w->session, handle(2), true);
	expect_log(w, "closed:1 ");
}

static void an_upgrade_without_probe_is_taken(void **state)
{
	struct world *w = *state;

	open_poll(w);
	assert_true(engine_upgrade(w->session, handle(2)));
	ws_text(w, 2, "5");
	send_text(w, "x");
	expect_log(w, "C<4x ");
}

static void another_first_packet_ends_the_new_websocket_alone(void **state)
{
	struct world *w = *state;

	open_poll(w);
	assert_true(engine_upgrade(w->session, handle(2)));
	ws_text(w, 2, "4x");
	expect_log(w, "C!1000 ");
	post(w, "4y");
	expect_log(w, "text(y) B=200:ok ");
}

static void a_second_upgrade_is_refused(void **state)
{
	struct world *w = *state;

	open_poll(w);
	assert_true(engine_upgrade(w->session, handle(2)));
	assert_false(engine_upgrade(w->session, handle(3)));
	ws_text(w, 2, "5");
	assert_false(engine_upgrade(w->session, handle(3)));
	expect_log(w, "");
}

static void an_upgrade_that_takes_too_long_ends_the_websocket_alone(void **state)
{
	struct world *w = *state;

	open_poll(w);
	assert_true(engine_upgrade(w->session, handle(2)));
	ws_text(w, 2, "2probe");
	pass(w, 10001);
	expect_log(w, "C<3probe C!1000 ");
	assert_false(engine_session_is_closed(w->session));
}

static void a_post_under_way_outlives_the_upgrade(void **state)
{
	struct world *w = *state;
	char body[] = "4x";

	open_poll(w);
	assert_true(engine_post_begin(w->session, handle(1), false));
	assert_true(engine_upgrade(w->session, handle(2)));
	ws_text(w, 2, "5");
	engine_post(w->session, handle(1), body, 2);
	expect_log(w, "text(x) B=200:ok ");
}

static void a_session_that_was_closing_ends_on_the_websocket(void **state)
{
	struct world *w = *state;

	open_poll(w);
	assert_true(engine_upgrade(w->session, handle(2)));
	send_text(w, "bye");
	engine_session_close(w->session, ENGINE_FORCED_CLOSE);
	ws_text(w, 2, "5");
	expect_log(w, "closed:2 C<4bye C!1000 ");
}

static void a_probe_on_a_websocket_session_closes_it(void **state)
{
	struct world *w = *state;

	open_ws(w);
	ws_text(w, 0, "5");
	ws_text(w, 0, "6");
	ws_text(w, 0, "1");
	expect_log(w, "");
	ws_text(w, 0, "2probe");
	expect_log(w, "A!1000 closed:0 ");
}

/* ---- limits ---- */

static void a_peer_that_does_not_read_is_let_go(void **state)
{
	struct world *w = *state;

	open_ws(w);
	w->waiting = 500;
	send_text(w, "a");
	expect_log(w, "A<4a ");
	w->waiting = 501;
	send_text(w, "b");
	send_text(w, "c");
	expect_log(w, "A<4b A!0 closed:0 ");
	assert_int_equal(engine_counts(w->engine)->overflows, 1);
}

static void a_poller_that_does_not_come_is_let_go(void **state)
{
	struct world *w = *state;
	char text[250];

	open_poll(w);
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	send_text(w, text);
	expect_log(w, "");
	send_text(w, text);
	expect_log(w, "closed:0 ");
	assert_int_equal(engine_counts(w->engine)->overflows, 1);
}

static void volatile_packets_need_somebody_who_takes_them(void **state)
{
	struct world *w = *state;

	open_poll(w);
	assert_false(engine_session_is_writable(w->session));
	engine_poll(w->session, handle(1));
	assert_true(engine_session_is_writable(w->session));
	open_ws(w);
	w->waiting = 100;
	assert_true(engine_session_is_writable(w->session));
	w->waiting = 101;
	assert_false(engine_session_is_writable(w->session));
}

static void a_handshake_keeps_its_fields(void **state)
{
	static const struct handshake_field fields[] = { { { "Host", 4 }, { "h", 1 } },
		{ { "Cookie", 6 }, { "", 0 } } };
	struct handshake_source from = { .address = STR("::1"),
		.path = STR("/socket.io/"),
		.query = STR("EIO=4"),
		.fields = fields,
		.field_count = 2,
		.time_ms = 7 };
	struct handshake *h = NULL;
	struct handshake_field f;
	size_t at = 0;

	(void)state;
	assert_int_equal(handshake_new(&from, &h), ERR_OK);
	assert_true(str_eq(handshake_address(h), STR("::1")));
	assert_true(str_eq(handshake_query(h), STR("EIO=4")));
	assert_true(handshake_next(h, &at, &f));
	assert_true(str_eq(f.name, STR("Host")) && str_eq(f.value, STR("h")));
	assert_true(handshake_next(h, &at, &f));
	assert_true(str_eq(f.name, STR("Cookie")) && f.value.n == 0);
	assert_false(handshake_next(h, &at, &f));
	handshake_free(h);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_polling_handshake_offers_the_upgrade),
		TEST(a_websocket_handshake_offers_none),
		TEST(requests_find_their_way),
		TEST(posts_are_taken_apart),
		TEST(a_close_answers_the_pending_get),
		TEST(packets_of_one_turn_leave_together),
		TEST(binary_goes_as_base64),
		TEST(a_message_of_binary_alone_goes_as_base64_too),
		TEST(a_second_get_closes_the_session),
		TEST(a_second_post_closes_the_session),
		TEST(a_session_stays_until_its_post_is_over),
		TEST(a_post_of_octets_closes_the_session),
		TEST(a_post_that_is_too_large_does_not),
		TEST(a_closing_session_says_so_to_the_next_get),
		TEST(what_is_queued_goes_before_the_close),
		TEST(a_closing_session_without_a_get_ends_by_itself),
		TEST(pings_come_every_interval),
		TEST(other_traffic_extends_a_late_pong_once),
		TEST(sessions_are_pinged_in_their_order),
		TEST(a_websocket_takes_over),
		TEST(an_upgrade_without_probe_is_taken),
		TEST(another_first_packet_ends_the_new_websocket_alone),
		TEST(a_second_upgrade_is_refused),
		TEST(an_upgrade_that_takes_too_long_ends_the_websocket_alone),
		TEST(a_post_under_way_outlives_the_upgrade),
		TEST(a_session_that_was_closing_ends_on_the_websocket),
		TEST(a_probe_on_a_websocket_session_closes_it),
		TEST(a_peer_that_does_not_read_is_let_go),
		TEST(a_poller_that_does_not_come_is_let_go),
		TEST(volatile_packets_need_somebody_who_takes_them),
		TEST(a_handshake_keeps_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
