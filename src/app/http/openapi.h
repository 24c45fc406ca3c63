/* SPDX-License-Identifier: MIT
 *
 * openapi - the HTTP API as an OpenAPI 3.1 document, from the rows that requests are routed by.
 *
 * Layer: app.  Threads: any.
 */
#ifndef APP_HTTP_OPENAPI_H
#define APP_HTTP_OPENAPI_H

#include "base/buf.h"

/* Appends the whole document. Ask buf_failed. */
void openapi_write(struct buf *out);

#endif
