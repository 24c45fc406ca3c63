/* SPDX-License-Identifier: MIT
 *
 * command_line - see command_line.h.
 *
 * Layer: app.  Threads: one.
 */
#include "app/command_line.h"

#include <inttypes.h>

static const struct {
	const char *option, *doc;
	enum command command;
} commands[] = {
	{ "--check-config", "Say whether the server could start with this configuration, and end.",
		COMMAND_CHECK_CONFIG },
	{ "--admin-link", "Print a new one-time link whose account becomes admin, and end.",
		COMMAND_ADMIN_LINK },
	{ "--rotate-url-key", "Make signed addresses of files and music worth nothing, and end.",
		COMMAND_ROTATE_URL_KEY },
	{ "--print-asyncapi", "Print every event as an AsyncAPI 3 document, and end.",
		COMMAND_PRINT_ASYNCAPI },
	{ "--print-openapi", "Print the HTTP API as an OpenAPI 3.1 document, and end.",
		COMMAND_PRINT_OPENAPI },
	{ "--version", "Print the version, and end.", COMMAND_VERSION },
	{ "--help", "Print this, and end.", COMMAND_HELP },
};

static bool find_command(struct str option, enum command *out)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (str_eq(str_of(commands[i].option), option)) {
			*out = commands[i].command;
			return true;
		}
	}
	return false;
}

/* The value of --name=VALUE, or the argument after --name, which is then taken. NULL without one. */
static const char *value_of(const char *argument, char **argv, int argc, int *i)
{
	const char *equals = strchr(argument, '=');

	if (equals)
		return equals + 1;
	return *i + 1 < argc ? argv[++*i] : NULL;
}

/* "--max-payload=1" or "--max-payload" gives max_payload. */
static struct str key_of(const char *argument, struct arena *a)
{
	char key[64];
	size_t n = 0;

	for (argument += 2; *argument && *argument != '=' && n < sizeof key; argument++)
		key[n++] = *argument == '-' ? '_' : *argument;
	return arena_dup(a, (struct str){ key, n });
}

/* One option that takes a value; *file when it is --config. */
static enum err take_option(struct config *c, const char *argument, const char *value,
	const char **file, struct str *sentence)
{
	if (strncmp(argument, "--", 2) != 0) {
		*sentence = arena_printf(
			&c->arena, "`%s` is no option; --help lists those there are.", argument);
		return ERR_BAD_REQUEST;
	}
	struct str key = key_of(argument, &c->arena);
	bool is_config = str_eq(key, STR("config"));
	if (!is_config && !config_has(key)) {
		*sentence = arena_printf(&c->arena,
			"There is no option `%s`; --help lists those there are.", argument);
		return ERR_NOT_FOUND;
	}
	if (!value) {
		*sentence = arena_printf(&c->arena, "The option `%s` needs a value.", argument);
		return ERR_BAD_REQUEST;
	}
	if (is_config) {
		*file = value;
		return ERR_OK;
	}
	return file ? ERR_OK : config_set(c, key, str_of(value), CONFIG_COMMAND_LINE, sentence);
}

/* All options: the first pass (file not NULL) looks for --config alone, the second sets the keys. */
static enum err take_options(
	int argc, char **argv, struct config *c, const char **file, struct str *sentence)
{
	const char *ignored;
	enum command command;

	for (int i = 1; i < argc; i++) {
		if (find_command(str_of(argv[i]), &command))
			continue;
		const char *argument = argv[i];
		bool is_config = strncmp(argument, "--config", 8) == 0 &&
		                 (argument[8] == '\0' || argument[8] == '=');
		const char *value = value_of(argument, argv, argc, &i);
		enum err e = take_option(
			c, argument, value, is_config && !file ? &ignored : file, sentence);
		if (e)
			return e;
	}
	return ERR_OK;
}

enum err command_line_read(
	int argc, char **argv, struct config *c, enum command *command, struct str *sentence)
{
	const char *file = NULL;
	enum err e;

	*command = COMMAND_RUN;
	for (int i = 1; i < argc; i++)
		(void)find_command(str_of(argv[i]), command);
	if (*command != COMMAND_RUN && *command != COMMAND_CHECK_CONFIG &&
		*command != COMMAND_ADMIN_LINK && *command != COMMAND_ROTATE_URL_KEY)
		return ERR_OK;

	e = take_options(argc, argv, c, &file, sentence);
	if (!e && file)
		e = config_read_file(c, file, sentence);
	if (!e)
		e = config_read_environment(c, sentence);
	if (!e)
		e = take_options(argc, argv, c, NULL, sentence);
	if (!e && config_find_data(c)) {
		*sentence = STR("There is no home folder to keep the data in; say --data DIR.");
		e = ERR_NOT_FOUND;
	}
	return e;
}

static void print_key(FILE *to, const struct config_row *row)
{
	char option[80];
	int n = snprintf(option, sizeof option, "--%s", row->key);

	for (int i = 2; i < n; i++) {
		if (option[i] == '_')
			option[i] = '-';
	}
	if (row->is_number)
		fprintf(to,
			"  %s N\n      %s (%s; %" PRId64 " to %" PRId64 "; default %" PRId64 ")\n",
			option, row->doc, row->value, row->least, row->most, row->number);
	else
		fprintf(to, "  %s %s\n      %s%s%s%s\n", option, row->value, row->doc,
			*row->fallback ? " (default " : "", row->fallback,
			*row->fallback ? ")" : "");
}

void command_line_help(FILE *to)
{
	fputs("Usage: antiphond [OPTION]...\n"
	      "Runs the Antiphon server: chat and music over Socket.IO.\n\n"
	      "  --config FILE\n      A file of `key = value` lines; the keys are the options "
	      "below.\n",
		to);
	for (size_t i = 0; i < config_row_count(); i++) {
		struct config_row row = config_row_at(i);
		print_key(to, &row);
	}
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		fprintf(to, "  %s\n      %s\n", commands[i].option, commands[i].doc);
	fputs("\nEvery key can also be set in the environment: ANTIPHON_LISTEN and so on.\n", to);
}
