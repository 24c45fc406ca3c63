/* SPDX-License-Identifier: MIT
 *
 * stream - see stream.h.
 *
 * Layer: client.  Threads: its loop's.
 */
#include "client/link/stream.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "http/http_answer.h"
#include "http/http_query.h"
#include "net/conn.h"
#include "net/connector.h"

enum { HOST_MAX = 255, FAULT_MAX = 320, PROXY_BODY_MAX = 65536 };

enum state { CONNECTING, IN_PROXY, IN_HANDSHAKE, READY };

struct stream {
	struct loop *loop;
	const struct stream_handler *handler; /* NULL after stream_close */
	void *context;
	enum state state;
	struct connector *connector; /* while it is at work */
	struct conn *conn;           /* from then until libuv has let go of it */
	struct tls_context *trust;
	struct tls *tls;
	struct http_answer proxy_answer;
	int proxy_status;
	bool told; /* handler->closed was called */
	char host[HOST_MAX + 1];
	struct buf proxy_request; /* empty without a proxy */
	char fault[FAULT_MAX];
};

static void release(struct stream *s)
{
	tls_free(s->tls);
	http_answer_done(&s->proxy_answer);
	buf_done(&s->proxy_request);
	free(s);
}

/* The last thing that a function does: the stream may be gone after it, and before the sentence is read. */
static void tell_closed(struct stream *s, bool clean, const char *sentence)
{
	char kept[FAULT_MAX];

	if (s->told || !s->handler)
		return;
	s->told = true;
	snprintf(kept, sizeof kept, "%s", sentence);
	s->handler->closed(s->context, clean, kept);
}

void stream_close(struct stream *s)
{
	if (!s)
		return;
	s->handler = NULL;
	if (s->connector)
		connector_cancel(s->connector);
	if (!s->conn) {
		release(s);
		return;
	}
	if (s->tls && s->state == READY)
		tls_end(s->tls);
	if (!conn_is_closing(s->conn))
		conn_flush(s->conn);
	conn_close(s->conn);
}

/* ---- TLS ---- */

static void to_network(void *context, struct str bytes)
{
	struct stream *s = context;

	conn_send_copy(s->conn, bytes);
}

static void on_ready(void *context)
{
	struct stream *s = context;

	s->state = READY;
	if (s->handler)
		s->handler->ready(s->context);
}

static void on_plain(void *context, char *p, size_t n)
{
	struct stream *s = context;

	if (s->handler && !s->told)
		s->handler->bytes(s->context, p, n);
}

static const struct tls_sink tls_sink = {
	.to_network = to_network, .ready = on_ready, .plain = on_plain
};

static void tls_over(struct stream *s)
{
	const char *why = tls_fault(s->tls);

	tell_closed(s, !why, why ? why : "The server closed the connection.");
}

static void begin_tls(struct stream *s)
{
	s->state = IN_HANDSHAKE;
	enum err e = tls_new(s->trust, str_of(s->host), &tls_sink, s, &s->tls);
	if (e)
		tell_closed(s, false,
			e == ERR_NOMEM ? "There is no memory for TLS."
				       : "The server's name cannot stand in a certificate.");
	else if (!tls_begin(s->tls))
		tls_over(s);
}

/* The way to the server is free. */
static void begin_inside(struct stream *s)
{
	if (s->trust)
		begin_tls(s);
	else
		on_ready(s);
}

/* ---- the proxy ---- */

static void on_proxy_head(void *context, const struct http_answer_head *head)
{
	struct stream *s = context;

	s->proxy_status = head->status;
}

static void on_proxy_body(void *context, struct str piece)
{
	(void)context;
	(void)piece;
}

static void on_proxy_end(void *context)
{
	(void)context;
}

static void on_proxy_error(void *context, const char *why)
{
	struct stream *s = context;

	s->proxy_status = -1;
	snprintf(s->fault, sizeof s->fault, "The proxy cannot be used: %.200s", why);
}

static const struct http_answer_sink proxy_sink = {
	.head = on_proxy_head, .body = on_proxy_body, .end = on_proxy_end, .error = on_proxy_error
};

/* Returns how many bytes were the proxy's. */
static size_t proxy_feed(struct stream *s, struct str bytes)
{
	size_t taken = http_answer_feed(&s->proxy_answer, bytes);

	if (s->proxy_status == 0)
		return taken;
	if (s->proxy_status >= 200 && s->proxy_status < 300) {
		http_answer_done(&s->proxy_answer);
		begin_inside(s);
		return taken;
	}
	if (s->proxy_status == 407)
		snprintf(s->fault, sizeof s->fault,
			"The proxy wants a name and a password: name them in the proxy's address.");
	else if (s->proxy_status > 0)
		snprintf(s->fault, sizeof s->fault,
			"The proxy refused the connection to %.200s with status %d.", s->host,
			s->proxy_status);
	tell_closed(s, false, s->fault);
	return bytes.n;
}

/* "CONNECT host:port" (RFC 9110 section 9.3.6). */
static enum err write_proxy_request(struct buf *b, const struct url *to, const struct url *proxy)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	bool bracket = memchr(to->host.p, ':', to->host.n) != NULL;
	struct str user;

	for (int i = 0; i < 2; i++) {
		buf_append(b, i == 0 ? STR("CONNECT ") : STR(" HTTP/1.1\r\nHost: "));
		buf_append(b, bracket ? STR("[") : STR(""));
		buf_append(b, to->host);
		buf_append(b, bracket ? STR("]:") : STR(":"));
		buf_u64(b, to->port);
	}
	if (proxy->user.n) {
		enum err e = http_query_decode(proxy->user, HTTP_QUERY_PATH, &a, &user);
		if (e)
			return e;
		buf_append(b, STR("\r\nProxy-Authorization: Basic "));
		hash_base64(b, user, BASE64_PADDED);
	}
	buf_append(b, STR("\r\n\r\n"));
	return buf_failed(b) ? ERR_NOMEM : ERR_OK;
}

/* ---- TCP ---- */

static void on_bytes(void *context, char *p, size_t n)
{
	struct stream *s = context;
	size_t taken = 0;

	if (s->told)
		return;
	if (s->state == IN_PROXY)
		taken = proxy_feed(s, (struct str){ p, n });
	if (taken == n || !s->handler || s->told)
		return;
	if (!s->tls)
		s->handler->bytes(s->context, p + taken, n - taken);
	else if (!tls_feed(s->tls, (struct str){ p + taken, n - taken }))
		tls_over(s);
}

static void on_conn_closed(void *context, enum conn_end end)
{
	struct stream *s = context;

	s->conn = NULL;
	if (!s->handler) {
		release(s);
		return;
	}
	/* Inside TLS an end that TLS did not announce may be somebody's cut. */
	bool clean = end == CONN_ENDED_BY_PEER && !s->tls && s->state == READY;
	const char *why = end == CONN_ENDED_BY_US && s->tls ? tls_fault(s->tls) : NULL;
	if (s->state == READY)
		tell_closed(s, clean, why ? why : "The server closed the connection.");
	else if (s->state == IN_PROXY)
		tell_closed(s, false, "The proxy closed the connection.");
	else
		tell_closed(s, false, "The server closed the connection during the TLS handshake.");
}

static const struct conn_handler conn_handler = { .bytes = on_bytes, .closed = on_conn_closed };

static void on_connected(void *context, struct conn *c, const char *why)
{
	struct stream *s = context;

	s->connector = NULL;
	if (!c && s->proxy_request.n)
		snprintf(s->fault, sizeof s->fault, "The proxy cannot be reached: %.200s", why);
	if (!c) {
		tell_closed(s, false, s->proxy_request.n ? s->fault : why);
		return;
	}
	s->conn = c;
	conn_set_handler(c, &conn_handler, s);
	if (s->proxy_request.n) {
		s->state = IN_PROXY;
		conn_send_copy(c, buf_str(&s->proxy_request));
	} else {
		begin_inside(s);
	}
}

static enum err begin(struct stream *s, const struct stream_source *from)
{
	const struct url *hop = from->proxy ? from->proxy : from->to;
	struct connector_source to = {
		.host = hop->host, .port = hop->port, .done = on_connected, .context = s
	};
	enum err e = ERR_OK;

	if (from->proxy)
		e = write_proxy_request(&s->proxy_request, from->to, from->proxy);
	return e ? e : connector_new(s->loop, &to, &s->connector);
}

enum err stream_new(struct loop *l, const struct stream_source *from, struct stream **out)
{
	if (from->to->host.n > HOST_MAX)
		return ERR_BAD_REQUEST;
	struct stream *s = calloc(1, sizeof *s);
	if (!s)
		return ERR_NOMEM;
	s->loop = l;
	s->handler = from->handler;
	s->context = from->context;
	s->trust = from->to->secure ? from->trust : NULL;
	memcpy(s->host, from->to->host.p, from->to->host.n);
	http_answer_init(&s->proxy_answer, &proxy_sink, s, PROXY_BODY_MAX);
	s->proxy_answer.to = HTTP_ANSWER_TO_CONNECT;
	enum err e = begin(s, from);
	if (e) {
		release(s);
		return e;
	}
	*out = s;
	return ERR_OK;
}

void stream_send(struct stream *s, struct frame *f)
{
	if (!s->conn || s->told)
		return;
	if (!s->tls)
		conn_send(s->conn, f);
	else if (!tls_write(s->tls, frame_str(f)))
		conn_close(s->conn);
}

size_t stream_waiting(const struct stream *s)
{
	return s->conn ? conn_queued(s->conn) : 0;
}
