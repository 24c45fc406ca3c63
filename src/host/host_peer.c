/* SPDX-License-Identifier: MIT
 *
 * host_peer - a connection from its first byte on: HTTP requests one after the other, each answered
 * before the next is read, with time limits; until one of them makes it a WebSocket.
 *
 * Layer: host.  Threads: the loop's.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "host/host_inside.h"

static void feed(struct host_http *h, struct str bytes);

/* ---- time limits ---- */

static uint64_t moved_bytes(const struct host_http *h)
{
	if (h->wait == HOST_WAIT_READ)
		return conn_sent(h->peer->conn);
	return h->current ? h->current->body_n : 0;
}

/* A body that comes, or answers that are read, in the window that ends now: at least min_transfer_rate? */
static bool is_quick_enough(const struct host_http *h)
{
	const struct sio_options *o = &h->peer->server->options;
	uint64_t least = (uint64_t)o->min_transfer_rate * (uint64_t)o->transfer_window / 1000;

	return moved_bytes(h) - h->moved >= least || h->we_paused || h->peer->throttled ||
	       (h->current && h->current->paused);
}

static void timed_out(void *context)
{
	struct host_http *h = context;
	bool transfer = h->wait == HOST_WAIT_BODY || h->wait == HOST_WAIT_READ;

	if (transfer && is_quick_enough(h)) {
		host_peer_wait(h, (enum host_wait)h->wait);
		return;
	}
	if (h->wait != HOST_WAIT_REQUEST)
		host_count(h->peer->server, SIO_LIMIT_SLOWNESS);
	if (h->wait == HOST_WAIT_HEAD)
		web_error(h, 408, "The header block took too long to arrive.");
	else if (h->wait == HOST_WAIT_BODY && h->current)
		web_request_fail(h->current, 408);
	else if (h->wait == HOST_WAIT_READ)
		conn_reset(h->peer->conn);
	else
		conn_close(h->peer->conn);
}

void host_peer_wait(struct host_http *h, enum host_wait wait)
{
	const struct sio_options *o = &h->peer->server->options;
	struct loop *l = h->peer->thread->loop;
	bool transfer = wait == HOST_WAIT_BODY || wait == HOST_WAIT_READ;

	h->wait = (uint8_t)wait;
	h->moved = moved_bytes(h);
	h->we_paused = false;
	if (wait == HOST_WAIT_NOTHING || (transfer && !o->min_transfer_rate))
		loop_timer_stop(l, &h->timer);
	else if (transfer)
		loop_timer_start(l, &h->timer, o->transfer_window);
	else
		loop_timer_start(
			l, &h->timer, wait == HOST_WAIT_HEAD ? HEADER_TIME_MAX : KEEP_ALIVE_MAX);
}

/* ---- what the parser says ---- */

static void begin(struct web_request *r)
{
	struct sio_server *s = r->server;

	if (str_starts(r->head.path, s->path))
		web_request_begin(r, host_engine_handler(), s);
	else if (r->head.upgrade && s->websockets)
		host_engine_bare(r);
	else if (s->web)
		web_request_begin(r, s->web, s->web_context);
	else if (s->options.request_handler && s->options.request_handler->other)
		s->options.request_handler->other(s->options.request_context, sio_request_of(r));
	else
		web_request_answer(r, &(struct web_answer){ .status = 404 });
}

static void on_head(void *context, const struct http_head *head)
{
	struct host_http *h = context;

	if (h->ending)
		return;
	host_peer_wait(h, HOST_WAIT_NOTHING);
	if (web_request_new(h, head, &h->current)) {
		web_error(h, 503, "The server is out of memory; try again later.");
		return;
	}
	struct web_request *r = h->current;
	if (web_request_has_body(r))
		host_peer_wait(h, HOST_WAIT_BODY);
	struct host_thread *to = host_move_target(r);
	if (to == h->peer->thread)
		begin(r);
	else
		h->move_to = to;
}

static void on_body(void *context, struct str piece)
{
	struct host_http *h = context;

	if (h->current && !h->ending)
		web_request_piece(h->current, piece);
}

static void on_end(void *context)
{
	struct host_http *h = context;

	if (h->ending)
		return;
	host_peer_wait(h, h->current   ? HOST_WAIT_NOTHING
			  : h->stalled ? HOST_WAIT_READ
				       : HOST_WAIT_REQUEST);
	if (h->current)
		web_request_end(h->current);
}

static void on_error(void *context, int status, const char *why)
{
	struct host_http *h = context;

	if (h->ending)
		return;
	host_peer_wait(h, HOST_WAIT_NOTHING);
	if (status == 431)
		host_count(h->peer->server, SIO_LIMIT_HEADERS);
	if (h->current)
		web_request_fail(h->current, status);
	else
		web_error(h, status, why);
}

static const struct http_request_sink parser_sink = {
	.head = on_head, .body = on_body, .end = on_end, .error = on_error
};

/* ---- bytes ---- */

static void http_free(struct host_http *h)
{
	if (!h)
		return;
	loop_timer_stop(h->peer->thread->loop, &h->timer);
	tls_free(h->tls);
	http_request_done(&h->parser);
	buf_done(&h->rest);
	free(h);
}

/* The request asked for WebSocket and got it: what follows is frames. */
static void become_ws(struct host_peer *p, struct str rest)
{
	char *bytes;

	http_free(p->http);
	p->http = NULL;
	conn_set_handler(p->conn, host_ws_handler(), p);
	memcpy(&bytes, &rest.p, sizeof bytes);
	if (rest.n && !conn_is_closing(p->conn))
		host_ws_handler()->bytes(p, bytes, rest.n);
}

void host_peer_upgraded(struct host_http *h)
{
	struct buf rest = h->rest;

	if (h->feeding)
		return; /* feed goes on with it */
	h->rest = (struct buf){ 0 };
	if (!h->peer->throttled)
		conn_resume(h->peer->conn);
	become_ws(h->peer, buf_str(&rest));
	buf_done(&rest);
}

/* Keeps what came behind a request that is not answered yet; the peer is not read meanwhile. */
static void keep_rest(struct host_http *h, struct str rest)
{
	if (rest.n == 0)
		return;
	buf_append(&h->rest, rest);
	if (buf_failed(&h->rest)) {
		conn_close(h->peer->conn);
		return;
	}
	conn_pause(h->peer->conn);
}

static void feed(struct host_http *h, struct str bytes)
{
	h->feeding = true;
	while (bytes.n && !h->ending && !h->upgraded) {
		if ((h->current && h->current->complete) || h->stalled)
			break;
		size_t n = http_request_feed(&h->parser, bytes);
		bytes = str_after(bytes, n);
		if (n ==
			0) /* malformed: the rest has no meaning, and the connection ends behind the answer */
			bytes.n = 0;
	}
	h->feeding = false;
	if (h->upgraded) {
		become_ws(h->peer, bytes);
		return;
	}
	if (h->ending)
		return;
	if (h->move_to) {
		keep_rest(h, bytes);
		host_move_begin(h->peer);
		return;
	}
	host_remote_throttle(h->peer);
	if (http_request_phase(&h->parser) == HTTP_REQUEST_IN_HEAD && h->wait != HOST_WAIT_HEAD)
		host_peer_wait(h, HOST_WAIT_HEAD);
	keep_rest(h, bytes);
}

static void on_bytes(void *context, char *p, size_t n)
{
	struct host_peer *peer = context;
	struct host_http *h = peer->http;

	if (h->rest.n || h->move_to || h->stalled)
		keep_rest(h, (struct str){ p, n });
	else
		feed(h, (struct str){ p, n });
}

/* More is queued than may wait, although what the peer takes now has been written. */
static bool is_backed_up(const struct host_http *h)
{
	struct conn *c = h->peer->conn;

	if (!conn_sends_file(c) && conn_queued(c) <= ANSWERS_QUEUED_MAX)
		return false;
	conn_flush(c);
	return conn_sends_file(c) || conn_queued(c) > ANSWERS_QUEUED_MAX;
}

/* The next request, of which something may have come. */
static void take_next(struct host_http *h)
{
	struct buf rest = h->rest;

	h->rest = (struct buf){ 0 };
	host_peer_wait(h, HOST_WAIT_REQUEST);
	if (!h->peer->throttled)
		conn_resume(h->peer->conn);
	if (rest.n)
		feed(h, buf_str(&rest));
	buf_done(&rest);
}

void host_peer_answered(struct host_http *h, bool close)
{
	bool upgrade = http_request_phase(&h->parser) == HTTP_REQUEST_UPGRADED;

	h->current = NULL;
	if (close || upgrade) {
		h->ending = true;
		host_peer_wait(h, HOST_WAIT_NOTHING);
		conn_finish(h->peer->conn);
		return;
	}
	h->stalled = is_backed_up(h);
	host_peer_wait(h, h->stalled ? HOST_WAIT_READ : HOST_WAIT_REQUEST);
	if (!h->feeding && !h->stalled)
		take_next(h);
}

/* ---- life ---- */

void host_peer_unlink(struct host_peer *p)
{
	if (p->prev)
		p->prev->next = p->next;
	else
		p->thread->peers = p->next;
	if (p->next)
		p->next->prev = p->prev;
	p->prev = p->next = NULL;
}

static void list_in(struct host_peer *p)
{
	p->next = p->thread->peers;
	if (p->next)
		p->next->prev = p;
	p->thread->peers = p;
}

static void release(struct host_peer *p)
{
	host_address_release(p);
	atomic_fetch_sub_explicit(&p->server->peer_count, 1, memory_order_relaxed);
	ws_done(&p->ws);
	free(p);
}

void host_peer_free(struct host_peer *p)
{
	host_peer_unlink(p);
	release(p);
}

void host_peer_drop(struct host_peer *p)
{
	if (p->http->current)
		web_request_free(p->http->current);
	http_free(p->http);
	release(p);
}

static void on_drained(void *context)
{
	struct host_peer *p = context;
	struct host_http *h = p->http;

	if (!h || !h->stalled) {
		host_move_drained(p);
		return;
	}
	h->stalled = false;
	take_next(h);
}

static void on_closed(void *context, enum conn_end end)
{
	struct host_peer *p = context;
	struct host_http *h = p->http;

	(void)end;
	if (h && h->current) {
		struct web_request *r = h->current;
		h->current = NULL;
		if (h->move_to)
			web_request_free(r); /* nobody has been told of it */
		else
			web_request_lost(r);
	}
	http_free(h);
	host_peer_free(p);
}

static const struct conn_handler http_handler = {
	.bytes = on_bytes, .drained = on_drained, .closed = on_closed
};

void host_peer_go_on(struct host_peer *p, struct conn *c)
{
	struct host_http *h = p->http;
	struct buf rest = h->rest;
	struct tls *tls = TAKE(h->tls);

	p->conn = c;
	p->throttled = false;
	list_in(p);
	conn_set_handler(c, &http_handler, p);
	if (tls && conn_set_tls(c, tls))
		conn_close(c);
	if (!h->current) {
		host_peer_wait(h, conn_is_tls(c) ? HOST_WAIT_HEAD : HOST_WAIT_REQUEST);
		return;
	}
	h->rest = (struct buf){ 0 };
	host_peer_wait(h, (enum host_wait)h->wait);
	if (h->current->held.n)
		conn_pause(c);
	h->feeding = true;
	begin(h->current);
	if (h->current && web_request_is_too_long(h->current)) /* the parser knew no limit yet */
		on_error(h, 413, "");
	if (!h->current) /* answered: nobody else reads on */
		conn_resume(c);
	feed(h, buf_str(&rest));
	buf_done(&rest);
}

/* A connection from there, counted, with TLS when the listener is for that; NULL when it is not taken. */
static struct host_peer *peer_new(const struct host_listener *l, const struct conn_address *from)
{
	struct sio_server *s = l->server;
	struct host_peer *p = calloc(1, sizeof *p);
	struct host_http *h = calloc(1, sizeof *h);
	struct tls *tls = NULL;

	if (p)
		p->server = s;
	if (!p || !h || s->draining || (l->secure && tls_new_server(s->identity, &tls)) ||
		(!host_proxy_is_trusted(s, from) && !host_address_admit(p, from))) {
		tls_free(tls);
		free(p);
		free(h);
		return NULL;
	}
	p->http = h;
	p->thread = &s->threads[0];
	h->peer = p;
	h->tls = tls;
	h->timer = (struct timer){ .fn = timed_out, .context = h };
	http_request_init(&h->parser, &parser_sink, h);
	ws_init(&p->ws, WS_SERVER, s->options.max_http_buffer_size);
	atomic_fetch_add_explicit(&s->peer_count, 1, memory_order_relaxed);
	return p;
}

void host_peer_accept(void *listener, int take_fd, const struct conn_address *from)
{
	const struct host_listener *l = listener;
	struct host_peer *p = host_blame_is_shut(l->server, from) ? NULL : peer_new(l, from);
	struct host_thread *to = host_move_next(l->server);
	struct conn *c = NULL;

	if (!p)
		close(take_fd);
	else if (to->index)
		host_move_send(p, to, take_fd, from);
	else if (conn_new(to->loop, take_fd, from, &c))
		host_peer_drop(p);
	else
		host_peer_go_on(p, c);
}
