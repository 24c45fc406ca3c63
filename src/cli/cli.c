/* SPDX-License-Identifier: MIT
 *
 * cli - see cli.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/buf.h"

void cli_init(struct cli *c, FILE *out, FILE *err, bool out_is_terminal)
{
	const char *off = getenv("NO_COLOR"), *term = getenv("TERM");

	*c = (struct cli){ .out = out, .err = err };
	c->colour = out_is_terminal && !(off && *off) && term && strcmp(term, "dumb") != 0;
}

void cli_done(struct cli *c)
{
	arena_done(&c->arena);
}

const char *cli_option(const struct cli *c, const char *name)
{
	int i = c->command ? commands_option(c->command->options, str_of(name)) : -1;

	if (i >= 0)
		return c->values[i];
	i = commands_option(commands_globals, str_of(name));
	return i >= 0 ? c->globals[i] : NULL;
}

const char *cli_argument(const struct cli *c, size_t index)
{
	return index < c->argument_count ? c->arguments[index] : NULL;
}

struct str cli_arguments_from(struct cli *c, size_t index)
{
	struct str all = { 0 };

	for (size_t i = index; i < c->argument_count; i++)
		all = arena_printf(&c->arena, STR_FMT "%s%s", STR_ARG(all), i > index ? " " : "",
			c->arguments[i]);
	return all;
}

int cli_number(struct cli *c, const char *name, int64_t least, int64_t most, int64_t *out)
{
	const char *text = cli_option(c, name);
	char *end;

	if (!text)
		return EX_OK;
	errno = 0;
	long long n = strtoll(text, &end, 10);
	if (end == text || *end || errno || n < least || n > most)
		return cli_fail(c, EX_USAGE,
			"The option `--%s` takes a whole number from %" PRId64 " to %" PRId64
			", not `%s`.",
			name, least, most, text);
	*out = n;
	return EX_OK;
}

int cli_fail(struct cli *c, int code, const char *format, ...)
{
	va_list values;

	fflush(c->out);
	fputs("antiphon: ", c->err);
	va_start(values, format);
	vfprintf(c->err, format, values);
	va_end(values);
	fputc('\n', c->err);
	return code;
}

int cli_no_memory(struct cli *c)
{
	return cli_fail(c, EX_OSERR, "There is not enough memory.");
}
