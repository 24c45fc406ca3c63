/* SPDX-License-Identifier: MIT
 *
 * list_changes - LIST_CHANGES: what has changed in /music since a rev.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include <string.h>

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

/* What the change was made to, as it is now; ERR_NOT_FOUND when it is gone. */
static enum err load_object(struct tx *tx, const struct media *media, const struct key *k,
	struct arena *a, struct change *c)
{
	struct str *out = &c->object.v;
	struct track track;
	struct user user;
	enum err e;

	switch (c->kind) {
	case CHANGE_KIND_USER:
		e = user_row_load(tx, k->first, media, a, &user);
		return e ? e : encode("user", &user, a, out);
	case CHANGE_KIND_TRACK:
		e = track_row_load(tx, k->first, media, a, &track);
		return e ? e : encode("track", &track, a, out);
	case CHANGE_KIND_COMMENT:
	case CHANGE_KIND_RATING:
		break;
	}
	return load_feedback(tx, c->kind, k, a, out);
}

static enum err read_change(struct tx *tx, struct row *r, const struct media *media,
	struct arena *a, struct change *out)
{
	struct key k = key_of(row_borrow(r, 2));

	*out = (struct change){ .rev = row_int(r, 0),
		.kind = (enum change_kind)row_int(r, 1),
		.id = key_text(&k, a),
		.object = { .set = true } };
	if (!out->id.p)
		return ERR_NOMEM;
	enum err e = load_object(tx, media, &k, a, out);
	out->object.null = e == ERR_NOT_FOUND;
	return out->object.null ? ERR_OK : e;
}

enum err list_changes_read(struct tx *tx, const struct ask *ask, const struct list_changes *in,
	struct arena *a, struct changes_answer *out)
{
	size_t max = in->limit.set && !in->limit.null ? (size_t)in->limit.v : LIMIT_DEFAULT, n = 0;
	struct change *v = arena_array(a, max, sizeof *v);
	struct page_room room = page_room_new();
	struct media media;
	struct row *r;
	bool more = false;
	enum err e = v ? media_load(tx, ask->now_ms, &media) : ERR_NOMEM;

	if (!e)
		e = tx_rows(
			tx, &changes, VALUES(of_int(in->afterRev), of_int((int64_t)max + 1)), &r);
	if (!e)
		e = row_next(r, &more);
	while (!e && more && n < max) {
		e = read_change(tx, r, &media, a, &v[n]);
		if (e || (!page_room_take(&room, CHANGE_BYTES + v[n].object.v.n) && n))
			break;
		n++;
		e = row_next(r, &more);
	}
	out->changes.v = v;
	out->changes.n = n;
	out->rev = n ? v[n - 1].rev : in->afterRev;
	out->more = more;
	return e;
}
