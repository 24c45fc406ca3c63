/* SPDX-License-Identifier: MIT
 *
 * notification_read - NOTIFICATION_READ: one notification, or all of them, is read and goes.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "dispatch/verb.h"
#include "store/tx.h"

struct notification_read_out {
	bool changed;
};

static const struct query drop_one = { "DELETE FROM notification WHERE id = ?2 AND user_id = ?1" };
static const struct query drop_all = { "DELETE FROM notification WHERE user_id = ?1" };
static const struct query count = { "UPDATE user SET unread = unread - ?2 WHERE id = ?1" };

/* Removes what the request names. */
static enum err drop(struct tx *tx, const struct ask *ask, struct str which)
{
	struct uuid id;

	if (str_eq(which, STR("all")))
		return tx_run(tx, &drop_all, VALUES(of_uuid(ask->user_id)));
	if (uuid_parse(which, &id))
		return tx_refuse(
			tx, ERR_BAD_REQUEST, "The field `notificationId` must be a UUID or `all`.");
	enum err e = tx_run(tx, &drop_one, VALUES(of_uuid(ask->user_id), of_uuid(id)));
	if (!e && tx_changes(tx) == 0)
		return tx_refuse(
			tx, ERR_NOT_FOUND, "There is no such unread notification of yours.");
	return e;
}

enum err notification_read_apply(struct tx *tx, const struct ask *ask,
	const struct notification_read *in, struct arena *a, struct notification_read_out **out)
{
	struct notification_read_out *made = ARENA_NEW(a, struct notification_read_out);

	if (!made)
		return ERR_NOMEM;
	enum err e = drop(tx, ask, in->notificationId);
	int64_t dropped = e ? 0 : tx_changes(tx);
	if (!e && dropped)
		e = tx_run(tx, &count, VALUES(of_uuid(ask->user_id), of_int(dropped)));
	made->changed = dropped > 0;
	*out = made;
	return e;
}

void notification_read_announce(struct hub *hub, const struct ask *ask,
	const struct notification_read *in, const struct notification_read_out *out)
{
	const struct notification_gone event = { in->notificationId, ask->now_ms };

	hub_answer(hub, ask, NULL);
	if (out->changed)
		hub_emit_user(
			hub, EVENT_chat_notification_read, &event, ask->user_id, ask_except(ask));
}
