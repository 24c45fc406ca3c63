/* SPDX-License-Identifier: MIT
 *
 * http_cookie - one cookie out of a request, one into an answer (RFC 6265).
 *
 * Layer: http.  Threads: any.
 */
#ifndef HTTP_HTTP_COOKIE_H
#define HTTP_HTTP_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "http/http_head.h"

/* The value of the first cookie of that name, without quotes around it; p is NULL when there is
 * none. */
struct str http_cookie_find(const struct http_head *h, struct str name);

struct http_cookie {
	struct str name, value,
		path;      /* without ';' or control characters, the caller's own words */
	int64_t max_age_s; /* 0 removes the cookie */
	bool secure;       /* the connection is encrypted */
};

/* The value of a Set-Cookie field; always HttpOnly and SameSite=Strict. */
void http_cookie_write(struct buf *b, const struct http_cookie *c);

#endif
