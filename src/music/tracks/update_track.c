/* SPDX-License-Identifier: MIT
 *
 * update_track - UPDATE_TRACK: other descriptive fields, or another cover.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/change_log.h"
#include "dispatch/verb.h"
#include "files/upload.h"
#include "music/tracks/track_row.h"
#include "store/blob.h"
#include "store/tx.h"

static const struct query update = {
	"UPDATE track SET title = ?2, title_folded = ?3, artist = ?4, album = ?5, genre = ?6, year "
	"= ?7,"
	" tags = ?8, duration_ms = ?9, updated_at = ?10 WHERE pk = ?1"
};
static const struct query get_cover = { "SELECT cover FROM track WHERE pk = ?1" };
static const struct query set_cover = {
	"UPDATE track SET cover = ?2, cover_mime = ?3 WHERE pk = ?1"
};

struct update_track_out {
	struct track track;
};

/* The track with what the payload sets. */
static void merge(struct track *t, const struct update_track *in)
{
	if (in->title.set && !in->title.null)
		t->title = in->title.v;
	if (in->artist.set && !in->artist.null)
		t->artist = in->artist.v;
	if (in->album.set && !in->album.null)
		t->album = in->album.v;
	if (in->genre.set && !in->genre.null)
		t->genre = in->genre.v;
	if (in->tags.set && !in->tags.null)
		t->tags = in->tags.v;
	if (in->year.set) {
		t->year.null = in->year.null;
		t->year.v = in->year.v;
	}
	if (in->durationMs.set) {
		t->durationMs.null = in->durationMs.null;
		t->durationMs.v = in->durationMs.v;
	}
}

static enum err write_fields(
	struct tx *tx, const struct ask *ask, const struct track *t, int64_t pk, struct arena *a)
{
	struct str json = track_row_tags_json(&t->tags, a), sorted;
	enum err e = track_row_sort_title(t->title, a, &sorted);

	if (e || !json.p)
		return ERR_NOMEM;
	e = tx_run(tx, &update,
		VALUES(of_int(pk), of_str(t->title), of_str(sorted), of_str(t->artist),
			of_str(t->album), of_str(t->genre), of_int_if(!t->year.null, t->year.v),
			of_str(json), of_int_if(!t->durationMs.null, t->durationMs.v),
			of_int(ask->now_ms)));
	return e ? e : track_row_set_tags(tx, pk, &t->tags, a);
}

static enum err write_cover(struct tx *tx, const struct ask *ask, const struct update_track *in,
	int64_t pk, struct arena *a)
{
	struct upload upload;
	struct digest before;
	struct row *r;
	enum err e = tx_one(tx, &get_cover, VALUES(of_int(pk)), &r);

	if (e)
		return e;
	bool had = row_digest(r, 0, &before);
	if (!in->coverUploadId.null) {
		e = upload_take(tx, ask,
			&(struct upload_wish){ in->coverUploadId.v, UPLOAD_PURPOSE_AVATAR }, a,
			&upload);
		if (!e)
			e = tx_run(tx, &set_cover,
				VALUES(of_int(pk), of_digest(&upload.blob.digest),
					of_str(upload.mime)));
	} else {
		e = tx_run(tx, &set_cover, VALUES(of_int(pk), of_null(), of_null()));
	}
	return e || !had ? e : blob_unref(tx, &before);
}

static enum err change(struct tx *tx, const struct ask *ask, const struct update_track *in,
	struct track *t, struct arena *a)
{
	struct track_seen seen;
	enum err e = track_row_see(tx, in->id, a, &seen);

	if (e)
		return e;
	*t = seen.track;
	if (!uuid_eq(t->userId, ask->user_id))
		return tx_refuse(tx, ERR_FORBIDDEN, "A track is changed by its owner alone.");
	e = track_row_unindex(tx, t, seen.pk, a);
	merge(t, in);
	if (!e)
		e = track_row_index(tx, t, seen.pk, a);
	if (!e)
		e = write_fields(tx, ask, t, seen.pk, a);
	if (!e && in->coverUploadId.set)
		e = write_cover(tx, ask, in, seen.pk, a);
	return e ? e : track_row_load(tx, in->id, a, t);
}

enum err update_track_apply(struct tx *tx, const struct ask *ask, const struct update_track *in,
	struct arena *a, struct update_track_out **out)
{
	struct update_track_out *o = ARENA_NEW(a, struct update_track_out);
	enum err e = o ? change(tx, ask, in, &o->track, a) : ERR_NOMEM;

	if (!e)
		e = change_log_add(tx, CHANGE_KIND_TRACK, in->id, NULL, &o->track.rev.v);
	if (e)
		return e;
	o->track.rev.set = true;
	*out = o;
	return ERR_OK;
}

void update_track_announce(struct hub *hub, const struct ask *ask, const struct update_track *in,
	const struct update_track_out *out)
{
	const struct track_answer answer = { out->track };

	(void)in;
	hub_answer(hub, ask, &answer);
	hub_emit_all(hub, EVENT_music_update_track, &out->track, ask_except(ask));
}
