/* SPDX-License-Identifier: MIT
 *
 * complete - the word before the cursor is made whole: @names of members, #groups, /commands. Another press takes the next one.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_COMPLETE_H
#define CLI_CHAT_COMPLETE_H

#include "cli/chat/chat.h"

void chat_complete(struct chat *chat);

/* Another key was pressed: the next press begins anew. */
void chat_complete_end(struct chat *chat);

#endif
