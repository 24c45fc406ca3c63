/* SPDX-License-Identifier: MIT
 *
 * messages - lines of messages: when, who, what; for history and search.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_MESSAGES_H
#define CLI_MESSAGES_H

#include "cli/cli.h"

/* Prints an array of messages, a line each. */
int messages_print(struct cli *c, struct str array);

#endif
