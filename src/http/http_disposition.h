/* SPDX-License-Identifier: MIT
 *
 * http_disposition - Content-Disposition with a file name that came from a user (RFC 6266, RFC
 * 8187).
 *
 * Layer: http.  Threads: any.
 */
#ifndef HTTP_HTTP_DISPOSITION_H
#define HTTP_HTTP_DISPOSITION_H

#include "base/buf.h"
#include "base/str.h"

enum http_disposition_kind { HTTP_DISPOSITION_INLINE, HTTP_DISPOSITION_ATTACHMENT };

/*
 * The value of the field. name: UTF-8, any length; slashes and control characters become '_';
 * empty: no file name. A name beyond plain ASCII is given twice: as filename with '_' in its place,
 * and as filename*.
 */
void http_disposition_write(struct buf *b, enum http_disposition_kind kind, struct str name);

#endif
