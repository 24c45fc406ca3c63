/* SPDX-License-Identifier: MIT
 *
 * get_user - GET_USER: the full data model of a user.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/presence.h"
#include "accounts/user_row.h"
#include "dispatch/verb.h"
#include "music/tracks/track_page.h"

static struct user_full full_of(const struct user *u)
{
	return (struct user_full){
		.id = u->id,
		.username = u->username,
		.displayName = u->displayName,
		.bio = u->bio,
		.avatarUrl = { u->avatarUrl.set, u->avatarUrl.null, u->avatarUrl.v },
		.status = u->status,
		.statusText = u->statusText,
		.role = u->role,
		.createdAt = u->createdAt,
	};
}

/* What the user's own texts take of the answer; page_room_new has left room for the rest. */
static size_t bytes_of(const struct user *u)
{
	return page_text(u->displayName) + page_text(u->bio) + page_text(u->statusText);
}

enum err get_user_read(struct tx *tx, const struct ask *ask, const struct get_user *in,
	struct arena *a, struct user_full_answer *out)
{
	const struct list_tracks theirs = { .userId = { .set = true, .v = in->id },
		.limit = { .set = true, .v = TRACK_PAGE_MAX } };
	struct track_page_context c = { .room = page_room_new(), .a = a };
	struct track_page page;
	struct user user;

	(void)ask;
	enum err e = user_row_load(tx, in->id, a, &user);
	if (!e && !page_room_take(&c.room, bytes_of(&user)))
		e = ERR_INTERNAL; /* it is the first, and small */
	if (!e)
		e = track_page_read(tx, &theirs, &c, &page);
	if (e)
		return e;
	out->user = full_of(&user);
	out->user.tracks.v = page.v;
	out->user.tracks.n = page.n;
	out->user.tracksCursor.set = true;
	out->user.tracksCursor.null = !page.more;
	out->user.tracksCursor.v = page.cursor;
	return ERR_OK;
}

void get_user_announce(struct hub *hub, const struct ask *ask, const struct get_user *in,
	struct user_full_answer *out)
{
	(void)in;
	if (!uuid_eq(out->user.id, ask->user_id)) {
		out->user.status =
			presence_shown(hub_presence(hub), out->user.id, out->user.status);
		out->user.statusText = presence_shown_text(out->user.status, out->user.statusText);
	}
	hub_answer(hub, ask, out);
}
