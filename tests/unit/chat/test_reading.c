/* SPDX-License-Identifier: MIT
 *
 * test_reading - history from any place, and search.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "chat_fixture.h"

static void setup(struct chat_fixture *f)
{
	chat_init(f);
	chat_user(f, "ann", ROLE_USER);
	chat_user(f, "bob", ROLE_USER);
	chat_connect(f, 1, "ann");
	chat_connect(f, 2, "bob");
	chat_forget(f);
}

static struct id_text say(struct chat_fixture *f, const char *text)
{
	return chat_id(
		chat_ask(f, 1, "MESSAGE_SENT", "{\"message\":\"%s\"}", text), "\"messageId\":\"");
}

/* The seqs of an answer, in their order, as text: "3 4 5 ". */
static const char *seqs(const char *heard)
{
	static char out[4096];
	size_t n = 0;

	out[0] = '\0';
	for (const char *p = heard; (p = strstr(p, "\"seq\":")) != NULL; p += 6)
		n += (size_t)snprintf(out + n, sizeof out - n, "%d ", (int)strtol(p + 6, NULL, 10));
	return out;
}

struct history_place {
	const char *what, *args, *seqs;
	bool more;
};

/* Ten messages; the third was edited, the second deleted after. */
static const struct history_place places[] = {
	{ "the newest", "\"limit\":3", "8 9 10 ", true },
	{ "all of them", "\"limit\":10", "1 2 3 4 5 6 7 8 9 10 ", false },
	{ "one too few", "\"limit\":9", "2 3 4 5 6 7 8 9 10 ", true },
	{ "before one", "\"beforeSeq\":5,\"limit\":2", "3 4 ", true },
	{ "before one, to the beginning", "\"beforeSeq\":3,\"limit\":2", "1 2 ", false },
	{ "before the first", "\"beforeSeq\":1", "", false },
	{ "after one", "\"afterSeq\":7,\"limit\":2", "8 9 ", true },
	{ "after one, to the end", "\"afterSeq\":8,\"limit\":2", "9 10 ", false },
	{ "after the last", "\"afterSeq\":10", "", false },
	{ "after a rev", "\"afterRev\":9", "10 3 2 ", false },
	{ "after a rev, a part", "\"afterRev\":9,\"limit\":2", "10 3 ", true },
	{ "after the last rev", "\"afterRev\":12", "", false },
};

static void history_is_read_from_any_place(void **state)
{
	struct chat_fixture f;
	struct id_text ids[11];

	(void)state;
	setup(&f);
	for (int i = 1; i <= 10; i++)
		ids[i] = say(&f, "text");
	chat_ask(&f, 1, "MESSAGE_EDITED", "{\"messageId\":\"%s\",\"message\":\"new\"}", ids[3].s);
	chat_ask(&f, 1, "MESSAGE_DELETED", "{\"messageId\":\"%s\"}", ids[2].s);
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		print_message("# %s\n", places[i].what);
		const char *heard = chat_ask(
			&f, 2, "GET_HISTORY", "{\"groupId\":\"" LOBBY "\",%s}", places[i].args);
		assert_string_equal(seqs(heard), places[i].seqs);
		assert_says(heard, places[i].more ? "\"more\":true" : "\"more\":false");
	}
	chat_forget(&f);
	chat_begin(&f, 2, 0, "GET_HISTORY", "{\"groupId\":\"" LOBBY "\"}");
	chat_settle(&f);
	assert_begins(chat_heard(&f, 2),
		"DATA_RECEIVED {\"dataType\":\"history\",\"data\":{\"messages\":[");
	chat_done(&f);
}

static const char *const wrong_places[] = { "\"beforeSeq\":1,\"afterSeq\":1",
	"\"afterSeq\":1,\"afterRev\":1", "\"beforeSeq\":0", "\"afterRev\":-1", "\"limit\":0",
	"\"limit\":201" };

static void several_places_and_wrong_limits_are_refused(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT_OF(wrong_places); i++)
		assert_refused(chat_ask(&f, 2, "GET_HISTORY", "{\"groupId\":\"" LOBBY "\",%s}",
				       wrong_places[i]),
			"bad_request");
	assert_refused(chat_ask(&f, 2, "GET_HISTORY",
			       "{\"groupId\":\"00000000-0000-0000-0000-0000000000ff\"}"),
		"not_found");
	chat_done(&f);
}

static void an_answer_stops_where_its_bytes_end(void **state)
{
	struct chat_fixture f;
	static char text[16001];

	(void)state;
	setup(&f);
	for (size_t i = 0; i + 4 < sizeof text; i += 4)
		memcpy(text + i, "\xf0\x9f\x91\x8d", 4); /* 4,000 code points of 4 bytes */
	for (int i = 0; i < 40; i++)
		say(&f, text);
	const char *heard =
		chat_ask(&f, 2, "GET_HISTORY", "{\"groupId\":\"" LOBBY "\",\"limit\":200}");
	assert_true(strlen(heard) <= ANSWER_BYTES_MAX + 4);
	assert_true(strlen(heard) > ANSWER_BYTES_MAX - 40000);
	assert_says(heard, "\"more\":true");
	assert_says(heard, "\"seq\":40,"); /* the newest are there */
	assert_silent(heard, "\"seq\":1,");
	chat_done(&f);
}

struct looking {
	const char *query;
	const char *seqs; /* the newest first */
};

static const struct looking lookings[] = {
	{ "quick", "1 " },
	{ "QUICK brown", "1 " },
	{ "bro", "1 " },
	{ "quick cat", "" },
	{ "fox NOT brown", "" },
	{ "\\\"fox", "1 " },
	{ "\xe4\xba\xac\xe9\x83\xbd", "2 " }, /* a substring of Japanese */
	{ "stra\xc3\x9f"
	  "e",
		"3 " },
	{ "STRASSE", "3 " },
	{ "common", "4 1 " },
};

static void search_finds_words_prefixes_and_cjk_substrings(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	say(&f, "the quick brown fox, common");
	say(&f, "\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd\xe5\xba\x9c");
	say(&f, "Stra\xc3\x9f"
		"e");
	say(&f, "common, too");
	for (size_t i = 0; i < COUNT_OF(lookings); i++) {
		print_message("# %s\n", lookings[i].query);
		const char *heard =
			chat_ask(&f, 2, "SEARCH_MESSAGES", "{\"query\":\"%s\"}", lookings[i].query);
		assert_string_equal(seqs(heard), lookings[i].seqs);
		assert_says(heard, "\"nextCursor\":null");
	}
	assert_refused(chat_ask(&f, 2, "SEARCH_MESSAGES", "{\"query\":\"...\"}"), "bad_request");
	assert_refused(chat_ask(&f, 2, "SEARCH_MESSAGES", "{\"query\":\"x\",\"cursor\":\"x\"}"),
		"bad_request");
	chat_done(&f);
}

static void search_sees_the_askers_groups_alone(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	struct id_text group = chat_id(
		chat_ask(&f, 1, "GROUP_CREATED", "{\"name\":\"mine\",\"kind\":\"private\"}"),
		"\"group\":{\"id\":\"");
	chat_ask(&f, 1, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"word in private\"}",
		group.s);
	say(&f, "word in public");
	assert_int_equal(
		chat_times(chat_ask(&f, 1, "SEARCH_MESSAGES", "{\"query\":\"word\"}"), "\"seq\":"),
		2);
	assert_int_equal(
		chat_times(chat_ask(&f, 2, "SEARCH_MESSAGES", "{\"query\":\"word\"}"), "\"seq\":"),
		1);
	assert_says(chat_ask(&f, 1, "SEARCH_MESSAGES", "{\"query\":\"word\",\"groupId\":\"%s\"}",
			    group.s),
		"word in private");
	assert_silent(chat_heard(&f, 1), "word in public");
	chat_done(&f);
}

static void search_goes_on_where_it_stopped(void **state)
{
	struct chat_fixture f;
	char cursor[100];

	(void)state;
	setup(&f);
	for (int i = 0; i < 5; i++)
		say(&f, "same");
	const char *heard = chat_ask(&f, 2, "SEARCH_MESSAGES", "{\"query\":\"same\",\"limit\":3}");
	assert_string_equal(seqs(heard), "5 4 3 ");
	assert_int_equal(
		sscanf(strstr(heard, "\"nextCursor\":\""), "\"nextCursor\":\"%99[^\"]", cursor), 1);
	heard = chat_ask(&f, 2, "SEARCH_MESSAGES",
		"{\"query\":\"same\",\"limit\":3,\"cursor\":\"%s\"}", cursor);
	assert_string_equal(seqs(heard), "2 1 ");
	assert_says(heard, "\"nextCursor\":null");
	assert_refused(chat_ask(&f, 2, "LIST_NOTIFICATIONS", "{\"cursor\":\"%s\"}", cursor),
		"bad_request");
	chat_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(history_is_read_from_any_place),
		cmocka_unit_test(several_places_and_wrong_limits_are_refused),
		cmocka_unit_test(an_answer_stops_where_its_bytes_end),
		cmocka_unit_test(search_finds_words_prefixes_and_cjk_substrings),
		cmocka_unit_test(search_sees_the_askers_groups_alone),
		cmocka_unit_test(search_goes_on_where_it_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
