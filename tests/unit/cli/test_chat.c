/* SPDX-License-Identifier: MIT
 *
 * test_chat - the parts of the full-screen client that know no screen: clean text, its lines, the line that is typed.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "cli/chat/clean.h"
#include "cli/chat/line.h"

static void what_strangers_write_is_as_wide_as_it_is_counted(void **state)
{
	static const struct {
		const char *what, *text, *clean;
	} cases[] = {
		{ "plain", "plain \xc3\xa9", "plain \xc3\xa9" },
		{ "an escape sequence", "\x1b[31mred", "?[31mred" },
		{ "a control of 8 bits", "a\xc2\x9b", "a?" },
		{ "an override of direction",
			"\xe2\x80\xae"
			"a",
			"?a" },
		{ "a tab and a return", "a\tb\rc", "a b?c" },
		{ "a new line, where they are kept", "a\nb", "a\nb" },
		{ "joiners and variants",
			"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7\xef\xb8\x8f",
			"\xf0\x9f\x91\xa9\xf0\x9f\x91\xa7" },
		{ "four marks", "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81!",
			"e\xcc\x81\xcc\x81\xcc\x81!" },
		{ "a mark alone", "\xcc\x81x", "x" },
		{ "no UTF-8", "a\xff", "?" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str clean = chat_clean(&a, str_of(cases[i].text), true);
		if (!str_eq(clean, str_of(cases[i].clean)))
			fail_msg("%s: " STR_FMT, cases[i].what, STR_ARG(clean));
	}
	assert_true(str_eq(chat_clean(&a, STR("a\nb"), false), STR("a b")));
	arena_done(&a);
}

static void lines_end_where_words_do(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *lines[5];
	} cases[] = {
		{ "one two three", 8, { "one two", "three" } },
		{ "one two", 3, { "one", "two" } },
		{ "abcdefgh", 3, { "abc", "def", "gh" } },
		{ "a\n\nb", 10, { "a", "", "b" } },
		{ "日本語", 5, { "日本", "語" } },
		{ "日本語", 1, { "日", "本", "語" } },
		{ "ab 日本語日本", 6, { "ab 日", "本語日", "本" } },
		{ "e\xcc\x81"
		  "e\xcc\x81",
			1, { "e\xcc\x81", "e\xcc\x81" } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str rest = str_of(cases[i].text);
		for (size_t j = 0; rest.n; j++) {
			size_t used = 0, n = chat_clean_line(rest, cases[i].columns, &used);
			assert_true(used > 0 && used >= n && j < COUNT_OF(cases[i].lines));
			if (!str_eq((struct str){ rest.p, n }, str_of(cases[i].lines[j])))
				fail_msg("%s: %.*s", cases[i].text, (int)n, rest.p);
			rest = str_after(rest, used);
		}
	}
}

static void assert_line(const struct chat_line *l, const char *before, const char *all)
{
	struct arena a = { 0 };

	assert_true(str_eq(chat_line_text(l, &a), str_of(all)));
	assert_true(str_eq(chat_line_before(l, &a), str_of(before)));
	arena_done(&a);
}

static void a_line_is_edited_by_letters_and_words(void **state)
{
	struct chat_line *l = calloc(1, sizeof *l);

	(void)state;
	assert_non_null(l);
	chat_line_set(l, STR("one tw\xc3\xb6 e\xcc\x81"));
	chat_line_left(l);
	assert_line(l, "one tw\xc3\xb6 ", "one tw\xc3\xb6 e\xcc\x81");
	chat_line_delete(l);
	assert_line(l, "one tw\xc3\xb6 ", "one tw\xc3\xb6 ");
	chat_line_kill_word(l);
	assert_line(l, "one ", "one ");
	chat_line_home(l);
	chat_line_insert(l, 0x1f600);
	assert_line(l, "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80one ");
	chat_line_backspace(l);
	chat_line_backspace(l);
	chat_line_right(l);
	chat_line_kill_after(l);
	assert_line(l, "o", "o");
	chat_line_kill_before(l);
	chat_line_delete(l);
	chat_line_left(l);
	assert_line(l, "", "");
	for (size_t i = 0; i < CHAT_LINE_MAX + 5; i++)
		chat_line_insert(l, 'x');
	assert_int_equal(l->n, CHAT_LINE_MAX);
	chat_line_done(l);
	free(l);
}

static void what_was_sent_comes_back_and_so_does_what_was_being_typed(void **state)
{
	struct chat_line *l = calloc(1, sizeof *l);
	char text[16];

	(void)state;
	assert_non_null(l);
	chat_line_earlier(l);
	assert_line(l, "", "");
	for (int i = 0; i < CHAT_LINE_HISTORY + 3; i++) {
		snprintf(text, sizeof text, "line %d", i);
		chat_line_set(l, str_of(text));
		chat_line_sent(l);
		chat_line_set(l, str_of(text)); /* the same again is one */
		chat_line_sent(l);
	}
	chat_line_set(l, STR("typed"));
	chat_line_earlier(l);
	chat_line_earlier(l);
	assert_line(l, "line 101", "line 101");
	chat_line_later(l);
	chat_line_later(l);
	assert_line(l, "typed", "typed");
	chat_line_later(l);
	assert_line(l, "typed", "typed");
	for (int i = 0; i < 2 * CHAT_LINE_HISTORY; i++)
		chat_line_earlier(l);
	assert_line(l, "line 3", "line 3");
	chat_line_done(l);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_strangers_write_is_as_wide_as_it_is_counted),
		cmocka_unit_test(lines_end_where_words_do),
		cmocka_unit_test(a_line_is_edited_by_letters_and_words),
		cmocka_unit_test(what_was_sent_comes_back_and_so_does_what_was_being_typed),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
