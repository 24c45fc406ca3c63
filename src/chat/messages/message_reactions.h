/* SPDX-License-Identifier: MIT
 *
 * message_reactions - the reactions to a message: which there may be, and which there are.
 *
 * Layer: chat.  Threads: any; message_reactions_read the job's.
 */
#ifndef CHAT_MESSAGE_REACTIONS_H
#define CHAT_MESSAGE_REACTIONS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "schema/payload.h"

struct tx;

/* True for one emoji, and for `:name:` of letters, digits, '_', '+', '-' of ASCII. */
bool message_reactions_is_one(struct str s);

/* All reactions of a message in the order they first came, each with at most MESSAGE_ROW_GIVERS_MAX users. As tx_rows. */
NODISCARD enum err message_reactions_read(
	struct tx *tx, int64_t message_pk, struct arena *a, struct message *out);

#endif
