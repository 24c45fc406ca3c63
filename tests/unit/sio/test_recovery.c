/* SPDX-License-Identifier: MIT
 *
 * test_recovery - sockets that are lost and come back: what they find, what follows them, what is refused.
 *
 * Layer: tests.  Threads: one.
 */
#include "world.h"

enum { RECOVERY_MS = 1000 };

static int setup_recovery(void **state)
{
	return setup_with(state, RECOVERY_MS);
}

/* A event of the main namespace, to these rooms (or all). */
static void emit_to(struct world *w, const char *event, const struct sio_target *to)
{
	struct sio_emit e = { .event = { event, strlen(event) } };

	assert_int_equal(sio_namespace_emit(w->main, &e, to), SIO_OK);
}

static void emit(struct world *w, const char *event)
{
	emit_to(w, event, NULL);
}

static void connect_peer(struct world *w, size_t i)
{
	open_peer(w, i);
	say(w, i, "40", false);
	buf_clear(&w->log);
}

/* The transport goes, and the session with it. */
static void lose(struct world *w, size_t i)
{
	engine_ws_gone(w->peers[i].session, &w->peers[i], true);
	w->peers[i].session = NULL;
	turn(w);
}

/* A new connection with the secret and that offset (NULL: none). */
static void come_back(struct world *w, size_t i, const char *offset)
{
	char packet[128];

	if (offset)
		snprintf(packet, sizeof packet, "40{\"pid\":\"%s\",\"offset\":\"%s\"}",
			w->peers[i].pid, offset);
	else
		snprintf(packet, sizeof packet, "40{\"pid\":\"%s\"}", w->peers[i].pid);
	open_peer(w, i);
	say(w, i, packet, false);
}

static void events_bear_a_number(void **state)
{
	struct world *w = *state;
	struct sio_emit loud = { .event = TEXT("x"), .args = { .json = TEXT("1,2") } };
	struct sio_emit quiet = {
		.event = TEXT("v"), .args = { .json = TEXT("\"s\"") }, .is_volatile = true
	};
	struct sio_emit asks = { .event = TEXT("q"), .on_ack = NULL };

	connect_peer(w, 0);
	emit(w, "a");
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &loud), SIO_OK);
	assert_int_equal(sio_namespace_emit(w->main, &quiet, NULL), SIO_OK);
	assert_int_equal(sio_socket_emit(w->peers[0].socket, &asks), SIO_OK);
	expect_log(w, "A<42[\"a\",\"1\"] A<42[\"x\",1,2,\"2\"] A<42[\"v\",\"s\",\"2\"] "
		      "A<42[\"q\",\"3\"] ");
}

static void who_comes_back_gets_what_it_missed(void **state)
{
	struct world *w = *state;
	char user[] = "user", sid[21];

	connect_peer(w, 0);
	connect_peer(w, 1);
	uint64_t handle = sio_socket_handle(w->peers[0].socket);
	memcpy(sid, w->peers[0].sid, sizeof sid);
	sio_socket_set_user(w->peers[0].socket, user);
	assert_int_equal(sio_socket_join(w->peers[0].socket, TEXT("red")), SIO_OK);
	emit(w, "seen");
	buf_clear(&w->log);
	lose(w, 0);
	expect_log(w, "gone(transport close)+ ");
	assert_null(sio_core_find(w->core, handle));
	struct sio_str red = TEXT("red"), blue = TEXT("blue");
	emit_to(w, "r", &(struct sio_target){ .rooms = &red, .room_count = 1 });
	emit_to(w, "b", &(struct sio_target){ .rooms = &blue, .room_count = 1 });
	emit_to(w, "not-red", &(struct sio_target){ .except_rooms = &red, .except_room_count = 1 });
	emit_to(w, "not-it", &(struct sio_target){ .except_socket = handle });
	emit(w, "all");
	struct sio_str own = { sid, 20 };
	emit_to(w, "own", &(struct sio_target){ .rooms = &own, .room_count = 1 });
	buf_clear(&w->log);
	come_back(w, 0, "1");
	expect_log(w, "A<42[\"r\",\"2\"] A<42[\"all\",\"6\"] A<42[\"own\",\"7\"] A<40 ");
	struct sio_socket *s = w->peers[0].socket;
	assert_true(sio_socket_is_recovered(s));
	assert_ptr_equal(sio_core_find(w->core, handle), s);
	assert_ptr_equal(sio_socket_user(s), user);
	assert_memory_equal(sio_socket_id(s).p, sid, 20);
	assert_string_equal(w->peers[0].sid, sid);
	assert_true(sio_socket_is_in(s, TEXT("red")));
}

static void the_secret_stays(void **state)
{
	struct world *w = *state;
	char pid[25];

	connect_peer(w, 0);
	memcpy(pid, w->peers[0].pid, sizeof pid);
	for (int i = 0; i < 3; i++) {
		lose(w, 0);
		come_back(w, 0, NULL);
		assert_string_equal(w->peers[0].pid, pid);
		assert_true(sio_socket_is_recovered(w->peers[0].socket));
	}
	expect_log(w, "gone(transport close)+ A<40 gone(transport close)+ A<40 gone(transport "
		      "close)+ A<40 ");
}

static void before_the_first_event_no_offset_is_needed(void **state)
{
	struct world *w = *state;

	connect_peer(w, 1);
	emit(w, "before");
	connect_peer(w, 0);
	lose(w, 0);
	emit(w, "missed");
	buf_clear(&w->log);
	come_back(w, 0, NULL);
	expect_log(w, "A<42[\"missed\",\"2\"] A<40 ");
}

static void a_first_event_that_was_lost_on_the_way_follows(void **state)
{
	struct world *w = *state;

	connect_peer(w, 0);
	emit(w, "lost");
	lose(w, 0);
	buf_clear(&w->log);
	come_back(w, 0, NULL);
	expect_log(w, "A<42[\"lost\",\"1\"] A<40 ");
}

static void a_long_quiet_does_no_harm(void **state)
{
	struct world *w = *state;
	struct sio_str other = TEXT("other");

	connect_peer(w, 0);
	connect_peer(w, 1);
	emit(w, "seen");
	for (int i = 0; i < 5; i++) { /* what others got is dropped, that one event too */
		pass(w, RECOVERY_MS);
		emit_to(w, "o", &(struct sio_target){ .rooms = &other, .room_count = 1 });
	}
	pass(w, RECOVERY_MS + 1);
	lose(w, 0);
	emit(w, "missed");
	buf_clear(&w->log);
	come_back(w, 0, "1");
	expect_log(w, "A<42[\"missed\",\"7\"] A<40 ");
}

static void a_volatile_event_leaves_the_offset_right(void **state)
{
	struct world *w = *state;
	struct sio_emit quiet = {
		.event = TEXT("v"), .args = { .json = TEXT("\"STR\"") }, .is_volatile = true
	};

	connect_peer(w, 0);
	emit(w, "seen");
	assert_int_equal(sio_namespace_emit(w->main, &quiet, NULL), SIO_OK);
	lose(w, 0);
	emit(w, "missed");
	buf_clear(&w->log);
	come_back(w, 0, "1"); /* the last argument of both */
	expect_log(w, "A<42[\"missed\",\"2\"] A<40 ");
}

static void a_stale_connection_ends_first(void **state)
{
	struct world *w = *state;

	connect_peer(w, 0);
	emit(w, "seen");
	emit(w, "on its way");
	buf_clear(&w->log);
	memcpy(w->peers[1].pid, w->peers[0].pid, sizeof w->peers[0].pid);
	come_back(w, 1, "1"); /* the client has noticed, the server has not */
	expect_log(w, "A! gone(forced close)+ B<42[\"on its way\",\"2\"] B<40 ");
	assert_int_equal(sio_namespace_socket_count(w->main), 1);
	lose(w, 1);
	come_back(w, 1, "2");
	expect_log(w, "gone(transport close)+ B<40 ");
	assert_true(sio_socket_is_recovered(w->peers[1].socket));
}

static void too_late_is_too_late(void **state)
{
	struct world *w = *state;
	char user[] = "user", sid[21];

	connect_peer(w, 0);
	memcpy(sid, w->peers[0].sid, sizeof sid);
	sio_socket_set_user(w->peers[0].socket, user);
	lose(w, 0);
	expect_log(w, "gone(transport close)+ ");
	pass(w, RECOVERY_MS);
	expect_log(w, "expired(user) ");
	come_back(w, 0, NULL);
	expect_log(w, "A<40 ");
	assert_false(sio_socket_is_recovered(w->peers[0].socket));
	assert_string_not_equal(w->peers[0].sid, sid);
}

static void the_buffer_is_bounded(void **state)
{
	struct world *w = *state;

	connect_peer(w, 0);
	connect_peer(w, 1);
	lose(w, 0);
	for (int i = 0; i < 100; i++)
		emit(w, "many");
	assert_in_range(w->main->recovery_bytes, 1, 4000);
	buf_clear(&w->log);
	come_back(w, 0, NULL);
	expect_log(w, "expired() A<40 ");
	assert_false(sio_socket_is_recovered(w->peers[0].socket));
}

static const struct {
	const char *what, *auth;
} strangers[] = {
	{ "no secret", "{}" },
	{ "a secret that is none", "{\"pid\":\"AAAAAAAAAAAAAAAAAAAAAAAA\",\"offset\":\"1\"}" },
	{ "a short one", "{\"pid\":\"AAAA\"}" },
	{ "a number", "{\"pid\":5,\"offset\":6}" },
};

static void strangers_are_new(void **state)
{
	struct world *w = *state;
	char packet[128];

	for (size_t i = 0; i < COUNT_OF(strangers); i++) {
		snprintf(packet, sizeof packet, "40%s", strangers[i].auth);
		open_peer(w, i);
		say(w, i, packet, false);
		if (sio_socket_is_recovered(w->peers[i].socket))
			fail_msg("%s", strangers[i].what);
	}
}

static const char *const offsets[] = { "0x", "-1", "9", "99999999999999999999", "a" };

static void an_offset_that_never_was_is_refused(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF(offsets); i++) {
		connect_peer(w, 0);
		lose(w, 0);
		come_back(w, 0, offsets[i]);
		if (sio_socket_is_recovered(w->peers[0].socket))
			fail_msg("%s", offsets[i]);
		lose(w, 0);
		buf_clear(&w->log);
	}
}

static void who_left_does_not_come_back(void **state)
{
	struct world *w = *state;

	connect_peer(w, 0);
	say(w, 0, "41", false);
	expect_log(w, "gone(client namespace disconnect) ");
	lose(w, 0);
	come_back(w, 0, NULL);
	expect_log(w, "A<40 ");
	sio_socket_disconnect(w->peers[0].socket);
	expect_log(w, "A<41 gone(server namespace disconnect) ");
}

static void the_program_may_be_asked_again(void **state)
{
	struct world *w = *state;
	char user[] = "user";

	open_peer(w, 0);
	say(w, 0, "40/lazy,", false);
	assert_int_equal(sio_socket_accept(w->peers[0].socket, user), SIO_OK);
	uint64_t handle = sio_socket_handle(w->peers[0].socket);
	lose(w, 0);
	buf_clear(&w->log);
	for (int again = 0; again < 2; again++) { /* lost once more while it is being asked */
		char packet[128];
		snprintf(packet, sizeof packet, "40/lazy,{\"pid\":\"%s\"}", w->peers[0].pid);
		open_peer(w, 0);
		say(w, 0, packet, false);
		struct sio_socket *s = w->peers[0].socket;
		assert_true(sio_socket_is_recovered(s));
		assert_ptr_equal(sio_socket_user(s), user);
		assert_int_equal(sio_socket_handle(s), handle);
		if (again)
			assert_int_equal(sio_socket_refuse(s, TEXT("no"), TEXT("")), SIO_OK);
		else
			lose(w, 0);
	}
	assert_null(sio_core_find(w->core, handle));
	assert_int_equal(w->lazy->parked_count, 0);
}

static void rooms_of_a_lost_socket_follow_the_program(void **state)
{
	struct world *w = *state;
	struct sio_str red = TEXT("red"), blue = TEXT("blue");
	const struct sio_target to_red = { .rooms = &red, .room_count = 1 },
				to_blue = { .rooms = &blue, .room_count = 1 };

	connect_peer(w, 0);
	uint64_t handle = sio_socket_handle(w->peers[0].socket);
	assert_int_equal(sio_socket_join(w->peers[0].socket, red), SIO_OK);
	assert_int_equal(sio_core_lost_join(w->core, handle, blue), SIO_GONE); /* it is not lost */
	lose(w, 0);
	emit_to(w, "red-before", &to_red);
	emit_to(w, "blue-before", &to_blue);
	sio_core_lost_leave(w->core, handle, red);
	assert_int_equal(sio_core_lost_join(w->core, handle, blue), SIO_OK);
	emit_to(w, "red-after", &to_red);
	emit_to(w, "blue-after", &to_blue);
	buf_clear(&w->log);
	come_back(w, 0, NULL);
	expect_log(w, "A<42[\"red-before\",\"1\"] A<42[\"blue-after\",\"4\"] A<40 ");
	assert_false(sio_socket_is_in(w->peers[0].socket, red));
	assert_true(sio_socket_is_in(w->peers[0].socket, blue));
}

static void a_lost_socket_that_outgrows_the_buffer_is_given_up(void **state)
{
	struct world *w = *state;
	char name[ROOM_NAME_MAX];
	enum sio_result r = SIO_OK;

	connect_peer(w, 0);
	uint64_t handle = sio_socket_handle(w->peers[0].socket);
	lose(w, 0);
	memset(name, 'r', sizeof name);
	for (int i = 0; i < 100 && !r; i++) {
		name[0] = (char)('0' + i);
		r = sio_core_lost_join(w->core, handle, (struct sio_str){ name, sizeof name });
	}
	assert_int_equal(r, SIO_NO_MEMORY);
	assert_int_equal(w->main->parked_count, 0);
	assert_int_equal(w->main->recovery_bytes, 0);
	come_back(w, 0, NULL);
	assert_false(sio_socket_is_recovered(w->peers[0].socket));
}

static void a_lost_socket_can_be_ended(void **state)
{
	struct world *w = *state;

	connect_peer(w, 0);
	uint64_t handle = sio_socket_handle(w->peers[0].socket);
	sio_core_lost_end(w->core, handle);
	lose(w, 0);
	buf_clear(&w->log);
	sio_core_lost_end(w->core, handle);
	expect_log(w, "expired() ");
	come_back(w, 0, NULL);
	assert_false(sio_socket_is_recovered(w->peers[0].socket));
}

/* A lost socket of /lazy that waits for the program's word; *handle is what it was. */
static struct sio_socket *wait_again(struct world *w, uint64_t *handle)
{
	char packet[128];

	open_peer(w, 0);
	say(w, 0, "40/lazy,", false);
	assert_int_equal(sio_socket_accept(w->peers[0].socket, NULL), SIO_OK);
	*handle = sio_socket_handle(w->peers[0].socket);
	assert_int_equal(sio_socket_join(w->peers[0].socket, TEXT("red")), SIO_OK);
	lose(w, 0);
	snprintf(packet, sizeof packet, "40/lazy,{\"pid\":\"%s\"}", w->peers[0].pid);
	open_peer(w, 0);
	say(w, 0, packet, false);
	buf_clear(&w->log);
	return w->peers[0].socket;
}

static void who_came_back_may_have_to_start_anew(void **state)
{
	struct world *w = *state;
	uint64_t before;
	struct sio_socket *s = wait_again(w, &before);

	assert_int_equal(sio_socket_start_anew(s), SIO_OK);
	assert_false(sio_socket_is_recovered(s));
	assert_int_not_equal(sio_socket_handle(s), before);
	assert_null(sio_core_find(w->core, before));
	assert_ptr_equal(sio_core_find(w->core, sio_socket_handle(s)), s);
	assert_int_equal(sio_socket_start_anew(s), SIO_INVALID);
	assert_int_equal(sio_socket_accept(s, NULL), SIO_OK);
	assert_false(sio_socket_is_in(s, TEXT("red")));
	assert_int_equal(w->lazy->parked_count, 0);
}

static void what_is_dropped_while_the_program_decides_is_not_passed_over(void **state)
{
	struct world *w = *state;
	uint64_t handle;
	struct sio_socket *s = wait_again(w, &handle);
	struct sio_emit e = { .event = TEXT("e") };

	for (int i = 0; i < 100; i++)
		assert_int_equal(sio_namespace_emit(w->lazy, &e, NULL), SIO_OK);
	assert_int_equal(sio_socket_accept(s, NULL), SIO_TOO_LARGE);
	assert_int_equal(sio_socket_start_anew(s), SIO_OK);
	assert_int_equal(sio_socket_accept(s, NULL), SIO_OK);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup_recovery, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(events_bear_a_number),
		TEST(who_comes_back_gets_what_it_missed),
		TEST(the_secret_stays),
		TEST(before_the_first_event_no_offset_is_needed),
		TEST(a_first_event_that_was_lost_on_the_way_follows),
		TEST(a_long_quiet_does_no_harm),
		TEST(a_volatile_event_leaves_the_offset_right),
		TEST(a_stale_connection_ends_first),
		TEST(too_late_is_too_late),
		TEST(the_buffer_is_bounded),
		TEST(strangers_are_new),
		TEST(an_offset_that_never_was_is_refused),
		TEST(who_left_does_not_come_back),
		TEST(the_program_may_be_asked_again),
		TEST(rooms_of_a_lost_socket_follow_the_program),
		TEST(a_lost_socket_that_outgrows_the_buffer_is_given_up),
		TEST(a_lost_socket_can_be_ended),
		TEST(who_came_back_may_have_to_start_anew),
		TEST(what_is_dropped_while_the_program_decides_is_not_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
