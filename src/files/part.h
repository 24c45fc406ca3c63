/* SPDX-License-Identifier: MIT
 *
 * part - the bytes of an upload while they come: <data>/uploads/<id>. What of it counts is the
 * offset in the upload's row; bytes behind it, which a crash may leave, are cut off when the part
 * is opened again.
 *
 * Layer: files.  Threads: a part one at a time, on workers (all of it blocks); parts any.
 */
#ifndef FILES_PART_H
#define FILES_PART_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"
#include "base/uuid.h"
#include "files/upload.h"

struct parts;
struct part;

/* The folder below the data folder, made when it is not there. ERR_UNAVAILABLE, ERR_NOMEM. */
NODISCARD enum err parts_new(const char *data_folder, struct parts **out);
void parts_free(struct parts *p);

/* Removes a part; that there is none is no failure. ERR_UNAVAILABLE. */
NODISCARD enum err parts_remove(struct parts *p, struct uuid id);

/*
 * At start: calls wanted(context, id, &keep) for each part and removes those not to be kept. What
 * is not named like a part is removed too. As wanted; ERR_UNAVAILABLE.
 */
NODISCARD enum err parts_sweep(struct parts *p,
	enum err (*wanted)(void *context, struct uuid id, bool *keep), void *context);

/*
 * Opens a part of which `offset` bytes count; the next bytes go there. ERR_NOT_FOUND when there are
 * fewer, ERR_UNAVAILABLE, ERR_NOMEM.
 */
NODISCARD enum err part_open(struct parts *p, struct uuid id, int64_t offset, struct part **out);

/* NULL is taken. */
void part_free(struct part *p);

/* Writes behind what is there. ERR_UNAVAILABLE: what was written since part_open or part_flush does
 * not count. */
NODISCARD enum err part_append(struct part *p, struct str bytes);

/* All that was appended is on the disk when this returns ERR_OK. ERR_UNAVAILABLE. */
NODISCARD enum err part_flush(struct part *p);

/* Bytes, appended ones included. */
int64_t part_size(const struct part *p);

/* Forgets what is behind the first `size` bytes. ERR_UNAVAILABLE. */
NODISCARD enum err part_cut(struct part *p, int64_t size);

enum part_sum { PART_SHA1, PART_SHA256 };
enum { PART_SUM_BYTES_MAX = 32 };

/* How many bytes a sum has. */
size_t part_sum_bytes(enum part_sum kind);

/* The sum of the bytes from `from` on. ERR_UNAVAILABLE, ERR_NOMEM. */
NODISCARD enum err part_sum(
	struct part *p, int64_t from, enum part_sum kind, uint8_t out[PART_SUM_BYTES_MAX]);

/*
 * Whether the whole, if it is a picture, may be one of a user or a track; as picture_admit. What is no picture is left to
 * upload_take.
 */
NODISCARD enum err part_admit_picture(struct part *p, struct arena *a, const char **sentence);

/*
 * Hashes and sniffs the whole, and moves it into the blob store. The part must still be freed.
 * ERR_UNAVAILABLE, ERR_NOMEM.
 */
NODISCARD enum err part_adopt(struct part *p, struct blobs *blobs, struct upload_content *out);

#endif
