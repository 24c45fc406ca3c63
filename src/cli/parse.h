/* SPDX-License-Identifier: MIT
 *
 * parse - the words of the command line into a struct cli, by the tables of commands.h.
 *
 * Options stand anywhere: `--name VALUE` or `--name=VALUE`, or by their first letter, `-n VALUE`, where only one of the
 * command begins with it; behind `--` all words are arguments.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/cli.h"

/* EX_OK, or EX_USAGE, told. What is read is borrowed from argv. --help and --version excuse missing arguments. */
int parse_command_line(struct cli *c, int argc, char **argv);

#endif
