/* SPDX-License-Identifier: MIT
 *
 * test_recovery - who loses the connection and comes back is where they were; who comes anew has no group open by mistake.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "chat_fixture.h"

/* ann (1) and bob (2) with a private group of theirs. */
static struct id_text setup(struct chat_fixture *f)
{
	char bob[UUID_TEXT_BYTES];

	chat_init(f);
	chat_user(f, "ann", ROLE_USER);
	chat_user(f, "bob", ROLE_USER);
	chat_connect(f, 1, "ann");
	chat_connect(f, 2, "bob");
	uuid_text(chat_user_id("bob"), bob);
	return chat_id(chat_ask(f, 1, "GROUP_CREATED",
			       "{\"name\":\"ours\",\"kind\":\"private\",\"members\":[\"%.*s\"]}",
			       UUID_TEXT_BYTES, bob),
		"\"group\":{\"id\":\"");
}

static void turn_to(struct chat_fixture *f, uint64_t socket, struct id_text group)
{
	assert_says(chat_ask(f, socket, "USER_CHANGED_GROUP", "{\"newChannelId\":{\"id\":\"%s\"}}",
			    group.s),
		"ack {\"ok\":true");
}

static const char *say(struct chat_fixture *f, uint64_t socket)
{
	return chat_ask(f, socket, "MESSAGE_SENT", "{\"message\":\"psst\"}");
}

static void who_comes_back_has_the_group_open_that_was(void **state)
{
	struct chat_fixture f;
	struct id_text group = setup(&f);

	(void)state;
	turn_to(&f, 1, group);
	chat_lose(&f, 1);
	chat_forget(&f);
	chat_return(&f, 1, "ann");
	assert_string_equal(
		chat_heard(&f, 1), "recovered\n"); /* no snapshot: what was missed follows */
	assert_says(say(&f, 1), group.s);
	assert_says(chat_heard(&f, 2), "MESSAGE_RECEIVED");
	chat_done(&f);
}

static void a_new_socket_of_a_session_that_turned_has_no_open_group(void **state)
{
	static const struct {
		const char *event, *args;
	} cases[] = {
		{ "MESSAGE_SENT", "{\"message\":\"psst\"}" },
		{ "TYPING", "{}" },
	};
	struct chat_fixture f;
	struct id_text group = setup(&f);

	(void)state;
	turn_to(&f, 1, group);
	chat_gone(&f, 1);
	chat_connect(&f, 3, "ann");
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_says(chat_ask(&f, 3, cases[i].event, "%s", cases[i].args),
			"\"errorCode\":\"conflict\"");
	assert_says(
		chat_ask(&f, 3, "MESSAGE_SENT", "{\"message\":\"hi\",\"groupId\":\"" LOBBY "\"}"),
		"ack {\"ok\":true");
	turn_to(&f, 3, group);
	assert_says(say(&f, 3), group.s);
	assert_says(say(&f, 2), LOBBY); /* bob never turned */
	chat_done(&f);
}

static void who_is_removed_from_the_open_group_has_none(void **state)
{
	struct chat_fixture f;
	struct id_text group = setup(&f);
	char bob[UUID_TEXT_BYTES];

	(void)state;
	uuid_text(chat_user_id("bob"), bob);
	for (int lost = 0; lost < 2; lost++) {
		turn_to(&f, 2, group);
		if (lost)
			chat_lose(&f, 2);
		chat_ask(&f, 1, "GROUP_MEMBER_REMOVED", "{\"groupId\":\"%s\",\"userId\":\"%.*s\"}",
			group.s, UUID_TEXT_BYTES, bob);
		if (lost)
			chat_return(&f, 2, "bob");
		assert_says(say(&f, 2), "\"errorCode\":\"conflict\"");
		chat_ask(&f, 1, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"secret\"}",
			group.s);
		assert_silent(chat_heard(&f, 2), "secret");
		chat_ask(&f, 1, "GROUP_MEMBER_ADDED", "{\"groupId\":\"%s\",\"userId\":\"%.*s\"}",
			group.s, UUID_TEXT_BYTES, bob);
	}
	chat_done(&f);
}

static void a_group_that_one_is_added_to_meanwhile_is_heard(void **state)
{
	struct chat_fixture f;
	char bob[UUID_TEXT_BYTES];

	(void)state;
	setup(&f);
	uuid_text(chat_user_id("bob"), bob);
	chat_lose(&f, 2);
	struct id_text group =
		chat_id(chat_ask(&f, 1, "GROUP_CREATED",
				"{\"name\":\"late\",\"kind\":\"private\",\"members\":[\"%.*s\"]}",
				UUID_TEXT_BYTES, bob),
			"\"group\":{\"id\":\"");
	chat_return(&f, 2, "bob");
	chat_ask(&f, 1, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"welcome\"}", group.s);
	assert_says(chat_heard(&f, 2), "welcome");
	chat_done(&f);
}

static void what_was_turned_to_as_the_connection_broke_is_open(void **state)
{
	struct chat_fixture f;
	struct id_text group = setup(&f);
	char args[128];

	(void)state;
	snprintf(args, sizeof args, "{\"newChannelId\":{\"id\":\"%s\"}}", group.s);
	chat_begin(&f, 1, 1, "USER_CHANGED_GROUP", args);
	chat_lose(&f, 1);
	chat_settle(&f);
	chat_return(&f, 1, "ann");
	assert_says(say(&f, 1), group.s);
	chat_done(&f);
}

static void end_session(struct hub *hub, struct uuid user_id)
{
	struct uuid session = user_id;

	session.b[15] = 2;
	hub_end_session(hub, session, ERR_UNAUTHORIZED, NULL);
}

static void suspend(struct hub *hub, struct uuid user_id)
{
	hub_end_user(hub, user_id, ERR_UNAUTHORIZED, NULL);
}

static void (*const endings[])(struct hub *hub, struct uuid user_id) = { end_session, suspend };

static void an_ended_session_waits_for_nobody(void **state)
{
	struct chat_fixture f;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		setup(&f);
		chat_lose(&f, 2);
		endings[i](dispatch_hub(f.d), chat_user_id("bob"));
		assert_null(f.lost[2]);
		assert_null(hub_seat(dispatch_hub(f.d), 2));
		chat_done(&f);
	}
}

static void who_comes_back_with_another_session_begins_anew(void **state)
{
	struct chat_fixture f;
	struct id_text group = setup(&f);

	(void)state;
	turn_to(&f, 1, group);
	chat_lose(&f, 1);
	chat_user(&f, "eve", ROLE_USER);
	chat_forget(&f);
	chat_return(&f, 1, "eve");
	assert_begins(chat_heard(&f, 1), "accepted\nDATA_RECEIVED {\"dataType\":\"snapshot\",");
	assert_says(say(&f, 1), LOBBY);
	chat_done(&f);
}

static void who_comes_back_with_no_session_is_refused(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	chat_lose(&f, 1);
	chat_return(&f, 1, "nobody");
	assert_says(chat_heard(&f, 1), "refused {\"errorCode\":\"unauthorized\"");
	assert_null(hub_seat(dispatch_hub(f.d), 1));
	chat_done(&f);
}

static void who_comes_back_late_is_announced_again(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	f.limits.presence_grace = 0;
	chat_lose(&f, 1);
	assert_says(chat_heard(&f, 2), "USER_DISCONNECTED");
	chat_forget(&f);
	chat_return(&f, 1, "ann");
	assert_says(chat_heard(&f, 2), "USER_CONNECTED");
	assert_says(chat_heard(&f, 1),
		"USER_CONNECTED"); /* since what it missed has USER_DISCONNECTED */
	chat_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_comes_back_has_the_group_open_that_was),
		cmocka_unit_test(a_new_socket_of_a_session_that_turned_has_no_open_group),
		cmocka_unit_test(who_is_removed_from_the_open_group_has_none),
		cmocka_unit_test(a_group_that_one_is_added_to_meanwhile_is_heard),
		cmocka_unit_test(what_was_turned_to_as_the_connection_broke_is_open),
		cmocka_unit_test(an_ended_session_waits_for_nobody),
		cmocka_unit_test(who_comes_back_with_another_session_begins_anew),
		cmocka_unit_test(who_comes_back_with_no_session_is_refused),
		cmocka_unit_test(who_comes_back_late_is_announced_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
