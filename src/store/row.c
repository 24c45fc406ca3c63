/* SPDX-License-Identifier: MIT
 *
 * row - see row.h.
 *
 * Layer: store.  Threads: the job's.
 */
#include "store/row.h"

#include <string.h>

#include "store/tx_state.h"

enum err row_next(struct row *r, bool *more)
{
	int rc = sqlite3_step(r->statement);

	*more = rc == SQLITE_ROW;
	if (rc == SQLITE_DONE)
		sqlite3_reset(r->statement);
	return tx_result(r->tx, rc);
}

bool row_is_null(struct row *r, int column)
{
	return sqlite3_column_type(r->statement, column) == SQLITE_NULL;
}

int64_t row_int(struct row *r, int column)
{
	return sqlite3_column_int64(r->statement, column);
}

struct str row_borrow(struct row *r, int column)
{
	const void *p = sqlite3_column_blob(r->statement, column);

	return (struct str){ p, p ? (size_t)sqlite3_column_bytes(r->statement, column) : 0 };
}

struct uuid row_uuid(struct row *r, int column)
{
	struct str s = row_borrow(r, column);
	struct uuid u = { { 0 } };

	if (s.n == sizeof u.b)
		memcpy(u.b, s.p, sizeof u.b);
	return u;
}

bool row_digest(struct row *r, int column, struct digest *out)
{
	struct str s = row_borrow(r, column);

	if (s.n != sizeof out->b)
		return false;
	memcpy(out->b, s.p, sizeof out->b);
	return true;
}

enum err row_str(struct row *r, int column, struct arena *a, struct str *out)
{
	struct str copy = arena_dup(a, row_borrow(r, column));

	if (!copy.p)
		return ERR_NOMEM;
	*out = copy;
	return ERR_OK;
}
