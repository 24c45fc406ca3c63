/* SPDX-License-Identifier: MIT
 *
 * amend - see amend.h. SQLite's own locks keep the transaction apart from those of a running server, whose writer
 * waits for it.
 *
 * Layer: store.  Threads: one.
 */
#include "store/amend.h"

#include <stdio.h>
#include <unistd.h>

#include "store/migrate.h"
#include "store/tx_state.h"

enum { PATH_BYTES = 4096 };

static enum err run(struct tx *tx, struct store_job *job)
{
	enum err e = tx_exec(tx, "BEGIN IMMEDIATE");

	if (e)
		return e;
	e = job->run(tx, job);
	tx_close_rows(tx);
	if (!e)
		e = tx_exec(tx, "COMMIT");
	if (e)
		sqlite3_exec(tx->db, "ROLLBACK", NULL, NULL, NULL);
	return e;
}

enum err amend_run(
	const char *folder, const struct clock *clock, struct store_job *job, struct buf *sentence)
{
	char path[PATH_BYTES];
	struct tx tx;

	snprintf(path, sizeof path, "%s/antiphon.db", folder);
	if (access(path, F_OK) != 0) {
		buf_printf(sentence, "There is no database in %s yet; start the server first.",
			folder);
		return ERR_NOT_FOUND;
	}
	enum err e = tx_init(&tx, path, TX_WRITE, clock);
	if (!e)
		e = migrate_check(&tx, sentence);
	if (!e)
		e = run(&tx, job);
	if (e && !sentence->n)
		buf_printf(sentence, "The database %s cannot be changed: %s.", path,
			*tx.last_error ? tx.last_error : err_doc(e));
	tx_done(&tx);
	return e;
}
