/* SPDX-License-Identifier: MIT
 *
 * list_changes - LIST_CHANGES: what has changed in /music since a rev.
 *
 * Objects travel as text that the read makes; users are kept beside it, since only the loop knows how others see them.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include <string.h>

#include "accounts/presence.h"
#include "accounts/user_row.h"
#include "dispatch/verb.h"
#include "music/feedback/feedback_row.h"
#include "music/tracks/track_row.h"
#include "schema/schema_encode.h"
#include "store/tx.h"

enum { LIMIT_DEFAULT = 200, CHANGE_BYTES = 160 };

static const struct query changes = {
	"SELECT rev, kind, id FROM change WHERE rev > ?1 ORDER BY rev LIMIT ?2"
};
static const struct query comment_of = { "SELECT " FEEDBACK_ROW_COMMENT
					 " FROM comment JOIN track ON track.pk = comment.track_pk"
					 " WHERE comment.id = ?1" };
static const struct query rating_of = { "SELECT " FEEDBACK_ROW_RATING
					" FROM rating JOIN track ON track.pk = rating.track_pk"
					" WHERE track.id = ?1 AND rating.user_id = ?2" };

/* The list that the answer points into, each change with its user, or NULL. */
struct listed {
	const struct user **users;
	struct change changes[];
};

/* The key of a change: one id, or two. */
struct key {
	struct uuid first, second;
	bool is_pair;
};

static struct key key_of(struct str bytes)
{
	struct key k = { .is_pair = bytes.n == 32 };

	if (bytes.n >= 16)
		memcpy(k.first.b, bytes.p, 16);
	if (k.is_pair)
		memcpy(k.second.b, bytes.p + 16, 16);
	return k;
}

static struct str key_text(const struct key *k, struct arena *a)
{
	char first[UUID_TEXT_BYTES], second[UUID_TEXT_BYTES];

	uuid_text(k->first, first);
	uuid_text(k->second, second);
	return k->is_pair ? arena_printf(a, "%.36s/%.36s", first, second)
	                  : arena_printf(a, "%.36s", first);
}

/* A payload as JSON text in the arena. */
static enum err encode(const char *payload, const void *in, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct json_writer w = json_write_into(&b);

	schema_encode(schema_payload(str_of(payload)), in, &w, NULL);
	if (buf_failed(&b))
		return ERR_NOMEM;
	*out = arena_dup(a, buf_str(&b));
	return out->p ? ERR_OK : ERR_NOMEM;
}

static enum err load_feedback(
	struct tx *tx, enum change_kind kind, const struct key *k, struct arena *a, struct str *out)
{
	struct comment comment;
	struct rating rating;
	struct row *r;
	enum err e;

	if (kind == CHANGE_KIND_COMMENT) {
		e = tx_one(tx, &comment_of, VALUES(of_uuid(k->first)), &r);
		if (!e)
			e = feedback_row_comment(r, a, &comment);
		return e ? e : encode("comment", &comment, a, out);
	}
	e = tx_one(tx, &rating_of, VALUES(of_uuid(k->first), of_uuid(k->second)), &r);
	if (e)
		return e;
	feedback_row_rating(r, &rating);
	return encode("rating", &rating, a, out);
}

/* A change as it is read. */
struct loaded {
	struct change *change;
	struct user *user; /* NULL: it is about something else, or gone */
};

/* What the change was made to, as it is now; ERR_NOT_FOUND when it is gone. */
static enum err load_object(struct tx *tx, const struct key *k, struct arena *a, struct loaded *l)
{
	struct change *c = l->change;
	struct str *out = &c->object.v;
	struct track track;
	enum err e;

	switch (c->kind) {
	case CHANGE_KIND_USER:
		l->user = ARENA_NEW(a, struct user);
		e = l->user ? user_row_load(tx, k->first, a, l->user) : ERR_NOMEM;
		return e ? e : encode("user", l->user, a, out);
	case CHANGE_KIND_TRACK:
		e = track_row_load(tx, k->first, a, &track);
		return e ? e : encode("track", &track, a, out);
	case CHANGE_KIND_COMMENT:
	case CHANGE_KIND_RATING:
		break;
	}
	return load_feedback(tx, c->kind, k, a, out);
}

static enum err read_change(struct tx *tx, struct row *r, struct arena *a, struct loaded *l)
{
	struct key k = key_of(row_borrow(r, 2));
	struct change *out = l->change;

	*out = (struct change){ .rev = row_int(r, 0),
		.kind = (enum change_kind)row_int(r, 1),
		.id = key_text(&k, a),
		.object = { .set = true } };
	if (!out->id.p)
		return ERR_NOMEM;
	enum err e = load_object(tx, &k, a, l);
	out->object.null = e == ERR_NOT_FOUND;
	if (out->object.null)
		l->user = NULL;
	return out->object.null ? ERR_OK : e;
}

enum err list_changes_read(struct tx *tx, const struct ask *ask, const struct list_changes *in,
	struct arena *a, struct changes_answer *out)
{
	size_t max = in->limit.set && !in->limit.null ? (size_t)in->limit.v : LIMIT_DEFAULT, n = 0;
	struct listed *list = arena_alloc(a, sizeof *list + max * sizeof list->changes[0]);
	struct page_room room = page_room_new();
	struct row *r;
	bool more = false;

	(void)ask;
	enum err e = list ? ERR_OK : ERR_NOMEM;
	if (!e) {
		list->users = arena_array(a, max, sizeof list->users[0]);
		e = list->users ? ERR_OK : ERR_NOMEM;
	}
	if (!e)
		e = tx_rows(
			tx, &changes, VALUES(of_int(in->afterRev), of_int((int64_t)max + 1)), &r);
	if (!e)
		e = row_next(r, &more);
	while (!e && more && n < max) {
		struct loaded l = { .change = &list->changes[n] };
		e = read_change(tx, r, a, &l);
		if (e || (!page_room_take(&room, CHANGE_BYTES + l.change->object.v.n) && n))
			break;
		list->users[n++] = l.user;
		e = row_next(r, &more);
	}
	if (e)
		return e;
	out->changes.v = list->changes;
	out->changes.n = n;
	out->rev = n ? list->changes[n - 1].rev : in->afterRev;
	out->more = more;
	return ERR_OK;
}

/* The users' texts again, as others see them now. */
static enum err show_users(const struct presence *presence, struct listed *list,
	const struct changes_answer *out, struct uuid asker, struct arena *a)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < out->changes.n && !e; i++) {
		if (!list->users[i] || uuid_eq(list->users[i]->id, asker))
			continue;
		struct user shown = *list->users[i];
		presence_show_one(presence, &shown);
		if (shown.status != list->users[i]->status || shown.status == STATUS_OFFLINE)
			e = encode("user", &shown, a, &list->changes[i].object.v);
	}
	return e;
}

void list_changes_announce(struct hub *hub, const struct ask *ask, const struct list_changes *in,
	struct changes_answer *out)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct listed *list;
	const char *at = (const char *)out->changes.v - offsetof(struct listed, changes);

	(void)in;
	memcpy(&list, &at, sizeof list); /* the read made it */
	enum err e = show_users(hub_presence(hub), list, out, ask->user_id, &a);
	if (e)
		hub_fail(hub, ask, e, NULL);
	else
		hub_answer(hub, ask, out);
}
