/* SPDX-License-Identifier: MIT
 *
 * antiphon_upload - files to the server by tus 1.0.
 *
 * Where there is a data folder it keeps the address of an upload with the file's size and time, so that the next program goes
 * on with it; how far it has come the server knows. A file that has changed begins anew.
 *
 * Layer: client.  Threads: the caller's; they wait.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "client/api/antiphon_transfer.h"

enum { BEGINNINGS_MAX = 5 };

struct upload {
	struct antiphon_attempt a;
	char *full_path; /* of the file, by which the data folder knows it */
	char metadata[1024];
	char path[512]; /* on the server, once it is created; empty: not yet */
	int64_t mtime_ns;
};

static size_t on_read(char *bytes, size_t size, size_t n, void *context)
{
	struct antiphon_attempt *a = context;
	ssize_t got = pread(a->fd, bytes, size * n, (off_t)a->offset);

	if (got < 0) {
		a->failed = true;
		return CURL_READFUNC_ABORT;
	}
	a->offset += got;
	return (size_t)got;
}

static void add_metadata(struct buf *out, const char *key, struct str value)
{
	if (out->n)
		buf_byte(out, ',');
	buf_append(out, str_of(key));
	buf_byte(out, ' ');
	hash_base64(out, value, BASE64_PADDED);
}

static enum antiphon_result describe(struct upload *u, const char *purpose, const char *group_id)
{
	const char *slash = strrchr(u->a.t->path, '/');
	struct buf out = { 0 };

	add_metadata(&out, "filename", str_of(slash ? slash + 1 : u->a.t->path));
	add_metadata(&out, "purpose", str_of(purpose));
	if (group_id)
		add_metadata(&out, "groupId", str_of(group_id));
	buf_byte(&out, 0);
	enum antiphon_result r = buf_failed(&out)              ? ANTIPHON_NOMEM
	                         : out.n <= sizeof u->metadata ? ANTIPHON_OK
	                                                       : ANTIPHON_BAD_REQUEST;
	if (!r)
		memcpy(u->metadata, out.p, out.n);
	buf_done(&out);
	return r;
}

/* ---- the file ---- */

/* False: it is not what u says, which is now what it is. */
static bool is_unchanged(struct upload *u)
{
	struct stat st;

	if (fstat(u->a.fd, &st) != 0) {
		u->a.failed = true;
		return true;
	}
	int64_t size = (int64_t)st.st_size,
		mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	bool same = size == u->a.total && mtime_ns == u->mtime_ns;
	u->a.total = size;
	u->mtime_ns = mtime_ns;
	return same;
}

/* ---- what the data folder knows ---- */

static struct cache_upload record_of(const struct upload *u)
{
	return (struct cache_upload){ .path = str_of(u->full_path),
		.metadata = str_of(u->metadata),
		.size = u->a.total,
		.mtime_ns = u->mtime_ns,
		.location = str_of(u->path) };
}

static void keep(struct upload *u)
{
	struct cache_upload record = record_of(u);

	antiphon_lock(u->a.c);
	if (u->a.c->cache)
		cache_keep_upload(u->a.c->cache, &record);
	antiphon_unlock(u->a.c);
}

static void recall(struct upload *u)
{
	struct cache_upload record = record_of(u);

	antiphon_lock(u->a.c);
	if (u->a.c->cache)
		cache_find_upload(u->a.c->cache, &record, u->path, sizeof u->path);
	antiphon_unlock(u->a.c);
}

/* It is over, or the server does not know it. */
static void forget(struct upload *u)
{
	u->path[0] = 0;
	keep(u);
}

/* ---- the calls ---- */

static int create(struct antiphon_attempt *a)
{
	struct upload *u = (struct upload *)a; /* its first member */

	if (!antiphon_transfer_open(a, "POST", "/api/v1/uploads"))
		return 0;
	antiphon_transfer_header(a, "Tus-Resumable", "1.0.0");
	antiphon_transfer_number(a, "Upload-Length", a->total);
	antiphon_transfer_header(a, "Upload-Metadata", u->metadata);
	curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS, "");
	return antiphon_transfer_perform(a);
}

static int look(struct upload *u)
{
	if (!antiphon_transfer_open(&u->a, "HEAD", u->path))
		return 0;
	antiphon_transfer_header(&u->a, "Tus-Resumable", "1.0.0");
	curl_easy_setopt(u->a.curl, CURLOPT_NOBODY, 1L);
	int status = antiphon_transfer_perform(&u->a);
	bool sane = u->a.upload_offset >= 0 && u->a.upload_offset <= u->a.total;
	return status == 200 && !sane ? 500 : status;
}

/* Asks where it stands, then sends the rest. 404: it must begin anew. */
static int append(struct antiphon_attempt *a)
{
	struct upload *u = (struct upload *)a;

	int status = look(u);
	if (status != 200)
		return status;
	a->offset = a->upload_offset;
	if (!is_unchanged(u))
		return 404;
	if (a->offset == a->total)
		return 204;
	if (a->failed || !antiphon_transfer_open(a, "PATCH", u->path))
		return 0;
	antiphon_transfer_header(a, "Tus-Resumable", "1.0.0");
	antiphon_transfer_header(a, "Content-Type", "application/offset+octet-stream");
	antiphon_transfer_header(a, "Expect", "");
	antiphon_transfer_number(a, "Upload-Offset", a->offset);
	curl_easy_setopt(a->curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(a->curl, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(a->curl, CURLOPT_READDATA, a);
	curl_easy_setopt(a->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)(a->total - a->offset));
	status = antiphon_transfer_perform(a);
	if (status == 204 && !is_unchanged(u))
		return 404; /* what was sent is neither the old file nor the new one */
	return status == 409 ? 0 : status; /* the server still holds on to the connection before */
}

/* A new upload for the file as it is. ANTIPHON_OK: u->path is its address. */
static enum antiphon_result begin(struct upload *u)
{
	int status = antiphon_transfer_insist(&u->a, create);
	u->a.offset = 0;
	const char *path = status == 201 ? strstr(u->a.location, "/api/v1/uploads/") : NULL;

	if (status != 201)
		return antiphon_transfer_result(&u->a, status == 200 ? 500 : status);
	if (!path || strlen(strrchr(path, '/') + 1) != 36)
		return ANTIPHON_INTERNAL;
	snprintf(u->path, sizeof u->path, "%s", path);
	keep(u);
	return ANTIPHON_OK;
}

static enum antiphon_result send_file(struct upload *u, char upload_id[37])
{
	enum antiphon_result r = ANTIPHON_OK;
	int status = 404;

	recall(u);
	for (int i = 0; i < BEGINNINGS_MAX && !r && status == 404; i++) {
		if (!u->path[0])
			r = begin(u);
		if (!r)
			status = antiphon_transfer_insist(&u->a, append);
		if (!r && status == 204)
			memcpy(upload_id, strrchr(u->path, '/') + 1, 37);
		if (!r && (status == 204 || status == 404))
			forget(u);
	}
	return r ? r : antiphon_transfer_result(&u->a, status == 404 ? 0 : status);
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
		(void)is_unchanged(&u);
		u.full_path = realpath(t->path, NULL);
		r = u.full_path ? describe(&u, antiphon_upload_purpose_text(purpose), group_id)
		                : ANTIPHON_NOMEM;
		if (!r)
			r = send_file(&u, upload_id);
	}
	free(u.full_path);
	close(u.a.fd);
	return r;
}
