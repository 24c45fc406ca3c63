/* SPDX-License-Identifier: MIT
 *
 * download_track - DOWNLOAD_TRACK: the track to the asker, by a signed address or with its bytes; counted.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include <errno.h>
#include <unistd.h>

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

static enum err read_all(int fd, char *bytes, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t got = pread(fd, bytes + at, n - at, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ERR_INTERNAL;
		at += (size_t)got;
	}
	return ERR_OK;
}

/* The bytes, within the payload limit: so few that reading them here holds nobody up. */
static enum err read_bytes(
	struct tx *tx, const struct ask *ask, int64_t pk, struct audio *audio, struct arena *a)
{
	struct digest digest;
	struct row *r;
	int fd;

	if (audio->size + FRAME_BYTES > ask->limits->max_payload)
		return tx_refuse(tx, ERR_TOO_LARGE,
			"The audio exceeds the payload limit; ask without `inline` and use audio.url.");
	enum err e = tx_one(tx, &blob_of, VALUES(of_int(pk)), &r);
	if (!e && !row_digest(r, 0, &digest))
		e = ERR_INTERNAL;
	char *bytes = arena_alloc(a, (size_t)audio->size + 1);
	if (!e && !bytes)
		e = ERR_NOMEM;
	if (!e)
		e = blob_open(tx_blobs(tx), &digest, &fd);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_INTERNAL : e;
	e = read_all(fd, bytes, (size_t)audio->size);
	close(fd);
	audio->data.set = true;
	audio->data.v = (struct str){ bytes, (size_t)audio->size };
	return e;
}

enum err download_track_apply(struct tx *tx, const struct ask *ask, const struct download_track *in,
	struct arena *a, struct download_track_out **out)
{
	struct download_track_out *o = ARENA_NEW(a, struct download_track_out);
	struct media media;
	int64_t pk;
	enum err e = o ? media_load(tx, ask->now_ms, &media) : ERR_NOMEM;

	if (!e)
		e = track_row_load(tx, in->id, &media, a, &o->track, &pk);
	if (!e && in->inlined.set && !in->inlined.null && in->inlined.v)
		e = read_bytes(tx, ask, pk, &o->track.audio, a);
	if (!e)
		e = tx_run(tx, &count, VALUES(of_int(pk)));
	if (e)
		return e;
	o->track.downloads++;
	o->track.audio.url = media_download_url(&media, in->id, a);
	*out = o;
	return o->track.audio.url.p ? ERR_OK : ERR_NOMEM;
}

void download_track_announce(struct hub *hub, const struct ask *ask, const struct download_track *in,
	const struct download_track_out *out)
{
	(void)in;
	hub_answer(hub, ask, NULL);
	hub_emit_socket(hub, EVENT_music_download_track, &out->track, ask->socket);
}
