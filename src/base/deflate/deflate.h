/* SPDX-License-Identifier: MIT
 *
 * deflate - compression by zlib: messages of permessage-deflate (RFC 7692), bodies of HTTP (RFC 1950, 1952).
 *
 * No message refers to an earlier one, so one set of contexts serves all connections of a thread: at most
 * 256 KiB for each window size that a peer asked for, 256 KiB for each HTTP coding, 40 KiB to decompress; each made when it is
 * first wanted and kept.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#ifndef BASE_DEFLATE_H
#define BASE_DEFLATE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct deflate;

/* Windows of 2^bits bytes. RFC 7692 also knows 8, which zlib cannot write. */
enum { DEFLATE_BITS_MIN = 9, DEFLATE_BITS_MAX = 15 };

enum deflate_coding { DEFLATE_GZIP, DEFLATE_ZLIB }; /* HTTP's "gzip" and "deflate" */

NODISCARD enum err deflate_new(struct deflate **out); /* ERR_NOMEM */
void deflate_free(struct deflate *d);                 /* NULL is taken */

/* Appends what RFC 7692 section 7.2.1 makes of a message. ERR_NOMEM. */
NODISCARD enum err deflate_message(
	struct deflate *d, unsigned bits, struct str message, struct buf *out);

/*
 * Appends the message behind such bytes. ERR_TOO_LARGE when it is longer than max (as many bytes are then made, not
 * more), ERR_BAD_REQUEST when the bytes are none, ERR_NOMEM.
 */
NODISCARD enum err deflate_read_message(
	struct deflate *d, struct str bytes, size_t max, struct buf *out);

/* Appends a whole body. ERR_NOMEM. */
NODISCARD enum err deflate_body(
	struct deflate *d, enum deflate_coding coding, struct str body, struct buf *out);

#endif
