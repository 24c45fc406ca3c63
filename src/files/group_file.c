/* SPDX-License-Identifier: MIT
 *
 * group_file - see group_file.h.
 *
 * Layer: files.  Threads: the writer.
 */
#include "files/group_file.h"

#include "base/limits.h"
#include "store/blob.h"
#include "store/tx.h"

static const struct query blob_of = { "SELECT blob FROM file WHERE id = ?1" };
static const struct query drop_row = { "DELETE FROM file WHERE id = ?1" };
static const struct query is_carried = { "SELECT 1 FROM message_file WHERE file_id = ?1 LIMIT 1" };
static const struct query unsent = {
	"SELECT id FROM file WHERE sent = 0 AND at <= ?1 ORDER BY at LIMIT 100"
};

enum err group_file_drop(struct tx *tx, struct uuid id)
{
	struct digest blob;
	struct row *r;
	enum err e = tx_one(tx, &blob_of, VALUES(of_uuid(id)), &r);

	if (e)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if (!row_digest(r, 0, &blob))
		return ERR_INTERNAL;
	e = tx_run(tx, &drop_row, VALUES(of_uuid(id)));
	return e ? e : blob_unref(tx, &blob);
}

enum err group_file_drop_unless_carried(struct tx *tx, struct uuid id)
{
	struct row *r;
	enum err e = tx_one(tx, &is_carried, VALUES(of_uuid(id)), &r);

	return e == ERR_NOT_FOUND ? group_file_drop(tx, id) : e;
}

enum err group_file_sweep(struct tx *tx, int64_t now_ms)
{
	struct uuid ids[GROUP_FILE_SWEEP_MAX];
	size_t n = 0;
	struct row *r;
	bool more = false;
	enum err e = tx_rows(tx, &unsent, VALUES(of_int(now_ms - FILE_UNSENT_MAX)), &r);

	while (!e && !(e = row_next(r, &more)) && more && n < GROUP_FILE_SWEEP_MAX)
		ids[n++] = row_uuid(r, 0);
	for (size_t i = 0; i < n && !e; i++)
		e = group_file_drop(tx, ids[i]);
	return e;
}
