/* SPDX-License-Identifier: MIT
 *
 * unpublish_track - UNPUBLISH_TRACK: a track goes, with its comments and ratings.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/change_log.h"
#include "accounts/notify.h"
#include "dispatch/verb.h"
#include "music/tracks/track_row.h"
#include "store/blob.h"
#include "store/tx.h"

static const struct query media_of = { "SELECT blob, cover FROM track WHERE pk = ?1" };
static const struct query forget_comments = {
	"DELETE FROM change WHERE kind = ?2 AND id IN (SELECT id FROM comment WHERE track_pk = ?1)"
};
static const struct query forget_ratings = {
	"DELETE FROM change WHERE kind = ?2 AND id IN"
	" (SELECT CAST(?3 || user_id AS BLOB) FROM rating WHERE track_pk = ?1)"
};
static const struct query drop_comments = { "DELETE FROM comment WHERE track_pk = ?1" };
static const struct query drop_ratings = { "DELETE FROM rating WHERE track_pk = ?1" };
static const struct query drop_tags = { "DELETE FROM track_tag WHERE track_pk = ?1" };
static const struct query drop_track = { "DELETE FROM track WHERE pk = ?1" };

struct unpublish_track_out {
	struct track track;
	struct notify_gone gone; /* the owner's notifications about its comments and ratings */
};

/* The references to audio and cover; the files go when nothing else refers to them. */
static enum err drop_media(struct tx *tx, int64_t pk)
{
	struct digest blob, cover;
	struct row *r;
	enum err e = tx_one(tx, &media_of, VALUES(of_int(pk)), &r);

	if (e)
		return e;
	bool has_blob = row_digest(r, 0, &blob), has_cover = row_digest(r, 1, &cover);
	if (has_blob)
		e = blob_unref(tx, &blob);
	return e || !has_cover ? e : blob_unref(tx, &cover);
}

/* All that hangs on the track; the log has its change first, so that its rev is the highest. */
static enum err drop_rows(struct tx *tx, struct uuid id, int64_t pk)
{
	enum err e = tx_run(tx, &forget_comments, VALUES(of_int(pk), of_int(CHANGE_KIND_COMMENT)));

	if (!e)
		e = tx_run(tx, &forget_ratings,
			VALUES(of_int(pk), of_int(CHANGE_KIND_RATING), of_uuid(id)));
	if (!e)
		e = tx_run(tx, &drop_comments, VALUES(of_int(pk)));
	if (!e)
		e = tx_run(tx, &drop_ratings, VALUES(of_int(pk)));
	if (!e)
		e = tx_run(tx, &drop_tags, VALUES(of_int(pk)));
	if (!e)
		e = drop_media(tx, pk);
	return e ? e : tx_run(tx, &drop_track, VALUES(of_int(pk)));
}

enum err unpublish_track_apply(struct tx *tx, const struct ask *ask,
	const struct unpublish_track *in, struct arena *a, struct unpublish_track_out **out)
{
	struct unpublish_track_out *o = ARENA_NEW(a, struct unpublish_track_out);
	struct track_seen seen;
	enum err e = o ? track_row_see(tx, in->id, a, &seen) : ERR_NOMEM;

	if (e)
		return e;
	o->track = seen.track;
	if (!uuid_eq(o->track.userId, ask->user_id) && !ask_moderates(ask))
		return tx_refuse(
			tx, ERR_FORBIDDEN, "A track is taken back by its owner or a moderator.");
	e = change_log_add(tx, CHANGE_KIND_TRACK, in->id, NULL, &o->track.rev.v);
	if (!e)
		e = track_row_unindex(tx, &o->track, seen.pk, a);
	if (!e)
		e = drop_rows(tx, in->id, seen.pk);
	if (!e)
		e = notify_drop_place(tx, o->track.userId, in->id, a, &o->gone);
	o->track.rev.set = true;
	*out = o;
	return e;
}

void unpublish_track_announce(struct hub *hub, const struct ask *ask,
	const struct unpublish_track *in, const struct unpublish_track_out *out)
{
	(void)in;
	hub_answer(hub, ask, NULL);
	hub_emit_all(hub, EVENT_music_unpublish_track, &out->track, ask_except(ask));
	notify_send_gone(hub, &out->gone, ask->now_ms);
}
