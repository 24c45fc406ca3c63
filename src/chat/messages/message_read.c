/* SPDX-License-Identifier: MIT
 *
 * message_read - MESSAGE_READ: how far a user has read a group; it only grows.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "chat/groups/group_rights.h"
#include "dispatch/verb.h"
#include "store/tx.h"

struct message_read_out {
	bool grew;
};

static const struct query move = {
	"INSERT INTO read_mark (user_id, group_pk, seq) VALUES (?1, ?2, ?3)"
	" ON CONFLICT (user_id, group_pk) DO UPDATE SET seq = excluded.seq"
	" WHERE excluded.seq > read_mark.seq"
};

enum err message_read_apply(struct tx *tx, const struct ask *ask, const struct message_read *in,
	struct arena *a, struct message_read_out **out)
{
	struct message_read_out *made = ARENA_NEW(a, struct message_read_out);
	struct group_seen g;

	if (!made)
		return ERR_NOMEM;
	enum err e = group_rights_see_as_member(tx, ask, in->groupId, a, &g);
	if (e)
		return e;
	if (in->seq > g.group.lastSeq)
		return tx_refuse(tx, ERR_BAD_REQUEST,
			"The field `seq` must not be beyond the group's newest message.");
	e = tx_run(tx, &move, VALUES(of_uuid(ask->user_id), of_int(g.pk), of_int(in->seq)));
	made->grew = !e && tx_changes(tx) > 0;
	*out = made;
	return e;
}

void message_read_announce(struct hub *hub, const struct ask *ask, const struct message_read *in,
	const struct message_read_out *out)
{
	const struct message_read_mark event = { .userId = ask->user_id,
		.groupId = in->groupId,
		.seq = in->seq,
		.timestamp = ask->now_ms };

	hub_answer(hub, ask, NULL);
	if (out->grew)
		hub_emit_user(hub, EVENT_chat_message_read, &event, ask->user_id, ask_except(ask));
}
