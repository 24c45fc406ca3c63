/* SPDX-License-Identifier: MIT
 *
 * test_search - what is indexed and how it is asked for.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/attr.h"
#include "store/search.h"
#include "store_fixture.h"

static const struct text_index messages = {
	{ "INSERT INTO message_text (rowid, words) VALUES (?1, ?2)" },
	{ "INSERT INTO message_text (message_text, rowid, words) VALUES ('delete', ?1, ?2)" },
};
static const struct query find = {
	"SELECT rowid FROM message_text WHERE message_text MATCH ?1 ORDER BY rowid"
};

static const struct {
	const char *what, *text, *query;
	bool found;
} cases[] = {
	{ "a whole word", "The quick brown fox", "brown", true },
	{ "words in any order, in any case", "The quick brown fox", "FOX quick", true },
	{ "the last word as a prefix", "The quick brown fox", "quick bro", true },
	{ "a word before the last is no prefix", "The quick brown fox", "bro fox", false },
	{ "a word that is not there", "The quick brown fox", "quick cat", false },
	{ "operators are words", "either this or that", "this OR missing", false },
	{ "NOT is a word", "not this", "NOT this", true },
	{ "signs mean nothing", "hello world", "\"hello* -(world", true },
	{ "a column name means nothing", "words: hello", "words:hello", true },
	{ "NEAR means nothing", "near a b", "NEAR(a b)", true },
	{ "an apostrophe splits alike", "don't stop", "don't", true },
	{ "folded letters", "Straße nach Köln", "STRASSE köln", true },
	{ "marks do not count", "café crème", "cafe creme", true },
	{ "a Chinese substring", "我喜欢听音乐会", "音乐", true },
	{ "characters out of order", "我喜欢听音乐会", "乐音", false },
	{ "a Japanese substring after Latin", "今日のmusicです", "musicで", true },
	{ "a Korean syllable inside a word", "안녕하세요", "하세", true },
	{ "full-width letters", "ＡＢＣ", "abc", true },
	{ "Cyrillic", "Привет, мир", "МИР", true },
};

struct asked {
	const char *text, *query;
	bool found;
	int64_t rowid;
};

static enum err add(struct tx *tx, void *context)
{
	struct asked *q = context;

	return tx_index_add(tx, &messages, q->rowid, str_of(q->text));
}

static enum err take_out(struct tx *tx, void *context)
{
	struct asked *q = context;

	return tx_index_remove(tx, &messages, q->rowid, str_of(q->text));
}

static enum err ask(struct tx *tx, void *context)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct asked *q = context;
	struct str match;
	struct row *r;
	enum err e = search_query(str_of(q->query), &a, &match);

	if (e)
		return e;
	e = tx_one(tx, &find, VALUES(of_str(match)), &r);
	q->found = !e;
	if (!e)
		q->rowid = row_int(r, 0);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void queries_find_what_a_person_means(void **state)
{
	struct store_fixture f;

	(void)state;
	store_fixture_init(&f);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct asked q = { cases[i].text, cases[i].query, false, (int64_t)i + 1 };
		assert_int_equal(store_fixture_write(&f, add, &q, NULL), ERR_OK);
		assert_int_equal(store_fixture_write(&f, ask, &q, NULL), ERR_OK);
		if (q.found != cases[i].found)
			fail_msg("%s", cases[i].what);
		q.rowid = (int64_t)i + 1;
		assert_int_equal(store_fixture_write(&f, take_out, &q, NULL), ERR_OK);
		assert_int_equal(store_fixture_write(&f, ask, &q, NULL), ERR_OK);
		assert_false(q.found);
	}
	store_fixture_done(&f);
}

static void a_query_without_words_is_refused(void **state)
{
	static const char *const queries[] = { "", " ", "\"", "-*()", "…" };
	struct arena a = { 0 };
	struct str out;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(queries); i++)
		assert_int_equal(search_query(str_of(queries[i]), &a, &out), ERR_BAD_REQUEST);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries_find_what_a_person_means),
		cmocka_unit_test(a_query_without_words_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
