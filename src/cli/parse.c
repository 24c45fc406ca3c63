/* SPDX-License-Identifier: MIT
 *
 * parse - see parse.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/parse.h"

#include <stdint.h>
#include <sysexits.h>

#include "base/text.h"

/* Where the value of this option goes; its row in *row. NULL when there is no such option. */
static const char **find_option(struct cli *c, struct str name, const struct command_option **row)
{
	int i = c->command ? commands_option(c->command->options, name) : -1;

	if (i >= 0) {
		*row = &c->command->options[i];
		return &c->values[i];
	}
	i = commands_option(commands_globals, name);
	if (i < 0)
		return NULL;
	*row = &commands_globals[i];
	return &c->globals[i];
}

/* One option; *i moves on when its value is a word of its own. */
static int take_option(struct cli *c, int argc, char **argv, int *i)
{
	const char *word = argv[*i], *equals = strchr(word, '=');
	struct str name = { word + 2, equals ? (size_t)(equals - word - 2) : strlen(word) - 2 };
	const struct command_option *row = NULL;
	const char **at = find_option(c, name, &row);

	if (!at && c->command)
		return cli_fail(c, EX_USAGE,
			"`%s` has no option `--" STR_FMT
			"`; `antiphon help %s` lists those there are.",
			c->command->name, STR_ARG(name), c->command->name);
	if (!at)
		return cli_fail(c, EX_USAGE,
			"There is no option `--" STR_FMT
			"` before a command; `antiphon --help` lists those there are.",
			STR_ARG(name));
	if (!row->value && equals)
		return cli_fail(c, EX_USAGE, "The option `--%s` takes no value.", row->name);
	if (!row->value) {
		*at = "";
		return EX_OK;
	}
	if (!equals && *i + 1 >= argc)
		return cli_fail(
			c, EX_USAGE, "The option `--%s` needs a value: %s.", row->name, row->value);
	*at = equals ? equals + 1 : argv[++*i];
	return EX_OK;
}

/* A word that is no option: the command, or an argument of it. */
static int take_word(struct cli *c, const char *word)
{
	if (c->command) {
		c->arguments[c->argument_count++] = word;
		return EX_OK;
	}
	c->command = commands_find(str_of(word));
	return c->command ? EX_OK
	                  : cli_fail(c, EX_USAGE,
				    "There is no command `%s`; `antiphon --help` lists those there "
				    "are.",
				    word);
}

static int check_count(struct cli *c)
{
	size_t least, most;
	const char *rest = c->command->arguments;
	struct str missing = { 0 };

	commands_count(c->command, &least, &most);
	if (c->argument_count > most)
		return cli_fail(c, EX_USAGE,
			"`%s` does not take `%s`; `antiphon help %s` says what it takes.",
			c->command->name, c->arguments[most], c->command->name);
	if (c->argument_count >= least)
		return EX_OK;
	for (size_t i = 0; i <= c->argument_count; i++)
		missing = commands_word(&rest);
	return cli_fail(c, EX_USAGE, "`%s` needs " STR_FMT "; `antiphon help %s` explains it.",
		c->command->name, STR_ARG(missing), c->command->name);
}

int parse_command_line(struct cli *c, int argc, char **argv)
{
	bool words_alone = false;

	c->arguments = arena_array(&c->arena, (size_t)argc + 1, sizeof *c->arguments);
	if (!c->arguments)
		return cli_no_memory(c);
	for (int i = 1; i < argc; i++) {
		int code;
		if (!text_is_utf8(str_of(argv[i])))
			return cli_fail(
				c, EX_USAGE, "Word %d of the command line is not UTF-8.", i);
		if (!words_alone && strcmp(argv[i], "--") == 0) {
			words_alone = true;
			continue;
		}
		if (!words_alone && strncmp(argv[i], "--", 2) == 0)
			code = take_option(c, argc, argv, &i);
		else if (!words_alone && argv[i][0] == '-' && argv[i][1])
			code = cli_fail(c, EX_USAGE,
				"`%s` is no option; they are long, as `--help`, and behind `--` "
				"all words are arguments.",
				argv[i]);
		else
			code = take_word(c, argv[i]);
		if (code)
			return code;
	}
	c->json = cli_option(c, "json") != NULL;
	if (!c->command || cli_option(c, "help") || cli_option(c, "version"))
		return EX_OK;
	return check_count(c);
}
