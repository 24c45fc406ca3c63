/* SPDX-License-Identifier: MIT
 *
 * group_notice - the notification of who was added to a group by somebody else.
 *
 * Layer: chat.  Threads: the writer.
 */
#ifndef CHAT_GROUP_NOTICE_H
#define CHAT_GROUP_NOTICE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "dispatch/ask.h"

struct tx;

/* Who was added where; the notification's id is ask_id(ask, nth). */
struct group_notice {
	struct uuid group_id, user_id;
	uint32_t nth;
};

/* Stores `group_added` { groupId, addedBy }; out is for notify_send. As notify_add. */
NODISCARD enum err group_notice_add(struct tx *tx, const struct ask *ask,
	const struct group_notice *in, struct arena *a, struct notification *out);

#endif
