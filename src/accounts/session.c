/* SPDX-License-Identifier: MIT
 *
 * session - see session.h.
 *
 * Layer: accounts.  Threads: the job's, but for session_ended.
 */
#include "accounts/session.h"

#include "accounts/token.h"

#include "base/text.h"
#include "store/tx.h"

static const int64_t life_ms = (int64_t)SESSION_DAYS * 24 * 60 * 60 * 1000;

static const struct query open_one = {
	"INSERT INTO session (id, user_id, token_hash, about, created_at, used_at, expires_at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)"
};
static const struct query surplus = { "SELECT id FROM session WHERE user_id = ?1 ORDER BY used_at "
				      "DESC, pk DESC LIMIT -1 OFFSET ?2" };
static const struct query find = {
	"SELECT session.id, session.used_at, session.expires_at, user.id, user.role, "
	"user.suspended,"
	" session.turned"
	" FROM session JOIN user ON user.id = session.user_id WHERE token_hash = ?1"
};
static const struct query recheck = {
	"SELECT user.role, user.suspended FROM session JOIN user ON user.id = session.user_id"
	" WHERE session.id = ?1 AND session.user_id = ?2"
};
static const struct query find_named = {
	"SELECT 1 FROM session JOIN user ON user.id = session.user_id WHERE session.id = ?1 AND"
	" user.id = ?2 AND session.expires_at > ?3 AND NOT user.suspended"
};
static const struct query renew = {
	"UPDATE session SET used_at = ?2, expires_at = ?3 WHERE id = ?1"
};
static const struct query turn = { "UPDATE session SET turned = 1 WHERE id = ?1 AND turned = 0" };
static const struct query list = {
	"SELECT id, about, created_at, used_at, expires_at FROM session"
	" WHERE user_id = ?1 AND expires_at > ?2 ORDER BY used_at DESC, pk DESC LIMIT 10000"
};
static const struct query end_one = { "DELETE FROM session WHERE id = ?1 AND user_id = ?2" };
static const struct query all_but = { "SELECT id FROM session WHERE user_id = ?1 AND id <> ?2" };
static const struct query expire = { "DELETE FROM session WHERE expires_at <= ?1" };

int64_t session_expiry(int64_t now_ms)
{
	return now_ms + life_ms;
}

/* Ends the sessions whose ids a query gives, into *ended. */
static enum err end_listed(struct tx *tx, struct row *r, struct uuid user_id, struct arena *a,
	struct session_ids *ended)
{
	enum { MAX = 10001 };
	struct uuid *ids = arena_array(a, MAX, sizeof *ids);
	size_t n = 0;
	bool more = true;
	enum err e = ids ? row_next(r, &more) : ERR_NOMEM;

	while (!e && more && n < MAX) {
		ids[n++] = row_uuid(r, 0);
		e = row_next(r, &more);
	}
	for (size_t i = 0; i < n && !e; i++)
		e = tx_run(tx, &end_one, VALUES(of_uuid(ids[i]), of_uuid(user_id)));
	*ended = (struct session_ids){ ids, n };
	return e;
}

enum err session_open(struct tx *tx, const struct ask *ask, const struct session_new *in,
	struct arena *a, struct session_ids *ended)
{
	struct str about = in->about;
	struct row *r;

	if (about.n > SESSION_ABOUT_MAX)
		about.n = SESSION_ABOUT_MAX;
	if (!text_is_utf8(about))
		about.n = 0;
	enum err e = tx_run(tx, &open_one,
		VALUES(of_uuid(ask_id(ask, in->nth)), of_uuid(in->user_id),
			of_digest(&in->token_hash), of_str(about), of_int(ask->now_ms),
			of_int(session_expiry(ask->now_ms))));
	if (!e)
		e = tx_rows(tx, &surplus,
			VALUES(of_uuid(in->user_id), of_int(ask->limits->sessions_per_user)), &r);
	return e ? e : end_listed(tx, r, in->user_id, a, ended);
}

enum err session_find(struct tx *tx, struct str token, int64_t now_ms, struct session *out)
{
	struct digest hash = token_hash(token);
	struct row *r;
	enum err e = tx_one(tx, &find, VALUES(of_digest(&hash)), &r);

	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e || row_int(r, 2) <= now_ms)
		return tx_refuse(tx, ERR_UNAUTHORIZED,
			"The token is unknown or its session has ended; sign in again.");
	if (row_int(r, 5))
		return tx_refuse(tx, ERR_UNAUTHORIZED, "The account is suspended.");
	*out = (struct session){
		.who = { .user_id = row_uuid(r, 3),
			.session_id = row_uuid(r, 0),
			.role = (enum role)row_int(r, 4) },
		.expires_ms = row_int(r, 2),
		.has_turned = row_int(r, 6) != 0,
		.is_stale = now_ms - row_int(r, 1) >= SESSION_RENEW_MS,
	};
	return ERR_OK;
}

enum err session_recheck(struct tx *tx, struct ask *ask)
{
	struct row *r;
	enum err e =
		tx_one(tx, &recheck, VALUES(of_uuid(ask->session_id), of_uuid(ask->user_id)), &r);

	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, ERR_UNAUTHORIZED, "The session has ended; sign in again.");
	if (e)
		return e;
	if (row_int(r, 1))
		return tx_refuse(tx, ERR_FORBIDDEN, "The account is suspended.");
	ask->role = (enum role)row_int(r, 0);
	return ERR_OK;
}

enum err session_find_named(struct tx *tx, const struct identity *named, int64_t now_ms)
{
	struct row *r;
	enum err e = tx_one(tx, &find_named,
		VALUES(of_uuid(named->session_id), of_uuid(named->user_id), of_int(now_ms)), &r);

	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, ERR_UNAUTHORIZED, "The session of this address has ended.");
	return e;
}

enum err session_renew(struct tx *tx, struct uuid session_id, int64_t now_ms)
{
	return tx_run(tx, &renew,
		VALUES(of_uuid(session_id), of_int(now_ms), of_int(session_expiry(now_ms))));
}

enum err session_turn(struct tx *tx, struct uuid session_id)
{
	return tx_run(tx, &turn, VALUES(of_uuid(session_id)));
}

enum err session_list(
	struct tx *tx, const struct ask *ask, struct arena *a, struct session_list *out)
{
	size_t max = (size_t)ask->limits->sessions_per_user;
	struct session_listed *v = arena_array(a, max, sizeof *v);
	struct row *r;
	size_t n = 0;
	bool more = false;

	if (!v)
		return ERR_NOMEM;
	enum err e = tx_rows(tx, &list, VALUES(of_uuid(ask->user_id), of_int(ask->now_ms)), &r);
	if (!e)
		e = row_next(r, &more);
	while (!e && more && n < max) {
		v[n] = (struct session_listed){ .id = row_uuid(r, 0),
			.created_ms = row_int(r, 2),
			.used_ms = row_int(r, 3),
			.expires_ms = row_int(r, 4) };
		e = row_str(r, 1, a, &v[n++].about);
		if (!e)
			e = row_next(r, &more);
	}
	*out = (struct session_list){ v, n };
	return e;
}

enum err session_end(struct tx *tx, const struct ask *ask, struct uuid id)
{
	enum err e = tx_run(tx, &end_one, VALUES(of_uuid(id), of_uuid(ask->user_id)));

	if (!e && tx_changes(tx) == 0)
		return tx_refuse(tx, ERR_NOT_FOUND, "There is no such session.");
	return e;
}

enum err session_end_all(struct tx *tx, struct uuid user_id, struct uuid keep, struct arena *a,
	struct session_ids *ended)
{
	struct row *r;
	enum err e = tx_rows(tx, &all_but, VALUES(of_uuid(user_id), of_uuid(keep)), &r);

	return e ? e : end_listed(tx, r, user_id, a, ended);
}

enum err session_expire(struct tx *tx, int64_t now_ms)
{
	return tx_run(tx, &expire, VALUES(of_int(now_ms)));
}

void session_ended(struct hub *hub, const struct session_ids *ended)
{
	for (size_t i = 0; i < ended->n; i++)
		hub_end_session(hub, ended->v[i], ERR_UNAUTHORIZED,
			"The session has ended; sign in again.");
}
