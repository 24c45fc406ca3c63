/* SPDX-License-Identifier: MIT
 *
 * invite - see invite.h.
 *
 * Layer: accounts.  Threads: the job's.
 */
#include "accounts/invite.h"

#include "store/tx.h"

static const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;

static const struct query make = {
	"INSERT INTO invite (id, code, uses_left, expires_at, created_by, created_at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
};
static const struct query list = {
	"SELECT id, code, uses_left, expires_at, created_at, created_by FROM invite"
	" WHERE uses_left > 0 AND expires_at > ?1 ORDER BY pk DESC LIMIT ?2"
};
static const struct query delete_one = { "DELETE FROM invite WHERE id = ?1" };
static const struct query use = { "UPDATE invite SET uses_left = uses_left - 1 WHERE code = ?1 AND "
				  "uses_left > 0 AND expires_at > ?2" };

static enum err for_admins(struct tx *tx, const struct ask *ask)
{
	if (ask->role == ROLE_ADMIN)
		return ERR_OK;
	return tx_refuse(tx, ERR_FORBIDDEN, "Invites are for admins.");
}

enum err invite_make(
	struct tx *tx, const struct ask *ask, struct str code, int64_t uses, int64_t expires_ms)
{
	enum err e = for_admins(tx, ask);

	if (e)
		return e;
	if (uses < 1 || uses > INVITE_USES_MAX)
		return tx_refuse(tx, ERR_BAD_REQUEST, "The field `uses` must be from 1 to 1000.");
	if (expires_ms <= ask->now_ms || expires_ms > ask->now_ms + INVITE_DAYS_MAX * day_ms)
		return tx_refuse(tx, ERR_BAD_REQUEST,
			"The field `expiresAt` must be within a year from now.");
	return tx_run(tx, &make,
		VALUES(of_uuid(ask_id(ask, 0)), of_str(code), of_int(uses), of_int(expires_ms),
			of_uuid(ask->user_id), of_int(ask->now_ms)));
}

static enum err read_invite(struct row *r, struct arena *a, struct invite *out)
{
	*out = (struct invite){ .id = row_uuid(r, 0),
		.uses_left = row_int(r, 2),
		.expires_ms = row_int(r, 3),
		.created_ms = row_int(r, 4),
		.created_by = row_uuid(r, 5) };
	return row_str(r, 1, a, &out->code);
}

enum err invite_list(struct tx *tx, const struct ask *ask, struct arena *a, struct invite_list *out)
{
	struct invite *v = arena_array(a, INVITE_LIST_MAX, sizeof *v);
	enum err e = for_admins(tx, ask);
	struct row *r;
	size_t n = 0;
	bool more = false;

	if (!e && !v)
		e = ERR_NOMEM;
	if (!e)
		e = tx_rows(tx, &list, VALUES(of_int(ask->now_ms), of_int(INVITE_LIST_MAX)), &r);
	if (!e)
		e = row_next(r, &more);
	while (!e && more) {
		e = read_invite(r, a, &v[n++]);
		if (!e)
			e = row_next(r, &more);
	}
	*out = (struct invite_list){ v, n };
	return e;
}

enum err invite_delete(struct tx *tx, const struct ask *ask, struct uuid id)
{
	enum err e = for_admins(tx, ask);

	if (!e)
		e = tx_run(tx, &delete_one, VALUES(of_uuid(id)));
	if (!e && tx_changes(tx) == 0)
		return tx_refuse(tx, ERR_NOT_FOUND, "There is no such invite.");
	return e;
}

enum err invite_use(struct tx *tx, struct str code, int64_t now_ms)
{
	enum err e = tx_run(tx, &use, VALUES(of_str(code), of_int(now_ms)));

	return !e && tx_changes(tx) == 0 ? ERR_NOT_FOUND : e;
}
