/* SPDX-License-Identifier: MIT
 *
 * list_users - LIST_USERS: a page of the users, by name.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/page.h"
#include "accounts/presence.h"
#include "accounts/user_row.h"
#include "base/text.h"
#include "dispatch/verb.h"
#include "store/search.h"
#include "store/tx.h"

enum { USER_BYTES = 540, CURSOR_KIND = 'U' };

#define PAGE_OF(condition)                                                                         \
	"SELECT " USER_ROW_COLUMNS                                                                 \
	", folded, suspended AND ?3 FROM user WHERE folded > ?1" condition                         \
	" ORDER BY folded LIMIT ?2"
static const struct query page_of_all = { PAGE_OF("") };
static const struct query page_of_found = { PAGE_OF(
	" AND pk IN (SELECT rowid FROM user_text WHERE user_text MATCH ?4)") };
enum page_column { FOLDED = USER_ROW_COLUMN_COUNT, SUSPENDED };

static bool wants_connected(const struct list_users *in, bool what)
{
	return in->connected.set && !in->connected.null && in->connected.v == what;
}

static size_t limit_of(const struct list_users *in)
{
	return in->limit.set && !in->limit.null ? (size_t)in->limit.v : PAGE_DEFAULT;
}

static struct str typed(const struct list_users *in)
{
	return in->query.set && !in->query.null ? in->query.v : STR("");
}

struct wanted {
	const struct ask *ask;
	const struct list_users *in;
	struct str after; /* the name behind which the page begins */
};

static enum err find_rows(struct tx *tx, const struct wanted *w, struct arena *a, struct row **r)
{
	struct value after = of_str(w->after), more = of_int((int64_t)limit_of(w->in) + 1);
	struct value is_admin = of_int(w->ask->role == ROLE_ADMIN);
	struct str query;
	enum err e = search_names_query(typed(w->in), a, &query);

	if (e)
		return e;
	if (query.n == 0)
		return tx_rows(tx, &page_of_all, VALUES(after, more, is_admin), r);
	return tx_rows(tx, &page_of_found, VALUES(after, more, is_admin, of_str(query)), r);
}

/* Where the page ends. A name too long for a cursor is cut, and ends behind all names that begin so. */
static struct str cursor_of(struct str folded, struct arena *a)
{
	char text[PAGE_TEXT_MAX];
	size_t n = folded.n < sizeof text ? folded.n : sizeof text;

	memcpy(text, folded.n ? folded.p : "", n);
	if (folded.n > n)
		text[n - 1] = (char)0xff;
	return page_write(&(struct page_cursor){ .kind = CURSOR_KIND, .text = { text, n } }, a);
}

static size_t bytes_of(const struct user *u)
{
	return USER_BYTES + page_text(u->displayName) + page_text(u->bio) +
	       page_text(u->statusText);
}

static enum err read_rows(struct row *r, size_t max, struct arena *a, struct users_page *out)
{
	struct user *users = arena_array(a, max, sizeof *users);
	struct page_room room = page_room_new();
	bool more = false;
	size_t n = 0;
	enum err e = users ? row_next(r, &more) : ERR_NOMEM;

	while (!e && more && n < max) {
		e = user_row_read(r, 0, a, &users[n]);
		if (e || (!page_room_take(&room, bytes_of(&users[n])) && n))
			break;
		users[n].suspended.set = users[n].suspended.v = row_int(r, SUSPENDED) != 0;
		n++;
		out->nextCursor.v = cursor_of(row_borrow(r, FOLDED), a);
		e = out->nextCursor.v.p ? row_next(r, &more) : ERR_NOMEM;
	}
	out->users.v = users;
	out->users.n = n;
	out->nextCursor.set = true;
	out->nextCursor.null = !more;
	return e;
}

enum err list_users_read(struct tx *tx, const struct ask *ask, const struct list_users *in,
	struct arena *a, struct users_page *out)
{
	struct page_cursor at = { .text = STR("") };
	struct row *r;
	enum err e = ERR_OK;

	if (in->cursor.set && !in->cursor.null)
		e = page_read(tx, in->cursor.v, CURSOR_KIND, a, &at);
	/* The connected ones are in memory; here only the place to begin is kept, for the announce. */
	if (!e && wants_connected(in, true)) {
		out->nextCursor.v = at.text;
		return ERR_OK;
	}
	if (!e)
		e = find_rows(tx, &(struct wanted){ ask, in, at.text }, a, &r);
	return e ? e : read_rows(r, limit_of(in), a, out);
}

static void answer_connected(struct hub *hub, const struct ask *ask, const struct list_users *in,
	const struct users_page *from)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct page_room room = page_room_new();
	struct presence_page page = { .after = from->nextCursor.v, .max = limit_of(in) };
	struct users_page out = { .nextCursor = { .set = true } };
	struct str folded = STR("");
	enum err e = search_needles(typed(in), &a, &page.needles);

	if (!e)
		e = presence_list(hub_presence(hub), &page, &a);
	while (!e && out.users.n < page.n &&
		(page_room_take(&room, bytes_of(&page.v[out.users.n])) || !out.users.n))
		out.users.n++;
	if (!e && out.users.n) {
		out.users.v = page.v;
		e = text_fold(page.v[out.users.n - 1].username, &a, &folded);
	}
	if (e) {
		hub_fail(hub, ask, e, NULL);
		return;
	}
	out.nextCursor.null = !page.more && out.users.n == page.n;
	if (!out.nextCursor.null)
		out.nextCursor.v = cursor_of(folded, &a);
	hub_answer(hub, ask, &out);
}

/* Leaves out those who are connected. */
static void keep_others(const struct presence *presence, struct users_page *page)
{
	struct user *users;
	size_t kept = 0;

	memcpy(&users, &page->users.v, sizeof users); /* the read made them */
	for (size_t i = 0; i < page->users.n; i++) {
		if (!presence_is_connected(presence, NS_MUSIC, users[i].id))
			users[kept++] = users[i];
	}
	page->users.n = kept;
}

void list_users_announce(
	struct hub *hub, const struct ask *ask, const struct list_users *in, struct users_page *out)
{
	struct presence *presence = hub_presence(hub);

	if (wants_connected(in, true)) {
		answer_connected(hub, ask, in, out);
		return;
	}
	if (wants_connected(in, false))
		keep_others(presence, out);
	presence_show(presence, ask->user_id, out->users.v, out->users.n);
	hub_answer(hub, ask, out);
}
