/* SPDX-License-Identifier: MIT
 *
 * change_log - see change_log.h.
 *
 * Layer: accounts.  Threads: the writer.
 */
#include "accounts/change_log.h"

#include <string.h>

#include "store/tx.h"

static const struct query drop = { "DELETE FROM change WHERE kind = ?1 AND id = ?2" };
static const struct query add = {
	"INSERT INTO change (rev, kind, id) VALUES ((SELECT coalesce(max(rev), 0) + 1 FROM "
	"change), ?1, ?2)"
	" ON CONFLICT (kind, id) DO UPDATE SET rev = (SELECT max(rev) + 1 FROM change)"
	" RETURNING rev"
};

/* The key of a thing: one id, or two of a rating. */
static struct str key_of(struct uuid id, const struct uuid *second, char out[32])
{
	memcpy(out, id.b, sizeof id.b);
	if (second)
		memcpy(out + 16, second->b, sizeof second->b);
	return (struct str){ out, second ? 32 : 16 };
}

enum err change_log_add(struct tx *tx, enum change_kind kind, struct uuid id,
	const struct uuid *second, int64_t *rev)
{
	char key[32];
	struct row *r;
	enum err e = tx_one(tx, &add, VALUES(of_int(kind), of_bytes(key_of(id, second, key))), &r);

	if (!e)
		*rev = row_int(r, 0);
	return e;
}

enum err change_log_forget(
	struct tx *tx, enum change_kind kind, struct uuid id, const struct uuid *second)
{
	char key[32];

	return tx_run(tx, &drop, VALUES(of_int(kind), of_bytes(key_of(id, second, key))));
}
