/* SPDX-License-Identifier: MIT
 *
 * group_notice - see group_notice.h.
 *
 * Layer: chat.  Threads: the writer.
 */
#include "chat/groups/group_notice.h"

#include "accounts/notify.h"

enum err group_notice_add(struct tx *tx, const struct ask *ask, const struct group_notice *in,
	struct arena *a, struct notification *out)
{
	char group[UUID_TEXT_BYTES], by[UUID_TEXT_BYTES];

	uuid_text(in->group_id, group);
	uuid_text(ask->user_id, by);
	const struct notify_new n = {
		.user_id = in->user_id,
		.type = NOTIFICATION_TYPE_GROUP_ADDED,
		.data = arena_printf(a, "{\"groupId\":\"%.*s\",\"addedBy\":\"%.*s\"}",
			UUID_TEXT_BYTES, group, UUID_TEXT_BYTES, by),
		.nth = in->nth,
	};
	return notify_add(tx, ask, &n, out);
}
