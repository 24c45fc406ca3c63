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

/* An option that was found: its row and where its value goes; at NULL: there is none. */
struct given {
	const struct command_option *row;
	const char **at;
};

static struct given find_option(struct cli *c, struct str name)
{
	int i = c->command ? commands_option(c->command->options, name) : -1;

	if (i >= 0)
		return (struct given){ &c->command->options[i], &c->values[i] };
	i = commands_option(commands_globals, name);
	return i < 0 ? (struct given){ 0 } : (struct given){ &commands_globals[i], &c->globals[i] };
}

/* value: what stood behind '=', or NULL; next: the next word, or NULL; *i moves on when that is the value. */
static int take_value(struct cli *c, struct given g, const char *value, const char *next, int *i)
{
	if (!g.row->value && value)
		return cli_fail(c, EX_USAGE, "The option `--%s` takes no value.", g.row->name);
	if (g.row->value && !value && !next)
		return cli_fail(c, EX_USAGE, "The option `--%s` needs a value: %s.", g.row->name,
			g.row->value);
	*i += g.row->value && !value;
	*g.at = !g.row->value ? "" : value ? value : next;
	return EX_OK;
}

/* --name, --name VALUE or --name=VALUE. */
static int take_option(struct cli *c, char **argv, int *i)
{
	const char *word = argv[*i], *equals = strchr(word, '=');
	struct str name = { word + 2, equals ? (size_t)(equals - word - 2) : strlen(word) - 2 };
	struct given g = find_option(c, name);

	if (!g.at && c->command)
		return cli_fail(c, EX_USAGE,
			"`%s` has no option `--" STR_FMT
			"`; `antiphon help %s` lists those there are.",
			c->command->name, STR_ARG(name), c->command->name);
	if (!g.at)
		return cli_fail(c, EX_USAGE,
			"There is no option `--" STR_FMT
			"` before a command; `antiphon --help` lists those there are.",
			STR_ARG(name));
	return take_value(c, g, equals ? equals + 1 : NULL, argv[*i + 1], i);
}

/* The one option of the list whose name begins with the letter, or -1. */
static int find_letter(const struct command_option *options, char letter)
{
	int found = -1;

	for (int i = 0; options[i].name; i++) {
		if (options[i].name[0] == letter && found >= 0)
			return -1;
		if (options[i].name[0] == letter)
			found = i;
	}
	return found;
}

/* -o for --output, where no other option of the command begins so. */
static int take_letter(struct cli *c, char **argv, int *i)
{
	const char *word = argv[*i];
	int own = c->command ? find_letter(c->command->options, word[1]) : -1;
	int global = own < 0 ? find_letter(commands_globals, word[1]) : -1;
	struct given g = { 0 };

	if (own >= 0)
		g = (struct given){ &c->command->options[own], &c->values[own] };
	else if (global >= 0)
		g = (struct given){ &commands_globals[global], &c->globals[global] };
	if (word[2] || !g.at)
		return cli_fail(c, EX_USAGE,
			"`%s` is no option; `antiphon --help` lists those there are, and behind "
			"`--` all words are arguments.",
			word);
	return take_value(c, g, NULL, argv[*i + 1], i);
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
			code = take_option(c, argv, &i);
		else if (!words_alone && argv[i][0] == '-' && argv[i][1])
			code = take_letter(c, argv, &i);
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
