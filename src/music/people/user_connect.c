/* SPDX-License-Identifier: MIT
 *
 * user_connect - USER_CONNECT: the socket enters, and hears who is connected.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/membership.h"
#include "accounts/page.h"
#include "accounts/user_row.h"
#include "dispatch/verb.h"
#include "store/tx.h"

enum { CONNECTED_MAX = 1000, USER_BYTES = 520 };

struct user_connect_out {
	struct user user;
	struct presence_groups groups;
};

enum err user_connect_apply(struct tx *tx, const struct ask *ask, const struct user_connect *in,
	struct arena *a, struct user_connect_out **out)
{
	struct user_connect_out *o = ARENA_NEW(a, struct user_connect_out);

	if (!o)
		return ERR_NOMEM;
	if (in->id.set && !in->id.null && !uuid_eq(in->id.v, ask->user_id))
		return tx_refuse(tx, ERR_FORBIDDEN, "The field `id` must be the token's user.");
	enum err e = user_row_load(tx, ask->user_id, a, &o->user);
	if (!e)
		e = membership_list(tx, ask->user_id, a, &o->groups);
	*out = o;
	return e;
}

static void enter(struct hub *hub, struct seat *seat, const struct user_connect_out *out)
{
	seat->entered = true;
	hub_join(hub, seat->socket, (struct room){ .kind = ROOM_NAMESPACE });
	/* Above presence_fanout, presence goes by these rooms. */
	for (size_t i = 0; i < out->groups.n; i++) {
		struct room members = { ROOM_GROUP, out->groups.v[i].id };
		if (!out->groups.v[i].is_channel)
			hub_join(hub, seat->socket, members);
	}
	if (presence_enter(hub_presence(hub), seat, &out->user, &out->groups))
		return; /* counted, but without memory for the announcement */
}

/* How many of the list fit an answer. */
static size_t fitting(const struct user *users, size_t n)
{
	struct page_room room = page_room_new();

	for (size_t i = 0; i < n; i++) {
		size_t bytes = USER_BYTES + page_text(users[i].displayName) +
		               page_text(users[i].bio) + page_text(users[i].statusText);
		if (!page_room_take(&room, bytes))
			return i;
	}
	return n;
}

/* Those connected, the newcomer included; presence_list leaves room for one more. */
static size_t with_newcomer(struct user *users, size_t n, const struct user *newcomer)
{
	for (size_t i = 0; i < n; i++) {
		if (uuid_eq(users[i].id, newcomer->id))
			return n;
	}
	size_t at = n == CONNECTED_MAX ? n - 1 : n;
	users[at] = *newcomer;
	return at + 1;
}

void user_connect_announce(struct hub *hub, const struct ask *ask, const struct user_connect *in,
	const struct user_connect_out *out)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct seat *seat = hub_seat(hub, ask->socket);
	struct presence_page page = { .max = CONNECTED_MAX };

	(void)in;
	if (!seat)
		return;
	if (!seat->entered)
		enter(hub, seat, out);
	if (presence_list(hub_presence(hub), &page, &a)) {
		hub_fail(hub, ask, ERR_NOMEM, NULL);
		return;
	}
	size_t n = with_newcomer(page.v, fitting(page.v, page.n), &out->user);
	const struct user_list list = { page.v, n };
	const struct users_answer answer = { .users = { page.v, n } };
	hub_emit_socket(hub, EVENT_music_user_connected, &list, ask->socket);
	hub_answer(hub, ask, &answer);
}
