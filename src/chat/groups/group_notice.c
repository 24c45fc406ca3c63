/* SPDX-License-Identifier: MIT
 *
 * group_notice - see group_notice.h.
 *
 * Layer: chat.  Threads: the writer.
 */
#include "chat/groups/group_notice.h"

#include "accounts/notify.h"

enum err group_notice_add(struct tx *tx, const struct ask *ask, struct uuid group_id,
	struct uuid user_id, uint32_t nth, struct arena *a, struct notification *out)
{
	char group[UUID_TEXT_BYTES], by[UUID_TEXT_BYTES];

	uuid_text(group_id, group);
	uuid_text(ask->user_id, by);
	*out = (struct notification){
		.notificationId = ask_id(ask, nth),
		.userId = user_id,
		.notificationType = NOTIFICATION_TYPE_GROUP_ADDED,
		.data = arena_printf(a, "{\"groupId\":\"%.*s\",\"addedBy\":\"%.*s\"}",
			UUID_TEXT_BYTES, group, UUID_TEXT_BYTES, by),
		.timestamp = ask->now_ms,
	};
	return out->data.p ? notify_add(tx, ask, out) : ERR_NOMEM;
}
