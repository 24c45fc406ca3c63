/* SPDX-License-Identifier: MIT
 *
 * payload_words - an event's payload from words of the command line: key=value, typed by the payload's row.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_PAYLOAD_WORDS_H
#define CLI_PAYLOAD_WORDS_H

#include <antiphon/antiphon.h>

#include "cli/cli.h"
#include "schema/schema.h"

enum { PAYLOAD_WORDS_BYTES_MAX = 4 };

/* All in the arena. */
struct payload_words {
	struct str json;
	struct antiphon_bytes bytes[PAYLOAD_WORDS_BYTES_MAX]; /* what its placeholders stand for */
	size_t byte_count;
};

/*
 * A payload from the arguments from `first` on, in the arena. A text is taken as it stands; numbers, true,
 * false and objects are JSON; a list is JSON, or its elements with commas between them; null is null where the row allows it.
 * Bytes come from a file, key=@FILE, or from standard input, key=@-. A payload that is a bare UUID is one word. EX_NOINPUT, told, for a file
 * that cannot be read; EX_DATAERR, told, for a key that the payload does not have, and for a value that is not of its type.
 */
int payload_words_read(
	struct cli *c, const struct payload *p, size_t first, struct payload_words *out);

#endif
