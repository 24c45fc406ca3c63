/* SPDX-License-Identifier: MIT
 *
 * blobs - see blobs.h: the folder at start, the references in the database, and the end of files.
 *
 * Layer: store.  Threads: the writer, but for blobs_new and blobs_free.
 */
#include "store/blobs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/blob_files.h"

static const struct query find_blob = { "SELECT refs FROM blob WHERE digest = ?1" };

/* The folder and its 256 children, flushed, so that a later rename is all that is left to flush. */
static enum err make_folders(int folder)
{
	char name[8];

	for (unsigned i = 0; i < 256; i++) {
		snprintf(name, sizeof name, "%02x", i);
		if (mkdirat(folder, name, 0700) != 0 && errno != EEXIST)
			return ERR_UNAVAILABLE;
	}
	return fsync(folder) == 0 ? ERR_OK : ERR_UNAVAILABLE;
}

static int open_folder(const char *data_folder)
{
	int data = open(data_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int folder = -1;

	if (data < 0)
		return -1;
	if ((mkdirat(data, "blobs", 0700) == 0 || errno == EEXIST) && fsync(data) == 0)
		folder = openat(data, "blobs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(data);
	return folder;
}

enum err blobs_new(const char *data_folder, const struct clock *clock, struct blobs **out)
{
	struct blobs *b = calloc(1, sizeof *b);

	if (!b)
		return ERR_NOMEM;
	if (pthread_mutex_init(&b->mutex, NULL) != 0) {
		free(b);
		return ERR_NOMEM;
	}
	b->clock = *clock;
	b->folder = open_folder(data_folder);
	if (b->folder < 0 || make_folders(b->folder) != ERR_OK) {
		blobs_free(b);
		return ERR_UNAVAILABLE;
	}
	*out = b;
	return ERR_OK;
}

void blobs_free(struct blobs *b)
{
	struct blob_mark *m, *next;

	if (!b)
		return;
	HASH_ITER(hh, b->marks, m, next)
	{
		HASH_DEL(b->marks, m);
		free(m);
	}
	if (b->folder >= 0)
		close(b->folder);
	pthread_mutex_destroy(&b->mutex);
	free(b);
}

/* Whether the database knows the blob; on a failure it is taken for known, so that nothing is lost. */
static bool has_row(struct tx *tx, const struct digest *d)
{
	struct row *r;
	enum err e = tx_one(tx, &find_blob, VALUES(of_digest(d)), &r);

	tx_close_rows(tx);
	return e != ERR_NOT_FOUND;
}

static void sweep_folder(struct blobs *b, struct tx *tx, DIR *d, const char *prefix)
{
	struct dirent *entry;
	struct digest digest;
	char name[3 + 256];

	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (!hash_parse_hex(str_of(entry->d_name), &digest) && has_row(tx, &digest))
			continue;
		snprintf(name, sizeof name, "%s/%s", prefix, entry->d_name);
		unlinkat(b->folder, name, 0);
	}
}

static void sweep_parts(struct blobs *b)
{
	int fd = openat(b->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!d)
		return;
	while ((entry = readdir(d)) != NULL) {
		if (str_starts(str_of(entry->d_name), STR(BLOB_PART_PREFIX)))
			unlinkat(b->folder, entry->d_name, 0);
	}
	closedir(d);
}

enum err blobs_sweep(struct blobs *b, struct tx *tx)
{
	char name[8];

	sweep_parts(b);
	for (unsigned i = 0; i < 256; i++) {
		snprintf(name, sizeof name, "%02x", i);
		int fd = openat(b->folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
		if (!d)
			return ERR_UNAVAILABLE;
		sweep_folder(b, tx, d, name);
		closedir(d);
	}
	return ERR_OK;
}

static void let_go(struct blobs *b, const struct digest *d)
{
	struct blob_mark *m;

	pthread_mutex_lock(&b->mutex);
	HASH_FIND(hh, b->marks, d, sizeof *d, m);
	if (m && --m->count == 0) {
		HASH_DEL(b->marks, m);
		free(m);
	}
	pthread_mutex_unlock(&b->mutex);
}

static void unlink_unmarked(struct blobs *b, const struct digest *d)
{
	struct blob_mark *m;
	char name[BLOB_NAME_MAX];

	pthread_mutex_lock(&b->mutex);
	HASH_FIND(hh, b->marks, d, sizeof *d, m);
	if (!m) {
		blob_name(d, name);
		unlinkat(b->folder, name, 0);
	}
	pthread_mutex_unlock(&b->mutex);
}

void blobs_after_commit(struct blobs *b, struct tx *tx)
{
	for (size_t i = 0; i < tx->after_count; i++) {
		if (tx->after[i].kind == AFTER_BLOB_REF || tx->after[i].kind == AFTER_BLOB_REFUSED)
			let_go(b, &tx->after[i].digest);
	}
	for (size_t i = 0; i < tx->after_count; i++) {
		/* A later job of the batch may have referred to the same content again. */
		bool drops = tx->after[i].kind == AFTER_BLOB_DROP ||
		             tx->after[i].kind == AFTER_BLOB_REFUSED;
		if (drops && !has_row(tx, &tx->after[i].digest))
			unlink_unmarked(b, &tx->after[i].digest);
	}
}

/* Takes one mark that is too old off the table. */
static bool take_old_mark(struct blobs *b, struct digest *out)
{
	int64_t oldest_ms = clock_monotonic_ms(&b->clock) - BLOB_MARK_MS;
	struct blob_mark *m, *next;
	bool found = false;

	pthread_mutex_lock(&b->mutex);
	HASH_ITER(hh, b->marks, m, next)
	{
		if (found || m->newest_ms > oldest_ms)
			continue;
		*out = m->digest;
		found = true;
		HASH_DEL(b->marks, m);
		free(m);
	}
	pthread_mutex_unlock(&b->mutex);
	return found;
}

void blobs_expire_marks(struct blobs *b, struct tx *tx)
{
	struct digest digest;

	while (take_old_mark(b, &digest)) {
		if (!has_row(tx, &digest))
			unlink_unmarked(b, &digest);
	}
}
