/* SPDX-License-Identifier: MIT
 *
 * web - see web.h: requests and their bodies. Answers are in web_answer.c.
 *
 * Layer: host.  Threads: the loop's.
 */
#include "host/web.h"

#include <stdlib.h>

#include "host/host_inside.h"

void web_set_handler(struct sio_server *s, const struct web_handler *handler, void *context)
{
	s->web = handler;
	s->web_context = context;
}

struct loop *web_loop(struct sio_server *s)
{
	return s->loop;
}

/* Copies s to *at and moves it on. */
static struct str put(char **at, struct str s)
{
	struct str copy = { *at, s.n };

	if (s.n)
		memcpy(*at, s.p, s.n);
	*at += s.n;
	return copy;
}

/* A head of our own: the parser's does not outlive the request's bytes. */
static enum err copy_head(struct web_request *r, const struct http_head *head)
{
	size_t count = head->header_count;
	size_t n = head->method_name.n + head->path.n + head->query.n;

	for (size_t i = 0; i < count; i++)
		n += head->headers[i].name.n + head->headers[i].value.n;
	struct http_header *headers = malloc(count * sizeof *headers + n + 1);
	if (!headers)
		return ERR_NOMEM;
	char *at = (char *)(headers + count);
	r->head_memory = headers;
	r->head = *head;
	r->head.method_name = put(&at, head->method_name);
	r->head.path = put(&at, head->path);
	r->head.query = put(&at, head->query);
	for (size_t i = 0; i < count; i++) {
		headers[i].name = put(&at, head->headers[i].name);
		headers[i].value = put(&at, head->headers[i].value);
	}
	r->head.headers = headers;
	return ERR_OK;
}

enum err web_request_dup(const struct web_request *r, struct web_request **out)
{
	struct web_request *copy = calloc(1, sizeof *copy);

	if (!copy || copy_head(copy, &r->head)) {
		free(copy);
		return ERR_NOMEM;
	}
	copy->server = r->server;
	copy->address = r->address;
	copy->secure = r->secure;
	*out = copy;
	return ERR_OK;
}

enum err web_request_new(
	struct host_http *h, const struct http_head *head, struct web_request **out)
{
	struct web_request *r = calloc(1, sizeof *r);

	if (!r || copy_head(r, head)) {
		free(r);
		return ERR_NOMEM;
	}
	r->http = h;
	r->server = h->peer->server;
	r->address = conn_peer(h->peer->conn);
	host_proxy_client(r->server, &r->head, &r->address, &r->secure);
	r->secure = r->secure || conn_is_tls(h->peer->conn);
	bool body = !head->upgrade && (head->chunked || head->content_length > 0);
	r->body = body ? WEB_BODY_UNREAD : WEB_BODY_NONE;
	r->complete = head->upgrade;
	*out = r;
	return ERR_OK;
}

const struct http_head *web_request_head(const struct web_request *r)
{
	return &r->head;
}

struct conn_address web_request_peer(const struct web_request *r)
{
	return r->address;
}

bool web_request_account(const struct web_request *r, struct conn_address *out)
{
	conn_address_key(&r->address, out->ip);
	out->port = 0;
	return !conn_address_is_loopback(&r->address) || r->server->options.trusted_proxy_count;
}

bool web_request_is_secure(const struct web_request *r)
{
	return r->secure;
}

void web_request_set_user(struct web_request *r, void *user)
{
	r->user = user;
}

void *web_request_user(const struct web_request *r)
{
	return r->user;
}

bool web_request_has_body(const struct web_request *r)
{
	return r->body == WEB_BODY_UNREAD;
}

void web_request_on_gone(
	struct web_request *r, void (*gone)(void *context, struct web_request *r), void *context)
{
	r->gone = gone;
	r->context = context;
}

/* ---- bodies ---- */

/* Around a call of the handler's: it may answer, and r then goes when the call returns. */
static void enter(struct web_request *r)
{
	r->running++;
}

/* Returns false when r is gone. */
static bool leave(struct web_request *r)
{
	bool answered = r->answered;

	if (--r->running == 0 && answered)
		web_request_free(r);
	return !answered;
}

void web_request_free(struct web_request *r)
{
	buf_done(&r->held);
	buf_done(&r->fields);
	host_charge_free(r->charge);
	free(r->id);
	free(r->head_memory);
	free(r);
}

void web_request_begin(struct web_request *r, const struct web_handler *handler, void *context)
{
	enter(r);
	handler->request(context, r);
	leave(r);
}

static void read_on(struct web_request *r, bool on)
{
	if (!r->http)
		return;
	if (on) {
		conn_resume(r->http->peer->conn);
	} else {
		conn_pause(r->http->peer->conn);
		r->http->we_paused = true;
	}
}

/* The whole body is there. */
static void collect_done(struct web_request *r)
{
	buf_reserve(&r->held, 1); /* so that its p is never NULL */
	if (buf_failed(&r->held)) {
		web_request_fail(r, 503);
		return;
	}
	enter(r);
	r->done(r->context, r, buf_str(&r->held));
	leave(r);
}

/* Gives the sink what is held, then the end, as long as it wants them. */
static void stream_on(struct web_request *r)
{
	enter(r);
	while (r->held.n && !r->paused && !r->answered) {
		struct buf held = r->held;
		r->held = (struct buf){ 0 };
		r->sink->piece(r->context, r, buf_str(&held));
		buf_done(&held);
	}
	if (r->complete && !r->held.n && !r->paused && !r->answered && !r->failed)
		r->sink->end(r->context, r);
	else if (!r->paused && !r->answered)
		read_on(r, true);
	leave(r);
}

void web_request_piece(struct web_request *r, struct str piece)
{
	bool wanted = r->body == WEB_BODY_COLLECT || r->body == WEB_BODY_STREAM;

	if (r->failed)
		return;
	r->body_n += piece.n;
	if (wanted && r->body_n > r->body_max) {
		web_request_fail(r, 413);
		return;
	}
	if (r->body == WEB_BODY_STREAM && !r->paused && !r->held.n) {
		enter(r);
		r->sink->piece(r->context, r, piece);
		leave(r);
		return;
	}
	buf_append(&r->held, piece);
	if (buf_failed(&r->held))
		web_request_fail(r, 503);
	else if (r->body != WEB_BODY_COLLECT)
		read_on(r, false);
}

void web_request_end(struct web_request *r)
{
	r->complete = true;
	if (r->failed)
		return;
	if (r->body == WEB_BODY_COLLECT)
		collect_done(r);
	else if (r->body == WEB_BODY_STREAM && !r->paused)
		stream_on(r);
}

void web_request_fail(struct web_request *r, int status)
{
	r->failed = true;
	r->failed_status = status;
	if (status == 413)
		host_count(r->server, SIO_LIMIT_BODY);
	if (r->body == WEB_BODY_COLLECT) {
		web_request_answer_error(r, status);
	} else if (r->body == WEB_BODY_STREAM) {
		enter(r);
		r->sink->gone(r->context, r);
		leave(r);
	}
}

void web_request_lost(struct web_request *r)
{
	r->http = NULL;
	if (!r->complete && !r->failed) {
		web_request_fail(r, 0);
		return;
	}
	if (!r->gone)
		return;
	enter(r);
	r->gone(r->context, r);
	leave(r);
}

/* The peer waits for leave to send its body. */
static void say_continue(struct web_request *r, uint64_t max)
{
	bool fits = r->head.content_length < 0 || (uint64_t)r->head.content_length <= max;

	if (!r->http || !r->head.expects_continue || r->body_n || r->complete || !fits)
		return;
	conn_send_copy(r->http->peer->conn, STR("HTTP/1.1 100 Continue\r\n\r\n"));
}

/* The body is wanted, from now on or from a while ago on. */
static void body_begin(struct web_request *r, enum web_body_state state, uint64_t max)
{
	bool later = r->body_n || r->complete;

	r->body = (uint8_t)state;
	r->body_max = max;
	say_continue(r, max);
	if (r->http && !r->complete)
		http_request_limit_body(&r->http->parser, max);
	if (r->failed || r->body_n > max)
		web_request_fail(r, r->failed ? r->failed_status : 413);
	else if (later && state == WEB_BODY_STREAM)
		stream_on(r);
	else if (r->complete)
		collect_done(r);
	else
		read_on(r, true);
}

bool web_request_is_too_long(const struct web_request *r)
{
	bool wanted = r->body == WEB_BODY_COLLECT || r->body == WEB_BODY_STREAM;

	return wanted && !r->failed && r->head.content_length > 0 &&
	       (uint64_t)r->head.content_length > r->body_max;
}

void web_request_collect(struct web_request *r, size_t max,
	void (*done)(void *context, struct web_request *r, struct str body), void *context)
{
	r->done = done;
	r->context = context;
	body_begin(r, WEB_BODY_COLLECT, max);
}

void web_request_stream(
	struct web_request *r, uint64_t max, const struct web_body *sink, void *context)
{
	r->sink = sink;
	r->context = context;
	body_begin(r, WEB_BODY_STREAM, max);
}

void web_request_pause(struct web_request *r)
{
	r->paused = true;
	read_on(r, false);
}

void web_request_resume(struct web_request *r)
{
	r->paused = false;
	if (r->running)
		return; /* the caller goes on */
	stream_on(r);
}
