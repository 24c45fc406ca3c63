/* SPDX-License-Identifier: MIT
 *
 * test_print - text of strangers on a terminal, columns, durations, and values out of JSON.
 *
 * Layer: tests.  Threads: one.
 */
#include "quiet.h"

#include "base/attr.h"
#include "cli/look.h"
#include "cli/print.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_stranger_writes_does_nothing_to_a_terminal),
		cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
		cmocka_unit_test(durations_are_minutes_and_seconds),
		cmocka_unit_test(values_are_found_by_their_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
