/* SPDX-License-Identifier: MIT
 *
 * slash - commands that are typed behind a slash; rows of slash.def.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_SLASH_H
#define CLI_CHAT_SLASH_H

#include "cli/chat/chat.h"

/* Runs "/name words"; what goes wrong becomes a notice. */
void chat_slash_run(struct chat *chat, struct str line);

/* The name of the command at this place of the table; NULL behind the last. */
const char *chat_slash_name(size_t index);

/* rest: what stands behind the name, without spaces around it. */
#define SLASH(id, arguments, doc) void chat_slash_##id(struct chat *chat, struct str rest);
#include "cli/chat/slash.def"
#undef SLASH

/* The first word of the text; *rest is what stands behind it. */
struct str chat_slash_word(struct str text, struct str *rest);

#endif
