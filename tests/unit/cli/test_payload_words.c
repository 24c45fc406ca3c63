/* SPDX-License-Identifier: MIT
 *
 * test_payload_words - key=value words become JSON by the types of the payload's row.
 *
 * Layer: tests.  Threads: one.
 */
#include "quiet.h"

#include "base/attr.h"
#include "cli/payload_words.h"

static const struct {
	const char *payload;
	const char *words[QUIET_WORDS_MAX];
	const char *json; /* NULL: refused */
} cases[] = {
	{ "message_sent", { "emit", "E", "message=42", NULL }, "{\"message\":\"42\"}" },
	{ "message_sent", { "emit", "E", "message=a=b \"c\"", NULL },
		"{\"message\":\"a=b \\\"c\\\"\"}" },
	{ "message_sent", { "emit", "E", "message=null", "replyTo=null", NULL },
		"{\"message\":\"null\",\"replyTo\":null}" },
	{ "message_sent", { "emit", "E", "trackIds=a,b", NULL }, "{\"trackIds\":[\"a\",\"b\"]}" },
	{ "message_sent", { "emit", "E", "trackIds=[\"a\"]", NULL }, "{\"trackIds\":[\"a\"]}" },
	{ "message_sent", { "emit", "E", "trackIds=", NULL }, "{\"trackIds\":[]}" },
	{ "publish_rating", { "emit", "E", "value=4", NULL }, "{\"value\":4}" },
	{ "list_users", { "emit", "E", "connected=true", NULL }, "{\"connected\":true}" },
	{ "user_settings_updated", { "emit", "E", "newValue={\"a\":1}", NULL },
		"{\"newValue\":{\"a\":1}}" },
	{ "user_settings_updated", { "emit", "E", "newValue=dark", NULL },
		"{\"newValue\":\"dark\"}" },
	{ "user_changed_group", { "emit", "E", "newChannelId={\"id\":\"x\"}", NULL },
		"{\"newChannelId\":{\"id\":\"x\"}}" },
	{ "get_user", { "emit", "E", "some-id", NULL }, "\"some-id\"" },
	{ "empty", { "emit", "E", NULL }, "{}" },
	{ "file_uploaded", { "emit", "E", "fileName=a", "data=@/dev/null", NULL },
		"{\"fileName\":\"a\",\"data\":{\"_placeholder\":true,\"num\":0}}" },
	{ "file_uploaded", { "emit", "E", "data=@/no/such/file", NULL }, NULL },
	{ "get_user", { "emit", "E", NULL }, NULL },
	{ "publish_rating", { "emit", "E", "value=four", NULL }, NULL },
	{ "publish_rating", { "emit", "E", "value=true", NULL }, NULL },
	{ "publish_rating", { "emit", "E", "stars=4", NULL }, NULL },
	{ "publish_rating", { "emit", "E", "value", NULL }, NULL },
	{ "list_users", { "emit", "E", "connected=1", NULL }, NULL },
	{ "file_uploaded", { "emit", "E", "data=x", NULL }, NULL },
};

static void words_are_typed_by_the_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct quiet q;
		struct payload_words got = { .byte_count = 0 };
		assert_int_equal(quiet_begin(&q, cases[i].words), EX_OK);
		int code =
			payload_words_read(&q.c, schema_payload(str_of(cases[i].payload)), 1, &got);
		struct str json = got.json;
		quiet_flush(&q);
		if (cases[i].json ? code || !str_eq(json, str_of(cases[i].json))
				  : !code || !q.err_n)
			fail_msg("%s %s: %d, %.*s, %s", cases[i].payload, cases[i].words[2], code,
				(int)json.n, json.p, q.err);
		quiet_end(&q);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(words_are_typed_by_the_row) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
