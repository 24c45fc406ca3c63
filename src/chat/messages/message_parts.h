/* SPDX-License-Identifier: MIT
 *
 * message_parts - what a new message refers to: the one it answers, files of its group, tracks.
 *
 * Layer: chat.  Threads: the writer.
 */
#ifndef CHAT_MESSAGE_PARTS_H
#define CHAT_MESSAGE_PARTS_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "dispatch/ask.h"

struct tx;

/* The bits of message.extras (message_row.h) that a message sent so has. */
int64_t message_parts_extras(const struct message_sent *in);

/* Refuses with ERR_NOT_FOUND when replyTo does not exist, with ERR_FORBIDDEN when it is in another group. As tx_one. */
NODISCARD enum err message_parts_check_reply(
	struct tx *tx, const struct message_sent *in, int64_t group_pk);

/*
 * Stores files and tracks of the stored message with that row number and loads them into out, which has its own fields
 * already. Refuses as above; else as tx_run.
 */
NODISCARD enum err message_parts_store(struct tx *tx, const struct message_sent *in, int64_t pk,
	struct arena *a, struct message *out);

/*
 * Takes away what hangs on a stored message: its files, but those that another message carries too, the names of its tracks,
 * its reactions. As tx_run.
 */
NODISCARD enum err message_parts_drop(struct tx *tx, int64_t pk);

#endif
