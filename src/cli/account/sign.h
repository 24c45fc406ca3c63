/* SPDX-License-Identifier: MIT
 *
 * sign - what register and login share: an answer with a token, kept and told.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_SIGN_H
#define CLI_SIGN_H

#include "cli/session.h"

/* Posts the object, which is ended and freed; keeps the token of the answer on the disk; says who is signed in. */
int sign_call(struct cli *c, const char *path, struct session_json *j);

#endif
