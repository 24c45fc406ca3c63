/* SPDX-License-Identifier: MIT
 *
 * publish_track - PUBLISH_TRACK: audio that was uploaded, or comes along, becomes a track.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/change_log.h"
#include "dispatch/verb.h"
#include "files/sniff.h"
#include "files/upload.h"
#include "music/tracks/track_row.h"
#include "store/blob.h"
#include "store/tx.h"

static const struct query insert = {
	"INSERT INTO track (id, user_id, title, title_folded, artist, album, genre, year, tags, "
	"duration_ms,"
	" blob, mime, size, cover, cover_mime, published_at, updated_at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16)"
};

struct publish_track_prepared {
	bool is_audio;
	struct blob blob;
	struct str mime;
};

struct publish_track_out {
	struct track track;
};

enum err publish_track_prepare(struct blobs *blobs, const struct ask *ask,
	const struct publish_track *in, struct arena *a, struct publish_track_prepared **out)
{
	struct publish_track_prepared *p = ARENA_NEW(a, struct publish_track_prepared);
	enum err e = ERR_OK;

	(void)ask;
	if (!p)
		return ERR_NOMEM;
	if (in->audio.set && !in->audio.null) {
		struct sniffed s = sniff(in->audio.v);
		p->is_audio = s.kind == SNIFF_AUDIO;
		p->mime = str_of(s.mime);
		if (p->is_audio)
			e = blob_write(blobs, in->audio.v, &p->blob);
	}
	*out = p;
	return e;
}

/* The bytes that become the track. */
struct taken {
	struct upload audio, cover;
	bool has_cover;
};

/* Where the bytes come from: the reference of the track to its blob is counted here. */
static enum err take_audio(struct tx *tx, const struct ask *ask, const struct publish_track *in,
	struct arena *a, struct upload *audio)
{
	const struct publish_track_prepared *p = ask->prepared;
	bool has_bytes = in->audio.set && !in->audio.null;
	bool has_upload = in->uploadId.set && !in->uploadId.null;

	if (has_bytes == has_upload)
		return tx_refuse(tx, ERR_BAD_REQUEST, "Give either uploadId or audio.");
	if (has_upload)
		return upload_take(tx, ask,
			&(struct upload_wish){ in->uploadId.v, UPLOAD_PURPOSE_TRACK }, a, audio);
	if (!p->is_audio)
		return tx_refuse(
			tx, ERR_BAD_REQUEST, "The field `audio` holds no audio of a known format.");
	enum err e = upload_quota(tx, ask, ask->user_id, p->blob.size);
	*audio = (struct upload){ .blob = p->blob, .mime = p->mime };
	return e ? e : blob_ref(tx, &p->blob);
}

static struct str text_of(bool set, bool null, struct str v)
{
	return set && !null ? v : STR("");
}

static enum err insert_track(struct tx *tx, const struct ask *ask, const struct publish_track *in,
	struct arena *a, const struct taken *taken)
{
	const struct blob *audio = &taken->audio.blob, *cover = &taken->cover.blob;
	const struct strs tags =
		in->tags.set && !in->tags.null ? in->tags.v : (struct strs){ NULL, 0 };
	struct str json = track_row_tags_json(&tags, a), sorted;
	enum err e = track_row_sort_title(in->title, a, &sorted);

	if (e || !json.p)
		return ERR_NOMEM;
	e = tx_run(tx, &insert,
		VALUES(of_uuid(ask_id(ask, 0)), of_uuid(ask->user_id), of_str(in->title),
			of_str(sorted),
			of_str(text_of(in->artist.set, in->artist.null, in->artist.v)),
			of_str(text_of(in->album.set, in->album.null, in->album.v)),
			of_str(text_of(in->genre.set, in->genre.null, in->genre.v)),
			of_int_if(in->year.set && !in->year.null, in->year.v), of_str(json),
			of_int_if(in->durationMs.set && !in->durationMs.null, in->durationMs.v),
			of_digest(&audio->digest), of_str(taken->audio.mime), of_int(audio->size),
			taken->has_cover ? of_digest(&cover->digest) : of_null(),
			of_str_if(taken->has_cover, taken->cover.mime), of_int(ask->now_ms)));
	return e ? e : track_row_set_tags(tx, tx_rowid(tx), &tags, a);
}

enum err publish_track_apply(struct tx *tx, const struct ask *ask, const struct publish_track *in,
	struct arena *a, struct publish_track_out **out)
{
	struct publish_track_out *o = ARENA_NEW(a, struct publish_track_out);
	struct taken t = { .has_cover = in->coverUploadId.set && !in->coverUploadId.null };
	struct track_seen seen;
	const struct publish_track_prepared *p = ask->prepared;
	enum err e = o ? ERR_OK : ERR_NOMEM;

	if (!e && p->is_audio)
		e = blob_offer(tx, &p->blob);
	if (!e)
		e = take_audio(tx, ask, in, a, &t.audio);
	if (!e && t.has_cover)
		e = upload_take(tx, ask,
			&(struct upload_wish){ in->coverUploadId.v, UPLOAD_PURPOSE_AVATAR }, a,
			&t.cover);
	if (!e)
		e = insert_track(tx, ask, in, a, &t);
	if (!e)
		e = track_row_see(tx, ask_id(ask, 0), a, &seen);
	if (!e)
		e = track_row_index(tx, &seen.track, seen.pk, a);
	if (!e)
		e = change_log_add(tx, CHANGE_KIND_TRACK, ask_id(ask, 0), NULL, &seen.track.rev.v);
	if (e)
		return e;
	o->track = seen.track;
	o->track.rev.set = true;
	*out = o;
	return ERR_OK;
}

void publish_track_announce(struct hub *hub, const struct ask *ask, const struct publish_track *in,
	const struct publish_track_out *out)
{
	const struct track_answer answer = { out->track };

	(void)in;
	hub_answer(hub, ask, &answer);
	hub_emit_all(hub, EVENT_music_publish_track, &out->track, ask_except(ask));
}
