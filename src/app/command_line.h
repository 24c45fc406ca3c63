/* SPDX-License-Identifier: MIT
 *
 * command_line - the options of antiphond: every configuration key, and a few of its own.
 *
 * Layer: app.  Threads: one.
 */
#ifndef APP_COMMAND_LINE_H
#define APP_COMMAND_LINE_H

#include "app/config.h"

enum command {
	COMMAND_RUN,
	COMMAND_HELP,
	COMMAND_VERSION,
	COMMAND_CHECK_CONFIG,
	COMMAND_ADMIN_LINK,
	COMMAND_ROTATE_URL_KEY,
	COMMAND_PRINT_ASYNCAPI,
	COMMAND_PRINT_OPENAPI,
};

/*
 * Reads file, environment and options, in this order of strength. ERR_BAD_REQUEST or ERR_NOT_FOUND with
 * *sentence.
 */
NODISCARD enum err command_line_read(
	int argc, char **argv, struct config *c, enum command *command, struct str *sentence);

/* The text of --help, made from the tables. */
void command_line_help(FILE *to);

#endif
