/* SPDX-License-Identifier: MIT
 *
 * typing - TYPING: told to the members who have the group open, never stored. Who is invisible is announced nowhere.
 *
 * Layer: chat.  Threads: the loop's.
 */
#include "accounts/presence.h"
#include "chat/groups/group_rights.h"
#include "dispatch/verb.h"

enum err typing_announce(
	struct hub *hub, const struct ask *ask, const struct typing *in, const char **sentence)
{
	bool is_named = in->groupId.set && !in->groupId.null;
	struct typing_now event = { .userId = ask->user_id };

	*sentence = group_rights_meant(ask, is_named, in->groupId.v, &event.groupId);
	if (*sentence)
		return ERR_CONFLICT;
	if (!uuid_eq(event.groupId, group_row_lobby()) &&
		!presence_is_member(hub_presence(hub), ask->user_id, event.groupId)) {
		*sentence = "Only members of the group may do that.";
		return ERR_FORBIDDEN;
	}
	if (!presence_is_connected(hub_presence(hub), NS_CHAT, ask->user_id))
		return ERR_OK;
	hub_emit(hub, EVENT_chat_typing, &event,
		&(struct audience){ .to = { { ROOM_OPEN_GROUP, event.groupId } },
			.to_count = 1,
			.except_socket = ask->socket,
			.is_volatile = true });
	return ERR_OK;
}
