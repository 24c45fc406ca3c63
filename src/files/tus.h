/* SPDX-License-Identifier: MIT
 *
 * tus - the words of the tus protocol 1.0.0: header values in, meaning out. Pure.
 *
 * Layer: files.  Threads: any.
 */
#ifndef FILES_TUS_H
#define FILES_TUS_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "files/part.h"
#include "files/upload.h"

#define TUS_VERSION    "1.0.0"
#define TUS_EXTENSIONS "creation,expiration,checksum,termination"
#define TUS_CHECKSUMS  "sha1,sha256"
#define TUS_MEDIA_TYPE "application/offset+octet-stream"

/* Upload-Length, Upload-Offset: digits alone, at most 63 bits. ERR_BAD_REQUEST. */
NODISCARD enum err tus_number(struct str value, int64_t *out);

/*
 * Upload-Length and Upload-Metadata as an upload to make. Metadata: `filename` (at most 255 code
 * points), `purpose` (needed), `groupId`; other keys are passed over. ERR_BAD_REQUEST with
 * *sentence, ERR_NOMEM.
 */
NODISCARD enum err tus_creation(struct str length, struct str metadata, struct arena *a,
	struct upload_new *out, const char **sentence);

struct tus_checksum {
	enum part_sum kind;
	uint8_t sum[PART_SUM_BYTES_MAX];
};

/* Upload-Checksum: algorithm and base64. ERR_BAD_REQUEST for another algorithm or another length,
 * ERR_NOMEM. */
NODISCARD enum err tus_checksum_read(struct str value, struct tus_checksum *out);

#endif
