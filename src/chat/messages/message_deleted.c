/* SPDX-License-Identifier: MIT
 *
 * message_deleted - MESSAGE_DELETED: the text goes and what hangs on it; the seq stays.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "accounts/notify.h"
#include "chat/groups/group_rights.h"
#include "chat/messages/message_parts.h"
#include "chat/messages/message_row.h"
#include "chat/messages/message_target.h"
#include "dispatch/verb.h"
#include "store/tx.h"

struct message_deleted_out {
	struct message_target target;
	int64_t rev;
	struct notify_gone gone; /* notifications about it */
};

static const struct query empty_it = {
	"UPDATE message SET text = '', extras = 0, rev = ?2, deleted_at = ?3 WHERE pk = ?1"
};

static enum err may_delete(struct tx *tx, const struct ask *ask, const struct message_target *t)
{
	if (!t->is_member && !ask_moderates(ask))
		return group_rights_refuse_stranger(tx);
	if (!uuid_eq(t->user_id, ask->user_id) && !ask_moderates(ask))
		return tx_refuse(
			tx, ERR_FORBIDDEN, "Only its author or a moderator may delete a message.");
	if (t->is_deleted)
		return tx_refuse(tx, ERR_NOT_FOUND, "The message was deleted already.");
	return ERR_OK;
}

static enum err take_text_away(
	struct tx *tx, const struct ask *ask, const struct message_target *t, int64_t rev)
{
	enum err e = tx_run(tx, &empty_it, VALUES(of_int(t->pk), of_int(rev), of_int(ask->now_ms)));

	if (!e)
		e = message_parts_drop(tx, t->pk);
	const struct indexed row = { t->pk, t->group_pk, t->text };
	return e ? e : message_row_unindex(tx, &row);
}

enum err message_deleted_apply(struct tx *tx, const struct ask *ask,
	const struct message_deleted *in, struct arena *a, struct message_deleted_out **out)
{
	struct message_deleted_out *made = ARENA_NEW(a, struct message_deleted_out);

	if (!made)
		return ERR_NOMEM;
	enum err e = message_target_find(tx, ask, in->messageId, a, &made->target);
	if (!e)
		e = may_delete(tx, ask, &made->target);
	if (!e)
		e = message_target_next_rev(tx, made->target.group_pk, &made->rev);
	if (!e)
		e = notify_drop_thing(tx, in->messageId, a, &made->gone);
	*out = made;
	return e ? e : take_text_away(tx, ask, &made->target, made->rev);
}

void message_deleted_announce(struct hub *hub, const struct ask *ask,
	const struct message_deleted *in, const struct message_deleted_out *out)
{
	const struct rev_answer answer = { out->rev };
	const struct message_deletion event = {
		.messageId = in->messageId,
		.groupId = out->target.group_id,
		.seq = out->target.seq,
		.rev = out->rev,
		.deletedBy = ask->user_id,
		.timestamp = ask->now_ms,
	};

	hub_answer(hub, ask, &answer);
	hub_emit_group(hub, EVENT_chat_message_deleted, &event, event.groupId, ask_except(ask));
	notify_send_gone(hub, &out->gone, ask->now_ms);
}
