/* SPDX-License-Identifier: MIT
 *
 * test_form - the public structs say what the wire's do, and the table of events is whole.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <antiphon/antiphon.h>
#include <stdlib.h>

#include "client/form.h"
#include "schema/schema_decode.h"

#define UUID_TEXT "0193a1b2-0000-7000-8000-000000000001"
#define DATE_TEXT "2026-11-22T09:00:00.000Z"

/* JSON of a payload, decoded, packed and written from its public form. */
static char *there_and_back(const char *payload, const char *json, void **packed)
{
	const struct payload *p = schema_payload(str_of(payload));
	struct form form = form_of(p);
	struct schema_source from = { .json = str_of(json) };
	struct arena a = { 0 };
	struct str sentence;
	struct buf out = { 0 };
	struct json_writer w = json_write_into(&out);
	void *wire = arena_alloc(&a, p->size);

	assert_int_equal(schema_decode(p, &from, &a, wire, &sentence), ERR_OK);
	size_t size = form_size(&form, wire);
	char *public_form = malloc(size + 1);
	assert_non_null(public_form);
	public_form[size] = '#';
	form_pack(&form, wire, public_form);
	assert_int_equal(public_form[size], '#');
	arena_done(&a); /* nothing of it is borrowed */
	assert_int_equal(form_encode(&form, public_form, &w, NULL), ERR_OK);
	buf_byte(&out, 0);
	*packed = public_form;
	return out.p;
}

static const struct {
	const char *what, *payload, *json;
} trips[] = {
	{ "texts, words, flags", "user",
		"{\"id\":\"" UUID_TEXT
		"\",\"username\":\"bob\",\"displayName\":\"B\\u00e9\",\"bio\":\"\","
		"\"avatarUrl\":null,\"status\":\"busy\",\"statusText\":\"s\",\"role\":\"admin\","
		"\"createdAt\":\"" DATE_TEXT "\",\"rev\":7}" },
	{ "objects, lists of texts, numbers", "track",
		"{\"id\":\"" UUID_TEXT "\",\"userId\":\"" UUID_TEXT
		"\",\"title\":\"t\",\"artist\":\"\","
		"\"album\":\"\",\"genre\":\"\",\"year\":1999,\"tags\":[\"a\",\"b\"],\"durationMs\":"
		"null,"
		"\"audio\":{\"mime\":\"m\",\"size\":1,\"blake2b\":"
		"\"0000000000000000000000000000000000000000000000000000000000000000\",\"url\":\"/"
		"a\"},"
		"\"coverUrl\":null,\"rating\":{\"average\":3.5,\"count\":2},\"commentCount\":0,"
		"\"downloads\":9,\"publishedAt\":\"" DATE_TEXT "\",\"updatedAt\":\"" DATE_TEXT
		"\"}" },
	{ "lists of objects with lists", "message",
		"{\"messageId\":\"" UUID_TEXT "\",\"groupId\":\"" UUID_TEXT
		"\",\"seq\":1,\"rev\":2,"
		"\"userId\":\"" UUID_TEXT "\",\"message\":\"m\",\"timestamp\":\"" DATE_TEXT "\","
		"\"clientId\":\"c\",\"replyTo\":null,\"files\":[],\"tracks\":[],\"editedAt\":null,"
		"\"deletedAt\":\"" DATE_TEXT
		"\",\"reactions\":[{\"reaction\":\":x:\",\"userIds\":[\"" UUID_TEXT
		"\",\"" UUID_TEXT "\"]},{\"reaction\":\":y:\",\"userIds\":[]}]}" },
	{ "any JSON", "user_settings_updated",
		"{\"settingName\":\"a\",\"newValue\":{\"b\":[1,null]}}" },
	{ "three things that a member may be", "update_track",
		"{\"id\":\"" UUID_TEXT "\",\"year\":null,\"durationMs\":5}" },
	{ "an id alone", "get_track", "\"" UUID_TEXT "\"" },
	{ "nothing", "empty", "{}" },
};

static void what_is_packed_says_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(trips); i++) {
		void *a, *b;
		char *first = there_and_back(trips[i].payload, trips[i].json, &a);
		char *second = there_and_back(trips[i].payload, first, &b);
		struct form form = form_of(schema_payload(str_of(trips[i].payload)));
		if (i > 0)
			assert_string_equal(first, trips[i].json);
		assert_string_equal(first, second);
		assert_true(form_equal(&form, a, b));
		free(first);
		free(second);
		free(a);
		free(b);
	}
}

static void a_signature_is_no_difference_but_an_address_is(void **state)
{
	struct form form = form_of(schema_payload(STR("user")));
	struct antiphon_user a = { .id = "1",
		.username = "b",
		.displayName = "",
		.bio = "",
		.avatarUrl = "/a?1",
		.statusText = "" };
	struct antiphon_user b = a;
	(void)state;
	b.avatarUrl = "/a?2";
	b.rev.set = true;
	assert_true(form_equal(&form, &a, &b));
	b.avatarUrl = "/b?1";
	assert_false(form_equal(&form, &a, &b));
	b.avatarUrl = NULL;
	assert_false(form_equal(&form, &a, &b));
}

static void what_must_be_there_and_is_not_is_refused(void **state)
{
	struct form form = form_of(schema_payload(STR("user_settings_updated")));
	struct antiphon_user_settings_updated in = { .settingName = "a" };
	struct buf out = { 0 };
	struct json_writer w = json_write_into(&out);
	(void)state;
	assert_int_equal(form_encode(&form, &in, &w, NULL), ERR_BAD_REQUEST);
	in.newValue = "1,\"b\":2";
	assert_int_equal(form_encode(&form, &in, &w, NULL), ERR_BAD_REQUEST);
	buf_done(&out);
}

static void the_events_of_chat_are_all_there_by_their_names(void **state)
{
	static const struct {
		enum event_id row;
		const char *name, *payload;
	} ours[] = {
#define MODEL(id, payload, doc)
#define CHAT(id, row, payload, doc) { EVENT_##row, #id, #payload },
#include "client/model_events.def"
#undef MODEL
#undef CHAT
	};
	size_t rows = 0;
	(void)state;
	for (int i = 0; i < EVENT_COUNT; i++)
		rows += schema_events[i].kind == KIND_EMIT && schema_events[i].ns == NS_CHAT;
	for (size_t i = 0; i < COUNT_OF(ours); i++) {
		rows -= schema_events[ours[i].row].ns == NS_CHAT;
		assert_string_equal(schema_events[ours[i].row].name, ours[i].name);
		assert_string_equal(schema_events[ours[i].row].payload->name, ours[i].payload);
	}
	assert_int_equal(rows, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_says_the_same),
		cmocka_unit_test(a_signature_is_no_difference_but_an_address_is),
		cmocka_unit_test(what_must_be_there_and_is_not_is_refused),
		cmocka_unit_test(the_events_of_chat_are_all_there_by_their_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
