/* SPDX-License-Identifier: MIT
 *
 * http_answer - bytes of an HTTP/1.1 connection in, answers out: the client's side (RFC 9112). No I/O.
 *
 * As strict as http_request where two readers could disagree about where a body ends. Answers 1xx but 101
 * are skipped.
 *
 * Lifetimes: 1. Between two answers an http_answer owns no memory. 2. The head is borrowed until the
 * callback returns, a piece of a body too. 3. No callback may call an http_answer_ function.
 *
 * Layer: http.  Threads: one owner at a time.
 */
#ifndef HTTP_HTTP_ANSWER_H
#define HTTP_HTTP_ANSWER_H

#include "http/http_head.h"

struct http_answer_head {
	int status;              /* 100 to 599 */
	struct http_head fields; /* of it: header fields, framing, version, keep_alive */
};

/* Order of the calls: head, body any number of times, end; or error at any point, and nothing after it. */
struct http_answer_sink {
	void (*head)(void *context, const struct http_answer_head *head);
	void (*body)(void *context, struct str piece); /* never empty; without chunked framing */
	void (*end)(void *context); /* not after a head behind which another protocol begins */
	/* why: one English sentence. The connection must be closed. */
	void (*error)(void *context, const char *why);
};

/* What was asked, where the answer's form depends on it. */
enum http_answer_to {
	HTTP_ANSWER_TO_REQUEST,
	HTTP_ANSWER_TO_CONNECT, /* behind a 2xx the tunnel begins */
};

struct http_answer_work; /* what is known of the answer that is under way */

struct http_answer {
	const struct http_answer_sink *sink;
	void *context;
	enum http_answer_to to;
	uint64_t body_max;
	struct http_answer_work *work; /* NULL between answers */
};

/* In the caller's storage; sink must outlive it. body_max: bytes; a longer body is an error. */
void http_answer_init(struct http_answer *r, const struct http_answer_sink *sink, void *context,
	uint64_t body_max);

/* Gives all memory back. */
void http_answer_done(struct http_answer *r);

/*
 * Takes bytes and calls the sink. Returns how many it took: all, or fewer when it stopped behind an answer,
 * behind a head that ends HTTP (101, or 2xx to CONNECT: the rest belongs to what follows), or at an error.
 */
size_t http_answer_feed(struct http_answer *r, struct str bytes);

/*
 * The connection has ended: a body without a length ends with it (`end`), an answer that is not complete is an
 * `error`; between two answers nothing is called.
 */
void http_answer_gone(struct http_answer *r);

#endif
