/* SPDX-License-Identifier: MIT
 *
 * list_members - LIST_MEMBERS: a page of a group's members, by their ids; of the lobby, of all accounts.
 *
 * Layer: chat.  Threads: read a reader, announce the loop.
 */
#include "accounts/page.h"
#include "accounts/presence.h"
#include "accounts/user_row.h"
#include "chat/groups/group_rights.h"
#include "dispatch/verb.h"
#include "store/tx.h"

enum { LIST_MEMBERS_MAX = 100, CURSOR_KIND = 'm' };

/* ?1 behind which user, ?2 the group. */
static const struct query page_of_group = {
	"SELECT " USER_ROW_COLUMNS " FROM member JOIN user ON user.id = member.user_id"
	" WHERE member.group_pk = ?2 AND member.user_id > ?1 ORDER BY member.user_id LIMIT 101"
};
static const struct query page_of_lobby = { "SELECT " USER_ROW_COLUMNS
					    " FROM user WHERE user.id > ?1 AND ?2 = 1"
					    " ORDER BY user.id LIMIT 101" };

static enum err read_page(struct row *r, struct arena *a, struct user *v, struct members *out)
{
	bool more = false;
	enum err e = row_next(r, &more);

	out->nextCursor.set = out->nextCursor.null = true;
	out->users.v = v;
	while (!e && more && out->users.n < LIST_MEMBERS_MAX) {
		e = user_row_read(r, 0, a, &v[out->users.n++]);
		if (!e)
			e = row_next(r, &more);
	}
	if (e || !more)
		return e;
	const struct user *last = &v[out->users.n - 1];
	const struct page_cursor next = { .kind = CURSOR_KIND,
		.text = { (const char *)last->id.b, sizeof last->id.b } };
	out->nextCursor.null = false;
	out->nextCursor.v = page_write(&next, a);
	return out->nextCursor.v.p ? ERR_OK : ERR_NOMEM;
}

enum err list_members_read(struct tx *tx, const struct ask *ask, const struct list_members *in,
	struct arena *a, struct members *out)
{
	struct user *v = arena_array(a, LIST_MEMBERS_MAX, sizeof *v);
	struct page_cursor after = { .kind = CURSOR_KIND };
	struct group_seen g;
	struct row *r;

	if (!v)
		return ERR_NOMEM;
	enum err e = group_rights_see_as_member(tx, ask, in->groupId, a, &g);
	if (!e && in->cursor.set && !in->cursor.null)
		e = page_read(tx, in->cursor.v, CURSOR_KIND, a, &after);
	if (e)
		return e;
	const struct query *q = group_rights_is_lobby(&g) ? &page_of_lobby : &page_of_group;
	e = tx_rows(tx, q, VALUES(of_bytes(after.text), of_int(g.pk)), &r);
	return e ? e : read_page(r, a, v, out);
}

void list_members_announce(
	struct hub *hub, const struct ask *ask, const struct list_members *in, struct members *out)
{
	struct user *users;

	(void)in;
	memcpy(&users, &out->users.v, sizeof users); /* made by read above, as ours to change */
	presence_show(hub_presence(hub), ask->user_id, users, out->users.n);
	hub_answer(hub, ask, out);
}
