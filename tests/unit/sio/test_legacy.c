/* SPDX-License-Identifier: MIT
 *
 * test_legacy - clients of Socket.IO 2, which speak Engine.IO 3.
 *
 * Layer: tests.  Threads: one.
 */
#include "world.h"

static int setup_legacy(void **state)
{
	int failed = setup(state);

	((struct world *)*state)->query = "EIO=3";
	return failed;
}

static void the_first_namespace_is_joined_unasked(void **state)
{
	struct world *w = *state;

	w->active = &w->peers[0];
	open_peer(w, 0);
	expect_log(w, "A<40 ");
	struct str frame = frame_str(w->peers[0].last), text;
	enum ws_opcode opcode;
	assert_true(ws_next_written(&frame, &opcode, &text));
	assert_true(str_eq(text, STR("40")));
	struct sio_str id = sio_socket_id(w->peers[0].socket);
	assert_int_equal(id.n, SESSION_ID_BYTES);
	assert_memory_equal(id.p, engine_session_channel(w->peers[0].session)->id, id.n);
	say(w, 0, "42[\"x\",1]", false);
	expect_log(w, "event(x|1) ");
}

static void a_namespace_brings_its_query(void **state)
{
	struct world *w = *state;

	open_peer(w, 0);
	say(w, 0, "40/lazy?token=a%20b&x,", false);
	expect_log(w, "A<40 connect({\"token\":\"a b\",\"x\":\"\"}) ");
	assert_int_equal(sio_socket_accept(w->peers[0].socket, NULL), SIO_OK);
	struct str frame = frame_str(w->peers[0].last), text;
	enum ws_opcode opcode;
	assert_true(ws_next_written(&frame, &opcode, &text));
	assert_true(str_eq(text, STR("40/lazy,")));
	buf_clear(&w->log);
	say(w, 0, "42/lazy,[\"x\"]", false);
	expect_log(w, "event(x|) ");
}

static void an_id_names_its_namespace(void **state)
{
	struct world *w = *state;
	struct sio_emit e = { .event = TEXT("e") };

	open_peer(w, 0);
	say(w, 0, "40/lazy,", false);
	assert_int_equal(sio_socket_accept(w->peers[0].socket, NULL), SIO_OK);
	struct sio_str id = sio_socket_id(w->peers[0].socket);
	assert_memory_equal(id.p, "/lazy#", 6);
	assert_memory_equal(
		id.p + 6, engine_session_channel(w->peers[0].session)->id, SESSION_ID_BYTES);
	struct sio_str rooms[] = { id, { id.p + 6, SESSION_ID_BYTES } };
	buf_clear(&w->log);
	assert_int_equal(sio_namespace_emit(w->lazy, &e,
				 &(struct sio_target){ .rooms = rooms, .room_count = 1 }),
		SIO_OK);
	expect_log(w, "A<42/lazy,[\"e\"] ");
	assert_int_equal(sio_namespace_emit(w->lazy, &e,
				 &(struct sio_target){ .rooms = rooms + 1, .room_count = 1 }),
		SIO_OK);
	expect_log(w, "");
}

static void errors_are_texts_or_their_data(void **state)
{
	struct world *w = *state;

	open_peer(w, 0);
	say(w, 0, "40/x,", false);
	expect_log(w, "A<40 A<44/x,\"Invalid namespace\" ");
	say(w, 0, "40/lazy,", false);
	assert_int_equal(sio_socket_refuse(w->peers[0].socket, TEXT("no"), TEXT("")), SIO_OK);
	expect_log(w, "connect({}) A<44/lazy,\"no\" ");
	say(w, 0, "40/lazy,", false);
	assert_int_equal(
		sio_socket_refuse(w->peers[0].socket, TEXT("no"), TEXT("{\"code\":42}")), SIO_OK);
	expect_log(w, "connect({}) A<44/lazy,{\"code\":42} ");
}

static void a_query_belongs_to_the_name_for_others(void **state)
{
	struct world *w = *state;

	w->query = "EIO=4";
	open_peer(w, 0);
	say(w, 0, "40/lazy?x=1,", false);
	expect_log(w, "A<44/lazy?x=1,{\"message\":\"Invalid namespace\"} ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup_legacy, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_namespace_is_joined_unasked),
		TEST(a_namespace_brings_its_query),
		TEST(an_id_names_its_namespace),
		TEST(errors_are_texts_or_their_data),
		TEST(a_query_belongs_to_the_name_for_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
