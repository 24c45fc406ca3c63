/* SPDX-License-Identifier: MIT
 *
 * download_track - DOWNLOAD_TRACK: the track to the asker, by a signed address or with its bytes; counted.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/media.h"
#include "dispatch/verb.h"
#include "music/tracks/track_row.h"
#include "store/blob.h"
#include "store/tx.h"

enum { FRAME_BYTES = 16384 }; /* what the packet around the bytes may take of the payload limit */

static const struct query count = { "UPDATE track SET downloads = downloads + 1 WHERE pk = ?1" };
static const struct query blob_of = { "SELECT blob FROM track WHERE pk = ?1" };

struct download_track_out {
	struct track track;
};

/* The bytes, within the payload limit: so few that reading them here holds nobody up. */
static enum err read_bytes(
	struct tx *tx, const struct ask *ask, int64_t pk, struct audio *audio, struct arena *a)
{
	struct blob blob = { .size = audio->size };
	struct row *r;

	if (audio->size + FRAME_BYTES > ask->limits->max_payload)
		return tx_refuse(tx, ERR_TOO_LARGE,
			"The audio exceeds the payload limit; ask without `inline` and use "
			"audio.url.");
	enum err e = tx_one(tx, &blob_of, VALUES(of_int(pk)), &r);
	if (!e && !row_digest(r, 0, &blob.digest))
		e = ERR_INTERNAL;
	if (!e)
		e = blob_read(tx_blobs(tx), &blob, a, &audio->data.v);
	audio->data.set = !e;
	return e == ERR_NOT_FOUND ? ERR_INTERNAL : e;
}

enum err download_track_apply(struct tx *tx, const struct ask *ask, const struct download_track *in,
	struct arena *a, struct download_track_out **out)
{
	struct download_track_out *o = ARENA_NEW(a, struct download_track_out);
	struct track_seen seen;
	struct media_link link;
	enum err e = o ? track_row_see(tx, in->id, a, &seen) : ERR_NOMEM;

	if (!e && in->inlined.set && !in->inlined.null && in->inlined.v)
		e = read_bytes(tx, ask, seen.pk, &seen.track.audio, a);
	if (!e)
		e = tx_run(tx, &count, VALUES(of_int(seen.pk)));
	if (!e)
		e = media_sign(tx, ask, media_audio_url(in->id, a), a, &link);
	if (e)
		return e;
	o->track = seen.track;
	o->track.downloads++;
	o->track.audio.url = link.url;
	*out = o;
	return ERR_OK;
}

void download_track_announce(struct hub *hub, const struct ask *ask,
	const struct download_track *in, const struct download_track_out *out)
{
	(void)in;
	hub_answer(hub, ask, NULL);
	hub_emit_socket(hub, EVENT_music_download_track, &out->track, ask->socket);
}
