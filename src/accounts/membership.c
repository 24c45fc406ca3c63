/* SPDX-License-Identifier: MIT
 *
 * membership - see membership.h.
 *
 * Layer: accounts.  Threads: the job's.
 */
#include "accounts/membership.h"

#include "store/tx.h"

static const struct query count = { "SELECT count(*) FROM member WHERE user_id = ?1" };
static const struct query list = { "SELECT chat_group.id, chat_group.kind FROM member JOIN "
				   "chat_group ON chat_group.pk = member.group_pk"
				   " WHERE member.user_id = ?1" };

enum err membership_list(
	struct tx *tx, struct uuid user_id, struct arena *a, struct presence_groups *out)
{
	struct row *r;
	enum err e = tx_one(tx, &count, VALUES(of_uuid(user_id)), &r);

	if (e)
		return e;
	size_t max = (size_t)row_int(r, 0), n = 0;
	struct presence_group *v = arena_array(a, max, sizeof *v);
	bool more = false;
	if (!v)
		return ERR_NOMEM;
	e = tx_rows(tx, &list, VALUES(of_uuid(user_id)), &r);
	if (!e)
		e = row_next(r, &more);
	while (!e && more && n < max) {
		v[n].id = row_uuid(r, 0);
		v[n++].is_channel = row_int(r, 1) == GROUP_KIND_CHANNEL;
		e = row_next(r, &more);
	}
	*out = (struct presence_groups){ v, n };
	return e;
}
