/* SPDX-License-Identifier: MIT
 *
 * notify - see notify.h.
 *
 * Layer: accounts.  Threads: notify_add the writer, notify_send the loop.
 */
#include "accounts/notify.h"

#include "store/tx.h"

static const struct query add = {
	"INSERT INTO notification (id, user_id, type, data, at) VALUES (?1, ?2, ?3, ?4, ?5)"
};
static const struct query count_one = {
	"UPDATE user SET unread = unread + 1 WHERE id = ?1 RETURNING unread"
};
static const struct query drop_oldest = {
	"DELETE FROM notification WHERE pk ="
	" (SELECT pk FROM notification WHERE user_id = ?1 ORDER BY pk LIMIT 1)"
};
static const struct query count_down = { "UPDATE user SET unread = unread - 1 WHERE id = ?1" };

static enum err store(struct tx *tx, const struct ask *ask, const struct notification *n)
{
	struct row *r;
	enum err e = tx_one(tx, &count_one, VALUES(of_uuid(n->userId)), &r);

	if (e)
		return e;
	int64_t unread = row_int(r, 0);
	e = tx_run(tx, &add,
		VALUES(of_uuid(n->notificationId), of_uuid(n->userId), of_int(n->notificationType),
			of_str(n->data), of_int(n->timestamp)));
	if (e || unread <= ask->limits->unread_notifications)
		return e;
	e = tx_run(tx, &drop_oldest, VALUES(of_uuid(n->userId)));
	return e ? e : tx_run(tx, &count_down, VALUES(of_uuid(n->userId)));
}

enum err notify_add(
	struct tx *tx, const struct ask *ask, const struct notify_new *in, struct notification *out)
{
	*out = (struct notification){
		.notificationId = ask_id(ask, in->nth),
		.userId = in->user_id,
		.notificationType = in->type,
		.data = in->data,
		.timestamp = ask->now_ms,
	};
	return out->data.p ? store(tx, ask, out) : ERR_NOMEM;
}

void notify_send(struct hub *hub, const struct notification *n)
{
	hub_emit_user(hub, EVENT_chat_notification_received, n, n->userId, 0);
}
