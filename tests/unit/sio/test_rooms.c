/* SPDX-License-Identifier: MIT
 *
 * test_rooms - what a program is told of rooms and of namespaces that are made, and the ways to end many sockets at once.
 *
 * Layer: tests.  Threads: one.
 */
#include "world.h"

/* ---- rooms ---- */

static char name_of(const struct world *w, const struct sio_socket *s)
{
	for (size_t i = 0; i < PEERS; i++) {
		if (w->peers[i].socket == s)
			return w->peers[i].name;
	}
	return '?';
}

static void on_room(
	void *context, enum sio_room_event event, struct sio_str room, struct sio_socket *s)
{
	static const char *const words[] = { [SIO_ROOM_CREATED] = "created",
		[SIO_ROOM_JOINED] = "joined",
		[SIO_ROOM_LEFT] = "left",
		[SIO_ROOM_DELETED] = "deleted" };
	struct world *w = context;

	buf_printf(&w->log, "%s(%.*s %c) ", words[event], (int)room.n, room.p, name_of(w, s));
}

static void on_made(void *context, struct sio_namespace *n);

static const struct sio_namespace_handler watching = { .connected = on_connected,
	.event = on_event,
	.disconnected = on_disconnected,
	.created = on_made,
	.room = on_room };

static void watch(struct world *w)
{
	assert_int_equal(sio_core_of(w->core, STR("/"), &watching, w, &w->main), SIO_OK);
	connect_all(w);
}

static void the_program_is_told_of_rooms(void **state)
{
	struct world *w = *state;

	watch(w);
	assert_int_equal(sio_socket_join(w->peers[0].socket, TEXT("red")), SIO_OK);
	assert_int_equal(sio_socket_join(w->peers[0].socket, TEXT("red")), SIO_OK);
	assert_int_equal(sio_socket_join(w->peers[1].socket, TEXT("red")), SIO_OK);
	expect_log(w, "created(red A) joined(red A) joined(red B) ");
	sio_socket_leave(w->peers[0].socket, TEXT("red"));
	sio_socket_leave(w->peers[0].socket, TEXT("red"));
	expect_log(w, "left(red A) ");
	say(w, 1, "41", false);
	expect_log(w, "gone(client namespace disconnect) left(red B) deleted(red B) ");
}

static void log_room(void *context, struct sio_str room)
{
	struct world *w = context;

	buf_printf(&w->log, "%.*s ", (int)room.n, room.p);
}

static void a_socket_knows_its_rooms(void **state)
{
	struct world *w = *state;
	struct sio_socket *s;
	char log[64];

	connect_all(w);
	s = w->peers[0].socket;
	assert_int_equal(sio_socket_join(s, TEXT("red")), SIO_OK);
	assert_int_equal(sio_socket_join(s, TEXT("blue")), SIO_OK);
	sio_socket_each_room(s, log_room, w);
	snprintf(log, sizeof log, "%s blue red ", w->peers[0].sid);
	expect_log(w, log);
	sio_socket_leave(s, TEXT("blue"));
	sio_socket_each_room(s, log_room, w);
	snprintf(log, sizeof log, "%s red ", w->peers[0].sid);
	expect_log(w, log);
}

/* ---- namespaces that clients make ---- */

static bool any(void *context, struct sio_str name, struct sio_str auth)
{
	(void)context;
	(void)name;
	(void)auth;
	return true;
}

static bool pass_on(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct world *w = context;

	(void)s;
	buf_printf(&w->log, "use(%.*s) ", (int)e->name.n, e->name.p);
	return true;
}

static void on_made(void *context, struct sio_namespace *n)
{
	struct world *w = context;
	struct sio_str name = sio_namespace_name(n);

	buf_printf(&w->log, "made(%.*s) ", (int)name.n, name.p);
	assert_int_equal(sio_namespace_use(n, pass_on, w), SIO_OK);
}

static void a_namespace_that_is_made_gets_its_middlewares(void **state)
{
	struct world *w = *state;

	assert_int_equal(sio_core_of_dynamic(w->core, any, &watching, w, NULL), SIO_OK);
	open_peer(w, 0);
	open_peer(w, 1);
	say(w, 0, "40/x,", false);
	say(w, 1, "40/x,", false);
	say(w, 1, "42/x,[\"e\"]", false);
	expect_log(w, "made(/x) A<40 B<40 use(e) event(e|) ");
}

/* ---- ends ---- */

static void a_connection_is_disconnected_from_all_its_namespaces(void **state)
{
	struct world *w = *state;

	connect_all(w);
	say(w, 0, "40/lazy,", false); /* waits */
	struct sio_socket *waiting = w->peers[0].socket;
	say(w, 1, "40/lazy,", false);
	assert_int_equal(sio_socket_accept(w->peers[1].socket, NULL), SIO_OK);
	buf_clear(&w->log);
	sio_socket_disconnect_all(waiting);
	expect_log(w, "A<41 gone(server namespace disconnect) A! ");
	sio_socket_disconnect_all(w->peers[1].socket);
	expect_log(w, "B<41/lazy, gone(server namespace disconnect) B<41 "
		      "gone(server namespace disconnect) B! ");
	assert_int_equal(sio_namespace_disconnect_sockets(w->main, NULL, true), SIO_OK);
	expect_log(w, "D<41 gone(server namespace disconnect) D! C<41 "
		      "gone(server namespace disconnect) C! ");
}

/* ---- what is sent ---- */

static const char *const reserved[] = { "connect", "connect_error", "disconnect", "disconnecting",
	"newListener", "removeListener" };

static void names_that_clients_reserve_are_not_sent(void **state)
{
	struct world *w = *state;
	struct sio_broadcast_ack ack = { .timeout = 1000 };

	connect_all(w);
	for (size_t i = 0; i < COUNT_OF(reserved); i++) {
		struct sio_emit e = { .event = { reserved[i], strlen(reserved[i]) } };
		assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_INVALID);
		assert_int_equal(sio_namespace_emit(w->main, &e, NULL), SIO_INVALID);
		assert_int_equal(sio_namespace_emit_with_ack(w->main, &e, NULL, &ack), SIO_INVALID);
	}
	expect_log(w, "");
}

static void an_emit_says_whether_it_is_compressed(void **state)
{
	struct world *w = *state;
	struct sio_emit e = { .event = TEXT("e"), .uncompressed = true };
	struct sio_broadcast_ack ack = { .timeout = 1000 };

	connect_all(w);
	assert_false(w->peers[0].last->uncompressed);
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &e), SIO_OK);
	assert_true(w->peers[0].last->uncompressed);
	assert_int_equal(sio_namespace_emit(w->main, &e, NULL), SIO_OK);
	assert_true(w->peers[1].last->uncompressed);
	assert_int_equal(sio_namespace_emit_with_ack(w->main, &e, NULL, &ack), SIO_OK);
	assert_true(w->peers[2].last->uncompressed);
	e.uncompressed = false;
	assert_int_equal(sio_namespace_emit(w->main, &e, NULL), SIO_OK);
	assert_false(w->peers[2].last->uncompressed);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_program_is_told_of_rooms),
		TEST(a_socket_knows_its_rooms),
		TEST(a_namespace_that_is_made_gets_its_middlewares),
		TEST(a_connection_is_disconnected_from_all_its_namespaces),
		TEST(names_that_clients_reserve_are_not_sent),
		TEST(an_emit_says_whether_it_is_compressed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
