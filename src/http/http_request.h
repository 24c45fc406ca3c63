/* SPDX-License-Identifier: MIT
 *
 * http_request - bytes of an HTTP/1.1 connection in, requests out (RFC 9112). No I/O.
 *
 * Strict where two readers of the same bytes could disagree (request smuggling): bare LF, white
 * space before a colon, folded fields, missing or repeated Host, Content-Length beside
 * Transfer-Encoding or twice, an Upgrade with a body are refused. Debian's http-parser takes the
 * head apart; nothing outside http_request.c knows of it.
 *
 * Lifetimes:
 *  1. Between two requests an http_request owns no memory.
 *  2. The head, and all that it points to, is borrowed from the head callback until the end or
 * error callback returns; of an upgrade until http_request_done, or http_request_next.
 *  3. A body piece is borrowed from the fed bytes: until the body callback returns.
 *  4. No callback may call http_request_done or _next; it may call http_request_limit_body.
 *
 * Layer: http.  Threads: one owner at a time.
 */
#ifndef HTTP_HTTP_REQUEST_H
#define HTTP_HTTP_REQUEST_H

#include "http/http_head.h"

/* Order of the calls: head, body any number of times, end; or error at any point, and nothing after
 * it. */
struct http_request_sink {
	void (*head)(void *context, const struct http_head *head);
	void (*body)(void *context, struct str piece); /* never empty; chunked framing is removed */
	void (*end)(void *context);                    /* not after the head of an upgrade */
	/*
	 * The bytes are no request that we take. status: 400, 413, 417, 431, 501, 503 (no memory)
	 * or 505; why: one English sentence. The connection must be closed behind the answer.
	 */
	void (*error)(void *context, int status, const char *why);
};

struct http_request_work; /* what is known of the request that is under way */

struct http_request {
	const struct http_request_sink *sink;
	void *context;
	struct http_request_work *work; /* NULL between requests */
};

/* In the caller's storage; sink must outlive it; context is handed to each callback. */
void http_request_init(struct http_request *r, const struct http_request_sink *sink, void *context);

/* Gives all memory back. */
void http_request_done(struct http_request *r);

/*
 * Takes bytes and calls the sink. Returns how many it took: all, or fewer when it stopped
 *  - behind the end of a request: feed the rest when the answer has been given;
 *  - behind the head of an upgrade: the rest belongs to the new protocol;
 *  - because of an error: the rest has no meaning. Later calls then take nothing.
 */
size_t http_request_feed(struct http_request *r, struct str bytes);

/* Bodies longer than max bytes are an error 413. For the head callback; without it there is no
 * limit. */
void http_request_limit_body(struct http_request *r, uint64_t max);

/* Forgets the request under way: for an upgrade that was refused with an ordinary answer. */
void http_request_next(struct http_request *r);

/* What the connection waits for: what decides which time limit holds. */
enum http_request_phase {
	HTTP_REQUEST_IDLE,     /* no byte of a request has come */
	HTTP_REQUEST_IN_HEAD,  /* the header block is not complete */
	HTTP_REQUEST_IN_BODY,  /* the head is out, the body is not complete */
	HTTP_REQUEST_UPGRADED, /* an upgrade's head is out */
	HTTP_REQUEST_BROKEN,   /* after an error */
};

enum http_request_phase http_request_phase(const struct http_request *r);

#endif
