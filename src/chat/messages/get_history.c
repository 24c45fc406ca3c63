/* SPDX-License-Identifier: MIT
 *
 * get_history - GET_HISTORY: messages of a group, from one place on.
 *
 * Layer: chat.  Threads: a reader.
 */
#include "accounts/page.h"
#include "chat/groups/group_rights.h"
#include "chat/messages/message_row.h"
#include "dispatch/verb.h"
#include "store/tx.h"

/* ?1 the group, ?2 the place, which is not in it, ?3 how many. */
static const struct query before_seq = {
	"SELECT " MESSAGE_ROW_COLUMNS MESSAGE_ROW_FROM
	"WHERE message.group_pk = ?1 AND message.seq < ?2 ORDER BY message.seq DESC LIMIT ?3"
};
static const struct query after_seq = {
	"SELECT " MESSAGE_ROW_COLUMNS MESSAGE_ROW_FROM
	"WHERE message.group_pk = ?1 AND message.seq > ?2 ORDER BY message.seq LIMIT ?3"
};
static const struct query after_rev = {
	"SELECT " MESSAGE_ROW_COLUMNS MESSAGE_ROW_FROM
	"WHERE message.group_pk = ?1 AND message.rev > ?2 ORDER BY message.rev LIMIT ?3"
};

/* Where to read from. */
struct history_place {
	const struct query *query;
	int64_t at;
};

static enum err place_of(struct tx *tx, const struct get_history *in, struct history_place *out)
{
	bool before = in->beforeSeq.set && !in->beforeSeq.null;
	bool after = in->afterSeq.set && !in->afterSeq.null;
	bool changed = in->afterRev.set && !in->afterRev.null;

	if (before + after + changed > 1)
		return tx_refuse(tx, ERR_BAD_REQUEST,
			"Of beforeSeq, afterSeq and afterRev only one may be given.");
	*out = after     ? (struct history_place){ &after_seq, in->afterSeq.v }
	       : changed ? (struct history_place){ &after_rev, in->afterRev.v }
	                 : (struct history_place){ &before_seq,
				   before ? in->beforeSeq.v : INT64_MAX };
	return ERR_OK;
}

static void turn_around(struct message *v, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct message first = v[i];
		v[i] = v[n - 1 - i];
		v[n - 1 - i] = first;
	}
}

enum err get_history_read(struct tx *tx, const struct ask *ask, const struct get_history *in,
	struct arena *a, struct history *out)
{
	int64_t limit = in->limit.set && !in->limit.null ? in->limit.v : PAGE_DEFAULT;
	struct message_row_list list;
	struct group_seen g;
	struct history_place place = { 0 };
	struct row *r;
	enum err e = place_of(tx, in, &place);

	if (!e)
		e = group_rights_see_as_member(tx, ask, in->groupId, a, &g);
	if (!e)
		e = tx_rows(tx, place.query,
			VALUES(of_int(g.pk), of_int(place.at), of_int(limit + 1)), &r);
	if (!e)
		e = message_row_list(tx, r, &(struct message_row_page){ (size_t)limit, a }, &list);
	if (e)
		return e;
	if (place.query == &before_seq)
		turn_around(list.v, list.n);
	out->messages.v = list.v;
	out->messages.n = list.n;
	out->more = list.more;
	return ERR_OK;
}
