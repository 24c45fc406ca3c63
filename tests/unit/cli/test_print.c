/* SPDX-License-Identifier: MIT
 *
 * test_print - text of strangers on a terminal, columns, durations, and values out of JSON.
 *
 * Layer: tests.  Threads: one.
 */
#include "quiet.h"

#include <locale.h>

#include "base/attr.h"
#include "cli/look.h"
#include "cli/print.h"
#include "cli/tracks/progress.h"

static const char *const nothing[] = { NULL };

static void what_a_stranger_writes_does_nothing_to_a_terminal(void **state)
{
	static const struct {
		const char *text, *safe;
	} cases[] = { { "plain \xc3\xa9", "plain \xc3\xa9" }, { "\x1b[31mred", "?[31mred" },
		{ "two\nlines", "two lines" }, { "\xc2\x9b", "?" }, { "\xe2\x80\xae", "?" },
		{ "bad \xff", "?" } };
	struct quiet q;

	(void)state;
	assert_int_equal(quiet_begin(&q, nothing), EX_OK);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_true(str_eq(
			print_harmless(&q.c, str_of(cases[i].text), false), str_of(cases[i].safe)));
	quiet_end(&q);
}

static void columns_are_as_wide_as_their_widest_cell(void **state)
{
	struct quiet q;

	(void)state;
	assert_int_equal(quiet_begin(&q, nothing), EX_OK);
	struct print_table t = print_table_of(&q.c, 3);
	print_table_add(&t, (const struct str[]){ STR("\xc3\xa9"), STR("b"), STR("c") });
	print_table_add(&t, (const struct str[]){ STR("long"), STR("b"), STR("") });
	assert_int_equal(print_table_end(&t), 0);
	quiet_flush(&q);
	assert_string_equal(q.out, "\xc3\xa9     b  c\nlong  b\n");
	quiet_end(&q);
}

static void durations_are_minutes_and_seconds(void **state)
{
	struct quiet q;

	(void)state;
	assert_int_equal(quiet_begin(&q, nothing), EX_OK);
	assert_true(str_eq(print_duration(&q.c, 187000), STR("3:07")));
	assert_true(str_eq(print_duration(&q.c, 3723999), STR("1:02:03")));
	assert_true(str_eq(print_duration(&q.c, -1), STR("")));
	quiet_end(&q);
}

static void values_are_found_by_their_path(void **state)
{
	const struct str json =
		STR("{\"a\":{\"b\":\"x\\ny\"},\"n\":3,\"list\":[{\"i\":1},{\"i\":2}],\"no\":null}");
	struct arena a = { 0 };
	struct str one;
	int64_t sum = 0;

	(void)state;
	assert_true(str_eq(look_text(json, "a.b", &a), STR("x\ny")));
	assert_int_equal(look_int(json, "n", &a), 3);
	assert_false(look_has(json, "no", &a));
	assert_true(str_eq(look_raw(json, "a.c.d", &a), STR("")));
	struct look_walk walk = look_array(look_raw(json, "list", &a));
	while (look_next(&walk, &one))
		sum = sum * 10 + look_int(one, "i", &a);
	assert_int_equal(sum, 12);
	assert_true(str_eq(look_raw(STR("{\"a\":"), "a", &a), STR("")));
	arena_done(&a);
}

static void widths_are_those_of_a_terminal(void **state)
{
	struct quiet q;

	(void)state;
	assert_int_equal(quiet_begin(&q, nothing), EX_OK);
	assert_int_equal(print_width(STR("a日本e\xcc\x81")), 6);
	assert_true(str_eq(print_fit(&q.c, STR("日本語"), 5), STR("日本…")));
	assert_true(str_eq(print_fit(&q.c, STR("日本語"), 4), STR("日…")));
	assert_true(str_eq(print_fit(&q.c, STR("日本語"), 6), STR("日本語")));
	quiet_end(&q);
}

static void progress_fits_into_its_columns(void **state)
{
	const struct progress_state s = { 30000000, 120000000, 3200000 };
	static const struct {
		size_t columns;
		const char *line;
	} cases[] = {
		{ 0, "one.ogg:  25 % of 120.0 MB  3.2 MB/s  0:28 left" },
		{ 79, "one.ogg  [####------------]  25 % of 120.0 MB  3.2 MB/s  0:28 left" },
		{ 60, "one.ogg  [#------]  25 % of 120.0 MB  3.2 MB/s  0:28 left" },
		{ 55, "one.ogg   25 % of 120.0 MB  3.2 MB/s  0:28 left" },
		{ 30, " 25 % of 120.0 MB  3.2 MB/s  …" },
	};
	struct quiet q;

	(void)state;
	assert_int_equal(quiet_begin(&q, nothing), EX_OK);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str line = progress_line(&q.c, STR("one.ogg"), &s, cases[i].columns);
		if (!str_eq(line, str_of(cases[i].line)))
			fail_msg("%zu: " STR_FMT, cases[i].columns, STR_ARG(line));
		assert_true(!cases[i].columns || print_width(line) <= cases[i].columns);
	}
	quiet_end(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_stranger_writes_does_nothing_to_a_terminal),
		cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
		cmocka_unit_test(widths_are_those_of_a_terminal),
		cmocka_unit_test(progress_fits_into_its_columns),
		cmocka_unit_test(durations_are_minutes_and_seconds),
		cmocka_unit_test(values_are_found_by_their_path),
	};
	setlocale(LC_CTYPE, "C.UTF-8"); /* as main does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
