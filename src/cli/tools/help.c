/* SPDX-License-Identifier: MIT
 *
 * help - antiphon help: a command or an event explained.
 *
 * Layer: cli.  Threads: one.
 */
#include <ctype.h>
#include <sysexits.h>

#include "cli/run.h"
#include "cli/usage.h"

int help_run(struct cli *c)
{
	const char *what = cli_argument(c, 0);
	char event[64];
	size_t n = 0;

	if (!what) {
		usage_print(c);
		return EX_OK;
	}
	const struct command *command = commands_find(str_of(what));
	if (command) {
		usage_print_command(c, command);
		return EX_OK;
	}
	for (; what[n] && n < sizeof event; n++)
		event[n] = (char)toupper((unsigned char)what[n]);
	if (usage_print_event(c, (struct str){ event, n }))
		return EX_OK;
	return cli_fail(c, EX_USAGE,
		"There is no command and no event `%s`; `antiphon help` lists the commands, "
		"docs/reference/events.md the events.",
		what);
}
