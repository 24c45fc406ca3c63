/* SPDX-License-Identifier: MIT
 *
 * test_remains - what is left when something is deleted: nothing that hung on it.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "chat_fixture.h"
#include "files/group_file.h"

static struct id_text private_of_two(struct chat_fixture *f)
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

/* A file of ann's in the group, of 5 bytes. */
static struct id_text put_file(struct chat_fixture *f, struct id_text group, int64_t at)
{
	struct digest blob = { { 7 } };
	struct uuid id = { { 9 } }, group_id;
	struct id_text text = { "" };

	assert_int_equal(uuid_parse(str_of(group.s), &group_id), ERR_OK);
	chat_sql(f, "INSERT INTO blob (digest, size, refs) VALUES (?1, 5, 1)",
		VALUES(of_digest(&blob)));
	chat_sql(f,
		"INSERT INTO file (id, group_pk, user_id, name, mime, size, blob, at) VALUES (?1,"
		" (SELECT pk FROM chat_group WHERE id = ?2), ?3, 'a.txt', 'text/plain', 5, ?4, ?5)",
		VALUES(of_uuid(id), of_uuid(group_id), of_uuid(chat_user_id("ann")),
			of_digest(&blob), of_int(at)));
	uuid_text(id, text.s);
	return text;
}

static int64_t count(struct chat_fixture *f, const char *sql)
{
	return chat_sql(f, sql, NULL, 0);
}

static struct id_text send_file(struct chat_fixture *f, struct id_text group, struct id_text file)
{
	return chat_id(chat_ask(f, 1, "MESSAGE_SENT",
			       "{\"groupId\":\"%s\",\"message\":\"look\",\"fileIds\":[\"%s\"]}",
			       group.s, file.s),
		"\"messageId\":\"");
}

static void a_deleted_message_takes_its_files(void **state)
{
	struct chat_fixture f;
	struct id_text group = private_of_two(&f), file = put_file(&f, group, 1);
	struct id_text first = send_file(&f, group, file), second = send_file(&f, group, file);

	(void)state;
	assert_says(chat_ask(&f, 1, "MESSAGE_DELETED", "{\"messageId\":\"%s\"}", first.s),
		"\"ok\":true");
	assert_int_equal(count(&f, "SELECT count(*) FROM file"), 1); /* the other message has it */
	assert_int_equal(count(&f, "SELECT refs FROM blob"), 1);
	assert_says(chat_ask(&f, 1, "MESSAGE_DELETED", "{\"messageId\":\"%s\"}", second.s),
		"\"ok\":true");
	assert_int_equal(count(&f, "SELECT count(*) FROM file"), 0);
	assert_int_equal(count(&f, "SELECT count(*) FROM blob"), 0);
	assert_int_equal(count(&f, "SELECT count(*) FROM message_file"), 0);
	assert_says(chat_ask(&f, 2, "MESSAGE_SENT",
			    "{\"groupId\":\"%s\",\"message\":\"again\",\"fileIds\":[\"%s\"]}",
			    group.s, file.s),
		"\"errorCode\":\"not_found\"");
	chat_done(&f);
}

static void a_deleted_message_takes_its_notifications(void **state)
{
	struct chat_fixture f;
	struct id_text group = private_of_two(&f);

	(void)state;
	chat_ask(&f, 2, "NOTIFICATION_READ", "{\"notificationId\":\"all\"}");
	struct id_text message =
		chat_id(chat_ask(&f, 1, "MESSAGE_SENT",
				"{\"groupId\":\"%s\",\"message\":\"@bob wrong window\"}", group.s),
			"\"messageId\":\"");
	struct id_text notice = chat_id(chat_heard(&f, 2), "\"notificationId\":\"");
	chat_ask(&f, 1, "MESSAGE_DELETED", "{\"messageId\":\"%s\"}", message.s);
	assert_says(chat_heard(&f, 2), "NOTIFICATION_READ {\"notificationId\":\"");
	assert_says(chat_heard(&f, 2), notice.s);
	assert_says(chat_ask(&f, 2, "LIST_NOTIFICATIONS", "{}"), "\"notifications\":[]");
	assert_int_equal(count(&f, "SELECT sum(unread) FROM user"), 0);
	char unread[80];
	snprintf(unread, sizeof unread, "\"%s\":0", group.s);
	assert_says(chat_ask(&f, 2, "GET_SNAPSHOT", "{}"), unread);
	chat_done(&f);
}

static void who_leaves_a_group_leaves_its_notifications(void **state)
{
	struct chat_fixture f;
	struct id_text group = private_of_two(&f);

	(void)state;
	for (int i = 0; i < 3; i++)
		chat_ask(&f, 1, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"@bob\"}",
			group.s);
	chat_ask(&f, 1, "MESSAGE_SENT", "{\"message\":\"@bob in the lobby\"}");
	chat_ask(&f, 2, "GROUP_MEMBER_REMOVED", "{\"groupId\":\"%s\"}", group.s);
	assert_says(chat_heard(&f, 2), "NOTIFICATION_READ {");
	assert_int_equal(count(&f, "SELECT count(*) FROM notification"), 1);
	assert_int_equal(count(&f, "SELECT sum(unread) FROM user"), 1);
	chat_done(&f);
}

static enum err sweep(struct tx *tx, void *now_ms)
{
	return group_file_sweep(tx, *(const int64_t *)now_ms);
}

static void a_file_that_is_never_sent_goes(void **state)
{
	static const struct {
		bool is_sent;
		int64_t age;
		int64_t left;
	} cases[] = {
		{ false, FILE_UNSENT_MAX - 1, 1 },
		{ false, FILE_UNSENT_MAX, 0 },
		{ true, FILE_UNSENT_MAX, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct chat_fixture f;
		struct id_text group = private_of_two(&f), file = put_file(&f, group, 1000);
		int64_t now = 1000 + cases[i].age;
		if (cases[i].is_sent)
			send_file(&f, group, file);
		assert_int_equal(store_fixture_write(&f.store, sweep, &now, NULL), ERR_OK);
		assert_int_equal(count(&f, "SELECT count(*) FROM file"), cases[i].left);
		assert_int_equal(count(&f, "SELECT count(*) FROM blob"), cases[i].left);
		chat_done(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deleted_message_takes_its_files),
		cmocka_unit_test(a_deleted_message_takes_its_notifications),
		cmocka_unit_test(who_leaves_a_group_leaves_its_notifications),
		cmocka_unit_test(a_file_that_is_never_sent_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
