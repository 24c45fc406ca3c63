/* SPDX-License-Identifier: MIT
 *
 * access - see access.h.
 *
 * Layer: files.  Threads: the job's.
 */
#include "files/access.h"

#include "store/tx.h"

static const struct query select_group = {
	"SELECT pk, pk = 1 OR EXISTS (SELECT 1 FROM member WHERE group_pk = pk AND user_id = ?2)"
	" FROM chat_group WHERE id = ?1"
};

enum err access_group(struct tx *tx, struct uuid user_id, struct uuid group_id, int64_t *group_pk)
{
	struct row *r;
	enum err e = tx_one(tx, &select_group, VALUES(of_uuid(group_id), of_uuid(user_id)), &r);

	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, e, "There is no such group.");
	if (e)
		return e;
	if (!row_int(r, 1))
		return tx_refuse(tx, ERR_FORBIDDEN, "Only members of the group may do that.");
	*group_pk = row_int(r, 0);
	return ERR_OK;
}
