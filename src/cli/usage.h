/* SPDX-License-Identifier: MIT
 *
 * usage - the help that --help and `antiphon help` print, from the tables.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

#include "cli/cli.h"

/* All commands, a line each, and the options of all. */
void usage_print(struct cli *c);

/* One command: its line, what it does, its options. */
void usage_print_command(struct cli *c, const struct command *command);

/* One event by its name on the wire, in every namespace and direction. False when there is none. */
bool usage_print_event(struct cli *c, struct str name);

#endif
