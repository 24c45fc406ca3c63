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

/* ?1 the words, ?2 before which row, ?3 the asker, ?4 how many, ?5 one group or NULL. */
static const struct query find = {
	"SELECT " MESSAGE_ROW_COLUMNS " FROM message_text"
	" JOIN message ON message.pk = message_text.rowid"
	" JOIN chat_group ON chat_group.pk = message.group_pk"
	" WHERE message_text MATCH ?1 AND message_text.rowid < ?2"
	" AND (message.group_pk = ?5 OR (?5 IS NULL AND (message.group_pk = 1 OR EXISTS"
	" (SELECT 1 FROM member WHERE member.group_pk = message.group_pk AND user_id = ?3))))"
	" ORDER BY message_text.rowid DESC LIMIT ?4"
};

/* Words and place of the search, as the query takes them. */
struct search_for {
	struct str words;
	int64_t before_pk;
	bool in_one_group;
	int64_t group_pk;
};

static enum err understand(struct tx *tx, const struct ask *ask, const struct search_messages *in,
	struct arena *a, struct search_for *out)
{
	struct page_cursor cursor = { .a = INT64_MAX };
	struct group_seen g;
	enum err e = ERR_OK;

	*out = (struct search_for){ .in_one_group = in->groupId.set && !in->groupId.null };
	if (out->in_one_group) {
		e = group_rights_see_as_member(tx, ask, in->groupId.v, a, &g);
		out->group_pk = e ? 0 : g.pk;
	}
	if (!e && in->cursor.set && !in->cursor.null)
		e = page_read(tx, in->cursor.v, CURSOR_KIND, a, &cursor);
	if (e)
		return e;
	out->before_pk = cursor.a;
	e = search_query(in->query, a, &out->words);
	return e == ERR_BAD_REQUEST ? tx_refuse(tx, e, "The field `query` must hold a word.") : e;
}

enum err search_messages_read(struct tx *tx, const struct ask *ask,
	const struct search_messages *in, struct arena *a, struct search *out)
{
	int64_t limit = in->limit.set && !in->limit.null ? in->limit.v : PAGE_DEFAULT;
	struct message_row_list list;
	struct search_for what;
	struct media m;
	struct row *r;
	enum err e = understand(tx, ask, in, a, &what);

	if (!e)
		e = media_load(tx, ask->now_ms, &m);
	if (!e)
		e = tx_rows(tx, &find,
			VALUES(of_str(what.words), of_int(what.before_pk), of_uuid(ask->user_id),
				of_int(limit + 1), of_int_if(what.in_one_group, what.group_pk)),
			&r);
	if (!e)
		e = message_row_list(
			tx, r, &(struct message_row_page){ (size_t)limit, &m, a }, &list);
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
