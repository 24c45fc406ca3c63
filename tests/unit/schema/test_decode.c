/* SPDX-License-Identifier: MIT
 *
 * test_decode - payloads from text: bounds at the limit and one over, the sentence that names the field.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/buf.h"
#include "schema/schema_decode.h"

#define ID "\"0193a1b2-0000-7000-8000-000000000001\""

/* Decodes into memory of the payload's size; the result of the test hangs on err and sentence alone. */
static enum err decode(const char *payload, struct str json, struct str *sentence, struct arena *a)
{
	static const struct str attachments[] = { { "abc", 3 } };
	const struct payload *p = schema_payload(str_of(payload));
	struct schema_source from = { json, attachments, COUNT_OF(attachments) };

	assert_non_null(p);
	return schema_decode(p, &from, a, arena_alloc(a, p->size), sentence);
}

static const struct {
	const char *what, *payload, *json,
		*names; /* names: the field in the sentence; NULL: taken */
} cases[] = {
	{ "the least message", "message_sent", "{\"message\":\"x\"}", NULL },
	{ "unknown members are passed over", "message_sent",
		"{\"message\":\"x\",\"zz\":{\"a\":[1]}}", NULL },
	{ "null is absent", "message_sent", "{\"message\":\"x\",\"groupId\":null}", NULL },
	{ "white space", "message_sent", " { \"message\" : \"x\" } ", NULL },
	{ "a field that is missing", "message_sent", "{}", "`message`" },
	{ "a field that is null", "message_sent", "{\"message\":null}", "`message`" },
	{ "a field of another type", "message_sent", "{\"message\":1}", "`message`" },
	{ "an empty text", "message_sent", "{\"message\":\"\"}", "`message`" },
	{ "NUL in a text", "message_sent", "{\"message\":\"a\\u0000\"}", "`message`" },
	{ "half a surrogate", "message_sent", "{\"message\":\"\\ud800\"}", "`message`" },
	{ "no UTF-8", "message_sent", "{\"message\":\"\xff\"}", "`message`" },
	{ "an id that is none", "message_sent", "{\"message\":\"x\",\"groupId\":\"1\"}",
		"`groupId`" },
	{ "an id in capitals", "get_history",
		"{\"groupId\":\"0193A1B2-0000-7000-8000-000000000001\"}", "`groupId`" },
	{ "a list of ids", "message_sent", "{\"message\":\"x\",\"trackIds\":[" ID "," ID "]}",
		NULL },
	{ "a list with a wrong id", "message_sent", "{\"message\":\"x\",\"trackIds\":[" ID ",1]}",
		"`trackIds`" },
	{ "a list that is no list", "message_sent", "{\"message\":\"x\",\"trackIds\":{}}",
		"`trackIds`" },
	{ "the smallest limit", "get_history", "{\"groupId\":" ID ",\"limit\":1}", NULL },
	{ "below it", "get_history", "{\"groupId\":" ID ",\"limit\":0}", "`limit`" },
	{ "the largest limit", "get_history", "{\"groupId\":" ID ",\"limit\":200}", NULL },
	{ "above it", "get_history", "{\"groupId\":" ID ",\"limit\":201}", "`limit`" },
	{ "a whole number written otherwise", "get_history", "{\"groupId\":" ID ",\"limit\":2e1}",
		NULL },
	{ "half a number", "get_history", "{\"groupId\":" ID ",\"limit\":1.5}", "`limit`" },
	{ "a word of the set", "user_status_changed", "{\"newStatus\":\"busy\"}", NULL },
	{ "a word that is not", "user_status_changed", "{\"newStatus\":\"Busy\"}", "`newStatus`" },
	{ "an object in an object", "user_changed_group", "{\"newChannelId\":{\"id\":" ID "}}",
		NULL },
	{ "its field missing", "user_changed_group", "{\"newChannelId\":{}}", "`id`" },
	{ "any JSON", "user_settings_updated",
		"{\"settingName\":\"a\",\"newValue\":[{\"b\":null}]}", NULL },
	{ "null as any JSON", "user_settings_updated", "{\"settingName\":\"a\",\"newValue\":null}",
		NULL },
	{ "bytes", "file_uploaded",
		"{\"fileName\":\"a\",\"data\":{\"_placeholder\":true,\"num\":0}}", NULL },
	{ "bytes that did not come", "file_uploaded",
		"{\"fileName\":\"a\",\"data\":{\"_placeholder\":true,\"num\":1}}", "`data`" },
	{ "text for bytes", "file_uploaded", "{\"fileName\":\"a\",\"data\":\"abc\"}", "`data`" },
	{ "a bare id", "get_user", ID, NULL },
	{ "an object for a bare id", "get_user", "{}", "UUID" },
	{ "no object", "message_sent", "[]", "object" },
	{ "nothing", "message_sent", "", "object" },
	{ "two arguments", "message_sent", "{\"message\":\"x\"},1", "object" },
	{ "text that ends early", "message_sent", "{\"message\":\"x\"", "object" },
};

static void each_case_is_taken_or_refused_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena a = { 0 };
		struct str sentence = { NULL, 0 };
		enum err e = decode(cases[i].payload, str_of(cases[i].json), &sentence, &a);
		if (e != (cases[i].names ? ERR_BAD_REQUEST : ERR_OK))
			fail_msg("%s: %d", cases[i].what, (int)e);
		if (cases[i].names && !strstr(sentence.p, cases[i].names))
			fail_msg("%s: %s", cases[i].what, sentence.p);
		arena_done(&a);
	}
}

static void a_text_is_measured_in_code_points(void **state)
{
	(void)state;
	for (size_t length = 4000; length <= 4001; length++) {
		struct arena a = { 0 };
		struct buf json = { 0 };
		struct str sentence;
		buf_append(&json, STR("{\"message\":\""));
		for (size_t i = 0; i < length; i++)
			buf_append(&json, STR("\xf0\x9f\x8e\xb5"));
		buf_append(&json, STR("\"}"));
		assert_int_equal(decode("message_sent", buf_str(&json), &sentence, &a),
			length > 4000 ? ERR_BAD_REQUEST : ERR_OK);
		buf_done(&json);
		arena_done(&a);
	}
}

static void what_people_will_see_is_something_to_see(void **state)
{
	static const struct {
		const char *what, *payload, *json;
		enum err err;
	} texts[] = {
		{ "a title", "update_track", "{\"id\":" ID ",\"title\":\" a \"}", ERR_OK },
		{ "a title of spaces", "update_track", "{\"id\":" ID ",\"title\":\" \\t\"}",
			ERR_BAD_REQUEST },
		{ "a title of two lines", "update_track", "{\"id\":" ID ",\"title\":\"a\\nb\"}",
			ERR_BAD_REQUEST },
		{ "a tag that turns the direction", "update_track",
			"{\"id\":" ID ",\"tags\":[\"a\\u202eb\"]}", ERR_BAD_REQUEST },
		{ "no name to show", "user_update", "{\"displayName\":\"  \"}", ERR_OK },
		{ "a name that cannot be seen", "user_update", "{\"displayName\":\"\\u200b\"}",
			ERR_BAD_REQUEST },
		{ "a message of two lines", "message_sent", "{\"message\":\"a\\nb\"}", ERR_OK },
		{ "a message of nothing", "message_sent", "{\"message\":\"\\n\\u2800\"}",
			ERR_BAD_REQUEST },
		{ "a name of before, from the server", "group_created",
			"{\"groupId\":" ID ",\"creatorId\":" ID
			",\"timestamp\":\"2026-11-22T09:01:00.000Z\",\"name\":\"a\\u001bb\","
			"\"kind\":\"channel\",\"members\":[]}",
			ERR_OK },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct arena a = { 0 };
		struct str sentence;
		if (decode(texts[i].payload, str_of(texts[i].json), &sentence, &a) != texts[i].err)
			fail_msg("%s", texts[i].what);
		arena_done(&a);
	}
}

static void absent_null_and_given_are_told_apart_where_it_matters(void **state)
{
	static const struct {
		const char *json;
		bool set, null;
	} updates[] = {
		{ "{\"id\":" ID "}", false, false },
		{ "{\"id\":" ID ",\"year\":null}", true, true },
		{ "{\"id\":" ID ",\"year\":1999}", true, false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(updates); i++) {
		struct arena a = { 0 };
		struct update_track out = { 0 };
		struct str sentence;
		struct schema_source from = { str_of(updates[i].json), NULL, 0 };
		assert_int_equal(schema_decode(schema_payload(STR("update_track")), &from, &a, &out,
					 &sentence),
			ERR_OK);
		assert_int_equal(out.year.set, updates[i].set);
		assert_int_equal(out.year.null, updates[i].null);
		assert_int_equal(out.year.v, i == 2 ? 1999 : 0);
		arena_done(&a);
	}
}

/* Random edits of a good text must never be read outside its bounds (under ASan) nor be taken with a wrong value. */
static void random_bytes_do_no_harm(void **state)
{
	static const char good[] = "{\"message\":\"a\\u00e9b\",\"groupId\":" ID ",\"trackIds\":[" ID
				   "],\"clientId\":\"c\"}";
	unsigned random = 7;
	(void)state;
	for (int round = 0; round < 20000; round++) {
		char *text = malloc(sizeof good - 1); /* exactly as long as it is */
		memcpy(text, good, sizeof good - 1);
		for (int i = 0; i < 1 + round % 4; i++) {
			random = random * 1103515245 + 12345;
			text[(random >> 16) % (sizeof good - 1)] = (char)(random >> 8);
		}
		struct arena a = { 0 };
		struct message_sent out = { 0 };
		struct str sentence;
		struct schema_source from = { { text, sizeof good - 1 }, NULL, 0 };
		if (!schema_decode(schema_payload(STR("message_sent")), &from, &a, &out, &sentence))
			assert_true(out.message.n > 0 && out.message.n < sizeof good);
		arena_done(&a);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_will_see_is_something_to_see),
		cmocka_unit_test(each_case_is_taken_or_refused_by_name),
		cmocka_unit_test(a_text_is_measured_in_code_points),
		cmocka_unit_test(absent_null_and_given_are_told_apart_where_it_matters),
		cmocka_unit_test(random_bytes_do_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
