/* SPDX-License-Identifier: MIT
 *
 * status - what the two bars say: the open group, who is there; the connection, what waits, who is writing.
 *
 * All results are clean, in the scratch or constant.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_STATUS_H
#define CLI_CHAT_STATUS_H

#include "cli/chat/chat.h"

/* The open group; how much is unread in the others when no list of them is on the screen. */
struct str chat_status_title(struct chat *chat, bool alone);

/* "3 of 12 here", with their names when no list of members is on the screen. */
struct str chat_status_who(struct chat *chat, bool listed);

/* What is going on. */
struct str chat_status_text(struct chat *chat);

/* That newer messages are below; empty when the newest are in sight. */
struct str chat_status_scroll(struct chat *chat);

#endif
