/* SPDX-License-Identifier: MIT
 *
 * migrate - see migrate.h.
 *
 * Layer: store.  Threads: one, before the others start.
 */
#include "store/migrate.h"

#include <stdio.h>

#include "store/tx_state.h"

struct migration {
	const char *name; /* "0001_accounts" */
	const char *sql;
};

#include "migrations.h" /* migrations[], from sql/ by the build */

enum { VERSION = COUNT_OF(migrations) };

static const struct query get_version = { "PRAGMA user_version" };

static enum err run_from(struct tx *tx, int version)
{
	char set_version[40];
	enum err e = tx_exec(tx, "BEGIN IMMEDIATE");

	for (int i = version; i < (int)VERSION && !e; i++)
		e = tx_exec(tx, migrations[i].sql);
	snprintf(set_version, sizeof set_version, "PRAGMA user_version=%d", (int)VERSION);
	if (!e)
		e = tx_exec(tx, set_version);
	if (!e)
		return tx_exec(tx, "COMMIT");
	if (!sqlite3_get_autocommit(tx->db))
		sqlite3_exec(tx->db, "ROLLBACK", NULL, NULL, NULL);
	return e;
}

/* The database's version, which must not be newer than the program. */
static enum err read_version(struct tx *tx, int *out, struct buf *sentence)
{
	struct row *r;
	enum err e = tx_one(tx, &get_version, NO_VALUES, &r);

	if (e) {
		buf_printf(sentence, "The database cannot be read: %s.", tx->last_error);
		return e;
	}
	int version = (int)row_int(r, 0);
	tx_close_rows(tx);
	if (version > (int)VERSION) {
		buf_printf(sentence,
			"The data folder was written by a newer version (database version %d, this "
			"program knows %d).",
			version, (int)VERSION);
		return ERR_CONFLICT;
	}
	*out = version;
	return ERR_OK;
}

enum err migrate_check(struct tx *tx, struct buf *sentence)
{
	int version;
	enum err e = read_version(tx, &version, sentence);

	if (e || version == (int)VERSION)
		return e;
	buf_printf(sentence, "The database was written by an older version; start the server of "
			     "this version first.");
	return ERR_CONFLICT;
}

enum err migrate_run(struct tx *tx, struct buf *sentence)
{
	int version;
	enum err e = read_version(tx, &version, sentence);

	if (e || version == (int)VERSION)
		return e;
	e = run_from(tx, version);
	if (e)
		buf_printf(sentence, "The database cannot be brought to version %d: %s.",
			(int)VERSION, tx->last_error);
	return e;
}
