/* SPDX-License-Identifier: MIT
 *
 * tags - words between commas, for publish and update.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_TAGS_H
#define CLI_TAGS_H

#include <antiphon/antiphon.h>

#include "cli/cli.h"

/* "jazz,live" as a list; empty ones are left out. In the arena. */
int tags_read(struct cli *c, const char *text, struct antiphon_texts *out);

#endif
