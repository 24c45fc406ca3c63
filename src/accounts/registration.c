/* SPDX-License-Identifier: MIT
 *
 * registration - see registration.h.
 *
 * Layer: accounts.  Threads: as in registration.h.
 */
#include "accounts/registration.h"

#include "accounts/change_log.h"
#include "accounts/invite.h"
#include "accounts/password.h"
#include "accounts/token.h"
#include "accounts/user_row.h"
#include "base/text.h"
#include "store/tx.h"

enum { USERNAME_MIN = 2, USERNAME_MAX = 32, DISPLAY_NAME_MAX = 64 };

static const struct query name_is_taken = { "SELECT 1 FROM user WHERE folded = ?1" };
static const struct query add_user = { "INSERT INTO user (id, username, folded, display_name, "
				       "status, role, password, created_at)"
				       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)" };
static const struct query use_admin_link = {
	"UPDATE meta SET value = '' WHERE name = 'admin_link' AND value = ?1"
};
static const struct query find_admin = {
	"SELECT 1 FROM user WHERE role = ?1 AND suspended = 0 LIMIT 1"
};
static const struct query keep_admin_link = {
	"INSERT INTO meta (name, value) VALUES ('admin_link', ?1)"
	" ON CONFLICT (name) DO UPDATE SET value = excluded.value"
};

enum err registration_check(
	struct str username, struct str password, struct str display_name, const char **sentence)
{
	size_t name_length = text_is_utf8(username) ? text_length(username) : 0;
	size_t password_length = text_is_utf8(password) ? text_length(password) : 0;

	*sentence = NULL;
	if (name_length < USERNAME_MIN || name_length > USERNAME_MAX)
		*sentence = "The field `username` must have from 2 to 32 characters.";
	else if (!text_is_username(username))
		*sentence = "The field `username` may hold letters, digits, '.', '_' and '-' only.";
	else if (password_length < PASSWORD_MIN || password_length > PASSWORD_MAX)
		*sentence = "The field `password` must have from 8 to 1024 characters.";
	else if (!text_is_utf8(display_name) || text_length(display_name) > DISPLAY_NAME_MAX)
		*sentence = "The field `displayName` must have at most 64 characters.";
	return *sentence ? ERR_BAD_REQUEST : ERR_OK;
}

/* Whether the asker may make an account at all, and which role it gets. */
static enum err admit(
	struct tx *tx, const struct ask *ask, const struct registration *in, enum role *role)
{
	struct digest hash = token_hash(in->invite);
	enum err e;

	*role = ROLE_USER;
	if (in->invite.n) {
		e = tx_run(tx, &use_admin_link, VALUES(of_digest(&hash)));
		if (!e && tx_changes(tx) == 1)
			*role = ROLE_ADMIN;
		if (e || *role == ROLE_ADMIN)
			return e;
	}
	if (in->policy == REGISTRATION_CLOSED)
		return tx_refuse(tx, ERR_FORBIDDEN, "Registration is closed.");
	if (in->policy == REGISTRATION_OPEN && !in->invite.n)
		return ERR_OK;
	if (!in->invite.n)
		return tx_refuse(tx, ERR_FORBIDDEN, "Registration needs an invite.");
	e = invite_use(tx, in->invite, ask->now_ms);
	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, ERR_FORBIDDEN, "The invite is unknown, used up or expired.");
	return e;
}

static enum err fold_name(
	struct tx *tx, const struct registration *in, struct arena *a, struct str *folded)
{
	enum err e = text_fold(in->username, a, folded);

	if (e == ERR_BAD_REQUEST)
		return tx_refuse(tx, e,
			"The field `username` must not consist of invisible characters alone.");
	return e;
}

static enum err insert_user(struct tx *tx, const struct ask *ask, const struct registration *in,
	enum role role, struct arena *a)
{
	const struct user_names names = { in->username, in->display_name };
	struct str folded;
	struct row *r;
	int64_t rev;
	enum err e = fold_name(tx, in, a, &folded);

	if (e)
		return e;
	e = tx_one(tx, &name_is_taken, VALUES(of_str(folded)), &r);
	if (!e)
		return tx_refuse(tx, ERR_CONFLICT, "The username is taken.");
	if (e != ERR_NOT_FOUND)
		return e;
	e = tx_run(tx, &add_user,
		VALUES(of_uuid(ask_id(ask, 0)), of_str(in->username), of_str(folded),
			of_str(in->display_name), of_int(STATUS_ONLINE), of_int(role),
			of_str(str_of(in->password_hash)), of_int(ask->now_ms)));
	if (!e)
		e = user_row_index(tx, tx_rowid(tx), NULL, &names);
	return e ? e : change_log_add(tx, CHANGE_KIND_USER, ask_id(ask, 0), NULL, &rev);
}

enum err registration_apply(struct tx *tx, const struct ask *ask, const struct registration *in,
	struct arena *a, struct signed_in *out)
{
	struct signed_in s = { .session_id = ask_id(ask, 1),
		.expires_ms = session_expiry(ask->now_ms) };
	struct session_new session = in->session;
	enum role role;
	enum err e = admit(tx, ask, in, &role);

	if (!e)
		e = insert_user(tx, ask, in, role, a);
	session.user_id = ask_id(ask, 0);
	session.nth = 1;
	if (!e)
		e = session_open(tx, ask, &session, a, &s.ended);
	if (!e)
		e = user_row_load(tx, ask_id(ask, 0), a, &s.user);
	if (!e)
		*out = s;
	return e;
}

enum err registration_has_admin(struct tx *tx, bool *out)
{
	struct row *r;
	enum err e = tx_one(tx, &find_admin, VALUES(of_int(ROLE_ADMIN)), &r);

	*out = !e;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err registration_admin_link(struct tx *tx, const struct digest *code_hash)
{
	return tx_run(tx, &keep_admin_link, VALUES(of_digest(code_hash)));
}
