/* SPDX-License-Identifier: MIT
 *
 * blob - files of the data folder that are named by their content: blobs/ab/abcdef… (BLAKE2b-256).
 *
 * A blob is written beside, flushed, renamed, its folder flushed, and only then may a row refer to it. The
 * database counts the references (table blob); the writer unlinks a file only after the commit that dropped
 * the last one. A file whose row is still on its way is held by a mark from blob_finish or blob_adopt until a
 * transaction with its blob_ref commits, until a job that it was offered to (blob_offer) is refused, or BLOB_MARK_MS
 * later when neither came. Orphans go at start.
 *
 * Layer: store.  Threads: blob_begin to blob_finish, blob_adopt, blob_open any (workers); blob_offer, blob_ref, blob_unref the writer.
 */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

struct blobs;
struct blob_writer;
struct tx;

enum { BLOB_MARK_MS = 600000 };

/* What names a blob. */
struct blob {
	struct digest digest;
	int64_t size; /* bytes */
};

/* Starts a file. ERR_UNAVAILABLE when the disk says no, ERR_NOMEM. */
NODISCARD enum err blob_begin(struct blobs *b, struct blob_writer **out);

/* ERR_UNAVAILABLE; the writer is then good for blob_writer_free alone. */
NODISCARD enum err blob_append(struct blob_writer *w, struct str bytes);

/* Flushes, renames, flushes the folder. ERR_UNAVAILABLE. The writer must still be freed. */
NODISCARD enum err blob_finish(struct blob_writer *w, struct blob *out);

/* Removes what was not finished. NULL is taken. */
void blob_writer_free(struct blob_writer *w);

/* All three in one, for bytes at hand. */
NODISCARD enum err blob_write(struct blobs *b, struct str bytes, struct blob *out);

/*
 * Takes over a whole file of the same file system by renaming it; `blob` is what its content hashes to, by the
 * caller's word. It is flushed here. ERR_NOT_FOUND without such a file, ERR_UNAVAILABLE.
 */
NODISCARD enum err blob_adopt(struct blobs *b, const char *path, const struct blob *blob);

/* A descriptor for reading, the caller's to close. ERR_NOT_FOUND, ERR_UNAVAILABLE. */
NODISCARD enum err blob_open(struct blobs *b, const struct digest *digest, int *out);

/* All of a small one, blob->size bytes in the arena. ERR_NOT_FOUND, ERR_UNAVAILABLE, ERR_NOMEM. */
NODISCARD enum err blob_read(
	struct blobs *b, const struct blob *blob, struct arena *a, struct str *out);

/*
 * Says that this job was given the blob, finished for it and for no other job: when the job is refused, the file goes
 * at once, not after BLOB_MARK_MS, so that refused bytes fill no disk. Before anything that may refuse. ERR_NOMEM.
 */
NODISCARD enum err blob_offer(struct tx *tx, const struct blob *blob);

/* One more, one less row that refers to the blob. ERR_NOT_FOUND when unref finds none; else as tx_run. */
NODISCARD enum err blob_ref(struct tx *tx, const struct blob *blob);
NODISCARD enum err blob_unref(struct tx *tx, const struct digest *digest);

#endif
