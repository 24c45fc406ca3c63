/* SPDX-License-Identifier: MIT
 *
 * list_groups - LIST_GROUPS: a page of the channels and the asker's own groups.
 *
 * Layer: chat.  Threads: a reader.
 */
#include "accounts/page.h"
#include "chat/groups/group_row.h"
#include "dispatch/verb.h"
#include "store/search.h"
#include "store/tx.h"

enum { LIST_GROUPS_MAX = 100, CURSOR_KIND = 'g' };

/* Channels and the asker's own groups; ?1 the asker, ?2 behind which row. */
#define PAGE(condition)                                                                            \
	"SELECT pk, " GROUP_ROW_COLUMNS " FROM chat_group WHERE pk > ?2 AND (kind = 0 OR EXISTS"   \
	" (SELECT 1 FROM member WHERE group_pk = chat_group.pk AND user_id = ?1))" condition       \
	" ORDER BY pk LIMIT 101"
static const struct query page = { PAGE("") };
static const struct query page_found = { PAGE(
	" AND pk IN (SELECT rowid FROM group_text WHERE group_text MATCH ?3)") };

struct wanted {
	struct uuid user_id;
	const struct list_groups *in;
	int64_t after; /* the row behind which the page begins */
};

static enum err find_rows(struct tx *tx, const struct wanted *w, struct arena *a, struct row **r)
{
	struct str typed = w->in->query.set && !w->in->query.null ? w->in->query.v : STR(""), query;
	struct value user = of_uuid(w->user_id), after = of_int(w->after);
	enum err e = search_names_query(typed, a, &query);

	if (e)
		return e;
	if (query.n == 0)
		return tx_rows(tx, &page, VALUES(user, after), r);
	return tx_rows(tx, &page_found, VALUES(user, after, of_str(query)), r);
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
	struct row *r;

	if (!v)
		return ERR_NOMEM;
	enum err e = ERR_OK;
	if (in->cursor.set && !in->cursor.null)
		e = page_read(tx, in->cursor.v, CURSOR_KIND, a, &after);
	if (!e)
		e = find_rows(tx, &(struct wanted){ ask->user_id, in, after.a }, a, &r);
	return e ? e : read_page(r, a, v, out);
}
