/* SPDX-License-Identifier: MIT
 *
 * main - antiphon, the command line: reads it, runs the command, ends with its exit code.
 *
 * Layer: cli.  Threads: one.
 */
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli/parse.h"
#include "cli/run.h"
#include "cli/session.h"
#include "cli/usage.h"
#include "cli/version.h"

static int (*const runs[COMMAND_COUNT])(struct cli *c) = {
#define GLOBAL(...)
#define COMMAND(id, ...) [COMMAND_##id] = id##_run,
#define OPTION(...)
#define END(id)
#include "cli/commands.def"
#undef GLOBAL
#undef COMMAND
#undef OPTION
#undef END
};

static int run(struct cli *c)
{
	if (cli_option(c, "version")) {
		fprintf(c->out, "antiphon %s\n", VERSION_TEXT);
		return EX_OK;
	}
	if (cli_option(c, "help")) {
		if (c->command)
			usage_print_command(c, c->command);
		else
			usage_print(c);
		return EX_OK;
	}
	if (!c->command)
		return cli_fail(c, EX_USAGE, "There is no command; `antiphon --help` lists them.");
	return runs[c->command - commands](c);
}

int main(int argc, char **argv)
{
	struct cli c;

	setlocale(LC_ALL, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE,
			"C.UTF-8"); /* what travels is UTF-8, also where LANG says nothing */
	cli_init(&c, stdout, stderr, isatty(STDOUT_FILENO));
	int code = parse_command_line(&c, argc, argv);
	if (!code)
		code = run(&c);
	session_done(&c);
	if (fflush(stdout) && !code)
		code = cli_fail(&c, EX_IOERR, "The output could not be written.");
	cli_done(&c);
	return code;
}
