/* SPDX-License-Identifier: MIT
 *
 * web_answer - answers to HTTP requests.
 *
 * Layer: host.  Threads: the loop's.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "host/host_inside.h"
#include "http/http_date.h"
#include "http/http_response.h"

enum {
	DISCARD_MAX = 65536
}; /* an unread body up to so long is read and thrown away, so that the connection lives */

static void put_date(struct buf *b)
{
	struct clock clock = clock_system();
	char date[HTTP_DATE_BYTES];

	http_date_text(clock_wall_ms(&clock), date);
	http_response_field(b, STR("Date"), (struct str){ date, sizeof date });
}

/* True when the connection cannot go on behind this answer. */
static bool must_close(const struct web_request *r)
{
	const struct http_head *h = &r->head;

	if (!h->keep_alive || h->upgrade || r->failed)
		return true;
	if (r->complete || r->body == WEB_BODY_NONE)
		return false;
	bool waits = h->expects_continue && r->body_n == 0;
	return waits || h->content_length < 0 || h->content_length > DISCARD_MAX;
}

/* Status line, `fields` as they stand, and what goes with each answer. */
static void put_head(struct buf *b, int status, struct str fields, uint64_t length, bool close)
{
	http_response_begin(b, status);
	buf_append(b, fields);
	put_date(b);
	if (!http_response_is_bare(status))
		http_response_number(b, STR("Content-Length"), length);
	if (close)
		http_response_field(b, STR("Connection"), STR("close"));
	http_response_end(b);
}

static void put_fields(struct buf *b, const struct web_answer *a)
{
	for (size_t i = 0; i < a->header_count; i++)
		http_response_field(b, a->headers[i].name, a->headers[i].value);
}

/* r is over. The answer is queued. */
static void conclude(struct web_request *r, bool close)
{
	struct host_http *h = r->http;

	r->answered = true;
	r->http = NULL;
	if (!r->running)
		web_request_free(r);
	if (h)
		host_peer_answered(h, close);
}

void web_request_upgraded(struct web_request *r)
{
	r->http->current = NULL;
	r->answered = true;
	r->http = NULL;
	if (!r->running)
		web_request_free(r);
}

/* A body that need not be copied; a connection without memory for its frame is closed. */
static void send_constant(struct web_request *r, struct str body)
{
	CLEANUP(frame_unref_at_end) struct frame *f = NULL;

	if (frame_of_constant(loop_frames(r->server->loop), body, &f))
		conn_close(r->http->peer->conn);
	else
		conn_send(r->http->peer->conn, f);
}

/* Queues the head, and the body behind it: in the same frame, or from where it is. */
static void answer(struct web_request *r, const struct web_answer *a, struct str fields)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	bool bare = http_response_is_bare(a->status) || r->head.method == HTTP_HEAD_HEAD;
	bool close = a->close || must_close(r);

	if (r->http) {
		put_head(&b, a->status, fields, a->body.n, close);
		if (!bare && !a->is_constant)
			buf_append(&b, a->body);
		if (buf_failed(&b))
			conn_close(r->http->peer->conn);
		else
			conn_send_copy(r->http->peer->conn, buf_str(&b));
		if (!bare && a->is_constant)
			send_constant(r, a->body);
	}
	conclude(r, close);
}

void web_request_answer_fields(
	struct web_request *r, int status, struct str fields, struct str body)
{
	answer(r, &(struct web_answer){ .status = status, .body = body }, fields);
}

void web_request_answer(struct web_request *r, const struct web_answer *a)
{
	CLEANUP(buf_done) struct buf fields = { 0 };

	put_fields(&fields, a);
	struct web_answer whole = *a;
	whole.close = a->close || buf_failed(&fields);
	answer(r, &whole, buf_str(&fields));
}

/* The body of an answer of ours, and the field that says its type. */
static void error_body(const struct sio_server *s, int status, const char *why, struct buf *fields,
	struct buf *body)
{
	bool theirs = s->web && s->web->error_body;

	if (theirs)
		s->web->error_body(s->web_context, status, why, body);
	else
		buf_append(body, str_of(why));
	http_response_field(fields, STR("Content-Type"),
		theirs ? str_of(s->web->error_type) : STR("text/plain; charset=utf-8"));
}

void web_request_answer_error(struct web_request *r, int status)
{
	CLEANUP(buf_done) struct buf fields = { 0 };
	CLEANUP(buf_done) struct buf body = { 0 };
	const char *why = status == 413   ? "The body is longer than this request may have."
	                  : status == 408 ? "The body came too slowly."
	                  : status == 503 ? "The server is out of memory; try again later."
	                                  : "The body is malformed.";

	error_body(r->server, status ? status : 400, why, &fields, &body);
	struct web_answer a = { .status = status ? status : 400, .close = true };
	a.body = buf_str(&body);
	answer(r, &a, buf_str(&fields));
}

void web_error(struct host_http *h, int status, const char *why)
{
	CLEANUP(buf_done) struct buf head = { 0 };
	CLEANUP(buf_done) struct buf fields = { 0 };
	CLEANUP(buf_done) struct buf body = { 0 };
	struct conn *c = h->peer->conn;

	error_body(h->peer->server, status, why, &fields, &body);
	put_head(&head, status, buf_str(&fields), body.n, true);
	conn_send_copy(c, buf_str(&head));
	conn_send_copy(c, buf_str(&body));
	host_peer_answered(h, true);
}

void web_request_answer_file(struct web_request *r, const struct web_answer *a, int take_fd,
	const struct web_segment *segments, size_t count)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	CLEANUP(buf_done) struct buf fields = { 0 };
	struct conn *c = r->http ? r->http->peer->conn : NULL;
	struct conn_file *f = NULL;
	uint64_t length = a->body.n;
	bool close_after = a->close || must_close(r);

	for (size_t i = 0; i < count; i++)
		length += segments[i].prefix.n + segments[i].length;
	put_fields(&fields, a);
	put_head(&b, a->status, buf_str(&fields), length, close_after);
	if (conn_file_new(take_fd, &f) || buf_failed(&b) || buf_failed(&fields)) {
		close_after = true;
		if (c)
			conn_close(c);
	}
	if (c && f)
		conn_send_copy(c, buf_str(&b));
	for (size_t i = 0; i < count && c && f && r->head.method != HTTP_HEAD_HEAD; i++) {
		conn_send_copy(c, segments[i].prefix);
		conn_send_file(c, f, segments[i].offset, segments[i].length);
	}
	if (c && f && r->head.method != HTTP_HEAD_HEAD)
		conn_send_copy(c, a->body);
	conn_file_unref(f);
	conclude(r, close_after);
}
