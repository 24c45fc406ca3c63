/* SPDX-License-Identifier: MIT
 *
 * account - see account.h.
 *
 * Layer: accounts.  Threads: account_change the writer, account_changed the loop.
 */
#include "accounts/account.h"

#include "accounts/change_log.h"
#include "accounts/presence.h"
#include "accounts/user_row.h"
#include "store/tx.h"

static const struct query get = { "SELECT role, suspended FROM user WHERE id = ?1" };
static const struct query set = { "UPDATE user SET role = ?2, suspended = ?3 WHERE id = ?1" };
static const struct query another_admin = {
	"SELECT 1 FROM user WHERE role = ?2 AND suspended = 0 AND id <> ?1 LIMIT 1"
};

static enum err some_admin_stays(
	struct tx *tx, const struct account_change *in, int64_t role, int64_t suspended)
{
	struct row *r;

	if (role == ROLE_ADMIN && !suspended)
		return ERR_OK;
	enum err e =
		tx_one(tx, &another_admin, VALUES(of_uuid(in->user_id), of_int(ROLE_ADMIN)), &r);
	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, ERR_CONFLICT, "There would be no admin left.");
	return e;
}

enum err account_change(struct tx *tx, const struct ask *ask, const struct account_change *in,
	struct arena *a, struct account_changed *out)
{
	struct row *r;

	if (ask->role != ROLE_ADMIN)
		return tx_refuse(tx, ERR_FORBIDDEN, "Accounts are changed by admins.");
	enum err e = tx_one(tx, &get, VALUES(of_uuid(in->user_id)), &r);
	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, e, "There is no such user.");
	if (e)
		return e;
	int64_t role = in->role.set ? (int64_t)in->role.v : row_int(r, 0);
	int64_t suspended = in->suspended.set ? in->suspended.v : row_int(r, 1);
	*out = (struct account_changed){ .is_suspended = suspended != 0 };
	e = some_admin_stays(tx, in, role, suspended);
	if (!e)
		e = tx_run(tx, &set, VALUES(of_uuid(in->user_id), of_int(role), of_int(suspended)));
	if (!e && suspended)
		e = session_end_all(tx, in->user_id, (struct uuid){ { 0 } }, a, &out->ended);
	if (!e)
		e = change_log_add(tx, CHANGE_KIND_USER, in->user_id, NULL, &out->rev);
	return e ? e : user_row_load(tx, in->user_id, a, &out->user);
}

static void set_role(void *context, struct seat *seat)
{
	seat->role = *(const enum role *)context;
}

void account_changed(struct hub *hub, const struct ask *ask, const struct account_changed *out)
{
	enum role role = out->user.role;
	struct user user = out->user;

	(void)ask;
	if (out->is_suspended) {
		hub_end_user(hub, user.id, ERR_FORBIDDEN, "The account is suspended.");
		return;
	}
	for (int ns = 0; ns < NS_COUNT; ns++)
		hub_each(hub, (enum ns)ns, (struct room){ ROOM_USER, user.id }, set_role, &role);
	presence_profile(hub_presence(hub), &user);
	presence_show_one(hub_presence(hub), &user);
	user.rev.set = true;
	user.rev.v = out->rev;
	hub_emit_all(hub, EVENT_music_user_update, &user, 0);
}
