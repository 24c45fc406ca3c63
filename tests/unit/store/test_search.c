/* SPDX-License-Identifier: MIT
 *
 * test_search - what is indexed and how it is asked for.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/attr.h"
#include "store/search.h"
#include "store/search_index.h"
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
	{ "Greek without accents", "ένας κόσμος", "κοσμος", true },
	{ "ё by е", "Фёдор ещё", "федор", true },
	{ "letters with strokes", "Łódź Ørsted", "lodz orsted", true },
	{ "Arabic without vowels", "كَتَبَ الوَلَد", "كتب", true },
	{ "Devanagari as whole words", "हिन्दी गीत", "हिन्दी", true },
	{ "not by another vowel sign", "की", "का", false },
	{ "a Thai substring", "สวัสดีครับ", "ดีค", true },
	{ "a Khmer substring", "សួស្តីអ្នក", "អ្នក", true },
	{ "an emoji", "well done 👍🏽!", "👍", true },
	{ "an emoji among letters", "yes❤️no", "❤", true },
	{ "another emoji", "well done 👍", "🎉", false },
	{ "a name without its sign", "AC/DC live", "acdc", true },
	{ "a name with its sign", "AC/DC live", "ac/dc", true },
	{ "initials", "k.d. lang", "kd lang", true },
	{ "an apostrophe left out", "don’t stop", "dont stop", true },
	{ "a sign in the place of a letter", "P!nk and A$AP", "pink asap", true },
	{ "words of an address", "see http://www.google.example/qwerty4?x=1", "google qwerty4",
		true },
	{ "words of a file name", "the file_name_here.tar.gz", "name tar.gz", true },
};

struct asked {
	const char *text, *query;
	bool found;
	int64_t rowid;
};

static enum err add(struct tx *tx, void *context)
{
	struct asked *q = context;

	return tx_index_add(tx, &messages, &(struct indexed){ q->rowid, 0, str_of(q->text) });
}

static enum err take_out(struct tx *tx, void *context)
{
	struct asked *q = context;

	return tx_index_remove(tx, &messages, &(struct indexed){ q->rowid, 0, str_of(q->text) });
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

/* Two rows of the same words, in scopes of their own. */
static enum err add_in_scopes(struct tx *tx, void *context)
{
	const struct indexed one = { 1, 1, STR("The quick 東京 fox") };
	const struct indexed other = { 2, 2, one.text };
	enum err e = tx_index_add(tx, &messages, &one);

	(void)context;
	return e ? e : tx_index_add(tx, &messages, &other);
}

struct scoped {
	const char *what, *query;
	int64_t scopes[2];
	size_t count;
	int64_t first, rows; /* the smallest rowid that is found, and how many are */
};

static enum err ask_scopes(struct tx *tx, void *context)
{
	static const struct query smallest = {
		"SELECT min(rowid), count(*) FROM message_text WHERE message_text MATCH ?1"
	};
	CLEANUP(arena_done) struct arena a = { 0 };
	struct scoped *q = context;
	struct str match;
	struct row *r;
	enum err e = search_query(str_of(q->query), &a, &match);

	if (!e)
		e = search_scope_query(q->scopes, q->count, match, &a, &match);
	if (!e)
		e = tx_one(tx, &smallest, VALUES(of_str(match)), &r);
	if (e)
		return e;
	q->first = row_int(r, 0);
	q->rows = row_int(r, 1);
	return ERR_OK;
}

static void words_are_found_in_the_scopes_that_are_asked(void **state)
{
	static const struct scoped scoped_cases[] = {
		{ "one scope", "quick", { 1 }, 1, 1, 1 },
		{ "the other", "quick", { 2 }, 1, 2, 1 },
		{ "both", "the fox", { 1, 2 }, 2, 1, 2 },
		{ "a prefix", "q", { 2 }, 1, 2, 1 },
		{ "a phrase", "東京", { 1 }, 1, 1, 1 },
		{ "a scope without rows", "quick", { 3 }, 1, 0, 0 },
		{ "the code of another scope as a word", "000001quick", { 2 }, 1, 0, 0 },
		{ "a code alone", "000001", { 2 }, 1, 0, 0 },
	};
	struct store_fixture f;

	(void)state;
	store_fixture_init(&f);
	assert_int_equal(store_fixture_write(&f, add_in_scopes, NULL, NULL), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(scoped_cases); i++) {
		struct scoped q = scoped_cases[i];
		assert_int_equal(store_fixture_write(&f, ask_scopes, &q, NULL), ERR_OK);
		if (q.first != scoped_cases[i].first || q.rows != scoped_cases[i].rows)
			fail_msg("%s", q.what);
	}
	store_fixture_done(&f);
}

static void a_scope_beyond_the_last_code_is_refused(void **state)
{
	const int64_t last = 2176782335; /* 36^6 - 1 */
	struct arena a = { 0 };
	struct str out;

	(void)state;
	assert_int_equal(search_scope_words(last, STR("a b"), &a, &out), ERR_OK);
	assert_int_equal(str_eq(out, STR("zzzzzza zzzzzzb")), true);
	assert_int_equal(search_scope_words(last + 1, STR("a"), &a, &out), ERR_TOO_LARGE);
	arena_done(&a);
}

/* 45,000 messages without words in the index. */
static enum err add_rows(struct tx *tx, void *context)
{
	static const struct query insert = {
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000)"
		" INSERT INTO message (id, group_pk, seq, rev, user_id, text, at)"
		" SELECT randomblob(16), 1 + i % 2, i, i, zeroblob(16), 'word' || i, i FROM n"
	};

	(void)context;
	return tx_run(tx, &insert, NO_VALUES);
}

static enum err set_meta(struct tx *tx, void *context)
{
	static const struct query set = {
		"UPDATE meta SET value = ?1 WHERE name = 'message_text_row'"
	};

	return tx_run(tx, &set, VALUES(of_int(*(int64_t *)context)));
}

static enum err count_rows(struct tx *tx, void *context)
{
	static const struct query all = { "SELECT count(*) FROM message_text WHERE message_text "
					  "MATCH '\"000001word\"* OR \"000002word\"*'" };
	struct row *r;
	enum err e = tx_one(tx, &all, NO_VALUES, &r);

	if (!e)
		*(int64_t *)context = row_int(r, 0);
	return e;
}

static enum err clear(struct tx *tx, void *context)
{
	static const struct query all = {
		"INSERT INTO message_text (message_text) VALUES ('delete-all')"
	};

	(void)context;
	return tx_run(tx, &all, NO_VALUES);
}

static void count_step(void *context, const char *name, int64_t done, int64_t last)
{
	(void)name, (void)done, (void)last;
	++*(int *)context;
}

static void an_index_is_made_anew_once_and_goes_on_where_it_was_interrupted(void **state)
{
	static const struct search_source source = {
		.name = "message_text",
		.index = &messages,
		.clear = { "INSERT INTO message_text (message_text) VALUES ('delete-all')" },
		.rows = { "SELECT pk, group_pk, text FROM message WHERE pk > ?1 ORDER BY pk LIMIT "
			  "?2" },
		.last = { "SELECT max(pk) FROM message" },
	};
	int steps = 0;
	const struct search_progress progress = { count_step, &steps };
	struct store_fixture f;
	int64_t rows = 0, interrupted = 40000;

	(void)state;
	store_fixture_init(&f);
	assert_int_equal(store_fixture_write(&f, add_rows, NULL, NULL), ERR_OK);
	assert_int_equal(search_index_renew(f.store, &source, &progress), ERR_OK);
	assert_int_equal(store_fixture_write(&f, count_rows, &rows, NULL), ERR_OK);
	assert_int_equal(rows, 45000);
	assert_true(steps > 1);

	steps = 0;
	assert_int_equal(search_index_renew(f.store, &source, &progress), ERR_OK);
	assert_int_equal(steps, 0);

	assert_int_equal(store_fixture_write(&f, clear, NULL, NULL), ERR_OK);
	assert_int_equal(store_fixture_write(&f, set_meta, &interrupted, NULL), ERR_OK);
	assert_int_equal(search_index_renew(f.store, &source, &progress), ERR_OK);
	assert_int_equal(store_fixture_write(&f, count_rows, &rows, NULL), ERR_OK);
	assert_int_equal(rows, 5000);
	store_fixture_done(&f);
}

static void memory_is_searched_alike(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct search_needles needles;
	struct str words;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(search_needles(str_of(cases[i].query), &a, &needles), ERR_OK);
		assert_int_equal(search_haystack(str_of(cases[i].text), &a, &words), ERR_OK);
		if (search_needles_are_in(&needles, words) != cases[i].found)
			fail_msg("%s", cases[i].what);
	}
	assert_int_equal(search_needles(STR(" "), &a, &needles), ERR_OK);
	assert_true(search_needles_are_in(&needles, STR("")));
	assert_int_equal(search_needles(STR("?!"), &a, &needles), ERR_OK);
	assert_false(search_needles_are_in(&needles, STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_searched_alike),
		cmocka_unit_test(queries_find_what_a_person_means),
		cmocka_unit_test(a_query_without_words_is_refused),
		cmocka_unit_test(words_are_found_in_the_scopes_that_are_asked),
		cmocka_unit_test(a_scope_beyond_the_last_code_is_refused),
		cmocka_unit_test(an_index_is_made_anew_once_and_goes_on_where_it_was_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
