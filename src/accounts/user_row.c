/* SPDX-License-Identifier: MIT
 *
 * user_row - see user_row.h.
 *
 * Layer: accounts.  Threads: the job's.
 */
#include "accounts/user_row.h"

#include "store/tx.h"

static const struct query load = { "SELECT " USER_ROW_COLUMNS " FROM user WHERE id = ?1" };
static const struct query exists = { "SELECT 1 FROM user WHERE id = ?1" };

enum err user_row_read(
	struct row *r, int column, const struct media *m, struct arena *a, struct user *out)
{
	struct user u = {
		.id = row_uuid(r, column),
		.status = (enum status)row_int(r, column + 5),
		.role = (enum role)row_int(r, column + 7),
		.createdAt = row_int(r, column + 8),
	};
	enum err e = row_str(r, column + 1, a, &u.username);

	if (!e)
		e = row_str(r, column + 2, a, &u.displayName);
	if (!e)
		e = row_str(r, column + 3, a, &u.bio);
	if (!e)
		e = row_str(r, column + 6, a, &u.statusText);
	if (e)
		return e;
	u.avatarUrl.set = true;
	u.avatarUrl.null = !row_int(r, column + 4);
	if (!u.avatarUrl.null) {
		u.avatarUrl.v = media_avatar_url(m, u.id, a);
		if (!u.avatarUrl.v.p)
			return ERR_NOMEM;
	}
	*out = u;
	return ERR_OK;
}

enum err user_row_load(
	struct tx *tx, struct uuid id, const struct media *m, struct arena *a, struct user *out)
{
	struct row *r;
	enum err e = tx_one(tx, &load, VALUES(of_uuid(id)), &r);

	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, e, "There is no such user.");
	return e ? e : user_row_read(r, 0, m, a, out);
}

enum err user_row_exists(struct tx *tx, struct uuid id, bool *out)
{
	struct row *r;
	enum err e = tx_one(tx, &exists, VALUES(of_uuid(id)), &r);

	*out = !e;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}
