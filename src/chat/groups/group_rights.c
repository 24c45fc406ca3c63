/* SPDX-License-Identifier: MIT
 *
 * group_rights - see group_rights.h.
 *
 * Layer: chat.  Threads: the job's.
 */
#include "chat/groups/group_rights.h"

#include "store/tx.h"

static const struct query see = { "SELECT pk, pk = 1 OR EXISTS (SELECT 1 FROM member WHERE "
				  "group_pk = pk AND user_id = ?2), " GROUP_ROW_COLUMNS
				  " FROM chat_group WHERE id = ?1" };
static const struct query is_member = {
	"SELECT 1 FROM member WHERE group_pk = ?1 AND user_id = ?2"
};

enum err group_rights_see(struct tx *tx, const struct ask *ask, struct uuid id, struct arena *a,
	struct group_seen *out)
{
	struct row *r;
	enum err e = tx_one(
		tx, &see, VALUES(of_uuid(group_row_or_lobby(id)), of_uuid(ask->user_id)), &r);

	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, e, "There is no such group.");
	if (e)
		return e;
	out->pk = row_int(r, 0);
	out->is_member = row_int(r, 1);
	return group_row_read(r, 2, a, &out->group);
}

enum err group_rights_refuse_stranger(struct tx *tx)
{
	return tx_refuse(tx, ERR_FORBIDDEN, "Only members of the group may do that.");
}

enum err group_rights_see_as_member(struct tx *tx, const struct ask *ask, struct uuid id,
	struct arena *a, struct group_seen *out)
{
	enum err e = group_rights_see(tx, ask, id, a, out);

	if (!e && !out->is_member)
		return group_rights_refuse_stranger(tx);
	return e;
}

bool group_rights_is_lobby(const struct group_seen *g)
{
	return g->pk == GROUP_ROW_LOBBY_PK;
}

bool group_rights_manages(const struct ask *ask, const struct group_seen *g)
{
	bool is_creator = !g->group.creatorId.null && uuid_eq(g->group.creatorId.v, ask->user_id);

	return ask_moderates(ask) || (is_creator && g->is_member);
}

enum err group_rights_is_member(struct tx *tx, int64_t group_pk, struct uuid user_id, bool *out)
{
	struct row *r;

	*out = true;
	if (group_pk == GROUP_ROW_LOBBY_PK)
		return ERR_OK;
	enum err e = tx_one(tx, &is_member, VALUES(of_int(group_pk), of_uuid(user_id)), &r);
	*out = !e;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

const char *group_rights_meant(
	const struct ask *ask, bool is_named, struct uuid named, struct uuid *out)
{
	if (!is_named && ask->none_open)
		return "No group is open on this connection: name one in `groupId`, or turn to one "
		       "with "
		       "USER_CHANGED_GROUP.";
	*out = group_row_or_lobby(is_named ? named : ask->open_group);
	return NULL;
}
