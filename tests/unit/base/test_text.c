/* SPDX-License-Identifier: MIT
 *
 * test_text - what is UTF-8, what makes two names the same, what is part of a name.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/text.h"

static const struct {
	const char *what, *text;
	bool valid;
} encodings[] = {
	{ "nothing", "", true },
	{ "ASCII beyond one word", "abcdefghijklmnop", true },
	{ "two, three and four bytes", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xb5", true },
	{ "behind eight of ASCII", "abcdefgh\xc3\xa4", true },
	{ "the last code point", "\xf4\x8f\xbf\xbf", true },
	{ "beyond the last", "\xf4\x90\x80\x80", false },
	{ "a surrogate", "\xed\xa0\x80", false },
	{ "an overlong slash", "\xc0\xaf", false },
	{ "an overlong NUL", "\xe0\x80\x80", false },
	{ "a continuation alone", "a\x80", false },
	{ "cut in the middle", "abcdefgh\xe2\x82", false },
	{ "Latin-1", "caf\xe9 au lait", false },
	{ "0xff", "\xff", false },
};

static void utf8_is_told_from_other_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(encodings); i++) {
		if (text_is_utf8(str_of(encodings[i].text)) != encodings[i].valid)
			fail_msg("%s", encodings[i].what);
	}
}

/* Each prefix of these is UTF-8, or may become it, up to the byte `bad`, which spoils it. */
static const struct {
	const char *what, *text;
	size_t bad;
} beginnings[] = {
	{ "ASCII", "abcdefghij", 10 },
	{ "two, three and four bytes", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xb5", 9 },
	{ "the last before the surrogates, the first of four", "\xed\x9f\xbf\xf0\x90\x80\x80", 7 },
	{ "the first of three, the last code point", "\xe0\xa0\x80\xf4\x8f\xbf\xbf", 7 },
	{ "beyond the last", "a\xf4\x90\x80\x80", 2 },
	{ "a lead byte beyond the last", "a\xf5\x80\x80\x80", 1 },
	{ "a surrogate", "\xed\xa0\x80", 1 },
	{ "an overlong slash", "\xc0\xaf", 0 },
	{ "an overlong NUL", "\xe0\x80\x80", 1 },
	{ "overlong with four bytes", "\xf0\x8f\xbf\xbf", 1 },
	{ "a continuation alone", "abc\x80", 3 },
	{ "ASCII for the second byte", "\xc3z", 1 },
	{ "ASCII for the third byte", "\xe2\x82z", 2 },
	{ "ASCII for the fourth byte", "\xf0\x9f\x8ez", 3 },
};

static void utf8_that_is_cut_short_is_told_from_what_no_byte_can_mend(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
		struct str s = str_of(beginnings[i].text);
		for (size_t n = 0; n <= s.n; n++) {
			struct str piece = { s.p, n };
			size_t whole;
			bool good = text_utf8_so_far(piece, &whole);
			if (good != (n <= beginnings[i].bad))
				fail_msg("%s: %zu bytes", beginnings[i].what, n);
			assert_true(n - whole <= (good ? 3 : n));
			assert_true(text_is_utf8((struct str){ s.p, whole }));
			assert_true(!good || (n == whole) == text_is_utf8(piece));
		}
	}
}

static void length_counts_code_points(void **state)
{
	(void)state;
	assert_int_equal(text_length(STR("")), 0);
	assert_int_equal(text_length(STR("a\xc3\xa4\xf0\x9f\x8e\xb5")), 3);
	assert_true(str_eq(text_prefix(STR("a\xc3\xa4\xf0\x9f\x8e\xb5z"), 2), STR("a\xc3\xa4")));
	assert_true(str_eq(text_prefix(STR("ab"), 5), STR("ab")));
	assert_int_equal(text_prefix(STR("\xc3\xa4"), 0).n, 0);
}

static const struct {
	const char *a, *b;
} same[] = {
	{ "Anna", "aNNA" }, { "\xc3\x84rger", "a\xcc\x88RGER" }, /* composed and decomposed */
	{ "stra\xc3\x9f"
	  "e",
		"STRASSE" },        /* sharp s */
	{ "\xef\xac\x81n", "FIN" }, /* the ligature fi */
	{ "\xef\xbc\xa1", "a" },    /* full width */
	{ "a\xc2\xad"
	  "b",
		"AB" },           /* soft hyphen */
	{ "a\xe2\x80\x8b", "a" }, /* zero width space */
};

static void names_that_look_the_same_fold_to_the_same(void **state)
{
	struct arena arena = { 0 };
	struct str a, b;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		assert_int_equal(text_fold(str_of(same[i].a), &arena, &a), ERR_OK);
		assert_int_equal(text_fold(str_of(same[i].b), &arena, &b), ERR_OK);
		if (!str_eq(a, b))
			fail_msg("%s and %s", same[i].a, same[i].b);
	}
	arena_done(&arena);
}

static void a_name_of_nothing_but_ignorable_characters_is_refused(void **state)
{
	struct arena arena = { 0 };
	struct str out;

	(void)state;
	assert_int_equal(text_fold(STR("\xe2\x80\x8b\xc2\xad"), &arena, &out), ERR_BAD_REQUEST);
	assert_int_equal(text_fold(STR(""), &arena, &out), ERR_BAD_REQUEST);
	arena_done(&arena);
}

static const struct {
	const char *name;
	bool valid;
} names[] = {
	{ "anna.b_c-9", true },
	{ "\xc3\x84nne", true },
	{ "\xe5\xb1\xb1\xe7\x94\xb0", true }, /* Han */
	{ "\xe0\xa4\xa8\xe0\xa4\xbf", true }, /* Devanagari with a vowel sign */
	{ "a b", false },
	{ "a@b", false },
	{ "a/b", false },
	{ "a\xe2\x80\x8b", false },
	{ "\xf0\x9f\x8e\xb5", false },
};

static void a_user_name_has_letters_digits_and_three_marks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (text_is_username(str_of(names[i].name)) != names[i].valid)
			fail_msg("%s", names[i].name);
	}
}

static void what_people_see(void **state)
{
	static const struct {
		const char *what, *text, *trimmed;
		bool line, visible;
	} cases[] = {
		{ "a word", "word", "word", true, true },
		{ "white space around it", "\t\xc2\xa0 a  b\xe3\x80\x80\n", "a  b", false, true },
		{ "nothing", "", "", true, false },
		{ "spaces", "  \xc2\xa0\xe3\x80\x80", "", true, false },
		{ "a zero-width space", "\xe2\x80\x8b", "\xe2\x80\x8b", true, false },
		{ "a Hangul filler", "\xe3\x85\xa4", "\xe3\x85\xa4", true, false },
		{ "a braille blank", "\xe2\xa0\x80", "\xe2\xa0\x80", true, false },
		{ "a mark on nothing", "\xcc\x81", "\xcc\x81", true, false },
		{ "an emoji", "\xf0\x9f\x91\x8d", "\xf0\x9f\x91\x8d", true, true },
		{ "two lines", "a\nb", "a\nb", false, true },
		{ "a line separator", "a\xe2\x80\xa8z", "a\xe2\x80\xa8z", false, true },
		{ "an escape sequence", "\x1b[2Ja", "\x1b[2Ja", false, true },
		{ "a control of the second set", "a\xc2\x9bz", "a\xc2\x9bz", false, true },
		{ "an override of the direction", "a\xe2\x80\xaez", "a\xe2\x80\xaez", false, true },
		{ "an isolate", "\xe2\x81\xa6z", "\xe2\x81\xa6z", false, true },
		{ "a mark of the direction", "z\xe2\x80\x8f", "z\xe2\x80\x8f", false, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str s = str_of(cases[i].text);
		if (!str_eq(text_trim(s), str_of(cases[i].trimmed)) ||
			text_is_line(s) != cases[i].line || text_is_visible(s) != cases[i].visible)
			fail_msg("%s", cases[i].what);
	}
}

static void names_that_look_alike_are_alike(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{ "Sound  Check", " sound check ", true },
		{ "sound\xc2\xa0"
		  "check",
			"sound\tcheck", true },
		{ "love\xe2\x9d\xa4\xef\xb8\x8f", "LOVE\xe2\x9d\xa4", true },
		{ "soundcheck", "sound check", false },
	};
	struct arena arena = { 0 };
	struct str a, b;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(text_fold_name(str_of(cases[i].a), &arena, &a), ERR_OK);
		assert_int_equal(text_fold_name(str_of(cases[i].b), &arena, &b), ERR_OK);
		if (str_eq(a, b) != cases[i].same)
			fail_msg("%s", cases[i].a);
	}
	assert_int_equal(text_fold_name(STR(" \xe2\x80\x8b "), &arena, &a), ERR_BAD_REQUEST);
	arena_done(&arena);
}

static void digits_alone_are_a_number(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t number;
	} cases[] = {
		{ "0", true, 0 },
		{ "007", true, 7 },
		{ "999999999999999999", true, 999999999999999999 },
		{ "1000000000000000000", false, 0 },
		{ "", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "0x1", false, 0 },
		{ "1/", false, 0 },
		{ "1:", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t n = 0;
		if (text_digits(str_of(cases[i].text), &n) != cases[i].good || n != cases[i].number)
			fail_msg("%s", cases[i].text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_see),
		cmocka_unit_test(names_that_look_alike_are_alike),
		cmocka_unit_test(utf8_is_told_from_other_bytes),
		cmocka_unit_test(utf8_that_is_cut_short_is_told_from_what_no_byte_can_mend),
		cmocka_unit_test(length_counts_code_points),
		cmocka_unit_test(names_that_look_the_same_fold_to_the_same),
		cmocka_unit_test(a_name_of_nothing_but_ignorable_characters_is_refused),
		cmocka_unit_test(a_user_name_has_letters_digits_and_three_marks),
		cmocka_unit_test(digits_alone_are_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
