/* SPDX-License-Identifier: MIT
 *
 * http_coding - which content coding a client likes best (RFC 9110 section 12.5.3).
 *
 * Layer: http.  Threads: any.
 */
#ifndef HTTP_HTTP_CODING_H
#define HTTP_HTTP_CODING_H

#include "http/http_head.h"

/*
 * The index in codings (names in lower case, the first the one that we like best) of what an Accept-Encoding gives the
 * highest quality, not 0; -1 when it takes none of them, or the field is missing. "*" stands for any.
 */
int http_coding_choose(const struct http_head *h, const char *const *codings, size_t count);

#endif
