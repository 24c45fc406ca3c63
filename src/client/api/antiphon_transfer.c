/* SPDX-License-Identifier: MIT
 *
 * antiphon_transfer - files to the server by tus 1.0, audio from it by ranges: each begins again where it was cut.
 *
 * What has been downloaded grows in PATH.part, also over several runs of the program, and becomes PATH only when it is whole and
 * its BLAKE2b is the track's.
 *
 * Layer: client.  Threads: the caller's; they wait.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "client/api/http.h"

enum { AGAIN_MS = 500, PATIENCE_MS = 60000, PIECE_BYTES = 65536 };

/* One transfer; each attempt is a call of libcurl. */
struct attempt {
	struct antiphon *c;
	const struct antiphon_transfer *t;
	CURL *curl;
	struct curl_slist *headers;
	int fd;
	int64_t offset, total;  /* bytes that are there; all of them */
	bool ranged;            /* not from the beginning was asked for */
	bool cancelled, failed; /* by the program; by the disk */
	char location[512];     /* of the answer's headers */
	int64_t upload_offset;  /* the same; -1: none */
};

/* ---- what libcurl calls ---- */

static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
	struct attempt *a = context;
	long status = 0;

	curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
	if (a->fd < 0 || (status != 200 && status != 206))
		return size * n; /* an error's text */
	if (status == 200 && a->ranged) {
		a->ranged = false;
		a->offset = 0; /* not from where we asked, but from the beginning */
		a->failed |= ftruncate(a->fd, 0) != 0;
	}
	ssize_t written = pwrite(a->fd, bytes, size * n, (off_t)a->offset);
	if (written != (ssize_t)(size * n))
		a->failed = true;
	else
		a->offset += written;
	return a->failed ? 0 : size * n;
}

static size_t on_read(char *bytes, size_t size, size_t n, void *context)
{
	struct attempt *a = context;
	ssize_t got = pread(a->fd, bytes, size * n, (off_t)a->offset);

	if (got < 0) {
		a->failed = true;
		return CURL_READFUNC_ABORT;
	}
	a->offset += got;
	return (size_t)got;
}

/* "Name: value\r\n" */
static size_t on_header(char *line, size_t size, size_t n, void *context)
{
	struct attempt *a = context;
	char text[512];

	if (size * n >= sizeof text)
		return size * n;
	memcpy(text, line, size * n);
	text[size * n] = 0;
	text[strcspn(text, "\r\n")] = 0;
	if (strncasecmp(text, "Location: ", 10) == 0)
		snprintf(a->location, sizeof a->location, "%s", text + 10);
	else if (strncasecmp(text, "Upload-Offset: ", 15) == 0)
		a->upload_offset = strtoll(text + 15, NULL, 10);
	return size * n;
}

/* Meanwhile the client goes on, and the program may say that it is enough. */
static int on_progress(
	void *context, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	struct attempt *a = context;

	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	if (!a->c->started)
		antiphon_process(a->c);
	if (a->t->progress && !a->t->progress(a->t->context, a->offset, a->total))
		a->cancelled = true;
	return a->cancelled;
}

/* ---- one attempt ---- */

static void add_header(struct attempt *a, const char *name, const char *value)
{
	char line[1024];

	snprintf(line, sizeof line, "%s: %s", name, value);
	struct curl_slist *list = curl_slist_append(a->headers, line);
	if (list)
		a->headers = list;
}

static void add_number(struct attempt *a, const char *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)value);
	add_header(a, name, text);
}

static bool open_attempt(struct attempt *a, const char *method, const char *path)
{
	a->curl = antiphon_http_open(a->c, path, &a->headers);
	if (!a->curl)
		return false;
	a->location[0] = 0;
	a->upload_offset = -1;
	curl_easy_setopt(a->curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(a->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(a->curl, CURLOPT_WRITEDATA, a);
	curl_easy_setopt(a->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(a->curl, CURLOPT_HEADERDATA, a);
	curl_easy_setopt(a->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(a->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(a->curl, CURLOPT_XFERINFODATA, a);
	curl_easy_setopt(a->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(a->curl, CURLOPT_LOW_SPEED_TIME, 20L);
	if (a->t->rate_max) {
		curl_easy_setopt(a->curl, CURLOPT_MAX_RECV_SPEED_LARGE, (curl_off_t)a->t->rate_max);
		curl_easy_setopt(a->curl, CURLOPT_MAX_SEND_SPEED_LARGE, (curl_off_t)a->t->rate_max);
	}
	return true;
}

/* The status; 0: the connection was lost. */
static int perform(struct attempt *a)
{
	long status = 0;

	curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, a->headers);
	if (curl_easy_perform(a->curl) == CURLE_OK)
		curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(a->headers);
	curl_easy_cleanup(a->curl);
	a->headers = NULL;
	a->curl = NULL;
	return (int)status;
}

static bool never(struct antiphon *c, void *context)
{
	(void)c;
	(void)context;
	return false;
}

static bool is_passing(int status)
{
	return status == 0 || status == 429 || status == 503;
}

/*
 * try(a) until its status is no passing trouble, or nothing has moved for as long as one is patient. The status; 0: given up.
 */
static int insist(struct attempt *a, int (*try)(struct attempt *a))
{
	int64_t patience = a->t->patience_ms ? a->t->patience_ms : PATIENCE_MS;
	int64_t moved_ms = clock_monotonic_ms(&a->c->clock), moved_to = a->offset;

	for (;;) {
		int status = try(a);
		int64_t now = clock_monotonic_ms(&a->c->clock);
		if (a->cancelled || a->failed || !is_passing(status))
			return status;
		if (a->offset > moved_to) {
			moved_to = a->offset;
			moved_ms = now;
		}
		if (now - moved_ms >= patience)
			return status;
		pthread_mutex_lock(&a->c->mutex);
		(void)antiphon_drive_until(a->c, AGAIN_MS, never, NULL);
		pthread_mutex_unlock(&a->c->mutex);
	}
}

static enum antiphon_result result_of(const struct attempt *a, int status)
{
	if (a->cancelled)
		return ANTIPHON_CONFLICT;
	if (a->failed || status == 0)
		return ANTIPHON_UNAVAILABLE;
	return antiphon_http_result(status);
}

/* ---- up ---- */

struct upload {
	struct attempt a;
	char metadata[1024];
	char path[512]; /* on the server, once it is created */
};

static void add_metadata(struct buf *out, const char *key, struct str value)
{
	if (out->n)
		buf_byte(out, ',');
	buf_append(out, str_of(key));
	buf_byte(out, ' ');
	hash_base64(out, value, BASE64_PADDED);
}

static bool describe(struct upload *u, const char *purpose, const char *group_id)
{
	const char *slash = strrchr(u->a.t->path, '/');
	struct buf out = { 0 };

	add_metadata(&out, "filename", str_of(slash ? slash + 1 : u->a.t->path));
	add_metadata(&out, "purpose", str_of(purpose));
	if (group_id)
		add_metadata(&out, "groupId", str_of(group_id));
	buf_byte(&out, 0);
	bool fits = !buf_failed(&out) && out.n <= sizeof u->metadata;
	if (fits)
		memcpy(u->metadata, out.p, out.n);
	buf_done(&out);
	return fits;
}

static int create(struct attempt *a)
{
	struct upload *u = (struct upload *)a; /* its first member */

	if (!open_attempt(a, "POST", "/api/v1/uploads"))
		return 0;
	add_header(a, "Tus-Resumable", "1.0.0");
	add_number(a, "Upload-Length", a->total);
	add_header(a, "Upload-Metadata", u->metadata);
	curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS, "");
	return perform(a);
}

/* Asks where it stands, then sends the rest. */
static int append(struct attempt *a)
{
	struct upload *u = (struct upload *)a;

	if (!open_attempt(a, "HEAD", u->path))
		return 0;
	add_header(a, "Tus-Resumable", "1.0.0");
	curl_easy_setopt(a->curl, CURLOPT_NOBODY, 1L);
	int status = perform(a);
	if (status != 200 || a->upload_offset < 0)
		return status == 200 ? 500 : status;
	a->offset = a->upload_offset;
	if (a->offset == a->total)
		return 204;
	if (!open_attempt(a, "PATCH", u->path))
		return 0;
	add_header(a, "Tus-Resumable", "1.0.0");
	add_header(a, "Content-Type", "application/offset+octet-stream");
	add_header(a, "Expect", "");
	add_number(a, "Upload-Offset", a->offset);
	curl_easy_setopt(a->curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(a->curl, CURLOPT_CUSTOMREQUEST, "PATCH");
	curl_easy_setopt(a->curl, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(a->curl, CURLOPT_READDATA, a);
	curl_easy_setopt(a->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)(a->total - a->offset));
	return perform(a);
}

static enum antiphon_result send_file(struct upload *u, char upload_id[37])
{
	int status = insist(&u->a, create);

	if (status != 201)
		return result_of(&u->a, status == 200 ? 500 : status);
	const char *path = strstr(u->a.location, "/api/v1/uploads/");
	const char *id = path ? strrchr(path, '/') + 1 : "";
	if (strlen(id) != 36)
		return ANTIPHON_INTERNAL;
	snprintf(u->path, sizeof u->path, "%s", path);
	status = insist(&u->a, append);
	if (status == 204)
		memcpy(upload_id, id, 37);
	return result_of(&u->a, status);
}

enum antiphon_result antiphon_upload(struct antiphon *c, const struct antiphon_transfer *t,
	enum antiphon_upload_purpose purpose, const char *group_id, char upload_id[37])
{
	struct upload u = { .a = { .c = c, .t = t, .fd = open(t->path, O_RDONLY | O_CLOEXEC) } };
	struct stat st;
	enum antiphon_result r = ANTIPHON_UNAVAILABLE;

	if (u.a.fd < 0)
		return ANTIPHON_NOT_FOUND;
	if (fstat(u.a.fd, &st) == 0 && S_ISREG(st.st_mode)) {
		u.a.total = (int64_t)st.st_size;
		r = describe(&u, antiphon_upload_purpose_text(purpose), group_id)
		            ? send_file(&u, upload_id)
		            : ANTIPHON_BAD_REQUEST;
	}
	close(u.a.fd);
	return r;
}

/* ---- down ---- */

struct download {
	struct attempt a;
	char path[80]; /* on the server */
	char hash[DIGEST_HEX_BYTES];
};

static int fetch(struct attempt *a)
{
	struct download *d = (struct download *)a;
	char range[32];

	if (a->offset == a->total)
		return 200;
	if (!open_attempt(a, "GET", d->path))
		return 0;
	snprintf(range, sizeof range, "%lld-", (long long)a->offset);
	a->ranged = a->offset > 0;
	if (a->ranged)
		curl_easy_setopt(a->curl, CURLOPT_RANGE, range);
	int status = perform(a);
	return status == 206 ? 200 : status;
}

static bool hash_fits(const struct download *d)
{
	struct hash_stream *h;
	char piece[PIECE_BYTES], hex[DIGEST_HEX_BYTES];
	int64_t at = 0;
	ssize_t n;

	if (hash_stream_new(&h))
		return false;
	while ((n = pread(d->a.fd, piece, sizeof piece, (off_t)at)) > 0) {
		hash_stream_add(h, (struct str){ piece, (size_t)n });
		at += n;
	}
	hash_hex(hash_stream_end(h), hex);
	hash_stream_free(h);
	return n == 0 && memcmp(hex, d->hash, sizeof hex) == 0;
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
	enum antiphon_result r = result_of(&d->a, insist(&d->a, fetch));
	if (r)
		return r;
	if (d->a.offset == d->a.total && hash_fits(d))
		return fsync(d->a.fd) == 0 ? ANTIPHON_OK : ANTIPHON_UNAVAILABLE;
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
	if (!r)
		raise_downloaded(c, track_id);
	buf_done(&part);
	return r;
}
