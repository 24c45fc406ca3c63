/* SPDX-License-Identifier: MIT
 *
 * http_chunked - takes the chunked framing off a body (RFC 9112 section 7.1), strictly.
 *
 * http-parser's own reader lets anything pass behind a CR; a body that two readers delimit
 * differently is how requests are smuggled. So the framing is read here: CRLF and nothing else,
 * extensions are skipped, trailer fields are read and dropped.
 *
 * Layer: http.  Threads: one owner at a time.
 */
#ifndef HTTP_HTTP_CHUNKED_H
#define HTTP_HTTP_CHUNKED_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

enum http_chunked_state {
	HTTP_CHUNKED_SIZE_FIRST, /* the first digit of a size */
	HTTP_CHUNKED_SIZE,
	HTTP_CHUNKED_EXTENSION,
	HTTP_CHUNKED_SIZE_LF,
	HTTP_CHUNKED_DATA,
	HTTP_CHUNKED_DATA_CR,
	HTTP_CHUNKED_DATA_LF,
	HTTP_CHUNKED_TRAILER_FIRST, /* at the beginning of a trailer line */
	HTTP_CHUNKED_TRAILER,
	HTTP_CHUNKED_TRAILER_LF,
	HTTP_CHUNKED_LAST_LF,
	HTTP_CHUNKED_END,
};

struct http_chunked {
	enum http_chunked_state state;
	uint64_t left;   /* bytes of the chunk that have not come */
	uint32_t extras; /* bytes of extensions and trailers so far */
};

/* { 0 } is the beginning. */

/*
 * Takes bytes off the front of *bytes until there is a piece of content (*out, borrowed), the body
 * is over (state HTTP_CHUNKED_END, out empty), or the bytes are (out empty). ERR_BAD_REQUEST for
 * malformed framing, ERR_TOO_LARGE for extensions and trailers over HEADER_BLOCK_MAX.
 */
NODISCARD enum err http_chunked_next(struct http_chunked *c, struct str *bytes, struct str *out);

#endif
