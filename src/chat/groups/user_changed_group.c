/* SPDX-License-Identifier: MIT
 *
 * user_changed_group - USER_CHANGED_GROUP: a socket turns to a group; a channel is joined by that. Where an invisible
 * user turns to, nobody but they hears.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "accounts/presence.h"
#include "accounts/session.h"
#include "chat/groups/group_members.h"
#include "dispatch/verb.h"
#include "store/tx.h"

struct user_changed_group_out {
	struct group group;
	bool joined;
};

enum err user_changed_group_apply(struct tx *tx, const struct ask *ask,
	const struct user_changed_group *in, struct arena *a, struct user_changed_group_out **out)
{
	struct user_changed_group_out *made = ARENA_NEW(a, struct user_changed_group_out);
	struct group_seen g;

	if (!made)
		return ERR_NOMEM;
	enum err e = group_rights_see(tx, ask, in->newChannelId.id, a, &g);
	if (e)
		return e;
	if (!g.is_member && g.group.kind != GROUP_KIND_CHANNEL)
		return group_rights_refuse_stranger(tx);
	made->joined = !g.is_member;
	if (made->joined)
		e = group_members_add(tx, ask, &g, ask->user_id);
	if (!e)
		e = session_turn(tx, ask->session_id);
	made->group = g.group;
	*out = made;
	return e;
}

void user_changed_group_announce(struct hub *hub, const struct ask *ask,
	const struct user_changed_group *in, const struct user_changed_group_out *out)
{
	const struct group_answer answer = { out->group };
	const struct member_added added = { .groupId = out->group.id,
		.userId = ask->user_id,
		.addedBy = ask->user_id,
		.timestamp = ask->now_ms };
	const struct group_changed changed = { .userId = ask->user_id,
		.newChannelId = { .id = out->group.id,
			.name = { .set = true, .v = out->group.name } },
		.timestamp = ask->now_ms };

	(void)in;
	if (out->joined) {
		group_members_enter(hub, &out->group, ask->user_id);
		hub_emit_group(
			hub, EVENT_chat_group_member_added, &added, out->group.id, ask_except(ask));
	}
	group_members_open(hub, ask->socket, out->group.id);
	hub_answer(hub, ask, &answer);
	if (presence_is_connected(hub_presence(hub), NS_CHAT, ask->user_id))
		hub_emit_group(hub, EVENT_chat_user_changed_group, &changed, out->group.id,
			ask_except(ask));
	else
		hub_emit_user(hub, EVENT_chat_user_changed_group, &changed, ask->user_id,
			ask_except(ask));
}
