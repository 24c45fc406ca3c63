/* SPDX-License-Identifier: MIT
 *
 * main - antiphond: reads the command line, does what it says, gives an exit code of sysexits.h.
 *
 * Layer: app.  Threads: one.
 */
#include <stdio.h>
#include <sysexits.h>

#include "app/admin_link.h"
#include "app/app.h"
#include "app/asyncapi.h"
#include "app/command_line.h"
#include "app/commands/rotate_url_key.h"
#include "app/http/openapi.h"
#include "app/version.h"

static int exit_code(enum err e)
{
	switch (e) {
	case ERR_OK:
		return EX_OK;
	case ERR_BAD_REQUEST:
	case ERR_NOT_FOUND:
		return EX_CONFIG;
	case ERR_CONFLICT:
		return EX_TEMPFAIL;
	case ERR_NOMEM:
		return EX_OSERR;
	default:
		return EX_UNAVAILABLE;
	}
}

static int print(void (*write)(struct buf *out))
{
	struct buf text = { 0 };

	write(&text);
	bool good = !buf_failed(&text) && fwrite(text.p, 1, text.n, stdout) == text.n &&
	            fflush(stdout) == 0;
	buf_done(&text);
	return good ? EX_OK : EX_IOERR;
}

static int check(const struct config *config)
{
	enum err e = app_check(config);

	if (!e)
		puts("The configuration is good.");
	return exit_code(e);
}

/* A command that changes the data folder. */
static int amended(enum err (*run)(const struct config *config, struct buf *sentence),
	const struct config *config)
{
	struct buf sentence = { 0 };
	enum err e = run(config, &sentence);

	if (e)
		fprintf(stderr, "antiphond: " STR_FMT "\n", STR_ARG(buf_str(&sentence)));
	buf_done(&sentence);
	return exit_code(e);
}

static int run(const struct config *config, enum command command)
{
	switch (command) {
	case COMMAND_HELP:
		command_line_help(stdout);
		return EX_OK;
	case COMMAND_VERSION:
		puts("antiphond " VERSION_TEXT);
		return EX_OK;
	case COMMAND_CHECK_CONFIG:
		return check(config);
	case COMMAND_ADMIN_LINK:
		return amended(admin_link_renew, config);
	case COMMAND_ROTATE_URL_KEY:
		return amended(rotate_url_key, config);
	case COMMAND_PRINT_ASYNCAPI:
		return print(asyncapi_write);
	case COMMAND_PRINT_OPENAPI:
		return print(openapi_write);
	case COMMAND_RUN:
		break;
	}
	return exit_code(app_run(config, &web_files));
}

int main(int argc, char **argv)
{
	struct config config;
	enum command command;
	struct str sentence = { NULL, 0 };

	config_init(&config);
	enum err e = command_line_read(argc, argv, &config, &command, &sentence);
	int code;
	if (e) {
		fprintf(stderr, "antiphond: " STR_FMT "\n", STR_ARG(sentence));
		code = e == ERR_BAD_REQUEST || e == ERR_NOT_FOUND ? EX_USAGE : exit_code(e);
	} else {
		code = run(&config, command);
	}
	config_done(&config);
	return code;
}
