/* SPDX-License-Identifier: MIT
 *
 * test_recheck - a change that has waited for the writer is done only when its user still may.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "chat_fixture.h"

static const struct {
	const char *meanwhile, *event, *args, *code; /* code NULL: it is done */
} cases[] = {
	{ "UPDATE user SET status_text = 'x' WHERE username = 'mod'", "MESSAGE_DELETED", NULL,
		NULL },
	{ "UPDATE user SET suspended = 1 WHERE username = 'mod'", "MESSAGE_DELETED", NULL,
		"forbidden" },
	{ "UPDATE user SET role = 0 WHERE username = 'mod'", "MESSAGE_DELETED", NULL, "forbidden" },
	{ "DELETE FROM session WHERE user_id = (SELECT id FROM user WHERE username = 'mod')",
		"MESSAGE_DELETED", NULL, "unauthorized" },
	{ "UPDATE user SET suspended = 1 WHERE username = 'mod'", "MESSAGE_SENT",
		"{\"message\":\"said by mod\"}", "forbidden" },
	{ "UPDATE user SET suspended = 1 WHERE username = 'mod'", "USER_CHANGED_GROUP",
		"{\"newChannelId\":{\"id\":\"" LOBBY "\"}}", "forbidden" },
	{ "UPDATE user SET suspended = 1 WHERE username = 'mod'", "FILE_UPLOADED",
		"{\"fileName\":\"x\",\"data\":{\"_placeholder\":true,\"num\":0}}", "forbidden" },
};

/* An event with one attachment, which FILE_UPLOADED wants and the others pass over. */
static void begin(struct chat_fixture *f, uint64_t socket, const char *event, const char *args)
{
	const struct str bytes = STR("bytes");
	const struct dispatch_packet p = { socket, 1, str_of(event), str_of(args), &bytes, 1 };

	dispatch_event(f->d, &p);
}

static void a_change_that_waited_is_done_only_when_its_user_still_may(void **state)
{
	struct chat_fixture f;
	char deletion[100];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		print_message("# %s, %s\n", cases[i].event, cases[i].meanwhile);
		chat_init(&f);
		chat_user(&f, "ann", ROLE_USER);
		chat_user(&f, "mod", ROLE_MODERATOR);
		chat_connect(&f, 1, "ann");
		chat_connect(&f, 2, "mod");
		struct id_text id =
			chat_id(chat_ask(&f, 1, "MESSAGE_SENT", "{\"message\":\"kept\"}"),
				"\"messageId\":\"");
		snprintf(deletion, sizeof deletion, "{\"messageId\":\"%s\"}", id.s);
		chat_forget(&f);
		begin(&f, 2, cases[i].event, cases[i].args ? cases[i].args : deletion);
		chat_sql(&f, cases[i].meanwhile, NO_VALUES);
		chat_settle(&f);
		if (cases[i].code)
			assert_refused(chat_heard(&f, 2), cases[i].code);
		else
			assert_begins(chat_heard(&f, 2), "ack {\"ok\":true");
		assert_int_equal(
			chat_sql(&f, "SELECT count(*) FROM message WHERE text = 'kept'", NO_VALUES),
			cases[i].code != NULL);
		assert_int_equal(chat_sql(&f, "SELECT count(*) FROM message", NO_VALUES), 1);
		assert_int_equal(chat_sql(&f, "SELECT count(*) FROM file", NO_VALUES), 0);
		chat_done(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_that_waited_is_done_only_when_its_user_still_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
