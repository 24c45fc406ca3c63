/* SPDX-License-Identifier: MIT
 *
 * notice - lines among the messages that are nobody's: answers to commands, refusals, who came.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_NOTICE_H
#define CLI_CHAT_NOTICE_H

#include "cli/chat/chat.h"

/* Stands behind the message that was the newest of its group when it came. */
struct chat_notice {
	struct chat_notice *next;
	char group[CHAT_ID_BYTES];
	int64_t after_seq;
	bool trouble;
	char text[]; /* not clean */
};

/* In the open group. */
void chat_notice_add(struct chat *chat, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same, as something that went wrong. */
void chat_notice_trouble(struct chat *chat, const char *format, ...) PRINTF_LIKE(2, 3);

/* In another group. */
void chat_notice_to(struct chat *chat, const char *group, struct str text);

/* All of them go. */
void chat_notice_clear(struct chat *chat);

#endif
