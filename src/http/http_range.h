/* SPDX-License-Identifier: MIT
 *
 * http_range - which bytes of a whole a Range header asks for, and the plan of the answer's body
 * (RFC 9110 section 14).
 *
 * Layer: http.  Threads: any.
 */
#ifndef HTTP_HTTP_RANGE_H
#define HTTP_HTTP_RANGE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

struct http_range {
	uint64_t first, size; /* bytes; size is at least 1 */
};

enum http_range_kind {
	HTTP_RANGE_WHOLE,         /* 200: no Range, or one that is to be ignored */
	HTTP_RANGE_PARTS,         /* 206: one range, or several */
	HTTP_RANGE_UNSATISFIABLE, /* 416 */
};

struct http_ranges {
	enum http_range_kind kind;
	struct http_range
		range[RANGES_MAX]; /* in the order asked for; they neither overlap nor touch */
	size_t count;
};

/*
 * value: of the Range field; empty when there is none. total: bytes of the whole. Ignored, as the
 * RFC allows: another unit, malformed text. More than RANGES_MAX are unsatisfiable. Ranges that overlap or
 * touch become one.
 */
void http_range_read(struct str value, uint64_t total, struct http_ranges *out);

/* The value of Content-Range: of a part, or of an answer 416 when range is NULL. */
void http_range_content_range(struct buf *b, const struct http_range *range, uint64_t total);

/* A piece of a body: text first, then bytes of the file. Either may be empty. */
struct http_range_segment {
	size_t text_from, text_size; /* in the buf of heads */
	uint64_t first, size;        /* in the file */
};

/* What of a part's head is the same for all parts. */
struct http_range_parts {
	struct str mime;     /* of the whole */
	struct str boundary; /* as in Content-Type: multipart/byteranges; boundary=… */
	uint64_t total;      /* bytes of the whole */
};

/*
 * The body of an answer with several ranges: appends the part heads to `heads`, fills r->count + 1
 * segments, of which the last has the closing line alone, and returns the body's length in bytes.
 * r->kind is HTTP_RANGE_PARTS with a count of at least 2. Ask buf_failed(heads) afterwards.
 */
uint64_t http_range_multipart(const struct http_ranges *r, const struct http_range_parts *parts,
	struct buf *heads, struct http_range_segment out[RANGES_MAX + 1]);

#endif
