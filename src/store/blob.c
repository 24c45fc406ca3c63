/* SPDX-License-Identifier: MIT
 *
 * blob - see blob.h: writing, adopting and reading the files, the marks that hold them, the references to them.
 *
 * A mark and an unlink exclude each other by the mutex: who finishes a file marks it before the rename, who
 * unlinks looks for a mark in the same breath. So the same content may be written again while its last
 * reference goes.
 *
 * Layer: store.  Threads: as in blob.h.
 */
#include "store/blob.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/blob_files.h"

enum err blob_file_error(int error)
{
	return error == ENOENT ? ERR_NOT_FOUND : error == ENOMEM ? ERR_NOMEM : ERR_UNAVAILABLE;
}

void blob_name(const struct digest *d, char out[BLOB_NAME_MAX])
{
	char hex[DIGEST_HEX_BYTES];

	hash_hex(*d, hex);
	snprintf(out, BLOB_NAME_MAX, "%.2s/%.*s", hex, DIGEST_HEX_BYTES, hex);
}

/* A new mark in the table, or NULL. The mutex is held. */
static struct blob_mark *mark_new(struct blobs *b, const struct digest *d)
{
	struct blob_mark *m = calloc(1, sizeof *m);

	if (!m)
		return NULL;
	m->digest = *d;
	HASH_ADD(hh, b->marks, digest, sizeof m->digest, m);
	if (m->hh.tbl)
		return m;
	free(m);
	return NULL;
}

enum err blob_mark(struct blobs *b, const struct digest *d)
{
	struct blob_mark *m;

	pthread_mutex_lock(&b->mutex);
	HASH_FIND(hh, b->marks, d, sizeof *d, m);
	if (!m)
		m = mark_new(b, d);
	if (m) {
		m->count++;
		m->newest_ms = clock_monotonic_ms(&b->clock);
	}
	pthread_mutex_unlock(&b->mutex);
	return m ? ERR_OK : ERR_NOMEM;
}

/* Flushes the folder that holds blobs of d. */
static enum err folder_flush(struct blobs *b, const struct digest *d)
{
	char name[BLOB_NAME_MAX];

	blob_name(d, name);
	name[2] = '\0';
	int fd = openat(b->folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERR_UNAVAILABLE;
	int failed = fsync(fd);
	close(fd);
	return failed ? ERR_UNAVAILABLE : ERR_OK;
}

/* Gives a flushed file its name for good. */
static enum err name_for_good(
	struct blobs *b, int from_folder, const char *from, const struct digest *d)
{
	char name[BLOB_NAME_MAX];
	enum err e = blob_mark(b, d);

	if (e)
		return e;
	blob_name(d, name);
	if (renameat(from_folder, from, b->folder, name) != 0)
		return blob_file_error(errno);
	return folder_flush(b, d);
}

struct blob_writer {
	struct blobs *blobs;
	struct hash_stream *hash;
	int64_t size;
	int fd; /* -1 when closed */
	bool renamed;
	char name[32]; /* in the folder, while it is not finished */
};

static enum err writer_create(struct blob_writer *w)
{
	pthread_mutex_lock(&w->blobs->mutex);
	uint64_t n = w->blobs->next_part++;
	pthread_mutex_unlock(&w->blobs->mutex);
	snprintf(w->name, sizeof w->name, BLOB_PART_PREFIX "%llu", (unsigned long long)n);
	w->fd = openat(w->blobs->folder, w->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return w->fd < 0 ? ERR_UNAVAILABLE : ERR_OK;
}

enum err blob_begin(struct blobs *b, struct blob_writer **out)
{
	struct blob_writer *w = calloc(1, sizeof *w);

	if (!w)
		return ERR_NOMEM;
	w->blobs = b;
	w->fd = -1;
	enum err e = hash_stream_new(&w->hash);
	if (!e)
		e = writer_create(w);
	if (e) {
		hash_stream_free(w->hash);
		free(w);
		return e;
	}
	*out = w;
	return ERR_OK;
}

enum err blob_append(struct blob_writer *w, struct str bytes)
{
	hash_stream_add(w->hash, bytes);
	w->size += (int64_t)bytes.n;
	while (bytes.n) {
		ssize_t n = write(w->fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_UNAVAILABLE;
		bytes = str_after(bytes, (size_t)n);
	}
	return ERR_OK;
}

enum err blob_finish(struct blob_writer *w, struct blob *out)
{
	struct blob blob = { .digest = hash_stream_end(w->hash), .size = w->size };

	if (fdatasync(w->fd) != 0)
		return ERR_UNAVAILABLE;
	int failed = close(w->fd);
	w->fd = -1;
	if (failed)
		return ERR_UNAVAILABLE;
	enum err e = name_for_good(w->blobs, w->blobs->folder, w->name, &blob.digest);
	if (e)
		return e;
	w->renamed = true;
	*out = blob;
	return ERR_OK;
}

void blob_writer_free(struct blob_writer *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	if (!w->renamed)
		unlinkat(w->blobs->folder, w->name, 0);
	hash_stream_free(w->hash);
	free(w);
}

enum err blob_write(struct blobs *b, struct str bytes, struct blob *out)
{
	struct blob_writer *w;
	enum err e = blob_begin(b, &w);

	if (e)
		return e;
	e = blob_append(w, bytes);
	if (!e)
		e = blob_finish(w, out);
	blob_writer_free(w);
	return e;
}

enum err blob_adopt(struct blobs *b, const char *path, const struct blob *blob)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return blob_file_error(errno);
	int failed = fdatasync(fd);
	close(fd);
	return failed ? ERR_UNAVAILABLE : name_for_good(b, AT_FDCWD, path, &blob->digest);
}

enum err blob_open(struct blobs *b, const struct digest *digest, int *out)
{
	char name[BLOB_NAME_MAX];

	blob_name(digest, name);
	int fd = openat(b->folder, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return blob_file_error(errno);
	*out = fd;
	return ERR_OK;
}

enum err blob_read(struct blobs *b, const struct blob *blob, struct arena *a, struct str *out)
{
	size_t size = (size_t)blob->size;
	char *bytes = arena_alloc(a, size);
	int fd;

	if (!bytes)
		return ERR_NOMEM;
	enum err e = blob_open(b, &blob->digest, &fd);
	if (e)
		return e;
	for (size_t at = 0; at < size && !e;) {
		ssize_t n = pread(fd, bytes + at, size - at, (off_t)at);
		if (n > 0)
			at += (size_t)n;
		else if (n == 0 || errno != EINTR)
			e = ERR_UNAVAILABLE;
	}
	close(fd);
	*out = (struct str){ bytes, size };
	return e;
}

/* --- references --- */

static const struct query add_ref = { "INSERT INTO blob (digest, size, refs) VALUES (?1, ?2, 1)"
				      " ON CONFLICT (digest) DO UPDATE SET refs = refs + 1" };
static const struct query drop_ref = {
	"UPDATE blob SET refs = refs - 1 WHERE digest = ?1 RETURNING refs"
};
static const struct query delete_blob = { "DELETE FROM blob WHERE digest = ?1 AND refs <= 0" };

enum err blob_offer(struct tx *tx, const struct blob *blob)
{
	return tx_push_after(
		tx, &(struct after){ .kind = AFTER_BLOB_OFFER, .digest = blob->digest });
}

enum err blob_ref(struct tx *tx, const struct blob *blob)
{
	struct after what = { .kind = AFTER_BLOB_REF, .digest = blob->digest };
	enum err e = tx_run(tx, &add_ref, VALUES(of_digest(&blob->digest), of_int(blob->size)));

	return e ? e : tx_push_after(tx, &what);
}

enum err blob_unref(struct tx *tx, const struct digest *digest)
{
	struct after what = { .kind = AFTER_BLOB_DROP, .digest = *digest };
	struct row *r;
	enum err e = tx_one(tx, &drop_ref, VALUES(of_digest(digest)), &r);

	if (e || row_int(r, 0) > 0)
		return e;
	e = tx_run(tx, &delete_blob, VALUES(of_digest(digest)));
	return e ? e : tx_push_after(tx, &what);
}
