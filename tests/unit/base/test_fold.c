/* SPDX-License-Identifier: MIT
 *
 * test_fold - what does not count when people search, in many scripts, and what does.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/fold/fold.h"

static const struct {
	const char *what, *a, *b;
	bool same;
} cases[] = {
	{ "case", "BEYONCÉ", "beyonce", true },
	{ "composed and decomposed", "\xc3\xa9", "e\xcc\x81", true },
	{ "sharp s", "Straße", "STRASSE", true },
	{ "a ligature", "ﬁnale", "finale", true },
	{ "strokes", "Łódź Đà Røyksopp Ħ", "lodz da royksopp h", true },
	{ "letters of two", "Ænima œuvre", "aenima oeuvre", true },
	{ "Icelandic", "Þórður", "thordur", true },
	{ "Turkish i, with and without its dot", "İIıi", "iiii", true },
	{ "Vietnamese", "Tiếng Việt", "tieng viet", true },
	{ "Greek", "ΆΓΑΠΗ κόσμος", "αγαπη κοσμοσ", true },
	{ "Russian", "Ёлка ещё", "елка еще", true },
	{ "й is not и", "йод", "иод", false },
	{ "Arabic vowels", "كَتَبَ", "كتب", true },
	{ "Arabic hamza and stretching", "أحـــمد", "احمد", true },
	{ "Hebrew points", "שָׁלוֹם", "שלום", true },
	{ "Devanagari vowel signs make other words", "की", "का", false },
	{ "Thai vowels too", "กิ", "กา", false },
	{ "Japanese voicing too", "が", "か", false },
	{ "half-width kana", "ｶﾞｷﾞ", "ガギ", true },
	{ "Hangul in parts", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "한", true },
	{ "full width", "ＡＢＣ１２３", "abc123", true },
	{ "an emoji with its presentation", "\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4", true },
	{ "what cannot be seen", "a\xe2\x80\x8b\xe2\x81\xa0z", "az", true },
	{ "nothing but that", "\xe2\x80\x8b", "", true },
	{ "a mark alone", "\xcc\x81", "", true },
};

static void what_does_not_count(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str a, b;
		assert_int_equal(fold_text(str_of(cases[i].a), &arena, &a), ERR_OK);
		assert_int_equal(fold_text(str_of(cases[i].b), &arena, &b), ERR_OK);
		if (str_eq(a, b) != cases[i].same)
			fail_msg("%s: %.*s, %.*s", cases[i].what, STR_ARG(a), STR_ARG(b));
		arena_reset(&arena);
	}
	arena_done(&arena);
}

static const struct {
	const char *what;
	int32_t c;
	enum fold_kind kind;
} kinds[] = {
	{ "a letter", 'a', FOLD_WORD },
	{ "a digit", '7', FOLD_WORD },
	{ "a mark of Devanagari", 0x0940, FOLD_WORD },
	{ "Han", 0x5c71, FOLD_SINGLE },
	{ "Katakana", 0x30ab, FOLD_SINGLE },
	{ "Hangul", 0xac00, FOLD_SINGLE },
	{ "Thai", 0x0e01, FOLD_SINGLE },
	{ "Lao", 0x0e81, FOLD_SINGLE },
	{ "Khmer", 0x1780, FOLD_SINGLE },
	{ "Burmese", 0x1000, FOLD_SINGLE },
	{ "an emoji", 0x1f44d, FOLD_SINGLE },
	{ "half a flag", 0x1f1e9, FOLD_SINGLE },
	{ "a skin tone", 0x1f3fb, FOLD_NONE },
	{ "a space", ' ', FOLD_NONE },
	{ "an underscore", '_', FOLD_NONE },
	{ "a Thai sign of money", 0x0e3f, FOLD_NONE },
	{ "a Japanese full stop", 0x3002, FOLD_NONE },
};

static void kinds_of_characters(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (fold_kind(kinds[i].c) != kinds[i].kind)
			fail_msg("%s", kinds[i].what);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_count),
		cmocka_unit_test(kinds_of_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
