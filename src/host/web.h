/* SPDX-License-Identifier: MIT
 *
 * web - HTTP requests that are not Socket.IO's, for the program around the server (antiphond's HTTP API).
 *
 * Lifetimes:
 *  1. A web_request begins with the handler's request() and is valid, with all that its head points to,
 *     until one of the web_request_answer functions is called with it; that must happen exactly once,
 *     now or later, on the loop thread, even when the peer has gone meanwhile (it then only frees it).
 *  2. Two requests end without an answer of the handler's: a collected body that did not become whole
 *     (too large, malformed, the peer went away) is answered by the host, and `done` is not called.
 *  3. Pipelined requests come one after the other: the next one's request() follows the answer.
 *
 * Layer: host.  Threads: the loop's.
 */
#ifndef HOST_WEB_H
#define HOST_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "http/http_head.h"
#include "net/conn.h"
#include "net/loop.h"

struct sio_server;
struct web_request;

struct web_handler {
	/* A head has come, its body (if any) not yet: answer, collect or stream it, or do so later (unread till then). */
	void (*request)(void *context, struct web_request *r);
	/*
	 * Appends the body of an answer that the host gives by itself (400, 408, 413, 431, 501, 503, 505); why is
	 * one English sentence. May be NULL: then why is the body, as text/plain. Called on any of the server's threads.
	 */
	void (*error_body)(void *context, int status, const char *why, struct buf *body);
	const char *error_type; /* the Content-Type that goes with error_body */
};

/* handler is a static table. Without one, all such requests are answered 404. Before sio_server_listen. */
void web_set_handler(struct sio_server *s, const struct web_handler *handler, void *context);

/* The server's loop: timers, workers, posting. */
struct loop *web_loop(struct sio_server *s);

/* The checked head. Borrowed, see Lifetimes. */
const struct http_head *web_request_head(const struct web_request *r);

/* The client's address: the connection's, or, behind a trusted proxy, the one it names. */
struct conn_address web_request_peer(const struct web_request *r);

/*
 * What the client is counted under (conn_address_key). False where nothing can be told, so that no limit by address holds: a
 * peer of this machine, when no proxy is trusted.
 */
bool web_request_account(const struct web_request *r, struct conn_address *out);

/* True when the trusted proxy says that the client came by https. */
bool web_request_is_secure(const struct web_request *r);

/* A pointer of the handler's own, NULL at first. */
void web_request_set_user(struct web_request *r, void *user);
void *web_request_user(const struct web_request *r);

/* True when the request has a body that was neither collected nor streamed. */
bool web_request_has_body(const struct web_request *r);

/*
 * Collects a body of at most max bytes, then done(context, r, body); body is valid until the answer.
 * A request without body gives an empty one at once. Longer: the host answers 413.
 */
void web_request_collect(struct web_request *r, size_t max,
	void (*done)(void *context, struct web_request *r, struct str body), void *context);

struct web_body {
	/* A piece, valid during the call. It may pause, and it may answer: what is left is then not read. */
	void (*piece)(void *context, struct web_request *r, struct str bytes);
	/* All of it has come. */
	void (*end)(void *context, struct web_request *r);
	/* It will not become whole: the peer has gone, or sent more than max, or malformed framing. Still to be answered. */
	void (*gone)(void *context, struct web_request *r);
};

/* Gives the body by pieces, at most max bytes of it; more is `gone`. sink is a static table. */
void web_request_stream(
	struct web_request *r, uint64_t max, const struct web_body *sink, void *context);

/* Back-pressure: between the two no piece comes, and the peer is not read. */
void web_request_pause(struct web_request *r);
void web_request_resume(struct web_request *r);

struct web_answer {
	int status;
	const struct http_header
		*headers; /* without Content-Length, Date, Connection; values without CR and LF */
	size_t header_count;
	struct str body; /* copied; for answer_file what follows the last segment */
	bool is_constant; /* the body lives as long as the program: sent from where it is; not for answer_file */
	bool close; /* end the connection behind it */
};

/* Answers; r is gone. To HEAD the same head goes out, without the body. 204 and 304 have none. */
void web_request_answer(struct web_request *r, const struct web_answer *a);

struct web_segment {
	struct str
		prefix; /* bytes before the range (a part's head of multipart/byteranges), or empty */
	uint64_t offset, length;
};

/* Answers with one or several ranges of a regular file, by sendfile. take_fd is closed by the host. r is gone. */
void web_request_answer_file(struct web_request *r, const struct web_answer *a, int take_fd,
	const struct web_segment *segments, size_t count);

#endif
