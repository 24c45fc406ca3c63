/* SPDX-License-Identifier: MIT
 *
 * http_response - writes the head of an HTTP/1.1 answer into a buf (RFC 9112). The body is the
 * caller's.
 *
 * Layer: http.  Threads: one owner at a time.
 */
#ifndef HTTP_HTTP_RESPONSE_H
#define HTTP_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* The words behind a status, as "Not Found"; "Unknown" for one without. Never NULL. */
const char *http_response_reason(int status);

/* The status line. status: 100 to 599. */
void http_response_begin(struct buf *b, int status);

/*
 * One field. name: a token, the caller's own word. value: any bytes; control characters but tab
 * become spaces, so that no value from outside can begin a field of its own.
 */
void http_response_field(struct buf *b, struct str name, struct str value);

/* One field with a number. */
void http_response_number(struct buf *b, struct str name, uint64_t value);

/* The empty line; the body follows. Ask buf_failed afterwards. */
void http_response_end(struct buf *b);

/* True when an answer with this status has no body at all: 1xx, 204, 304. */
bool http_response_is_bare(int status);

#endif
