/* SPDX-License-Identifier: MIT
 *
 * blob_files - what blob.c and blobs.c share: the folder, names, marks. Private to the store.
 *
 * Layer: store.  Threads: any.
 */
#ifndef STORE_BLOB_FILES_H
#define STORE_BLOB_FILES_H

#include <pthread.h>

#include "store/blobs.h"

enum { BLOB_NAME_MAX = 3 + DIGEST_HEX_BYTES + 1 };

#define BLOB_PART_PREFIX "part-"

/* A file whose row is on its way, so many times. */
struct blob_mark {
	struct digest digest;
	unsigned count;
	int64_t newest_ms;
	UT_hash_handle hh;
};

struct blobs {
	int folder; /* descriptor of <data>/blobs */
	struct clock clock;
	pthread_mutex_t mutex; /* over what follows */
	struct blob_mark *marks;
	uint64_t next_part;
};

/* "ab/abcdef…", relative to the folder. */
void blob_name(const struct digest *d, char out[BLOB_NAME_MAX]);

/* Holds the file of d until its row has come. ERR_NOMEM. */
NODISCARD enum err blob_mark(struct blobs *b, const struct digest *d);

/* errno as ours: ERR_NOT_FOUND, ERR_NOMEM, ERR_UNAVAILABLE. */
enum err blob_file_error(int error);

#endif
