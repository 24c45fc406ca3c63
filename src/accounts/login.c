/* SPDX-License-Identifier: MIT
 *
 * login - see login.h.
 *
 * Layer: accounts.  Threads: as in login.h.
 */
#include "accounts/login.h"

#include <stdio.h>
#include <string.h>

#include "accounts/notify.h"
#include "accounts/user_row.h"
#include "base/text.h"
#include "store/tx.h"

static const struct query by_name = { "SELECT id, password FROM user WHERE folded = ?1" };
static const struct query by_id = { "SELECT id, password FROM user WHERE id = ?1" };
static const struct query current = { "SELECT password, suspended FROM user WHERE id = ?1" };
static const struct query set_password = { "UPDATE user SET password = ?2 WHERE id = ?1" };

static void fill(struct login *l, struct row *r)
{
	struct str hash = row_borrow(r, 1);

	*l = (struct login){ .user_id = row_uuid(r, 0) };
	snprintf(l->hash, sizeof l->hash, STR_FMT, STR_ARG(hash));
}

enum err login_find(struct tx *tx, struct str username, struct arena *a, struct login *out)
{
	struct str folded;
	struct row *r;
	enum err e = text_fold(username, a, &folded);

	if (!e)
		e = tx_one(tx, &by_name, VALUES(of_str(folded)), &r);
	if (!e)
		fill(out, r);
	if (e != ERR_NOT_FOUND && e != ERR_BAD_REQUEST)
		return e;
	*out = (struct login){ .user_id = { { 0 } } };
	snprintf(out->hash, sizeof out->hash, "%s", password_decoy());
	return ERR_OK;
}

enum err login_find_asker(struct tx *tx, const struct ask *ask, struct login *out)
{
	struct row *r;
	enum err e = tx_one(tx, &by_id, VALUES(of_uuid(ask->user_id)), &r);

	if (!e)
		fill(out, r);
	return e;
}

void login_verify(struct login *l, struct str password)
{
	l->matches = password_matches(l->hash, password);
}

/* The password was right and is still the account's. */
static enum err still_holds(struct tx *tx, const struct login *l, bool *holds, bool *suspended)
{
	struct row *r;

	*holds = *suspended = false;
	if (!l->matches || uuid_is_nil(l->user_id))
		return ERR_OK;
	enum err e = tx_one(tx, &current, VALUES(of_uuid(l->user_id)), &r);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	*holds = str_eq(row_borrow(r, 0), str_of(l->hash));
	*suspended = row_int(r, 1) != 0;
	return ERR_OK;
}

enum err login_apply(struct tx *tx, const struct ask *ask, const struct login *l, struct arena *a,
	struct signed_in *out)
{
	struct signed_in s = { .session_id = ask_id(ask, 0),
		.expires_ms = session_expiry(ask->now_ms) };
	struct session_new session = l->session;
	bool holds, suspended;
	enum err e = still_holds(tx, l, &holds, &suspended);

	if (e)
		return e;
	if (!holds)
		return tx_refuse(tx, ERR_UNAUTHORIZED, "The username or the password is wrong.");
	if (suspended)
		return tx_refuse(tx, ERR_FORBIDDEN, "The account is suspended.");
	session.user_id = l->user_id;
	session.nth = 0;
	e = session_open(tx, ask, &session, a, &s.ended);
	if (!e)
		e = user_row_load(tx, l->user_id, a, &s.user);
	if (!e)
		*out = s;
	return e;
}

enum err login_change_password(struct tx *tx, const struct ask *ask, const struct login *l,
	struct arena *a, struct password_changed *out)
{
	bool holds, suspended;
	enum err e = still_holds(tx, l, &holds, &suspended);

	if (e)
		return e;
	if (!holds)
		return tx_refuse(tx, ERR_FORBIDDEN, "The current password is wrong.");
	const struct notify_new notice = { .user_id = ask->user_id,
		.type = NOTIFICATION_TYPE_SECURITY,
		.data = STR("{\"what\":\"password_changed\"}") };
	e = tx_run(tx, &set_password, VALUES(of_uuid(ask->user_id), of_str(str_of(l->new_hash))));
	if (!e)
		e = session_end_all(tx, ask->user_id, ask->session_id, a, &out->ended);
	return e ? e : notify_add(tx, ask, &notice, &out->notice);
}

void login_password_changed(
	struct hub *hub, const struct ask *ask, const struct password_changed *out)
{
	(void)ask;
	session_ended(hub, &out->ended);
	notify_send(hub, &out->notice);
}
