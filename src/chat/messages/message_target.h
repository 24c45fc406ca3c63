/* SPDX-License-Identifier: MIT
 *
 * message_target - the message that a request is about: found, judged, and given a new rev.
 *
 * Layer: chat.  Threads: the job's.
 */
#ifndef CHAT_MESSAGE_TARGET_H
#define CHAT_MESSAGE_TARGET_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "dispatch/ask.h"

struct tx;

struct message_target {
	int64_t pk, group_pk, seq, rev;
	struct uuid group_id, user_id;
	struct str text; /* in the arena */
	bool is_deleted;
	bool is_member; /* the asker, of its group */
};

/* Refuses with ERR_NOT_FOUND; else as tx_one. */
NODISCARD enum err message_target_find(struct tx *tx, const struct ask *ask, struct uuid id,
	struct arena *a, struct message_target *out);

/* The same, and refuses with ERR_FORBIDDEN who is no member of the group, with ERR_CONFLICT when it was deleted. */
NODISCARD enum err message_target_find_living(struct tx *tx, const struct ask *ask, struct uuid id,
	struct arena *a, struct message_target *out);

/* On the writer: the group's next rev. As tx_one. */
NODISCARD enum err message_target_next_rev(struct tx *tx, int64_t group_pk, int64_t *out);

#endif
