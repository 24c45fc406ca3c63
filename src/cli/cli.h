/* SPDX-License-Identifier: MIT
 *
 * cli - one run of antiphon: what the command line said, where it prints, how it fails.
 *
 * A command is int <name>_run(struct cli *c): it returns an exit code of sysexits.h, 0 when it worked. What
 * went wrong has then been told in one sentence on standard error, by cli_fail, where it was found.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "cli/commands.h"

struct antiphon;
struct names_known;

struct cli {
	const struct command *command; /* NULL: none was given */
	const char **arguments;        /* of the command, in the arena */
	size_t argument_count;
	const char *values
		[COMMANDS_OPTIONS_MAX]; /* of the command's options; "" for a flag; NULL: not given */
	const char *globals[COMMANDS_OPTIONS_MAX]; /* of commands_globals, likewise */
	FILE *out, *err;
	bool json, colour;         /* how to print */
	struct antiphon *client;   /* NULL until session_open */
	struct names_known *known; /* names.c: ids whose names were asked for */
	struct arena arena;        /* of the whole run */
};

/* An empty one that prints to these; out_is_terminal: colour, unless NO_COLOR or TERM=dumb is in the environment. */
void cli_init(struct cli *c, FILE *out, FILE *err, bool out_is_terminal);
void cli_done(struct cli *c);

/* The value of an option of the command, or of all commands; "" for a flag that was given; NULL when it was not. */
const char *cli_option(const struct cli *c, const char *name);

/* The argument at this place, from 0; NULL when there are fewer. */
const char *cli_argument(const struct cli *c, size_t index);

/* All arguments from this place on, with spaces between them. In the arena. */
struct str cli_arguments_from(struct cli *c, size_t index);

/* Reads an option that is a whole number; fallback when it was not given. EX_USAGE, told, outside of least and most. */
int cli_number(struct cli *c, const char *name, int64_t least, int64_t most, int64_t *out);

/* Tells one sentence on standard error and returns the code. */
int cli_fail(struct cli *c, int code, const char *format, ...) PRINTF_LIKE(3, 4);

/* The same for lack of memory. */
int cli_no_memory(struct cli *c);

#endif
