/* SPDX-License-Identifier: MIT
 *
 * snapshot - see snapshot.h.
 *
 * Layer: chat.  Threads: as said at each function there.
 */
#include "chat/people/snapshot.h"

#include "accounts/page.h"
#include "accounts/presence.h"
#include "accounts/user_row.h"
#include "base/json_write.h"
#include "chat/groups/group_row.h"
#include "chat/people/notification_row.h"
#include "store/tx.h"

enum { SNAPSHOT_USERS_MAX = 1000, USER_BYTES = 520 };

static const struct query settings_of = {
	"SELECT name, value FROM setting WHERE user_id = ?1 ORDER BY name"
};
/* The lobby first: its row number is the smallest. Where all that is unread has been deleted, nothing is. */
static const struct query groups_of = {
	"SELECT " GROUP_ROW_COLUMNS ", CASE WHEN EXISTS (SELECT 1 FROM message"
	" WHERE message.group_pk = chat_group.pk AND message.seq > coalesce(read_mark.seq, 0)"
	" AND deleted_at IS NULL) THEN coalesce(read_mark.seq, 0) ELSE last_seq END"
	" FROM chat_group"
	" LEFT JOIN read_mark ON read_mark.user_id = ?1 AND read_mark.group_pk = chat_group.pk"
	" WHERE chat_group.pk IN (SELECT 1 UNION ALL SELECT group_pk FROM member WHERE user_id = "
	"?1)"
	" ORDER BY chat_group.pk LIMIT ?2"
};
static const struct query users_of = {
	"SELECT " USER_ROW_COLUMNS " FROM user WHERE user.id IN (SELECT DISTINCT other.user_id"
	" FROM member AS own JOIN chat_group ON chat_group.pk = own.group_pk AND chat_group.kind "
	"<> 0"
	" JOIN member AS other ON other.group_pk = own.group_pk AND other.user_id <> ?1"
	" WHERE own.user_id = ?1 LIMIT 1000) LIMIT 1000"
};

static enum err to_arena(const struct buf *b, struct arena *a, struct str *out)
{
	struct str copy = buf_failed(b) ? (struct str){ NULL, 0 } : arena_dup(a, buf_str(b));

	if (!copy.p)
		return ERR_NOMEM;
	*out = copy;
	return ERR_OK;
}

/* { name: value } */
static enum err load_settings(
	struct tx *tx, const struct ask *ask, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	struct json_writer w = json_write_into(&text);
	struct row *r;
	bool more = false;
	enum err e = tx_rows(tx, &settings_of, VALUES(of_uuid(ask->user_id)), &r);

	json_write_begin_object(&w);
	if (!e)
		e = row_next(r, &more);
	while (!e && more) {
		json_write_key(&w, row_borrow(r, 0));
		json_write_raw(&w, row_borrow(r, 1));
		e = row_next(r, &more);
	}
	json_write_end_object(&w);
	return e ? e : to_arena(&text, a, out);
}

/* Groups, and { groupId: unread }. */
static enum err load_groups(
	struct tx *tx, const struct ask *ask, struct arena *a, struct snapshot *out)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	struct json_writer w = json_write_into(&text);
	size_t max = (size_t)ask->limits->groups_per_user + 1, n = 0;
	struct group *v = arena_array(a, max, sizeof *v);
	char id[UUID_TEXT_BYTES];
	struct row *r;
	bool more = false;

	if (!v)
		return ERR_NOMEM;
	enum err e =
		tx_rows(tx, &groups_of, VALUES(of_uuid(ask->user_id), of_int((int64_t)max)), &r);
	json_write_begin_object(&w);
	if (!e)
		e = row_next(r, &more);
	while (!e && more && n < max) {
		e = group_row_read(r, 0, a, &v[n]);
		uuid_text(v[n].id, id);
		json_write_key(&w, (struct str){ id, sizeof id });
		json_write_int(&w, v[n].lastSeq - row_int(r, GROUP_ROW_COLUMN_COUNT));
		n++;
		if (!e)
			e = row_next(r, &more);
	}
	json_write_end_object(&w);
	out->groups.v = v;
	out->groups.n = n;
	return e ? e : to_arena(&text, a, &out->unread);
}

/* What the snapshot needs for the user, bytes of JSON at most. */
static size_t user_bytes(const struct user *u)
{
	return USER_BYTES + page_text(u->displayName) + page_text(u->bio) +
	       page_text(u->statusText);
}

/* As many as ANSWER_BYTES_MAX has room for: nobody's long texts may keep others from connecting. */
static enum err load_users(
	struct tx *tx, const struct ask *ask, struct arena *a, struct snapshot *out)
{
	struct page_room room = page_room_new();
	struct user *v = NULL;
	struct row *r;
	size_t n = 0;
	bool more = false;
	enum err e = tx_rows(tx, &users_of, VALUES(of_uuid(ask->user_id)), &r);

	if (!e)
		e = row_next(r, &more);
	if (!e && more && !(v = arena_array(a, SNAPSHOT_USERS_MAX, sizeof *v)))
		return ERR_NOMEM;
	while (!e && more && n < SNAPSHOT_USERS_MAX) {
		e = user_row_read(r, 0, a, &v[n]);
		if (!e && !page_room_take(&room, user_bytes(&v[n])))
			break;
		n++;
		if (!e)
			e = row_next(r, &more);
	}
	out->users.v = v;
	out->users.n = n;
	return e;
}

enum err snapshot_load(struct tx *tx, const struct ask *ask, struct arena *a, struct snapshot *out)
{
	struct notification_row_page unread;
	enum err e = user_row_load(tx, ask->user_id, a, &out->me);

	if (!e)
		e = load_settings(tx, ask, a, &out->settings);
	if (!e)
		e = load_groups(tx, ask, a, out);
	if (!e)
		e = load_users(tx, ask, a, out);
	if (!e)
		e = notification_row_page(tx, ask->user_id, INT64_MAX, a, &unread);
	if (e)
		return e;
	out->notifications.v = unread.v;
	out->notifications.n = unread.n;
	return ERR_OK;
}

void snapshot_show(struct hub *hub, struct snapshot *s)
{
	struct user *users;

	memcpy(&users, &s->users.v, sizeof users); /* made by snapshot_load, as ours to change */
	presence_show(hub_presence(hub), s->me.id, users, s->users.n);
}
