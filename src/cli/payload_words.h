/* SPDX-License-Identifier: MIT
 *
 * payload_words - an event's payload from words of the command line: key=value, typed by the payload's row.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_PAYLOAD_WORDS_H
#define CLI_PAYLOAD_WORDS_H

#include "cli/cli.h"
#include "schema/schema.h"

/*
 * The JSON of a payload from the arguments from `first` on, in the arena. A text is taken as it stands; numbers, true,
 * false and objects are JSON; a list is JSON, or its elements with commas between them; null is null where the row allows it.
 * A payload that is a bare UUID is one word. EX_DATAERR, told, for a key that the payload does not have, and for a value that is not of its type.
 */
int payload_words_read(struct cli *c, const struct payload *p, size_t first, struct str *out);

#endif
