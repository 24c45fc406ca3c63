/* SPDX-License-Identifier: MIT
 *
 * group_member_added - GROUP_MEMBER_ADDED: somebody joins a channel, or is added by who may do that.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "accounts/notify.h"
#include "accounts/user_row.h"
#include "chat/groups/group_members.h"
#include "chat/groups/group_notice.h"
#include "dispatch/verb.h"
#include "store/tx.h"

struct group_member_added_out {
	struct group group;
	struct uuid user_id;
	bool is_noticed; /* added by somebody else */
	struct notification notice;
};

/* ERR_OK when the asker may make this user a member of what they see. */
static enum err may_add(
	struct tx *tx, const struct ask *ask, const struct group_seen *g, struct uuid user_id)
{
	bool joins = uuid_eq(user_id, ask->user_id) && g->group.kind == GROUP_KIND_CHANNEL;

	if (g->group.kind == GROUP_KIND_DIRECT)
		return tx_refuse(
			tx, ERR_FORBIDDEN, "A direct conversation has its two members for good.");
	if (joins || group_rights_manages(ask, g))
		return ERR_OK;
	return tx_refuse(tx, ERR_FORBIDDEN,
		"Only the group's creator or a moderator may add members; a channel may be joined "
		"by all.");
}

static enum err check_user(struct tx *tx, const struct group_seen *g, struct uuid user_id)
{
	bool there, is_member = false;
	enum err e = user_row_exists(tx, user_id, &there);

	if (e)
		return e;
	if (!there)
		return tx_refuse(tx, ERR_NOT_FOUND, "There is no such user.");
	e = group_rights_is_member(tx, g->pk, user_id, &is_member);
	if (!e && is_member)
		return tx_refuse(tx, ERR_CONFLICT, "The user is a member already.");
	return e;
}

enum err group_member_added_apply(struct tx *tx, const struct ask *ask,
	const struct group_member *in, struct arena *a, struct group_member_added_out **out)
{
	struct group_member_added_out *made = ARENA_NEW(a, struct group_member_added_out);
	struct group_seen g;

	if (!made)
		return ERR_NOMEM;
	made->user_id = in->userId.set && !in->userId.null ? in->userId.v : ask->user_id;
	enum err e = group_rights_see(tx, ask, in->groupId, a, &g);
	if (!e)
		e = may_add(tx, ask, &g, made->user_id);
	if (!e)
		e = check_user(tx, &g, made->user_id);
	if (!e)
		e = group_members_add(tx, ask, &g, made->user_id);
	made->is_noticed = !uuid_eq(made->user_id, ask->user_id);
	if (!e && made->is_noticed)
		e = group_notice_add(tx, ask,
			&(struct group_notice){ .group_id = g.group.id, .user_id = made->user_id },
			a, &made->notice);
	made->group = g.group;
	*out = made;
	return e;
}

void group_member_added_announce(struct hub *hub, const struct ask *ask,
	const struct group_member *in, const struct group_member_added_out *out)
{
	const struct group_answer answer = { out->group };
	const struct member_added event = { .groupId = out->group.id,
		.userId = out->user_id,
		.addedBy = ask->user_id,
		.timestamp = ask->now_ms };

	(void)in;
	hub_answer(hub, ask, &answer);
	group_members_enter(hub, &out->group, out->user_id);
	hub_emit_group(hub, EVENT_chat_group_member_added, &event, out->group.id, ask_except(ask));
	if (out->is_noticed)
		notify_send(hub, &out->notice);
}
