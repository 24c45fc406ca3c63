/* SPDX-License-Identifier: MIT
 *
 * http_condition - entity tags and the conditions of a request (RFC 9110 sections 8.8.3 and 13).
 * Our tags are strong and there is no Last-Modified, so conditions on dates do not hold.
 *
 * Layer: http.  Threads: any.
 */
#ifndef HTTP_HTTP_CONDITION_H
#define HTTP_HTTP_CONDITION_H

#include <stdbool.h>

#include "base/str.h"
#include "http/http_head.h"

/*
 * 0: go on. 304: If-None-Match names the tag (GET and HEAD). 412: If-Match does not name it, or
 * If-None-Match does with another method. etag: with its quotes, as "abc" in 5 bytes.
 */
int http_condition_status(const struct http_head *h, struct str etag);

/* True when the Range field may be used: there is no If-Range, or it names the tag (strong
 * comparison). */
bool http_condition_range(const struct http_head *h, struct str etag);

#endif
