/* SPDX-License-Identifier: MIT
 *
 * user_row - see user_row.h.
 *
 * Layer: accounts.  Threads: the job's.
 */
#include "accounts/user_row.h"

#include "base/buf.h"

#include "store/tx.h"

static const struct query load = { "SELECT " USER_ROW_COLUMNS " FROM user WHERE id = ?1" };
static const struct query exists = { "SELECT 1 FROM user WHERE id = ?1" };

enum err user_row_read(struct row *r, int column, struct arena *a, struct user *out)
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
		u.avatarUrl.v = media_avatar_url(u.id, a);
		if (!u.avatarUrl.v.p)
			return ERR_NOMEM;
	}
	*out = u;
	return ERR_OK;
}

enum err user_row_load(struct tx *tx, struct uuid id, struct arena *a, struct user *out)
{
	struct row *r;
	enum err e = tx_one(tx, &load, VALUES(of_uuid(id)), &r);

	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, e, "There is no such user.");
	return e ? e : user_row_read(r, 0, a, out);
}

enum err user_row_exists(struct tx *tx, struct uuid id, bool *out)
{
	struct row *r;
	enum err e = tx_one(tx, &exists, VALUES(of_uuid(id)), &r);

	*out = !e;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static const struct text_index words = {
	{ "INSERT INTO user_text (rowid, words) VALUES (?1, ?2)" },
	{ "INSERT INTO user_text (user_text, rowid, words) VALUES ('delete', ?1, ?2)" },
};

const struct search_source *user_row_search_source(void)
{
	static const struct search_source source = {
		.name = "user_text",
		.index = &words,
		.clear = { "INSERT INTO user_text (user_text) VALUES ('delete-all')" },
		.rows = { "SELECT pk, 0, display_name || ' ' || username FROM user"
			  " WHERE pk > ?1 ORDER BY pk LIMIT ?2" },
		.last = { "SELECT max(pk) FROM user" },
	};

	return &source;
}

/* As the source's rows have it. */
static enum err searched(const struct user_names *names, struct buf *out)
{
	buf_append(out, names->display_name);
	buf_byte(out, ' ');
	buf_append(out, names->username);
	return buf_failed(out) ? ERR_NOMEM : ERR_OK;
}

enum err user_row_index(
	struct tx *tx, int64_t pk, const struct user_names *before, const struct user_names *now)
{
	CLEANUP(buf_done) struct buf old = { 0 };
	CLEANUP(buf_done) struct buf new = { 0 };
	enum err e = before ? searched(before, &old) : ERR_OK;

	if (!e && before)
		e = tx_index_remove(tx, &words, &(struct indexed){ pk, 0, buf_str(&old) });
	if (!e)
		e = searched(now, &new);
	return e ? e : tx_index_add(tx, &words, &(struct indexed){ pk, 0, buf_str(&new) });
}
