/* SPDX-License-Identifier: MIT
 *
 * list_groups - LIST_GROUPS: a page of the channels and the asker's own groups.
 *
 * Layer: chat.  Threads: a reader.
 */
#include "accounts/page.h"
#include "base/text.h"
#include "chat/groups/group_row.h"
#include "dispatch/verb.h"
#include "store/tx.h"

enum { LIST_GROUPS_MAX = 100, CURSOR_KIND = 'g' };

/* ?1 the asker, ?2 behind which row, ?3 a part of the folded name. */
static const struct query page = {
	"SELECT pk, " GROUP_ROW_COLUMNS " FROM chat_group WHERE pk IN ("
	" SELECT pk FROM chat_group INDEXED BY channel_by_name WHERE kind = 0 AND pk > ?2"
	" UNION SELECT group_pk FROM member WHERE user_id = ?1 AND group_pk > ?2)"
	" AND instr(folded, ?3) ORDER BY pk LIMIT 101"
};

/* The query as names are compared; empty when it was not given or folds to nothing. */
static enum err fold_query(const struct list_groups *in, struct arena *a, struct str *out)
{
	*out = STR("");
	if (!in->query.set || in->query.null || in->query.v.n == 0)
		return ERR_OK;
	enum err e = text_fold(in->query.v, a, out);
	return e == ERR_BAD_REQUEST ? ERR_OK : e;
}

static enum err read_page(struct row *r, struct arena *a, struct group *v, struct groups *out)
{
	struct page_cursor last = { .kind = CURSOR_KIND };
	bool more = false;
	enum err e = row_next(r, &more);

	out->nextCursor.set = out->nextCursor.null = true;
	out->groups.v = v;
	while (!e && more && out->groups.n < LIST_GROUPS_MAX) {
		last.a = row_int(r, 0);
		e = group_row_read(r, 1, a, &v[out->groups.n++]);
		if (!e)
			e = row_next(r, &more);
	}
	if (e || !more)
		return e;
	out->nextCursor.null = false;
	out->nextCursor.v = page_write(&last, a);
	return out->nextCursor.v.p ? ERR_OK : ERR_NOMEM;
}

enum err list_groups_read(struct tx *tx, const struct ask *ask, const struct list_groups *in,
	struct arena *a, struct groups *out)
{
	struct group *v = arena_array(a, LIST_GROUPS_MAX, sizeof *v);
	struct page_cursor after = { .kind = CURSOR_KIND };
	struct str query;
	struct row *r;

	if (!v)
		return ERR_NOMEM;
	enum err e = fold_query(in, a, &query);
	if (!e && in->cursor.set && !in->cursor.null)
		e = page_read(tx, in->cursor.v, CURSOR_KIND, a, &after);
	if (!e)
		e = tx_rows(tx, &page,
			VALUES(of_uuid(ask->user_id), of_int(after.a), of_str(query)), &r);
	return e ? e : read_page(r, a, v, out);
}
