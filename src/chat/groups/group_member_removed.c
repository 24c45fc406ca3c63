/* SPDX-License-Identifier: MIT
 *
 * group_member_removed - GROUP_MEMBER_REMOVED: somebody leaves, or is removed by who may do that.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "accounts/notify.h"
#include "chat/groups/group_members.h"
#include "dispatch/verb.h"
#include "store/tx.h"

struct group_member_removed_out {
	struct group group;
	struct uuid user_id;
	struct notify_gone gone; /* the user's notifications about it */
};

static enum err may_remove(
	struct tx *tx, const struct ask *ask, const struct group_seen *g, struct uuid user_id)
{
	if (group_rights_is_lobby(g))
		return tx_refuse(tx, ERR_FORBIDDEN, "The lobby cannot be left.");
	if (!uuid_eq(user_id, ask->user_id) && !group_rights_manages(ask, g))
		return tx_refuse(tx, ERR_FORBIDDEN,
			"Only the group's creator or a moderator may remove others.");
	if (!g->is_member && !ask_moderates(ask))
		return group_rights_refuse_stranger(tx);
	if (g->group.kind == GROUP_KIND_DIRECT)
		return tx_refuse(
			tx, ERR_FORBIDDEN, "A direct conversation has its two members for good.");
	return ERR_OK;
}

enum err group_member_removed_apply(struct tx *tx, const struct ask *ask,
	const struct group_member *in, struct arena *a, struct group_member_removed_out **out)
{
	struct group_member_removed_out *made = ARENA_NEW(a, struct group_member_removed_out);
	struct group_seen g;

	if (!made)
		return ERR_NOMEM;
	made->user_id = in->userId.set && !in->userId.null ? in->userId.v : ask->user_id;
	enum err e = group_rights_see(tx, ask, in->groupId, a, &g);
	if (!e)
		e = may_remove(tx, ask, &g, made->user_id);
	if (e)
		return e;
	made->group = g.group;
	*out = made;
	e = group_members_remove(tx, &g, made->user_id);
	return e ? e : notify_drop_place(tx, made->user_id, made->group.id, a, &made->gone);
}

void group_member_removed_announce(struct hub *hub, const struct ask *ask,
	const struct group_member *in, const struct group_member_removed_out *out)
{
	const struct member_removed event = { .groupId = out->group.id,
		.userId = out->user_id,
		.removedBy = ask->user_id,
		.timestamp = ask->now_ms };

	(void)in;
	hub_answer(hub, ask, NULL);
	hub_emit_group(
		hub, EVENT_chat_group_member_removed, &event, out->group.id, ask_except(ask));
	group_members_leave(hub, &out->group, out->user_id);
	notify_send_gone(hub, &out->gone, ask->now_ms);
}
