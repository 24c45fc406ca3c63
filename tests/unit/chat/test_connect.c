/* SPDX-License-Identifier: MIT
 *
 * test_connect - the snapshot comes first, and nothing that was committed after it is missed.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "chat_fixture.h"

static void a_socket_hears_its_snapshot_before_anything_else(void **state)
{
	struct chat_fixture f;

	(void)state;
	chat_init(&f);
	chat_user(&f, "ann", ROLE_USER);
	chat_user(&f, "bob", ROLE_USER);
	chat_connect(&f, 1, "ann");
	const char *heard = chat_heard(&f, 1);
	assert_begins(heard, "accepted\nDATA_RECEIVED {\"dataType\":\"snapshot\",");
	assert_says(heard, "\"username\":\"ann\"");
	assert_says(
		heard, "\"groups\":[{\"id\":\"" LOBBY "\",\"name\":\"lobby\",\"kind\":\"channel\"");
	assert_says(heard, "\"creatorId\":null");
	assert_says(heard, "\"memberCount\":2");
	assert_says(heard, "\"unread\":{\"" LOBBY "\":0}");
	chat_forget(&f);
	chat_connect(&f, 2, "bob");
	assert_says(chat_heard(&f, 1), "USER_CONNECTED {\"userId\":");
	assert_silent(chat_heard(&f, 2), "USER_CONNECTED {");
	chat_done(&f);
}

static void an_unknown_token_is_refused(void **state)
{
	struct chat_fixture f;

	(void)state;
	chat_init(&f);
	chat_connect(&f, 1, "nobody");
	assert_says(chat_heard(&f, 1), "refused {\"errorCode\":\"unauthorized\"");
	chat_done(&f);
}

/* What a socket that connects must neither miss nor hear twice, and how it shows in the snapshot. */
struct race {
	const char *what, *event, *args;
	const char *heard;    /* when it was committed after the snapshot */
	const char *snapshot; /* in the snapshot when it was committed before */
};

static const struct race races[] = {
	{ "a message", "MESSAGE_SENT", "{\"message\":\"hello\"}", "MESSAGE_RECEIVED {",
		"\"lastSeq\":1" },
	{ "a channel", "GROUP_CREATED", "{\"name\":\"music\",\"members\":[\"%s\"]}",
		"GROUP_CREATED {", "\"name\":\"music\"" },
	{ "a private group", "GROUP_CREATED",
		"{\"name\":\"ours\",\"kind\":\"private\",\"members\":[\"%s\"]}", "GROUP_CREATED {",
		"\"name\":\"ours\"" },
	{ "a direct group", "GROUP_CREATED", "{\"kind\":\"direct\",\"members\":[\"%s\"]}",
		"GROUP_CREATED {", "\"kind\":\"direct\"" },
	{ "a mention", "MESSAGE_SENT", "{\"message\":\"@bob come\"}", "NOTIFICATION_RECEIVED {",
		"\"notificationType\":\"mention\"" },
};

static void run_race(const struct race *race, bool change_first)
{
	struct chat_fixture f;
	char args[200];
	struct id_text bob = chat_user_text("bob");

	chat_init(&f);
	chat_user(&f, "ann", ROLE_USER);
	chat_user(&f, "bob", ROLE_USER);
	chat_connect(&f, 1, "ann");
	chat_forget(&f);
	snprintf(args, sizeof args, race->args, bob.s);
	if (change_first)
		chat_begin(&f, 1, 1, race->event, args);
	chat_connect_begin(&f, 2, NS_CHAT, "bob");
	if (!change_first)
		chat_begin(&f, 1, 1, race->event, args);
	chat_commit(&f); /* both are on the disk before either is announced */
	chat_settle(&f);
	const char *heard = chat_heard(&f, 2);
	assert_begins(heard, "accepted\nDATA_RECEIVED {");
	const char *rest = strchr(heard + 9, '\n') + 1;
	char *snapshot = strndup(heard, (size_t)(rest - heard));
	assert_int_equal(chat_times(rest, race->heard), change_first ? 0 : 1);
	assert_int_equal(strstr(snapshot, race->snapshot) != NULL, change_first);
	free(snapshot);
	chat_done(&f);
}

static void what_is_committed_before_is_in_the_snapshot_and_not_heard(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(races); i++)
		run_race(&races[i], true);
}

static void what_is_committed_after_is_heard_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(races); i++)
		run_race(&races[i], false);
}

static void the_snapshot_has_settings_people_and_what_is_unread(void **state)
{
	struct chat_fixture f;
	struct id_text bob = chat_user_text("bob");

	(void)state;
	chat_init(&f);
	chat_user(&f, "ann", ROLE_USER);
	chat_user(&f, "bob", ROLE_USER);
	chat_user(&f, "cat", ROLE_USER);
	chat_connect(&f, 1, "ann");
	chat_connect(&f, 2, "bob");
	chat_ask(&f, 1, "USER_SETTINGS_UPDATED",
		"{\"settingName\":\"theme\",\"newValue\":{\"dark\":true}}");
	chat_ask(&f, 1, "GROUP_CREATED", "{\"kind\":\"direct\",\"members\":[\"%s\"]}", bob.s);
	struct id_text group = chat_id(chat_heard(&f, 1), "\"group\":{\"id\":\"");
	chat_ask(&f, 2, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"hi\"}", group.s);
	const char *snapshot = chat_ask(&f, 1, "GET_SNAPSHOT", "{}");
	char unread[80];
	snprintf(unread, sizeof unread, "\"%s\":1}", group.s);
	assert_says(snapshot, "ack {\"ok\":true,\"data\":{\"me\":{");
	assert_says(snapshot, "\"settings\":{\"theme\":{\"dark\":true}}");
	assert_says(snapshot, unread);
	assert_says(snapshot, "\"users\":[{\"id\":\"");
	assert_says(snapshot, "\"username\":\"bob\"");
	assert_says(snapshot, "\"status\":\"online\"");
	assert_silent(snapshot, "\"username\":\"cat\"");
	assert_says(snapshot, "\"notificationType\":\"direct_message\"");
	chat_gone(&f, 2);
	snapshot = chat_ask(&f, 1, "GET_SNAPSHOT", "{}");
	assert_says(snapshot, "\"status\":\"offline\""); /* bob, who has gone */
	chat_forget(&f);
	chat_begin(&f, 1, 0, "GET_SNAPSHOT", "{}");
	chat_settle(&f);
	assert_says(
		chat_heard(&f, 1), "DATA_RECEIVED {\"dataType\":\"snapshot\",\"data\":{\"me\":{");
	chat_done(&f);
}

static void long_texts_of_others_keep_nobody_from_connecting(void **state)
{
	struct chat_fixture f;
	struct id_text bob = chat_user_text("bob");
	static char list[400 * 40];
	char name[16];
	size_t n = 0;

	(void)state;
	chat_init(&f);
	chat_user(&f, "ann", ROLE_USER);
	chat_user(&f, "bob", ROLE_USER);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof name, "u%d", i);
		chat_user(&f, name, ROLE_USER);
		n += (size_t)snprintf(list + n, sizeof list - n, "\"%s\",", chat_user_text(name).s);
	}
	chat_sql(&f, "UPDATE user SET bio = hex(zeroblob(2000))", NO_VALUES);
	chat_connect(&f, 1, "ann");
	chat_ask(&f, 1, "GROUP_CREATED",
		"{\"name\":\"g\",\"kind\":\"private\",\"members\":[%s\"%s\"]}", list, bob.s);
	assert_says(chat_heard(&f, 1), "\"memberCount\":302");
	chat_connect(&f, 2, "bob");
	assert_says(chat_heard(&f, 2), "\"users\":[{");
	assert_true(strlen(chat_heard(&f, 2)) < 2 * ANSWER_BYTES_MAX);
	chat_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket_hears_its_snapshot_before_anything_else),
		cmocka_unit_test(an_unknown_token_is_refused),
		cmocka_unit_test(what_is_committed_before_is_in_the_snapshot_and_not_heard),
		cmocka_unit_test(what_is_committed_after_is_heard_once),
		cmocka_unit_test(the_snapshot_has_settings_people_and_what_is_unread),
		cmocka_unit_test(long_texts_of_others_keep_nobody_from_connecting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
