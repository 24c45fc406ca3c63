/* SPDX-License-Identifier: MIT
 *
 * secret - a password: from the terminal without echo, or a line of standard input with --password-stdin.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "cli/cli.h"

/* prompt: "Password: ". *out is in the arena. EX_USAGE, EX_NOINPUT, told, when there is none to be had. */
int secret_read(struct cli *c, const char *prompt, struct str *out);

/* The same twice on a terminal, and both must be the same: for a new one. From standard input once. */
int secret_read_new(struct cli *c, const char *prompt, struct str *out);

#endif
