/* SPDX-License-Identifier: MIT
 *
 * url_key - see url_key.h.
 *
 * Layer: store.  Threads: the job's.
 */
#include "store/url_key.h"

#include "store/tx.h"

static const struct query make_key = {
	"INSERT INTO meta (name, value) VALUES ('url_key', ?1) ON CONFLICT (name) DO NOTHING"
};
static const struct query replace_key = { "UPDATE meta SET value = ?1 WHERE name = 'url_key'" };
static const struct query get_key = { "SELECT value FROM meta WHERE name = 'url_key'" };

enum err url_key_make(struct tx *tx, const struct digest *fresh)
{
	return tx_run(tx, &make_key, VALUES(of_digest(fresh)));
}

enum err url_key_rotate(struct tx *tx, const struct digest *fresh)
{
	return tx_run(tx, &replace_key, VALUES(of_digest(fresh)));
}

enum err url_key_get(struct tx *tx, struct digest *out)
{
	struct row *r;
	enum err e = tx_one(tx, &get_key, NO_VALUES, &r);

	if (e)
		return e;
	return row_digest(r, 0, out) ? ERR_OK : ERR_INTERNAL;
}
