/* SPDX-License-Identifier: MIT
 *
 * asyncapi - the events as an AsyncAPI 3 document, from the tables that the server dispatches by.
 *
 * Layer: app.  Threads: any.
 */
#ifndef APP_ASYNCAPI_H
#define APP_ASYNCAPI_H

#include "base/buf.h"

/* Appends the whole document. Ask buf_failed. */
void asyncapi_write(struct buf *out);

#endif
