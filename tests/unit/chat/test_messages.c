/* SPDX-License-Identifier: MIT
 *
 * test_messages - messages are sent, edited, deleted, reacted to and read; who hears of it, and who is refused.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "chat_fixture.h"

#define NOTHING "00000000-0000-0000-0000-0000000000ff"

/* ann has the sockets 1 and 2, bob 3, cat 4; mod, a moderator, has 5. */
static void setup(struct chat_fixture *f)
{
	chat_init(f);
	chat_user(f, "ann", ROLE_USER);
	chat_user(f, "bob", ROLE_USER);
	chat_user(f, "cat", ROLE_USER);
	chat_user(f, "mod", ROLE_MODERATOR);
	chat_connect(f, 1, "ann");
	chat_connect(f, 2, "ann");
	chat_connect(f, 3, "bob");
	chat_connect(f, 4, "cat");
	chat_connect(f, 5, "mod");
	chat_forget(f);
}

static struct id_text send_message(struct chat_fixture *f, uint64_t socket, const char *text)
{
	return chat_id(chat_ask(f, socket, "MESSAGE_SENT", "{\"message\":\"%s\"}", text),
		"\"messageId\":\"");
}

static void a_message_reaches_members_and_the_senders_other_sockets(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	const char *ack =
		chat_ask(&f, 1, "MESSAGE_SENT", "{\"message\":\"hello\",\"clientId\":\"c1\"}");
	assert_begins(ack, "ack {\"ok\":true,\"messageId\":\"");
	assert_says(ack, "\"groupId\":\"" LOBBY "\",\"seq\":1,\"timestamp\":\"2023-");
	assert_int_equal(chat_times(ack, "\n"), 1);
	assert_begins(chat_heard(&f, 2), "MESSAGE_SENT {");
	assert_begins(chat_heard(&f, 3), "MESSAGE_RECEIVED {");
	assert_says(chat_heard(&f, 3), "\"seq\":1,\"rev\":1,");
	assert_says(chat_heard(&f, 3), "\"message\":\"hello\"");
	assert_says(chat_heard(&f, 3),
		"\"clientId\":\"c1\",\"replyTo\":null,\"files\":[],\"tracks\":[],"
		"\"editedAt\":null,\"deletedAt\":null,\"reactions\":[]");
	assert_int_equal(chat_times(chat_heard(&f, 3), "\n"), 1);
	chat_forget(&f);
	chat_begin(&f, 1, 0, "MESSAGE_SENT", "{\"message\":\"again\"}");
	chat_settle(&f);
	assert_begins(chat_heard(&f, 1), "MESSAGE_SENT {"); /* no acknowledgement tells it */
	assert_begins(chat_heard(&f, 2), "MESSAGE_SENT {");
	assert_says(chat_heard(&f, 2), "\"seq\":2");
	chat_done(&f);
}

static void the_same_client_id_is_stored_once_and_answered_alike(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	char *first =
		strdup(chat_ask(&f, 1, "MESSAGE_SENT", "{\"message\":\"one\",\"clientId\":\"x\"}"));
	assert_string_equal(
		chat_ask(&f, 1, "MESSAGE_SENT",
			"{\"message\":\"other\",\"clientId\":\"x\",\"groupId\":\"" NOTHING "\"}"),
		first);
	assert_string_equal(chat_heard(&f, 2), "");
	assert_string_equal(chat_heard(&f, 3), "");
	assert_string_equal(
		chat_ask(&f, 2, "MESSAGE_SENT", "{\"message\":\"one\",\"clientId\":\"x\"}"), first);
	assert_says(chat_ask(&f, 3, "MESSAGE_SENT", "{\"message\":\"mine\",\"clientId\":\"x\"}"),
		"\"seq\":2");
	assert_int_equal(chat_sql(&f, "SELECT count(*) FROM message", NO_VALUES), 2);
	free(first);
	chat_done(&f);
}

static void two_of_the_same_client_id_in_one_batch_are_one(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	chat_begin(&f, 1, 1, "MESSAGE_SENT", "{\"message\":\"one\",\"clientId\":\"x\"}");
	chat_begin(&f, 1, 2, "MESSAGE_SENT", "{\"message\":\"one\",\"clientId\":\"x\"}");
	chat_settle(&f);
	assert_int_equal(chat_times(chat_heard(&f, 1), "\"seq\":1"), 2);
	assert_int_equal(chat_times(chat_heard(&f, 3), "MESSAGE_RECEIVED"), 1);
	chat_done(&f);
}

struct refusal {
	const char *what, *event, *args, *code;
};

static const struct refusal refusals[] = {
	{ "no text", "MESSAGE_SENT", "{}", "bad_request" },
	{ "an empty text", "MESSAGE_SENT", "{\"message\":\"\"}", "bad_request" },
	{ "no such group", "MESSAGE_SENT", "{\"message\":\"x\",\"groupId\":\"" NOTHING "\"}",
		"not_found" },
	{ "no such message to answer", "MESSAGE_SENT",
		"{\"message\":\"x\",\"replyTo\":\"" NOTHING "\"}", "not_found" },
	{ "no such file", "MESSAGE_SENT", "{\"message\":\"x\",\"fileIds\":[\"" NOTHING "\"]}",
		"not_found" },
	{ "no such track", "MESSAGE_SENT", "{\"message\":\"x\",\"trackIds\":[\"" NOTHING "\"]}",
		"not_found" },
	{ "no such message to edit", "MESSAGE_EDITED",
		"{\"messageId\":\"" NOTHING "\",\"message\":\"x\"}", "not_found" },
	{ "no such message to delete", "MESSAGE_DELETED", "{\"messageId\":\"" NOTHING "\"}",
		"not_found" },
	{ "no such message to react to", "MESSAGE_REACTION",
		"{\"messageId\":\"" NOTHING "\",\"reaction\":\":a:\",\"on\":true}", "not_found" },
	{ "a word as a reaction", "MESSAGE_REACTION",
		"{\"messageId\":\"" NOTHING "\",\"reaction\":\"yes\",\"on\":true}", "bad_request" },
	{ "a letter as a reaction", "MESSAGE_REACTION",
		"{\"messageId\":\"" NOTHING "\",\"reaction\":\"a\",\"on\":true}", "bad_request" },
	{ "two emoji", "MESSAGE_REACTION",
		"{\"messageId\":\"" NOTHING
		"\",\"reaction\":\"\xf0\x9f\x91\x8d\xf0\x9f\x91\x8d\",\"on\":true}",
		"bad_request" },
	{ "half a name", "MESSAGE_REACTION",
		"{\"messageId\":\"" NOTHING "\",\"reaction\":\":yes\",\"on\":true}",
		"bad_request" },
	{ "a digit", "MESSAGE_REACTION",
		"{\"messageId\":\"" NOTHING "\",\"reaction\":\"1\",\"on\":true}", "bad_request" },
	{ "reading beyond the end", "MESSAGE_READ", "{\"groupId\":\"" LOBBY "\",\"seq\":1}",
		"bad_request" },
	{ "reading nowhere", "MESSAGE_READ", "{\"groupId\":\"" NOTHING "\",\"seq\":0}",
		"not_found" },
};

static void what_is_wrong_is_refused_and_changes_nothing(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		print_message("# %s\n", refusals[i].what);
		assert_refused(chat_ask(&f, 1, refusals[i].event, "%s", refusals[i].args),
			refusals[i].code);
		assert_string_equal(chat_heard(&f, 3), "");
	}
	assert_says(chat_ask(&f, 1, "MESSAGE_SENT", "{\"message\":\"first\"}"), "\"seq\":1");
	chat_done(&f);
}

static void an_author_edits_and_nobody_else(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	struct id_text id = send_message(&f, 1, "before");
	assert_refused(
		chat_ask(&f, 3, "MESSAGE_EDITED", "{\"messageId\":\"%s\",\"message\":\"x\"}", id.s),
		"forbidden");
	assert_refused(
		chat_ask(&f, 5, "MESSAGE_EDITED", "{\"messageId\":\"%s\",\"message\":\"x\"}", id.s),
		"forbidden");
	assert_string_equal(chat_ask(&f, 1, "MESSAGE_EDITED",
				    "{\"messageId\":\"%s\",\"message\":\"after\"}", id.s),
		"ack {\"ok\":true,\"rev\":2}\n");
	assert_begins(chat_heard(&f, 2), "MESSAGE_EDITED {");
	assert_says(chat_heard(&f, 3), "\"seq\":1,\"rev\":2");
	assert_says(chat_heard(&f, 3), "\"message\":\"after\"");
	assert_says(chat_ask(&f, 3, "SEARCH_MESSAGES", "{\"query\":\"after\"}"), id.s);
	assert_silent(chat_ask(&f, 3, "SEARCH_MESSAGES", "{\"query\":\"before\"}"), id.s);
	chat_done(&f);
}

static void a_deleted_message_keeps_its_seq_and_loses_its_text(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	struct id_text id = send_message(&f, 1, "secret");
	struct id_text other = send_message(&f, 3, "bobs");
	chat_ask(&f, 3, "MESSAGE_REACTION",
		"{\"messageId\":\"%s\",\"reaction\":\":a:\",\"on\":true}", id.s);
	assert_refused(
		chat_ask(&f, 3, "MESSAGE_DELETED", "{\"messageId\":\"%s\"}", id.s), "forbidden");
	assert_string_equal(chat_ask(&f, 1, "MESSAGE_DELETED", "{\"messageId\":\"%s\"}", id.s),
		"ack {\"ok\":true,\"rev\":4}\n");
	assert_begins(chat_heard(&f, 3), "MESSAGE_DELETED {");
	assert_silent(chat_ask(&f, 3, "SEARCH_MESSAGES", "{\"query\":\"secret\"}"), id.s);
	const char *history = chat_ask(&f, 3, "GET_HISTORY", "{\"groupId\":\"" LOBBY "\"}");
	assert_says(history, "\"seq\":1,\"rev\":4");
	assert_says(history, "\"message\":\"\"");
	assert_silent(history, "\"deletedAt\":null,\"reactions\":[{");
	assert_refused(
		chat_ask(&f, 1, "MESSAGE_DELETED", "{\"messageId\":\"%s\"}", id.s), "not_found");
	assert_refused(
		chat_ask(&f, 1, "MESSAGE_EDITED", "{\"messageId\":\"%s\",\"message\":\"x\"}", id.s),
		"conflict");
	assert_refused(chat_ask(&f, 1, "MESSAGE_REACTION",
			       "{\"messageId\":\"%s\",\"reaction\":\":a:\",\"on\":true}", id.s),
		"conflict");
	assert_says(chat_ask(&f, 5, "MESSAGE_DELETED", "{\"messageId\":\"%s\"}", other.s),
		"ack {\"ok\":true"); /* a moderator */
	chat_done(&f);
}

static const char *const emoji[] = { ":thumbs_up:", ":+1:", "\xf0\x9f\x91\x8d",
	"\xe2\x9d\xa4\xef\xb8\x8f", "\xf0\x9f\x87\xab\xf0\x9f\x87\xb7", "1\xef\xb8\x8f\xe2\x83\xa3",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", "\xf0\x9f\x91\x8b\xf0\x9f\x8f\xbd" };

static void reactions_are_given_once_and_taken_back(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	struct id_text id = send_message(&f, 1, "fun");
	for (size_t i = 0; i < COUNT_OF(emoji); i++)
		assert_says(chat_ask(&f, 3, "MESSAGE_REACTION",
				    "{\"messageId\":\"%s\",\"reaction\":\"%s\",\"on\":true}", id.s,
				    emoji[i]),
			"ack {\"ok\":true");
	assert_says(chat_ask(&f, 4, "MESSAGE_REACTION",
			    "{\"messageId\":\"%s\",\"reaction\":\":+1:\",\"on\":true}", id.s),
		"\"rev\":10}");
	assert_begins(chat_heard(&f, 1), "MESSAGE_REACTION {");
	assert_says(chat_heard(&f, 1), "\"on\":true,\"rev\":10");
	assert_says(chat_ask(&f, 4, "MESSAGE_REACTION",
			    "{\"messageId\":\"%s\",\"reaction\":\":+1:\",\"on\":true}", id.s),
		"\"rev\":10}");
	assert_string_equal(chat_heard(&f, 1), "");
	const char *history = chat_ask(&f, 1, "GET_HISTORY", "{\"groupId\":\"" LOBBY "\"}");
	assert_int_equal(chat_times(history, "\"reaction\":"), (int)COUNT_OF(emoji));
	char both[160];
	snprintf(both, sizeof both, "{\"reaction\":\":+1:\",\"userIds\":[\"%s\",\"%s\"]}",
		chat_user_text("bob").s, chat_user_text("cat").s);
	assert_says(history, both);
	f.limits.reactions_per_message = COUNT_OF(emoji);
	assert_refused(chat_ask(&f, 4, "MESSAGE_REACTION",
			       "{\"messageId\":\"%s\",\"reaction\":\":more:\",\"on\":true}", id.s),
		"too_large");
	assert_says(
		chat_ask(&f, 3, "MESSAGE_REACTION",
			"{\"messageId\":\"%s\",\"reaction\":\":thumbs_up:\",\"on\":false}", id.s),
		"\"rev\":11}");
	assert_says(chat_ask(&f, 4, "MESSAGE_REACTION",
			    "{\"messageId\":\"%s\",\"reaction\":\":more:\",\"on\":true}", id.s),
		"\"rev\":12}");
	chat_done(&f);
}

static void read_marks_only_grow_and_are_told_to_ones_other_sockets(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	send_message(&f, 3, "one");
	send_message(&f, 3, "two");
	assert_string_equal(
		chat_ask(&f, 1, "MESSAGE_READ", "{\"groupId\":\"" LOBBY "\",\"seq\":2}"),
		"ack {\"ok\":true}\n");
	assert_begins(chat_heard(&f, 2), "MESSAGE_READ {");
	assert_string_equal(chat_heard(&f, 3), "");
	assert_string_equal(
		chat_ask(&f, 1, "MESSAGE_READ", "{\"groupId\":\"" LOBBY "\",\"seq\":1}"),
		"ack {\"ok\":true}\n");
	assert_string_equal(chat_heard(&f, 2), "");
	assert_says(chat_ask(&f, 1, "GET_SNAPSHOT", "{}"), "\"unread\":{\"" LOBBY "\":0}");
	assert_says(chat_ask(&f, 3, "GET_SNAPSHOT", "{}"), "\"unread\":{\"" LOBBY "\":2}");
	chat_done(&f);
}

struct mention {
	const char *text;
	bool bob, cat;
};

static const struct mention mentions[] = {
	{ "@bob", true, false },
	{ "hi @BOB, and @cat.", true, true },
	{ "@bob @bob @Bob", true, false },
	{ "(@bob)", true, false },
	{ "@bob-", true, false },
	{ "@bob.smith", true, false },
	{ "@bobby", false, false },
	{ "mail a@bob", false, false },
	{ "@ann myself", false, false },
	{ "@nobody @", false, false },
	{ "bob", false, false },
};

static void mentions_notify_members_once_each(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT_OF(mentions); i++) {
		print_message("# %s\n", mentions[i].text);
		send_message(&f, 1, mentions[i].text);
		assert_int_equal(
			chat_times(chat_heard(&f, 3), "NOTIFICATION_RECEIVED {"), mentions[i].bob);
		assert_int_equal(
			chat_times(chat_heard(&f, 4), "NOTIFICATION_RECEIVED {"), mentions[i].cat);
		assert_silent(chat_heard(&f, 2), "NOTIFICATION_RECEIVED");
	}
	struct id_text group =
		chat_id(chat_ask(&f, 1, "GROUP_CREATED",
				"{\"name\":\"g\",\"kind\":\"private\",\"members\":[\"%s\"]}",
				chat_user_text("bob").s),
			"\"group\":{\"id\":\"");
	chat_ask(&f, 1, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"@bob @cat\"}", group.s);
	assert_says(chat_heard(&f, 3), "\"notificationType\":\"mention\"");
	assert_string_equal(chat_heard(&f, 4), "");
	chat_done(&f);
}

static void names_beyond_the_limit_notify_nobody(void **state)
{
	struct chat_fixture f;
	char text[1000];
	size_t n = 0;

	(void)state;
	setup(&f);
	for (int i = 0; i < MENTIONS_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "@nobody%d ", i);
	snprintf(text + n, sizeof text - n, "@bob");
	send_message(&f, 1, text);
	assert_silent(chat_heard(&f, 3), "NOTIFICATION_RECEIVED");
	chat_done(&f);
}

static void a_direct_message_notifies_the_other(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	struct id_text group = chat_id(
		chat_ask(&f, 1, "GROUP_CREATED", "{\"kind\":\"direct\",\"members\":[\"%s\"]}",
			chat_user_text("bob").s),
		"\"group\":{\"id\":\"");
	chat_ask(&f, 1, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"psst\"}", group.s);
	assert_says(chat_heard(&f, 3), "\"notificationType\":\"direct_message\"");
	assert_says(chat_heard(&f, 3), group.s);
	assert_silent(chat_heard(&f, 2), "NOTIFICATION");
	assert_string_equal(chat_heard(&f, 4), "");
	chat_ask(&f, 3, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"what\"}", group.s);
	assert_says(chat_heard(&f, 1), "\"notificationType\":\"direct_message\"");
	chat_done(&f);
}

static void send_file(struct chat_fixture *f, uint64_t socket, const char *group, struct str bytes)
{
	char args[200];

	snprintf(args, sizeof args,
		"{\"fileName\":\"a.png\",\"groupId\":\"%s\",\"data\":{\"_placeholder\":true,"
		"\"num\":0}}",
		group);
	const struct dispatch_packet p = { socket, 1, STR("FILE_UPLOADED"), str_of(args), &bytes,
		1 };
	chat_forget(f);
	dispatch_event(f->d, &p);
	chat_settle(f);
}

static void a_file_is_told_to_members_and_carried_by_a_message(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	send_file(&f, 1, LOBBY, STR("\x89PNG\r\n\x1a\n, or so it begins"));
	struct id_text id = chat_id(chat_heard(&f, 1), "\"fileId\":\"");
	assert_says(chat_heard(&f, 1), "\"url\":\"/api/v1/files/");
	assert_begins(chat_heard(&f, 2), "FILE_UPLOADED {");
	assert_says(
		chat_heard(&f, 3), "\"fileName\":\"a.png\",\"fileSize\":25,\"mime\":\"image/png\"");
	assert_int_equal(store_fixture_files(&f.store), 1);
	chat_ask(&f, 1, "MESSAGE_SENT", "{\"message\":\"look\",\"fileIds\":[\"%s\"]}", id.s);
	assert_says(chat_heard(&f, 3), "\"files\":[{\"fileId\":\"");
	assert_says(chat_ask(&f, 3, "GET_HISTORY", "{\"groupId\":\"" LOBBY "\"}"), id.s);
	struct id_text group =
		chat_id(chat_ask(&f, 1, "GROUP_CREATED", "{\"name\":\"g\",\"kind\":\"private\"}"),
			"\"group\":{\"id\":\"");
	assert_refused(chat_ask(&f, 1, "MESSAGE_SENT",
			       "{\"groupId\":\"%s\",\"message\":\"x\",\"fileIds\":[\"%s\"]}",
			       group.s, id.s),
		"forbidden");
	send_file(&f, 3, group.s, STR("x"));
	assert_refused(chat_heard(&f, 3), "forbidden");
	f.limits.user_quota = 28;
	send_file(&f, 1, LOBBY, STR("four"));
	assert_refused(chat_heard(&f, 1), "too_large");
	send_file(&f, 1, LOBBY, STR("3 B"));
	assert_says(chat_heard(&f, 1), "ack {\"ok\":true");
	chat_done(&f);
}

static void an_answer_is_to_a_message_of_the_same_group(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	struct id_text id = send_message(&f, 1, "question");
	chat_ask(&f, 3, "MESSAGE_SENT", "{\"message\":\"answer\",\"replyTo\":\"%s\"}", id.s);
	char expected[80];
	snprintf(expected, sizeof expected, "\"replyTo\":\"%s\"", id.s);
	assert_says(chat_heard(&f, 1), expected);
	struct id_text group =
		chat_id(chat_ask(&f, 1, "GROUP_CREATED", "{\"name\":\"g\",\"kind\":\"private\"}"),
			"\"group\":{\"id\":\"");
	assert_refused(
		chat_ask(&f, 1, "MESSAGE_SENT",
			"{\"groupId\":\"%s\",\"message\":\"x\",\"replyTo\":\"%s\"}", group.s, id.s),
		"forbidden");
	chat_done(&f);
}

static void a_message_carries_tracks_while_they_are_published(void **state)
{
	struct chat_fixture f;
	struct uuid track = { { 0x42 } };
	struct digest digest = { { 7 } };

	(void)state;
	setup(&f);
	chat_sql(&f,
		"INSERT INTO track (id, user_id, title, title_folded, artist, album, genre, tags, "
		"blob, mime, size,"
		" published_at, updated_at) VALUES (?1, ?2, 'Song', 'song', '', '', '', '[]', ?3, "
		"'audio/ogg', 5, 0, 0)",
		VALUES(of_uuid(track), of_uuid(chat_user_id("ann")), of_digest(&digest)));
	chat_ask(&f, 1, "MESSAGE_SENT",
		"{\"message\":\"listen\",\"trackIds\":[\"42000000-0000-0000-0000-000000000000\"]}");
	assert_says(chat_heard(&f, 3), "\"tracks\":[{\"id\":\"42000000-");
	assert_says(chat_heard(&f, 3), "\"title\":\"Song\"");
	chat_sql(&f, "DELETE FROM track", NO_VALUES);
	assert_says(chat_ask(&f, 3, "GET_HISTORY", "{\"groupId\":\"" LOBBY "\"}"), "\"tracks\":[]");
	chat_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_reaches_members_and_the_senders_other_sockets),
		cmocka_unit_test(the_same_client_id_is_stored_once_and_answered_alike),
		cmocka_unit_test(two_of_the_same_client_id_in_one_batch_are_one),
		cmocka_unit_test(what_is_wrong_is_refused_and_changes_nothing),
		cmocka_unit_test(an_author_edits_and_nobody_else),
		cmocka_unit_test(a_deleted_message_keeps_its_seq_and_loses_its_text),
		cmocka_unit_test(reactions_are_given_once_and_taken_back),
		cmocka_unit_test(read_marks_only_grow_and_are_told_to_ones_other_sockets),
		cmocka_unit_test(mentions_notify_members_once_each),
		cmocka_unit_test(names_beyond_the_limit_notify_nobody),
		cmocka_unit_test(a_direct_message_notifies_the_other),
		cmocka_unit_test(a_file_is_told_to_members_and_carried_by_a_message),
		cmocka_unit_test(an_answer_is_to_a_message_of_the_same_group),
		cmocka_unit_test(a_message_carries_tracks_while_they_are_published),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
