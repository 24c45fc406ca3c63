/* SPDX-License-Identifier: MIT
 *
 * http_cors - which foreign origins may read our answers (Fetch standard, "CORS protocol"). Closed
 * unless origins are configured.
 *
 * Layer: http.  Threads: any.
 */
#ifndef HTTP_HTTP_CORS_H
#define HTTP_HTTP_CORS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"
#include "http/http_head.h"

struct http_cors {
	const struct str *origins; /* as "https://example.org", or "*" for any */
	size_t origin_count;       /* 0: closed */
	struct str methods;        /* "GET, POST", for preflights */
	struct str
		headers; /* "Authorization, Content-Type", for preflights; p NULL: those that are asked for */
	struct str
		exposed; /* fields of answers that scripts may read; p NULL: none but the usual */
	struct str
		max_age; /* seconds that a preflight holds good, as digits; p NULL: the browser's */
	bool credentials; /* cookies may come along; not with "*" */
};

/* True for a preflight: OPTIONS with Origin and Access-Control-Request-Method. Answer it 204 with
 * the fields. */
bool http_cors_is_preflight(const struct http_head *h);

enum { HTTP_CORS_FIELDS_MAX = 6 };

/*
 * The fields that the answer to this request needs, borrowed from c and h; returns how many: none
 * when CORS is closed. An answer that depends on Origin says so by Vary.
 */
size_t http_cors_fields(const struct http_cors *c, const struct http_head *h,
	struct http_header out[HTTP_CORS_FIELDS_MAX]);

/* True when the request has no Origin, its Origin is that of the Host it asks, or is one of c's. */
bool http_cors_is_ours(const struct http_cors *c, const struct http_head *h);

/* The same as http_cors_fields, written out. */
void http_cors_write(struct buf *b, const struct http_cors *c, const struct http_head *h);

/* False: every origin with credentials, which would let any site act as its visitor. */
bool http_cors_is_sound(const struct http_cors *c);

#endif
