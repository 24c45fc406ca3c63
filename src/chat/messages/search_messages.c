/* SPDX-License-Identifier: MIT
 *
 * search_messages - SEARCH_MESSAGES: messages of the asker's groups that hold all the words, the newest first.
 *
 * Layer: chat.  Threads: a reader.
 */
#include "accounts/page.h"
#include "chat/groups/group_rights.h"
#include "chat/messages/message_row.h"
#include "dispatch/verb.h"
#include "store/search.h"
#include "store/tx.h"

enum { CURSOR_KIND = 's' };

/*
 * ?1 the words, of the groups that are searched; ?2 before which row, ?3 the asker, ?4 how many. The index finds
 * nothing of other groups; that the asker is a member is asked again all the same.
 */
static const struct query find = {
	"SELECT " MESSAGE_ROW_COLUMNS " FROM message_text"
	" JOIN message ON message.pk = message_text.rowid"
	" JOIN chat_group ON chat_group.pk = message.group_pk"
	" WHERE message_text MATCH ?1 AND message_text.rowid < ?2"
	" AND (message.group_pk = 1 OR EXISTS"
	" (SELECT 1 FROM member WHERE member.group_pk = message.group_pk AND user_id = ?3))"
	" ORDER BY message_text.rowid DESC LIMIT ?4"
};
static const struct query groups_of = {
	"SELECT 1 UNION ALL SELECT group_pk FROM member WHERE user_id = ?1 LIMIT ?2"
};

/* Words and place of the search, as the query takes them. */
struct search_for {
	struct str words;
	int64_t before_pk;
};

/* The groups to search: the one that is named, or all of the caller's. */
struct searched_groups {
	int64_t *pk;
	size_t n;
};

static enum err groups_load(
	struct tx *tx, const struct ask *ask, struct arena *a, struct searched_groups *out)
{
	size_t max = (size_t)ask->limits->groups_per_user + 1;
	struct row *r;
	bool more = false;
	enum err e =
		tx_rows(tx, &groups_of, VALUES(of_uuid(ask->user_id), of_int((int64_t)max)), &r);

	*out = (struct searched_groups){ .pk = arena_array(a, max, sizeof(int64_t)) };
	if (!out->pk)
		return ERR_NOMEM;
	if (!e)
		e = row_next(r, &more);
	while (!e && more && out->n < max) {
		out->pk[out->n++] = row_int(r, 0);
		e = row_next(r, &more);
	}
	return e;
}

static enum err understand(struct tx *tx, const struct ask *ask, const struct search_messages *in,
	struct arena *a, struct search_for *out)
{
	struct page_cursor cursor = { .a = INT64_MAX };
	struct searched_groups groups = { NULL, 0 };
	struct group_seen g;
	enum err e;

	if (in->groupId.set && !in->groupId.null) {
		e = group_rights_see_as_member(tx, ask, in->groupId.v, a, &g);
		groups = (struct searched_groups){ &g.pk, 1 };
	} else {
		e = groups_load(tx, ask, a, &groups);
	}
	if (!e && in->cursor.set && !in->cursor.null)
		e = page_read(tx, in->cursor.v, CURSOR_KIND, a, &cursor);
	if (e)
		return e;
	out->before_pk = cursor.a;
	e = search_query(in->query, a, &out->words);
	if (e == ERR_BAD_REQUEST)
		return tx_refuse(tx, e, "The field `query` must hold a word.");
	return e ? e : search_scope_query(groups.pk, groups.n, out->words, a, &out->words);
}

enum err search_messages_read(struct tx *tx, const struct ask *ask,
	const struct search_messages *in, struct arena *a, struct search *out)
{
	int64_t limit = in->limit.set && !in->limit.null ? in->limit.v : PAGE_DEFAULT;
	struct message_row_list list;
	struct search_for what;
	struct row *r;
	enum err e = understand(tx, ask, in, a, &what);

	if (!e)
		e = tx_rows(tx, &find,
			VALUES(of_str(what.words), of_int(what.before_pk), of_uuid(ask->user_id),
				of_int(limit + 1)),
			&r);
	if (!e)
		e = message_row_list(tx, r, &(struct message_row_page){ (size_t)limit, a }, &list);
	if (e)
		return e;
	const struct page_cursor next = { .kind = CURSOR_KIND, .a = list.last_pk };
	out->messages.v = list.v;
	out->messages.n = list.n;
	out->nextCursor.set = true;
	out->nextCursor.null = !list.more;
	if (list.more)
		out->nextCursor.v = page_write(&next, a);
	return !list.more || out->nextCursor.v.p ? ERR_OK : ERR_NOMEM;
}
