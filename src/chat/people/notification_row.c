/* SPDX-License-Identifier: MIT
 *
 * notification_row - see notification_row.h.
 *
 * Layer: chat.  Threads: the job's.
 */
#include "chat/people/notification_row.h"

#include "store/tx.h"

static const struct query page = {
	"SELECT pk, id, type, data, at FROM notification WHERE user_id = ?1 AND pk < ?2"
	" ORDER BY pk DESC LIMIT 101"
};

enum err notification_row_page(struct tx *tx, struct uuid user_id, int64_t before_pk,
	struct arena *a, struct notification_row_page *out)
{
	struct notification *v = arena_array(a, NOTIFICATION_ROW_PAGE_MAX, sizeof *v);
	struct row *r;

	*out = (struct notification_row_page){ .v = v };
	if (!v)
		return ERR_NOMEM;
	enum err e = tx_rows(tx, &page, VALUES(of_uuid(user_id), of_int(before_pk)), &r);
	if (!e)
		e = row_next(r, &out->more);
	while (!e && out->more && out->n < NOTIFICATION_ROW_PAGE_MAX) {
		struct notification *n = &v[out->n++];
		out->last_pk = row_int(r, 0);
		n->notificationId = row_uuid(r, 1);
		n->userId = user_id;
		n->notificationType = (enum notification_type)row_int(r, 2);
		n->timestamp = row_int(r, 4);
		e = row_str(r, 3, a, &n->data);
		if (!e)
			e = row_next(r, &out->more);
	}
	return e;
}
