/* SPDX-License-Identifier: MIT
 *
 * test_hold - sessions that another thread holds: what it sees of them, and how long they stay.
 *
 * Layer: tests.  Threads: one.
 */
#include "world.h"

static void a_held_session_stays_when_it_has_ended(void **state)
{
	struct world *w = *state;

	open_ws(w);
	struct engine_session *s = w->session;
	engine_session_hold(s);
	engine_ws_gone(s, handle(0), true);
	expect_log(w, "closed:1 ");
	assert_memory_equal(engine_session_channel(s)->id, "AAAA", 4);
	assert_true(handshake_query(engine_session_channel(s)->handshake).n > 0);
	send_text(w, "late"); /* what is still on its way to it */
	engine_session_close(s, ENGINE_FORCED_CLOSE);
	expect_log(w, "");
	engine_session_hold_end(s);
	engine_turn_end(w->engine); /* frees it: the sanitizer would tell */
}

static void a_held_session_that_is_let_go_early_lives_on(void **state)
{
	struct world *w = *state;

	open_ws(w);
	engine_session_hold(w->session);
	engine_session_hold_end(w->session);
	send_text(w, "a");
	expect_log(w, "A<4a ");
}

static void the_transport_is_seen_by_the_holder(void **state)
{
	struct world *w = *state;

	open_poll(w);
	engine_session_hold(w->session);
	assert_true(engine_session_hold_is_polling(w->session));
	assert_true(engine_upgrade(w->session, handle(2)));
	ws_text(w, 2, "2probe");
	ws_text(w, 2, "5");
	engine_turn_end(w->engine);
	assert_false(engine_session_hold_is_polling(w->session));
	engine_session_hold_end(w->session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_held_session_stays_when_it_has_ended, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_held_session_that_is_let_go_early_lives_on, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_transport_is_seen_by_the_holder, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
