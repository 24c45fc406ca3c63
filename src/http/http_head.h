/* SPDX-License-Identifier: MIT
 *
 * http_head - what stands before the body of an HTTP request: request line and header fields,
 * already checked, as borrowed bytes. It does not know where they came from (http_request) nor what
 * they ask for.
 *
 * Layer: http.  Threads: one owner at a time.
 */
#ifndef HTTP_HTTP_HEAD_H
#define HTTP_HTTP_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* The methods that some route of ours answers; all others that HTTP knows are OTHER. */
enum http_head_method {
	HTTP_HEAD_GET,
	HTTP_HEAD_HEAD,
	HTTP_HEAD_POST,
	HTTP_HEAD_PUT,
	HTTP_HEAD_PATCH,
	HTTP_HEAD_DELETE,
	HTTP_HEAD_OPTIONS,
	HTTP_HEAD_OTHER,
};

struct http_header {
	struct str name;  /* as it was sent: compare by http_head_same */
	struct str value; /* without white space around it; no control character but tab */
};

enum { HTTP_HEAD_NO_LENGTH = -1 };

struct http_head {
	enum http_head_method method;
	struct str method_name; /* "GET" */
	struct str path;        /* begins with '/', still percent-encoded; or "*" (OPTIONS) */
	struct str query;       /* behind the '?', still percent-encoded; may be empty */
	int minor_version;      /* 1 for HTTP/1.1, 0 for HTTP/1.0 */
	const struct http_header *headers;
	size_t header_count;
	int64_t content_length; /* bytes; HTTP_HEAD_NO_LENGTH without Content-Length */
	bool chunked; /* Transfer-Encoding: chunked; then content_length is HTTP_HEAD_NO_LENGTH */
	bool keep_alive; /* the connection may be used again afterwards */
	bool upgrade;    /* Connection: upgrade with an Upgrade header; there is no body then */
	bool expects_continue; /* Expect: 100-continue from an HTTP/1.1 client */
};

/* True when a and b differ at most in the case of ASCII letters. */
bool http_head_same(struct str a, struct str b);

/* The value of the first field of that name, in any case; p is NULL when there is none. */
struct str http_head_find(const struct http_head *h, struct str name);

/*
 * The next field of that name from *at on: true, with its value, and *at behind it; false at the
 * end. *at begins with 0.
 */
bool http_head_next(const struct http_head *h, struct str name, size_t *at, struct str *out);

/* True when a field of that name, read as a comma-separated list, holds the token, in any case. */
bool http_head_lists(const struct http_head *h, struct str name, struct str token);

/*
 * Takes the next element off a comma-separated list (RFC 9110 section 5.6.1), without white space
 * around it; empty ones are skipped, commas inside quoted strings do not separate. False at the
 * end.
 */
bool http_head_element(struct str *list, struct str *out);

/* True for a character of a token (RFC 9110 section 5.6.2). */
bool http_head_is_token(char c);

#endif
