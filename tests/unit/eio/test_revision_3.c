/* SPDX-License-Identifier: MIT
 *
 * test_revision_3 - Engine.IO revision 3 beside revision 4, and JSONP.
 *
 * Layer: tests.  Threads: one.
 */
#include "world.h"

static int setup_3(void **state)
{
	side()->revision_3 = true;
	int failed = setup(state);
	side()->query = "EIO=3&transport=polling";
	return failed;
}

static void send_binary(struct world *w)
{
	struct frame *f = NULL;

	assert_int_equal(frame_new(w->pool, 64, &f), ERR_OK);
	engine_frame_text(f, 1);
	frame_put(f, STR("x"));
	engine_frame_binary(f, 3);
	frame_put(f, STR("\x01\x02\x03"));
	engine_session_send(w->session, f);
	frame_unref(f);
}

static const struct {
	const char *what, *query;
	enum engine_route_kind kind;
	unsigned code;
} routes[] = {
	{ "revision 3", "EIO=3&transport=polling", ENGINE_ROUTE_OPEN, 0 },
	{ "no revision", "transport=polling", ENGINE_ROUTE_OPEN, 0 },
	{ "its session", "EIO=3&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", ENGINE_ROUTE_POLL, 0 },
	{ "its session as another revision", "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA",
		ENGINE_ROUTE_REFUSE, 3 },
};

static void requests_of_revision_3_find_their_way(void **state)
{
	struct world *w = *state;

	open_poll(w);
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		struct engine_request r = {
			.method = ENGINE_GET, .origin_valid = true, .query = str_of(routes[i].query)
		};
		struct engine_route got = engine_route(w->engine, &r);
		if (got.kind != routes[i].kind || got.code != routes[i].code)
			fail_msg("%s: kind %d, code %u", routes[i].what, (int)got.kind, got.code);
	}
	assert_int_equal(engine_session_channel(w->session)->revision, 3);
}

static void the_handshake_stands_behind_its_length(void **state)
{
	struct world *w = *state;

	assert_int_equal(engine_open_poll(w->engine, some_handshake(), STR(""), handle(0)), ERR_OK);
	expect_log(w, "A=200:115:0{\"sid\":\"AAAAAAAAAAAAAAAAAAAA\",\"upgrades\":[\"websocket\"],"
		      "\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000} opened ");
}

static const struct {
	const char *what, *body, *log;
} posts[] = {
	{ "one message", "3:4hi", "text(hi) B=200:ok " },
	{ "several", "2:4a2:4b1:4", "text(a) text(b) text() B=200:ok " },
	{ "binary", "6:b4AQID", "binary(\x01\x02\x03) B=200:ok " },
	{ "base64 of another type", "6:b2AQID", "closed:6 B=200:ok " },
	{ "a pong from the wrong side", "1:3", "closed:0 B=200:ok " },
	{ "no payload", "abc", "closed:6 B=200:ok " },
	{ "a close", "1:1", "closed:1 B=200:ok " },
	{ "one cut short", "2:4a9:4b", "text(a) closed:6 B=200:ok " },
};

static void posts_of_revision_3_are_taken_apart(void **state)
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

static void posts_of_octets_are_taken(void **state)
{
	struct world *w = *state;
	char body[] = "\0\2\xff"
		      "4a\1\3\xff\4\1\2";

	open_poll(w);
	assert_true(engine_post_begin(w->session, handle(1), true));
	engine_post(w->session, handle(1), body, 11);
	expect_log(w, "text(a) binary(\1\2) B=200:ok ");
}

static void a_ping_is_answered_in_the_next_poll(void **state)
{
	struct world *w = *state;

	open_poll(w);
	post(w, "1:2");
	send_text(w, "a");
	engine_poll(w->session, handle(2));
	expect_log(w, "B=200:ok C=200:1:32:4a ");
}

static void who_does_not_ping_is_let_go(void **state)
{
	struct world *w = *state;

	open_poll(w);
	pass(w, 44000);
	post(w, "1:2");
	expect_log(w, "B=200:ok ");
	pass(w, 44000);
	post(w, "2:4a"); /* no other packet counts */
	expect_log(w, "text(a) B=200:ok ");
	pass(w, 1500);
	expect_log(w, "closed:3 ");
}

static void binary_goes_as_base64_to_who_asks_for_it(void **state)
{
	struct world *w = *state;

	side()->query = "EIO=3&transport=polling&b64=1";
	open_poll(w);
	send_binary(w);
	engine_poll(w->session, handle(1));
	expect_log(w, "B=200:2:4x6:b4AQID ");
}

static void a_websocket_gets_bytes_with_their_type(void **state)
{
	struct world *w = *state;
	char bytes[] = "\4\1\2", no_type[] = "\1\2";

	open_ws(w);
	send_binary(w);
	engine_ws_message(w->session, handle(0), true, bytes, 3);
	ws_text(w, 0, "2");
	expect_log(w, "A<4x A<bin:\4\1\2\3 binary(\1\2) A<3 ");
	engine_ws_message(w->session, handle(0), true, no_type, 2);
	expect_log(w, "A!1000 closed:6 ");
}

static void a_websocket_without_bytes_gets_base64(void **state)
{
	struct world *w = *state;

	side()->query = "EIO=3&transport=websocket&b64=1";
	open_ws(w);
	send_binary(w);
	expect_log(w, "A<4x A<b4AQID ");
}

static void the_candidate_takes_what_is_queued(void **state)
{
	struct world *w = *state;

	open_poll(w);
	send_binary(w);
	assert_true(engine_upgrade(w->session, handle(1)));
	ws_text(w, 1, "2probe");
	ws_text(w, 1, "5");
	expect_log(w, "B<3probe B<4x B<bin:\4\1\2\3 ");
}

static void a_script_carries_the_payload(void **state)
{
	struct world *w = *state;

	side()->query = "EIO=4&transport=polling&j=7";
	open_poll(w);
	send_text(w, "a");
	send_text(w, "\"");
	engine_poll(w->session, handle(2));
	expect_log(w, "C=200:___eio[7](\"4a\\u001e4\\\"\"); ");
	post(w, "d=4x%1E4%5Cn");
	expect_log(w, "text(x) text(\n) B=200:ok ");
	engine_poll(w->session, handle(2));
	post(w, "d=1");
	expect_log(w, "C=200:___eio[7](\"6\"); closed:1 B=200:ok ");
}

static void a_form_without_data_closes(void **state)
{
	struct world *w = *state;

	side()->query = "EIO=4&transport=polling&j=0";
	open_poll(w);
	post(w, "4x");
	expect_log(w, "closed:6 B=200:ok ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup_3, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests_of_revision_3_find_their_way),
		TEST(the_handshake_stands_behind_its_length),
		TEST(posts_of_revision_3_are_taken_apart),
		TEST(posts_of_octets_are_taken),
		TEST(a_ping_is_answered_in_the_next_poll),
		TEST(who_does_not_ping_is_let_go),
		TEST(binary_goes_as_base64_to_who_asks_for_it),
		TEST(a_websocket_gets_bytes_with_their_type),
		TEST(a_websocket_without_bytes_gets_base64),
		TEST(the_candidate_takes_what_is_queued),
		TEST(a_script_carries_the_payload),
		TEST(a_form_without_data_closes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
