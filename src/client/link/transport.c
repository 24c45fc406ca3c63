/* SPDX-License-Identifier: MIT
 *
 * transport - see transport.h: what both kinds share, and polling. WebSocket is in transport_ws.c.
 *
 * Layer: client.  Threads: its loop's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "client/link/transport_inside.h"

enum { FAREWELL_MS = 1000 };

/* ---- its end ---- */

static const char *sentence_of(enum engine_reason reason)
{
	switch (reason) {
	case ENGINE_PING_TIMEOUT:
		return "The server was not heard of for too long.";
	case ENGINE_PARSE_ERROR:
		return "The server sent something that is not Engine.IO.";
	case ENGINE_TRANSPORT_CLOSE:
		return "The server closed the connection.";
	default:
		return "The connection to the server broke.";
	}
}

static void shut(struct transport *t)
{
	t->over = true;
	t->leaving = false;
	loop_timer_stop(t->loop, &t->farewell);
	stream_close(t->stream);
	t->stream = NULL;
	if (t->get)
		requester_close(t->get);
	if (t->post)
		requester_close(t->post);
	if (t->engine)
		engine_client_close(t->engine);
}

void transport_end_now(struct transport *t, enum engine_reason reason, const char *sentence)
{
	struct transport_end end = { .reason = reason,
		.reached = t->reached,
		.sentence = sentence ? sentence : sentence_of(reason) };

	if (t->over)
		return;
	shut(t);
	t->from.handler->closed(t->from.context, &end);
}

static void no_answer(void *context)
{
	shut(context);
}

void transport_close(struct transport *t)
{
	if (t->over)
		return;
	t->over = true; /* nothing that happens from here on is told */
	engine_client_close(t->engine);
	if (t->post && requester_is_busy(t->post)) {
		t->leaving = true;
		loop_timer_start(t->loop, &t->farewell, FAREWELL_MS);
		return;
	}
	if (t->stream && t->upgraded)
		transport_ws_goodbye(t, WS_STATUS_NORMAL);
	shut(t);
}

bool transport_is_leaving(const struct transport *t)
{
	return t->leaving;
}

void transport_fail(struct transport *t)
{
	if (t->over)
		return;
	t->over = true;
	if (t->stream && t->upgraded)
		transport_ws_goodbye(t, WS_STATUS_PROTOCOL_ERROR);
	shut(t);
}

/* ---- requests ---- */

void transport_write_target(struct transport *t, struct buf *b, struct str sid)
{
	const struct url *u = t->from.to;
	bool bare = u->path.n == 0 || str_eq(u->path, STR("/"));
	bool polling = t->from.kind == ENGINE_CLIENT_POLLING;

	buf_append(b, bare ? STR("/socket.io") : u->path);
	if (bare || u->path.p[u->path.n - 1] != '/')
		buf_byte(b, '/');
	buf_append(
		b, polling ? STR("?EIO=4&transport=polling") : STR("?EIO=4&transport=websocket"));
	if (sid.n) {
		buf_append(b, STR("&sid="));
		buf_append(b, sid);
	}
	if (u->query.n) {
		buf_byte(b, '&');
		buf_append(b, u->query);
	}
	buf_append(b, STR(" HTTP/1.1\r\nHost: "));
	bool bracket = memchr(u->host.p, ':', u->host.n) != NULL;
	if (bracket)
		buf_byte(b, '[');
	buf_append(b, u->host);
	if (bracket)
		buf_byte(b, ']');
	if (u->port_is_own) {
		buf_byte(b, ':');
		buf_u64(b, u->port);
	}
	buf_append(b, STR("\r\nUser-Agent: antiphon\r\n"));
}

/* ---- polling ---- */

/* The head that was written, or the empty one without memory. */
static struct str whole_head(const struct transport *t)
{
	return buf_failed(&t->head) ? STR("") : buf_str(&t->head);
}

static void poll_get(void *context, struct str sid)
{
	struct transport *t = context;

	buf_clear(&t->head);
	buf_append(&t->head, STR("GET "));
	transport_write_target(t, &t->head, sid);
	buf_append(&t->head, STR("Accept: */*\r\n\r\n"));
	requester_send(t->get, whole_head(t), STR(""));
}

static void poll_post(void *context, struct str sid, struct str body)
{
	struct transport *t = context;

	buf_clear(&t->head);
	buf_append(&t->head, STR("POST "));
	transport_write_target(t, &t->head, sid);
	buf_append(&t->head,
		STR("Accept: */*\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: "));
	buf_u64(&t->head, body.n);
	buf_append(&t->head, STR("\r\n\r\n"));
	requester_send(t->post, whole_head(t), body);
}

/* What the server says of a refusal: {"code":4,"message":"Forbidden"}. Empty when it says nothing. */
static struct str message_of(struct str body, struct arena *a)
{
	struct json_reader r = json_read_of(body);
	struct str key, raw, message = { 0 };
	bool more;
	enum err e = json_read_open_object(&r);

	while (!e && !(e = json_read_more_members(&r, a, &more, &key)) && more) {
		if (str_eq(key, STR("message")))
			e = json_read_string(&r, a, &message);
		else
			e = json_read_raw(&r, &raw);
	}
	return e ? STR("") : message;
}

static void refused(struct transport *t, int status, struct str body)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct str message = message_of(body, &a);

	if (message.n && message.n <= 200)
		snprintf(t->fault, sizeof t->fault,
			"The server refused the connection: " STR_FMT " (status %d).",
			STR_ARG(message), status);
	else if (status == 404)
		snprintf(t->fault, sizeof t->fault,
			"There is no Socket.IO server at this address (status 404).");
	else
		snprintf(t->fault, sizeof t->fault,
			"The server refused the connection with status %d.", status);
	transport_end_now(t, ENGINE_TRANSPORT_ERROR, t->fault);
}

static void on_got(void *context, int status, char *body, size_t n)
{
	struct transport *t = context;

	t->reached = true;
	if (t->over)
		return;
	if (status == 200)
		engine_client_payload(t->engine, body, n);
	else
		refused(t, status, (struct str){ body, n });
}

static void on_posted(void *context, int status, char *body, size_t n)
{
	struct transport *t = context;

	if (t->over && !t->leaving)
		return;
	if (status == 200)
		engine_client_posted(t->engine);
	else if (!t->leaving)
		refused(t, status, (struct str){ body, n });
	if (t->leaving && !requester_is_busy(t->post))
		shut(t);
}

static void on_get_failed(void *context, const char *sentence)
{
	transport_end_now(context, ENGINE_TRANSPORT_ERROR, sentence);
}

static void on_post_failed(void *context, const char *sentence)
{
	struct transport *t = context;

	if (t->leaving)
		shut(t);
	else
		transport_end_now(t, ENGINE_TRANSPORT_ERROR, sentence);
}

static const struct requester_handler get_handler = { .answered = on_got, .failed = on_get_failed };
static const struct requester_handler post_handler = { .answered = on_posted,
	.failed = on_post_failed };

static enum err begin_polling(struct transport *t)
{
	struct requester_source from = { .to = t->from.to,
		.proxy = t->from.proxy,
		.trust = t->from.trust,
		.body_max = t->from.message_max,
		.handler = &get_handler,
		.context = t };
	enum err e = requester_new(t->loop, &from, &t->get);

	from.handler = &post_handler;
	if (!e)
		e = requester_new(t->loop, &from, &t->post);
	if (!e)
		engine_client_begin(t->engine);
	return e;
}

/* ---- the session ---- */

static void on_opened(void *context)
{
	struct transport *t = context;

	if (!t->over)
		t->from.handler->opened(t->from.context);
}

static void on_message(void *context, bool binary, char *p, size_t n)
{
	struct transport *t = context;

	if (!t->over)
		t->from.handler->message(t->from.context, binary, p, n);
}

static void on_closed(void *context, enum engine_reason reason)
{
	transport_end_now(context, reason, NULL);
}

static const struct engine_client_handler engine_handler = {
	.opened = on_opened, .message = on_message, .closed = on_closed
};

static const struct engine_client_ops engine_ops = { .ws_send = transport_ws_send,
	.ws_waiting = transport_ws_waiting,
	.poll_get = poll_get,
	.poll_post = poll_post };

static int64_t now_ms(void *clock)
{
	return loop_now_ms(clock);
}

static enum err begin(struct transport *t)
{
	struct engine_client_source from = { .transport = t->from.kind,
		.ops = &engine_ops,
		.ops_context = t,
		.handler = &engine_handler,
		.context = t,
		.frames = loop_frames(t->loop),
		.timers = loop_timers(t->loop),
		.now_ms = now_ms,
		.clock = t->loop,
		.send_queue_max = t->from.send_queue_max };
	enum err e = engine_client_new(&from, &t->engine);

	if (e)
		return e;
	return t->from.kind == ENGINE_CLIENT_POLLING ? begin_polling(t) : transport_ws_begin(t);
}

enum err transport_new(struct loop *l, const struct transport_source *from, struct transport **out)
{
	struct transport *t = calloc(1, sizeof *t);

	if (!t)
		return ERR_NOMEM;
	t->loop = l;
	t->from = *from;
	t->farewell = (struct timer){ .fn = no_answer, .context = t };
	ws_init(&t->ws, WS_CLIENT, from->message_max);
	enum err e = begin(t);
	if (e) {
		transport_free(t);
		return e;
	}
	*out = t;
	return ERR_OK;
}

static void release(void *context)
{
	struct transport *t = context;

	requester_free(t->get);
	requester_free(t->post);
	engine_client_free(t->engine);
	http_answer_done(&t->upgrade);
	ws_done(&t->ws);
	buf_done(&t->head);
	free(t);
}

void transport_free(struct transport *t)
{
	if (!t)
		return;
	shut(t);
	t->release = (struct loop_task){ .fn = release, .context = t };
	loop_post_task(t->loop, &t->release);
}

enum err transport_send(struct transport *t, struct frame *f)
{
	return t->over ? ERR_UNAVAILABLE : engine_client_send(t->engine, f);
}

bool transport_is_open(const struct transport *t)
{
	return !t->over && engine_client_is_open(t->engine);
}

bool transport_was_reached(const struct transport *t)
{
	return t->reached;
}

enum engine_client_transport transport_kind(const struct transport *t)
{
	return t->from.kind;
}
