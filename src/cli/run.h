/* SPDX-License-Identifier: MIT
 *
 * run - the function of every command, by its row of commands.def.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/cli.h"

/* Does what the command says; an exit code of sysexits.h. */
#define GLOBAL(...)
#define COMMAND(id, ...) int id##_run(struct cli *c);
#define OPTION(...)
#define END(id)
#include "cli/commands.def"
#undef GLOBAL
#undef COMMAND
#undef OPTION
#undef END

#endif
