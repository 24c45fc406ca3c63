/* SPDX-License-Identifier: MIT
 *
 * commands - see commands.h.
 *
 * Layer: cli.  Threads: any.
 */
#include "cli/commands.h"

#include <stdint.h>

#include "base/attr.h"

#define GLOBAL(...)
#define COMMAND(id, ...)               static const struct command_option options_of_##id[] = {
#define OPTION(id, option, value, doc) { option, value, doc },
#define END(id)                                                                                    \
	{                                                                                          \
		NULL, NULL, NULL                                                                   \
	}                                                                                          \
	}                                                                                          \
	;
#include "cli/commands.def"
#undef GLOBAL
#undef COMMAND
#undef OPTION
#undef END

const struct command commands[COMMAND_COUNT] = {
#define GLOBAL(...)
#define COMMAND(id, arguments, summary, doc)                                                       \
	[COMMAND_##id] = { #id, arguments, summary, doc, options_of_##id },
#define OPTION(...)
#define END(id)
#include "cli/commands.def"
#undef GLOBAL
#undef COMMAND
};

const struct command_option commands_globals[] = {
#define GLOBAL(option, value, doc) { option, value, doc },
#define COMMAND(...)
#include "cli/commands.def"
#undef GLOBAL
#undef COMMAND
#undef OPTION
#undef END
	{ NULL, NULL, NULL },
};

const struct command *commands_find(struct str name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (str_eq(str_of(commands[i].name), name))
			return &commands[i];
	}
	return NULL;
}

int commands_option(const struct command_option *options, struct str name)
{
	for (int i = 0; options[i].name; i++) {
		if (str_eq(str_of(options[i].name), name))
			return i;
	}
	return -1;
}

struct str commands_word(const char **rest)
{
	const char *p = *rest + strspn(*rest, " ");
	size_t n = strcspn(p, " ");

	*rest = p + n;
	return (struct str){ p, n };
}

void commands_count(const struct command *c, size_t *least, size_t *most)
{
	const char *rest = c->arguments;

	*least = *most = 0;
	for (struct str word = commands_word(&rest); word.n; word = commands_word(&rest)) {
		*least += word.p[0] != '[';
		if (*most != SIZE_MAX)
			(*most)++;
		if (memmem(word.p, word.n, "...", 3))
			*most = SIZE_MAX;
	}
}
