/* SPDX-License-Identifier: MIT
 *
 * message_edited - MESSAGE_EDITED: an author gives a message another text.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "chat/messages/message_row.h"
#include "chat/messages/message_target.h"
#include "dispatch/verb.h"
#include "store/tx.h"

struct message_edited_out {
	struct message_target target;
	int64_t rev;
};

static const struct query edit = {
	"UPDATE message SET text = ?2, rev = ?3, edited_at = ?4 WHERE pk = ?1"
};

enum err message_edited_apply(struct tx *tx, const struct ask *ask, const struct message_edited *in,
	struct arena *a, struct message_edited_out **out)
{
	struct message_edited_out *made = ARENA_NEW(a, struct message_edited_out);

	if (!made)
		return ERR_NOMEM;
	struct message_target *t = &made->target;
	enum err e = message_target_find_living(tx, ask, in->messageId, a, t);
	if (e)
		return e;
	if (!uuid_eq(t->user_id, ask->user_id))
		return tx_refuse(tx, ERR_FORBIDDEN, "Only its author may edit a message.");
	e = message_target_next_rev(tx, t->group_pk, &made->rev);
	if (!e)
		e = tx_run(tx, &edit,
			VALUES(of_int(t->pk), of_str(in->message), of_int(made->rev),
				of_int(ask->now_ms)));
	if (!e)
		e = message_row_unindex(tx, &(struct indexed){ t->pk, t->group_pk, t->text });
	if (!e)
		e = message_row_index(tx, &(struct indexed){ t->pk, t->group_pk, in->message });
	*out = made;
	return e;
}

void message_edited_announce(struct hub *hub, const struct ask *ask,
	const struct message_edited *in, const struct message_edited_out *out)
{
	const struct rev_answer answer = { out->rev };
	const struct message_edit event = {
		.messageId = in->messageId,
		.groupId = out->target.group_id,
		.seq = out->target.seq,
		.rev = out->rev,
		.userId = out->target.user_id,
		.message = in->message,
		.editedAt = ask->now_ms,
	};

	hub_answer(hub, ask, &answer);
	hub_emit_group(hub, EVENT_chat_message_edited, &event, event.groupId, ask_except(ask));
}
