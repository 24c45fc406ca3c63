/* SPDX-License-Identifier: MIT
 *
 * commands - the rows of commands.def as tables that programs can read: the parser, the help, the manual.
 *
 * Layer: cli.  Threads: any; everything is constant.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/str.h"

enum command_id {
#define GLOBAL(...)
#define COMMAND(id, ...) COMMAND_##id,
#define OPTION(...)
#define END(id)
#include "cli/commands.def"
#undef GLOBAL
#undef COMMAND
#undef OPTION
#undef END
	COMMAND_COUNT
};

enum { COMMANDS_OPTIONS_MAX = 16 }; /* of one command, or of all */

struct command_option {
	const char *name, *value, *doc; /* value: what its word is called; NULL for a flag */
};

struct command {
	const char *name, *arguments, *summary, *doc;
	const struct command_option *options; /* ended by a NULL name */
};

extern const struct command commands[COMMAND_COUNT];
extern const struct command_option commands_globals[]; /* ended by a NULL name */

/* NULL when there is none of this name. */
const struct command *commands_find(struct str name);

/* The place of the option in its list, or -1. */
int commands_option(const struct command_option *options, struct str name);

/* The next word of an arguments column, "[GROUP]" or "TEXT..."; rest is moved behind it. Empty at the end. */
struct str commands_word(const char **rest);

/* How many arguments a command takes; *most is SIZE_MAX without limit. */
void commands_count(const struct command *c, size_t *least, size_t *most);

#endif
