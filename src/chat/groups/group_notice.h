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

/* Stores `group_added` { groupId, addedBy } with the id ask_id(ask, nth); out is for notify_send. As notify_add, ERR_NOMEM. */
NODISCARD enum err group_notice_add(struct tx *tx, const struct ask *ask, struct uuid group_id,
	struct uuid user_id, uint32_t nth, struct arena *a, struct notification *out);

#endif
