/* SPDX-License-Identifier: MIT
 *
 * antiphon_download - audio from the server by ranges.
 *
 * What has come grows in PATH.part, also over several runs of the program, and becomes PATH only when it is whole and its
 * BLAKE2b is the track's.
 *
 * Layer: client.  Threads: the caller's; they wait.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "client/api/antiphon_transfer.h"

enum { PIECE_BYTES = 65536 };

struct download {
	struct antiphon_attempt a;
	char path[80]; /* on the server */
	char hash[DIGEST_HEX_BYTES];
};

static int fetch(struct antiphon_attempt *a)
{
	struct download *d = (struct download *)a;
	char range[32];

	if (a->offset == a->total)
		return 200;
	if (!antiphon_transfer_open(a, "GET", d->path))
		return 0;
	snprintf(range, sizeof range, "%lld-", (long long)a->offset);
	a->ranged = a->offset > 0;
	if (a->ranged)
		a->no_memory |= curl_easy_setopt(a->curl, CURLOPT_RANGE, range) != CURLE_OK;
	int status = antiphon_transfer_perform(a);
	return status == 206 ? 200 : status;
}

/* ANTIPHON_INTERNAL: it does not fit. */
static enum antiphon_result check_hash(const struct download *d)
{
	struct hash_stream *h;
	char piece[PIECE_BYTES], hex[DIGEST_HEX_BYTES];
	int64_t at = 0;
	ssize_t n;

	if (hash_stream_new(&h))
		return ANTIPHON_NOMEM;
	while ((n = pread(d->a.fd, piece, sizeof piece, (off_t)at)) > 0) {
		hash_stream_add(h, (struct str){ piece, (size_t)n });
		at += n;
	}
	hash_hex(hash_stream_end(h), hex);
	hash_stream_free(h);
	if (n < 0)
		return ANTIPHON_UNAVAILABLE;
	return memcmp(hex, d->hash, sizeof hex) == 0 ? ANTIPHON_OK : ANTIPHON_INTERNAL;
}

/* What the model knows of the track; asks for it, so that it is counted. */
static enum antiphon_result look_up(struct download *d, const char *track_id)
{
	char json[64];

	snprintf(json, sizeof json, "{\"id\":\"%.36s\"}", track_id);
	enum antiphon_result r = antiphon_call(
		d->a.c, &(struct antiphon_any){ "/music", "DOWNLOAD_TRACK", json }, NULL);
	if (r)
		return r;
	antiphon_lock(d->a.c);
	const struct antiphon_track *track = antiphon_track_find(d->a.c, track_id);
	if (track) {
		d->a.total = track->audio.size;
		memcpy(d->hash, track->audio.blake2b, sizeof d->hash);
	}
	antiphon_unlock(d->a.c);
	snprintf(d->path, sizeof d->path, "/api/v1/tracks/%.36s/audio", track_id);
	return track ? ANTIPHON_OK : ANTIPHON_NOT_FOUND;
}

static void raise_downloaded(struct antiphon *c, const char *track_id)
{
	antiphon_lock(c);
	const struct antiphon_track *track = antiphon_track_find(c, track_id);
	if (track)
		antiphon_event_raise(c, ANTIPHON_DOWNLOADED_TRACK, track);
	antiphon_unlock(c);
}

/* Into the part; it is whole and right when this is ANTIPHON_OK. */
static enum antiphon_result receive_file(struct download *d)
{
	struct stat st;

	if (fstat(d->a.fd, &st) != 0)
		return ANTIPHON_UNAVAILABLE;
	d->a.offset = (int64_t)st.st_size;
	if (d->a.offset > d->a.total) {
		d->a.offset = 0;
		d->a.failed = ftruncate(d->a.fd, 0) != 0;
	}
	enum antiphon_result r =
		antiphon_transfer_result(&d->a, antiphon_transfer_insist(&d->a, fetch));
	if (r && !d->a.wrong)
		return r;
	if (!r)
		r = d->a.offset == d->a.total ? check_hash(d) : ANTIPHON_INTERNAL;
	if (!r)
		return fsync(d->a.fd) == 0 ? ANTIPHON_OK : ANTIPHON_UNAVAILABLE;
	if (r != ANTIPHON_INTERNAL)
		return r;
	d->a.offset = 0;
	return ftruncate(d->a.fd, 0) == 0 ? ANTIPHON_INTERNAL : ANTIPHON_UNAVAILABLE;
}

enum antiphon_result antiphon_download(
	struct antiphon *c, const char *track_id, const struct antiphon_transfer *t)
{
	struct download d = { .a = { .c = c, .t = t, .fd = -1 } };
	struct buf part = { 0 };
	enum antiphon_result r = look_up(&d, track_id);

	buf_printf(&part, "%s.part", t->path);
	buf_byte(&part, 0);
	if (!r)
		r = buf_failed(&part) ? ANTIPHON_NOMEM : ANTIPHON_OK;
	if (!r) {
		d.a.fd = open(part.p, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		r = d.a.fd < 0 ? ANTIPHON_UNAVAILABLE : receive_file(&d);
	}
	if (d.a.fd >= 0)
		close(d.a.fd);
	if (!r && rename(part.p, t->path) != 0)
		r = ANTIPHON_UNAVAILABLE;
	if (r && d.a.fd >= 0 && d.a.offset == 0)
		(void)unlink(part.p); /* nothing to go on with */
	if (!r)
		raise_downloaded(c, track_id);
	buf_done(&part);
	return r;
}
