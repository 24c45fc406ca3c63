/* SPDX-License-Identifier: MIT
 *
 * test_parse - words of the command line: options anywhere, arguments counted by the table, one sentence for what is wrong.
 *
 * Layer: tests.  Threads: one.
 */
#include "quiet.h"

#include "base/attr.h"

static const struct {
	const char *what;
	const char *words[QUIET_WORDS_MAX];
	int code;
	const char *says;
} cases[] = {
	{ "nothing", { NULL }, EX_OK, "" },
	{ "a command", { "whoami", NULL }, EX_OK, "" },
	{ "an option of all behind the command", { "whoami", "--server", "x", NULL }, EX_OK, "" },
	{ "an option of all before the command", { "--server=x", "whoami", NULL }, EX_OK, "" },
	{ "an optional argument left out", { "users", NULL }, EX_OK, "" },
	{ "many arguments", { "comment", "t", "a", "b", "c", NULL }, EX_OK, "" },
	{ "the first letter of an option", { "download", "t", "-o", "x", NULL }, EX_OK, "" },
	{ "the first letter of an option of all", { "whoami", "-s", "x", NULL }, EX_OK, "" },
	{ "a letter that two options begin with", { "publish", "f", "-t", "x", NULL }, EX_USAGE,
		"`-t` is no option" },
	{ "a letter without its value", { "download", "t", "-o", NULL }, EX_USAGE,
		"needs a value: PATH" },
	{ "help excuses what is missing", { "join", "--help", NULL }, EX_OK, "" },
	{ "an unknown command", { "sing", NULL }, EX_USAGE, "no command `sing`" },
	{ "an option of another command", { "whoami", "--limit", "1", NULL }, EX_USAGE,
		"`whoami` has no option" },
	{ "a missing second argument", { "comment", "t", NULL }, EX_USAGE, "needs TEXT..." },
	{ "one argument too many", { "join", "a", "b", NULL }, EX_USAGE, "does not take `b`" },
	{ "a missing value", { "users", "--limit", NULL }, EX_USAGE, "needs a value: N" },
	{ "bytes that are no UTF-8", { "join", "\xff", NULL }, EX_USAGE, "not UTF-8" },
};

static void command_lines_are_taken_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct quiet q;
		int code = quiet_begin(&q, cases[i].words);
		quiet_flush(&q);
		if (code != cases[i].code || !strstr(q.err, cases[i].says) ||
			(code == EX_OK) != (q.err_n == 0))
			fail_msg("%s: %d, %s", cases[i].what, code, q.err);
		quiet_end(&q);
	}
}

static void values_and_arguments_are_found_by_name_and_place(void **state)
{
	const char *const words[] = { "send", "--json", "lobby", "--reply-to=x", "--", "--hello",
		"you", NULL };
	struct quiet q;

	(void)state;
	assert_int_equal(quiet_begin(&q, words), EX_OK);
	assert_true(q.c.json);
	assert_string_equal(cli_option(&q.c, "reply-to"), "x");
	assert_null(cli_option(&q.c, "server"));
	assert_string_equal(cli_argument(&q.c, 0), "lobby");
	struct str rest = cli_arguments_from(&q.c, 1);
	assert_true(str_eq(rest, STR("--hello you")));
	assert_null(cli_argument(&q.c, 3));
	quiet_end(&q);
}

static void every_row_of_the_table_is_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		size_t least, most, options = 0;
		commands_count(&commands[i], &least, &most);
		assert_true(least <= most);
		assert_ptr_equal(commands_find(str_of(commands[i].name)), &commands[i]);
		assert_int_equal(commands[i].summary[strlen(commands[i].summary) - 1], '.');
		for (const struct command_option *o = commands[i].options; o->name; o++, options++)
			assert_int_equal(commands_option(commands_globals, str_of(o->name)), -1);
		assert_true(options <= COMMANDS_OPTIONS_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_lines_are_taken_or_refused),
		cmocka_unit_test(values_and_arguments_are_found_by_name_and_place),
		cmocka_unit_test(every_row_of_the_table_is_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
