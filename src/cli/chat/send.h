/* SPDX-License-Identifier: MIT
 *
 * send - messages on their way out: shown as waiting until they are stored, also without a connection.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_SEND_H
#define CLI_CHAT_SEND_H

#include "cli/chat/chat.h"

/* One that is not stored yet, or that was refused. */
struct chat_pending {
	struct chat_pending *next;
	struct chat *chat;
	char group[CHAT_ID_BYTES];
	char *failure; /* why it was refused; NULL while it waits */
	char text[];
};

struct chat_outgoing {
	struct str text;
	const char *reply_to; /* a message's id, or NULL */
	const char *file_id;  /* likewise */
};

/* To the open group. False, and told, without memory or an open group. */
bool chat_send(struct chat *chat, const struct chat_outgoing *m);

/* Uploads a file for the open group and sends a message that carries it; draws meanwhile. */
void chat_send_file(struct chat *chat, const char *path);

/* Tells the others that one is writing, now and then. */
void chat_send_typing(struct chat *chat);

void chat_send_done(struct chat *chat);

#endif
