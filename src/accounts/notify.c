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

/* As in the indexes of sql/0007_remains.sql. */
#define THING "coalesce(json_extract(data, '$.messageId'), json_extract(data, '$.commentId'))"
#define PLACE "coalesce(json_extract(data, '$.trackId'), json_extract(data, '$.groupId'))"

static const struct query about_thing = { "SELECT pk, id, user_id FROM notification WHERE " THING
					  " = ?1 LIMIT 100" };
static const struct query about_place = { "SELECT pk, id, user_id FROM notification WHERE " PLACE
					  " = ?1 AND user_id = ?2 LIMIT 100" };
static const struct query drop_pk = { "DELETE FROM notification WHERE pk = ?1" };

enum { GONE_AT_ONCE = 100 };

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

/* *out with room for GONE_AT_ONCE more. */
static enum err make_room(struct notify_gone *out, struct arena *a)
{
	struct notify_gone_one *v = arena_array(a, out->n + GONE_AT_ONCE, sizeof *v);

	if (!v)
		return ERR_NOMEM;
	if (out->n)
		memcpy(v, out->v, out->n * sizeof *v);
	out->v = v;
	return ERR_OK;
}

/* Drops the notifications that r gives, at most GONE_AT_ONCE. */
static enum err drop_listed(struct tx *tx, struct row *r, struct arena *a, struct notify_gone *out)
{
	int64_t pks[GONE_AT_ONCE];
	size_t n = 0;
	bool more = false;
	enum err e = make_room(out, a);

	while (!e && !(e = row_next(r, &more)) && more && n < GONE_AT_ONCE) {
		pks[n] = row_int(r, 0);
		out->v[out->n + n++] = (struct notify_gone_one){ row_uuid(r, 1), row_uuid(r, 2) };
	}
	for (size_t i = 0; i < n && !e; i++) {
		e = tx_run(tx, &drop_pk, VALUES(of_int(pks[i])));
		if (!e)
			e = tx_run(tx, &count_down, VALUES(of_uuid(out->v[out->n + i].user_id)));
	}
	out->n += n;
	return e;
}

/* user_id NULL: everybody's. */
static enum err drop_about(struct tx *tx, struct uuid about, const struct uuid *user_id,
	struct arena *a, struct notify_gone *out)
{
	char text[UUID_TEXT_BYTES];
	size_t before;
	enum err e;

	uuid_text(about, text);
	do {
		struct value values[] = { of_str((struct str){ text, sizeof text }),
			user_id ? of_uuid(*user_id) : of_null() };
		struct row *r;
		before = out->n;
		e = tx_rows(tx, user_id ? &about_place : &about_thing, values, user_id ? 2 : 1, &r);
		if (!e)
			e = drop_listed(tx, r, a, out);
	} while (!e && out->n - before == GONE_AT_ONCE);
	return e;
}

enum err notify_drop_thing(
	struct tx *tx, struct uuid thing, struct arena *a, struct notify_gone *out)
{
	return drop_about(tx, thing, NULL, a, out);
}

enum err notify_drop_place(struct tx *tx, struct uuid user_id, struct uuid place, struct arena *a,
	struct notify_gone *out)
{
	return drop_about(tx, place, &user_id, a, out);
}

void notify_send_gone(struct hub *hub, const struct notify_gone *gone, int64_t now_ms)
{
	for (size_t i = 0; i < gone->n; i++) {
		char id[UUID_TEXT_BYTES];
		uuid_text(gone->v[i].id, id);
		const struct notification_gone event = { { id, sizeof id }, now_ms };
		hub_emit_user(hub, EVENT_chat_notification_read, &event, gone->v[i].user_id, 0);
	}
}
