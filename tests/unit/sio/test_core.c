/* SPDX-License-Identifier: MIT
 *
 * test_core - namespaces, rooms, broadcasts and acknowledgements over a pretended host of WebSockets.
 *
 * Layer: tests.  Threads: one.
 */
#include "world.h"

/* ---- connecting ---- */

static void a_namespace_can_decide_later(void **state)
{
	struct world *w = *state;
	int user = 0;

	open_peer(w, 0);
	say(w, 0, "40/lazy,{\"token\":\"t\"}", false);
	expect_log(w, "connect({\"token\":\"t\"}) ");
	uint64_t handle = sio_socket_handle(w->peers[0].socket);
	assert_ptr_equal(sio_core_find(w->core, handle), w->peers[0].socket);
	struct sio_emit e = { .event = TEXT("early") };
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_GONE);
	assert_int_equal(sio_socket_accept(w->peers[0].socket, &user), SIO_OK);
	assert_int_equal(sio_socket_accept(w->peers[0].socket, &user), SIO_INVALID);
	assert_ptr_equal(sio_socket_user(w->peers[0].socket), &user);
	expect_log(w, "A<40 ");
	assert_int_equal(sio_core_sockets(w->core), 1);
}

static void a_refusal_has_its_message_and_data(void **state)
{
	struct world *w = *state;

	open_peer(w, 0);
	say(w, 0, "40/lazy,", false);
	assert_int_equal(
		sio_socket_refuse(w->peers[0].socket, TEXT("no \"way\""), TEXT("{\"a\":1}")),
		SIO_OK);
	expect_log(w, "connect({}) A<44/lazy,{\"message\":\"no \\\"way\\\"\",\"data\":{\"a\":1}} ");
	say(w, 0, "40/lazy,", false);
	assert_int_equal(sio_socket_refuse(w->peers[0].socket, TEXT("no"), TEXT("")), SIO_OK);
	expect_log(w, "connect({}) A<44/lazy,{\"message\":\"no\"} ");
	assert_int_equal(sio_core_sockets(w->core), 0);
}

static void who_goes_while_waiting_is_not_found(void **state)
{
	struct world *w = *state;

	open_peer(w, 0);
	say(w, 0, "40/lazy,", false);
	uint64_t handle = sio_socket_handle(w->peers[0].socket);
	engine_ws_gone(w->peers[0].session, &w->peers[0], true);
	assert_null(sio_core_find(w->core, handle));
	expect_log(w, "connect({}) ");
}

static void an_unknown_namespace_is_refused_and_the_connection_stays(void **state)
{
	struct world *w = *state;

	open_peer(w, 0);
	say(w, 0, "40/x,", false);
	say(w, 0, "40", false);
	expect_log(w, "A<44/x,{\"message\":\"Invalid namespace\"} A<40 ");
}

static void a_connection_without_namespace_is_closed_in_time(void **state)
{
	struct world *w = *state;

	open_peer(w, 0);
	open_peer(w, 1);
	say(w, 1, "40", false);
	pass(w, 44999);
	expect_log(w, "B<40 ");
	pass(w, 2);
	expect_log(w, "A! ");
}

/* What a joined client may not say, and with which reason it goes. */
static const struct {
	const char *what, *text, *log;
} closing[] = {
	{ "a second connect", "40", "A! gone(forced server close) " },
	{ "an event of another namespace", "42/lazy,[\"x\"]", "A! gone(forced server close) " },
	{ "a disconnect from another namespace", "41/lazy,", "A! gone(forced server close) " },
	{ "a malformed packet", "42[", "A! gone(forced close) " },
	{ "an empty packet", "4", "A! gone(forced close) " },
	{ "a connect error", "44{}", "A! gone(forced close) " },
	{ "a reserved name", "42[\"disconnect\"]", "A! gone(forced close) " },
	{ "an unknown Engine.IO packet", "x", "A! gone(parse error) " },
};

static void a_fault_closes_the_connection(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF(closing); i++) {
		open_peer(w, 0);
		say(w, 0, "40", false);
		buf_clear(&w->log);
		say(w, 0, closing[i].text, false);
		expect_log(w, closing[i].log);
	}
}

static void an_event_before_the_connect_closes_the_connection(void **state)
{
	struct world *w = *state;

	open_peer(w, 0);
	say(w, 0, "42[\"x\"]", false);
	expect_log(w, "A! ");
	open_peer(w, 1);
	say(w, 1, "40/lazy,", false);
	say(w, 1, "42/lazy,[\"x\"]", false);
	expect_log(w, "connect({}) B! ");
}

static void what_node_tolerates_is_tolerated(void **state)
{
	struct world *w = *state;

	connect_all(w);
	say(w, 0, "42", false);
	say(w, 0, "42[1,2]", false);
	say(w, 0, "4399[]", false);
	say(w, 0, "43[]", false);
	say(w, 0, "42/,[\"ok\"]", false);
	expect_log(w, "event(1|2) event(ok|) ");
}

static void a_disconnect_leaves_the_connection(void **state)
{
	struct world *w = *state;

	connect_all(w);
	say(w, 0, "41", false);
	say(w, 0, "40", false);
	expect_log(w, "gone(client namespace disconnect) A<40 ");
}

static void a_socket_may_end_itself_in_its_own_event(void **state)
{
	struct world *w = *state;

	connect_all(w);
	say(w, 0, "42[\"bye\"]", false);
	expect_log(w, "event(bye|) A<41 gone(server namespace disconnect) ");
	assert_int_equal(sio_namespace_socket_count(w->main), 3);
}

static void a_connection_takes_its_namespaces_with_it(void **state)
{
	struct world *w = *state;

	open_peer(w, 0);
	say(w, 0, "40", false);
	say(w, 0, "40/lazy,", false);
	assert_int_equal(sio_socket_accept(w->peers[0].socket, NULL), SIO_OK);
	buf_clear(&w->log);
	sio_socket_close_connection(w->peers[0].socket);
	expect_log(w, "A! gone(forced close) gone(forced close) ");
}

static void namespaces_of_a_connection_are_bounded(void **state)
{
	struct world *w = *state;
	char name[8], text[16];

	open_peer(w, 0);
	for (int i = 0; i <= NAMESPACES_PER_CONNECTION_MAX; i++) {
		snprintf(name, sizeof name, "/n%d", i);
		snprintf(text, sizeof text, "40%s,", name);
		assert_int_equal(sio_core_of(w->core, str_of(name), &eager, w, NULL), SIO_OK);
		buf_clear(&w->log);
		say(w, 0, text, false);
	}
	expect_log(w, "A<44/n16,{\"message\":\"Too many namespaces\"} ");
}

/* ---- binary ---- */

static void attachments_make_an_event_whole(void **state)
{
	struct world *w = *state;

	connect_all(w);
	say(w, 0, "452-[\"up\",{\"_placeholder\":true,\"num\":1}]", false);
	expect_log(w, "");
	say(w, 0, "one", true);
	expect_log(w, "");
	say(w, 0, "two", true);
	expect_log(w, "event(up|{\"_placeholder\":true,\"num\":1}|[one]|[two]) ");
}

static const struct {
	const char *what, *first;
	bool first_binary;
	const char *second;
	bool second_binary;
} binary_faults[] = {
	{ "an attachment that nobody announced", "x", true, NULL, false },
	{ "a text while one is missing", "451-[\"x\"]", false, "42[\"y\"]", false },
	{ "too many", "4511-[\"x\"]", false, NULL, false },
	{ "none", "450-[\"x\"]", false, NULL, false },
	{ "of a namespace not joined", "451-/lazy,[\"x\"]", false, NULL, false },
};

static void attachments_out_of_order_close_the_connection(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF(binary_faults); i++) {
		open_peer(w, 0);
		say(w, 0, "40", false);
		say(w, 0, binary_faults[i].first, binary_faults[i].first_binary);
		if (binary_faults[i].second)
			say(w, 0, binary_faults[i].second, binary_faults[i].second_binary);
		if (w->peers[0].session)
			fail_msg("%s is taken", binary_faults[i].what);
		turn(w);
	}
}

/* ---- rooms and broadcasts ---- */

static void emit_to(struct world *w, const struct sio_target *to)
{
	struct sio_emit e = { .event = TEXT("e") };

	assert_int_equal(sio_namespace_emit(w->main, &e, to), SIO_OK);
}

static void a_broadcast_is_encoded_once(void **state)
{
	struct world *w = *state;
	struct sio_str bytes = TEXT("xyz");
	struct sio_emit e = { .event = TEXT("e"),
		.args = { .json = TEXT("1"), .attachments = &bytes, .attachment_count = 1 } };

	connect_all(w);
	assert_int_equal(sio_namespace_emit(w->main, &e, NULL), SIO_OK);
	expect_log(w, "A<451-[\"e\",1] A<[xyz] B<451-[\"e\",1] B<[xyz] C<451-[\"e\",1] C<[xyz] "
		      "D<451-[\"e\",1] D<[xyz] ");
	for (size_t i = 1; i < PEERS; i++)
		assert_ptr_equal(w->peers[i].last, w->peers[0].last);
}

static void rooms_unite_without_duplicates(void **state)
{
	struct world *w = *state;
	struct sio_str rooms[] = { TEXT("r"), TEXT("s"), TEXT("nobody"), { NULL, 0 } };
	struct sio_target to = { .rooms = rooms, .room_count = 4 };

	connect_all(w);
	assert_int_equal(sio_socket_join(w->peers[0].socket, rooms[0]), SIO_OK);
	assert_int_equal(sio_socket_join(w->peers[1].socket, rooms[0]), SIO_OK);
	assert_int_equal(sio_socket_join(w->peers[1].socket, rooms[1]), SIO_OK);
	assert_int_equal(sio_socket_join(w->peers[1].socket, rooms[1]), SIO_OK);
	assert_int_equal(sio_namespace_room_size(w->main, rooms[1]), 1);
	rooms[3] = sio_socket_id(w->peers[3].socket); /* a room of its own */
	emit_to(w, &to);
	expect_log(w, "A<42[\"e\"] B<42[\"e\"] D<42[\"e\"] ");

	to.except_rooms = &rooms[1];
	to.except_room_count = 1;
	to.except_socket = sio_socket_handle(w->peers[3].socket);
	emit_to(w, &to);
	expect_log(w, "A<42[\"e\"] ");

	sio_socket_leave(w->peers[0].socket, rooms[0]);
	assert_false(sio_socket_is_in(w->peers[0].socket, rooms[0]));
	assert_true(sio_socket_is_in(w->peers[1].socket, rooms[0]));
	emit_to(w, &to);
	expect_log(w, "");
}

static void everybody_but_some(void **state)
{
	struct world *w = *state;
	struct sio_str room = TEXT("r");
	struct sio_target to = { .except_rooms = &room, .except_room_count = 1 };

	connect_all(w);
	assert_int_equal(sio_socket_join(w->peers[2].socket, room), SIO_OK);
	to.except_socket = sio_socket_handle(w->peers[0].socket);
	emit_to(w, &to);
	expect_log(w, "B<42[\"e\"] D<42[\"e\"] ");
}

static void who_goes_leaves_its_rooms(void **state)
{
	struct world *w = *state;
	struct sio_str room = TEXT("r");

	connect_all(w);
	for (size_t i = 0; i < PEERS; i++)
		assert_int_equal(sio_socket_join(w->peers[i].socket, room), SIO_OK);
	engine_ws_gone(w->peers[1].session, &w->peers[1], true);
	w->peers[1].session = NULL;
	expect_log(w, "gone(transport close) ");
	assert_int_equal(sio_namespace_room_size(w->main, room), 3);
	assert_int_equal(sio_namespace_socket_count(w->main), 3);
}

static void disconnect_it(void *context, struct sio_socket *s)
{
	(void)context;
	sio_socket_disconnect(s);
}

static void each_may_disconnect_what_it_visits(void **state)
{
	struct world *w = *state;
	struct sio_str room = TEXT("r");

	connect_all(w);
	for (size_t i = 1; i < PEERS; i++)
		assert_int_equal(sio_socket_join(w->peers[i].socket, room), SIO_OK);
	sio_namespace_each(w->main, room, disconnect_it, NULL);
	assert_int_equal(sio_namespace_socket_count(w->main), 1);
	sio_namespace_each(w->main, (struct sio_str){ NULL, 0 }, disconnect_it, NULL);
	assert_int_equal(sio_namespace_socket_count(w->main), 0);
}

static void volatile_events_skip_who_is_behind(void **state)
{
	struct world *w = *state;
	struct sio_emit e = { .event = TEXT("v"), .is_volatile = true };

	connect_all(w);
	w->peers[0].waiting = 101;
	assert_int_equal(sio_namespace_emit(w->main, &e, NULL), SIO_OK);
	expect_log(w, "B<42[\"v\"] C<42[\"v\"] D<42[\"v\"] ");
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_OK);
	expect_log(w, "");
}

/* ---- acknowledgements ---- */

static void an_event_can_be_acknowledged_later(void **state)
{
	struct world *w = *state;
	struct sio_args answer = { .json = TEXT("{\"ok\":true}") };

	connect_all(w);
	say(w, 0, "42017[\"q\"]", false);
	assert_true(w->ack.wanted);
	assert_int_equal(sio_core_ack(w->core, &w->ack, &answer), SIO_OK);
	expect_log(w, "event(q|) A<4317[{\"ok\":true}] ");
	engine_ws_gone(w->peers[0].session, &w->peers[0], true);
	w->peers[0].session = NULL;
	assert_int_equal(sio_core_ack(w->core, &w->ack, &answer), SIO_GONE);
	say(w, 1, "42[\"q\"]", false);
	assert_int_equal(sio_core_ack(w->core, &w->ack, &answer), SIO_GONE);
}

static void log_ack(
	void *context, struct sio_socket *s, enum sio_result result, const struct sio_args *answer)
{
	struct world *w = context;

	(void)s;
	buf_printf(&w->log, "ack(%d %.*s) ", (int)result, answer ? (int)answer->json.n : 0,
		answer ? answer->json.p : "");
}

static void the_server_asks_for_acknowledgements_too(void **state)
{
	struct world *w = *state;
	struct sio_emit e = {
		.event = TEXT("q"), .on_ack = log_ack, .ack_context = w, .ack_timeout = 100
	};

	connect_all(w);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_OK);
	expect_log(w, "A<420[\"q\"] A<421[\"q\"] A<422[\"q\"] ");
	say(w, 0, "431[\"yes\"]", false);
	say(w, 0, "431[\"again\"]", false);
	say(w, 1, "430[\"not yours\"]", false);
	expect_log(w, "ack(0 \"yes\") ");
	pass(w, 101);
	expect_log(w, "ack(5 ) ack(5 ) ");
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_OK);
	buf_clear(&w->log);
	sio_socket_disconnect(w->peers[0].socket);
	expect_log(w, "A<41 gone(server namespace disconnect) ack(2 ) ");
}

static void pending_acknowledgements_are_bounded(void **state)
{
	struct world *w = *state;
	struct sio_emit e = { .event = TEXT("q"), .on_ack = log_ack, .ack_context = w };

	connect_all(w);
	for (size_t i = 0; i < ACKS_PENDING_MAX; i++)
		assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_OK);
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_TOO_LARGE);
	e.on_ack = NULL;
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_OK);
}

static void a_handle_is_never_used_again(void **state)
{
	struct world *w = *state;
	uint64_t handles[8];

	open_peer(w, 0);
	for (size_t i = 0; i < COUNT_OF(handles); i++) {
		say(w, 0, "40", false);
		handles[i] = sio_socket_handle(w->peers[0].socket);
		for (size_t k = 0; k < i; k++) {
			assert_true(handles[k] != handles[i]);
			assert_null(sio_core_find(w->core, handles[k]));
		}
		say(w, 0, "41", false);
		turn(w);
	}
	assert_null(sio_core_find(w->core, 0));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_namespace_can_decide_later),
		TEST(a_refusal_has_its_message_and_data),
		TEST(who_goes_while_waiting_is_not_found),
		TEST(an_unknown_namespace_is_refused_and_the_connection_stays),
		TEST(a_connection_without_namespace_is_closed_in_time),
		TEST(a_fault_closes_the_connection),
		TEST(an_event_before_the_connect_closes_the_connection),
		TEST(what_node_tolerates_is_tolerated),
		TEST(a_disconnect_leaves_the_connection),
		TEST(a_socket_may_end_itself_in_its_own_event),
		TEST(a_connection_takes_its_namespaces_with_it),
		TEST(namespaces_of_a_connection_are_bounded),
		TEST(attachments_make_an_event_whole),
		TEST(attachments_out_of_order_close_the_connection),
		TEST(a_broadcast_is_encoded_once),
		TEST(rooms_unite_without_duplicates),
		TEST(everybody_but_some),
		TEST(who_goes_leaves_its_rooms),
		TEST(each_may_disconnect_what_it_visits),
		TEST(volatile_events_skip_who_is_behind),
		TEST(an_event_can_be_acknowledged_later),
		TEST(the_server_asks_for_acknowledgements_too),
		TEST(pending_acknowledgements_are_bounded),
		TEST(a_handle_is_never_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
