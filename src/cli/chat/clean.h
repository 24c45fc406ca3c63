/* SPDX-License-Identifier: MIT
 *
 * clean - text that strangers wrote, as the full screen may show it, and broken into lines.
 *
 * Layer: cli.  Threads: any; works on what it is given.
 */
#ifndef CLI_CHAT_CLEAN_H
#define CLI_CHAT_CLEAN_H

#include "base/arena.h"

/*
 * The text without what a terminal obeys or counts otherwise than we do: controls and marks of direction are '?', invisible joiners go,
 * a letter keeps three marks at most. A tab is a space; new lines stay where they are kept, else they are spaces.
 * Its columns are the sum of wcwidth. In the arena; "?" for what is no UTF-8.
 */
struct str chat_clean(struct arena *a, struct str text, bool keep_lines);

/*
 * How many bytes of a clean text fit into one line of so many columns: up to a new line, else to the last space, else to the last
 * character; *used is also behind the space or new line that ends it. A text that is not empty loses at least a character.
 */
size_t chat_clean_line(struct str text, size_t columns, size_t *used);

#endif
