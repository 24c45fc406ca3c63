/* SPDX-License-Identifier: MIT
 *
 * http_date - a moment as HTTP writes it: Sun, 22 Nov 2026 09:01:00 GMT (RFC 9110 section 5.6.7).
 *
 * Layer: http.  Threads: any.
 */
#ifndef HTTP_HTTP_DATE_H
#define HTTP_HTTP_DATE_H

#include <stdint.h>

enum { HTTP_DATE_BYTES = 29 };

/* Writes 29 characters, no NUL. wall_ms: since 1970, from year 0 to 9999. */
void http_date_text(int64_t wall_ms, char out[HTTP_DATE_BYTES]);

#endif
