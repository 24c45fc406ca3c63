/* SPDX-License-Identifier: MIT
 *
 * message_target - see message_target.h.
 *
 * Layer: chat.  Threads: the job's.
 */
#include "chat/messages/message_target.h"

#include "chat/groups/group_rights.h"
#include "store/tx.h"

static const struct query find = {
	"SELECT message.pk, group_pk, seq, message.rev, chat_group.id, message.user_id, text,"
	" deleted_at IS NOT NULL, group_pk = 1 OR EXISTS (SELECT 1 FROM member"
	" WHERE member.group_pk = message.group_pk AND member.user_id = ?2)"
	" FROM message JOIN chat_group ON chat_group.pk = group_pk WHERE message.id = ?1"
};
static const struct query next_rev = {
	"UPDATE chat_group SET rev = rev + 1 WHERE pk = ?1 RETURNING rev"
};

enum err message_target_find(struct tx *tx, const struct ask *ask, struct uuid id, struct arena *a,
	struct message_target *out)
{
	struct row *r;
	enum err e = tx_one(tx, &find, VALUES(of_uuid(id), of_uuid(ask->user_id)), &r);

	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, e, "There is no such message.");
	if (e)
		return e;
	*out = (struct message_target){
		.pk = row_int(r, 0),
		.group_pk = row_int(r, 1),
		.seq = row_int(r, 2),
		.rev = row_int(r, 3),
		.group_id = row_uuid(r, 4),
		.user_id = row_uuid(r, 5),
		.is_deleted = row_int(r, 7),
		.is_member = row_int(r, 8),
	};
	return row_str(r, 6, a, &out->text);
}

enum err message_target_find_living(struct tx *tx, const struct ask *ask, struct uuid id,
	struct arena *a, struct message_target *out)
{
	enum err e = message_target_find(tx, ask, id, a, out);

	if (e)
		return e;
	if (!out->is_member)
		return group_rights_refuse_stranger(tx);
	if (out->is_deleted)
		return tx_refuse(tx, ERR_CONFLICT, "The message was deleted.");
	return ERR_OK;
}

enum err message_target_next_rev(struct tx *tx, int64_t group_pk, int64_t *out)
{
	struct row *r;
	enum err e = tx_one(tx, &next_rev, VALUES(of_int(group_pk)), &r);

	if (!e)
		*out = row_int(r, 0);
	return e;
}
