/* SPDX-License-Identifier: MIT
 *
 * http_query - the query of a URL as pairs, and percent-encoding both ways (RFC 3986, the form
 * encoding of the WHATWG URL standard).
 *
 * Layer: http.  Threads: any.
 */
#ifndef HTTP_HTTP_QUERY_H
#define HTTP_HTTP_QUERY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Takes the next pair off the query, still encoded; empty pieces are skipped. False at the end. */
bool http_query_next(struct str *query, struct str *key, struct str *value);

/*
 * The decoded value of the last pair with that key: a repeated key overrides. Borrowed from the
 * query when nothing in it is encoded, else in the arena. key: as decoded. ERR_NOT_FOUND,
 * ERR_BAD_REQUEST (a '%' without two hex digits, in this value), ERR_NOMEM.
 */
NODISCARD enum err http_query_find(
	struct str query, struct str key, struct arena *a, struct str *out);

enum http_query_form {
	HTTP_QUERY_PATH, /* '+' stands for itself */
	HTTP_QUERY_FORM, /* '+' stands for a space */
};

/* What s stands for. As http_query_find; never ERR_NOT_FOUND. Any bytes may come out, NUL too. */
NODISCARD enum err http_query_decode(
	struct str s, enum http_query_form form, struct arena *a, struct str *out);

/* Appends s with all but unreserved characters (RFC 3986 section 2.3) percent-encoded. */
void http_query_encode(struct buf *b, struct str s);

#endif
