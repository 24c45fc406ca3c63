/* SPDX-License-Identifier: MIT
 *
 * engine_session_poll - long polling: payloads both ways, overlapping requests (Engine.IO protocol revision 4,
 * "HTTP long-polling").
 *
 * Layer: eio.  Threads: the engine's.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/text.h"
#include "eio/engine_session.h"

enum { QUEUE_FIRST = 8, SEPARATOR = 0x1e };

static const char text_plain[] = "text/plain; charset=UTF-8";

void engine_session_poll_answer(
	struct engine *e, void *poll, int status, const char *type, struct str body)
{
	struct engine_answer a = { .status = status, .type = type, .body = body };

	e->from.ops.poll_answer(poll, &a);
}

void engine_session_poll_say(struct engine_session *s, struct str text)
{
	void *get = s->poll ? s->poll->get : NULL;

	if (!get)
		return;
	s->poll->get = NULL;
	engine_session_poll_answer(s->engine, get, 200, text_plain, text);
}

/* ---- what goes out ---- */

static bool queue_grow(struct engine_session_poll *p)
{
	size_t cap = p->queue_cap ? p->queue_cap * 2 : QUEUE_FIRST;
	struct frame **q = realloc(p->queue, cap * sizeof(struct frame *));

	if (!q)
		return false;
	p->queue = q;
	p->queue_cap = cap;
	return true;
}

void engine_session_poll_push(struct engine_session *s, struct frame *f)
{
	struct engine_session_poll *p = s->poll;

	if (p->queue_n == p->queue_cap && !queue_grow(p)) {
		s->overflowed = true;
		engine_session_touch(s);
		return;
	}
	p->queue[p->queue_n++] = frame_ref(f);
	p->queue_bytes += f->n;
	if (p->queue_bytes > s->engine->from.options.send_queue_max)
		s->overflowed = true;
	engine_session_touch(s);
}

/* The polling form of a frame that holds binary messages, made once for all who poll: base64 behind 'b'. */
static enum err translate(struct frame_pool *pool, struct frame *f)
{
	struct frame *made;
	CLEANUP(buf_done) struct buf b = { 0 };
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;

	while (ws_next_written(&rest, &opcode, &payload)) {
		if (b.n)
			buf_byte(&b, SEPARATOR);
		if (opcode == WS_BINARY) {
			buf_byte(&b, 'b');
			hash_base64(&b, payload, BASE64_PADDED);
		} else {
			buf_append(&b, payload);
		}
	}
	if (buf_failed(&b) || frame_of(pool, buf_str(&b), &made))
		return ERR_NOMEM;
	frame_add_form(f, FRAME_POLL, made);
	return ERR_OK;
}

/* Appends the polling form of f. */
static enum err append(struct engine *e, struct frame *f, struct buf *body)
{
	struct str rest = frame_str(f), payload;
	const struct frame *made = frame_in_form(f, FRAME_POLL);
	enum ws_opcode opcode;

	if (body->n)
		buf_byte(body, SEPARATOR);
	if (!made && ws_next_written(&rest, &opcode, &payload) && rest.n == 0 &&
		opcode == WS_TEXT) {
		buf_append(body, payload);
		return ERR_OK;
	}
	if (!made && translate(e->from.frames, f))
		return ERR_NOMEM;
	buf_append(body, frame_str(frame_in_form(f, FRAME_POLL)));
	return ERR_OK;
}

static void queue_clear(struct engine_session_poll *p)
{
	for (size_t i = 0; i < p->queue_n; i++)
		frame_unref(p->queue[i]);
	free(p->queue);
	p->queue = NULL;
	p->queue_n = p->queue_cap = p->queue_bytes = 0;
}

/* Puts what is queued into body. */
static enum err collect(struct engine_session *s, struct buf *body)
{
	enum err err = ERR_OK;

	buf_clear(body);
	for (size_t i = 0; i < s->poll->queue_n && !err; i++)
		err = append(s->engine, s->poll->queue[i], body);
	queue_clear(s->poll);
	return err || buf_failed(body) ? ERR_NOMEM : ERR_OK;
}

void engine_session_poll_flush(struct engine_session *s)
{
	struct engine_session_poll *p = s->poll;
	struct buf *body = &s->engine->scratch;

	if (!p || !p->get || s->ws || (p->queue_n == 0 && s->state == SESSION_OPEN))
		return;
	enum err e = collect(s, body);
	if (s->state == SESSION_CLOSING) {
		buf_append(body, body->n ? STR("\x1e"
					       "1")
					 : STR("6\x1e"
					       "1"));
		engine_session_poll_say(s, buf_str(body));
		timer_stop(s->engine->from.timers, &p->closing);
		engine_session_end(s, ENGINE_FORCED_CLOSE);
		return;
	}
	if (e) {
		engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
		return;
	}
	engine_session_poll_say(s, buf_str(body));
	if (body->cap > s->engine->from.options.max_payload)
		buf_done(body);
}

/* ---- opening, GET ---- */

static void closing_expired(void *context)
{
	struct engine_session_poll *p = context;

	engine_session_end(p->session, ENGINE_FORCED_CLOSE);
}

enum err engine_session_poll_new(struct engine_session *s)
{
	struct engine_session_poll *p = calloc(1, sizeof *p);

	if (!p)
		return ERR_NOMEM;
	p->session = s;
	p->closing = (struct timer){ .fn = closing_expired, .context = p };
	engine_session_upgrade_init(p);
	s->poll = p;
	return ERR_OK;
}

void engine_session_poll_free(struct engine_session *s)
{
	struct engine_session_poll *p = s->poll;

	if (!p)
		return;
	engine_session_upgrade_drop(p, true);
	timer_stop(s->engine->from.timers, &p->closing);
	queue_clear(p);
	free(p);
	s->poll = NULL;
}

enum err engine_open_poll(struct engine *e, struct handshake *take_handshake, void *poll)
{
	struct engine_session *s = NULL;
	enum err err = engine_session_new(e, take_handshake, true, &s);

	if (err)
		return err;
	buf_clear(&e->scratch);
	engine_session_open_packet(s, &e->scratch);
	engine_session_poll_answer(e, poll, 200, text_plain, buf_str(&e->scratch));
	e->handler->opened(e->handler_context, &s->channel);
	return ERR_OK;
}

void engine_poll(struct engine_session *s, void *poll)
{
	if (s->poll->get) {
		engine_session_poll_answer(s->engine, poll, 400, NULL, STR(""));
		engine_session_poll_say(s, STR("1"));
		engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
		return;
	}
	s->poll->get = poll;
	engine_session_touch(s);
}

void engine_poll_gone(struct engine_session *s)
{
	s->poll->get = NULL;
	engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
}

/* ---- POST ---- */

bool engine_post_begin(struct engine_session *s, void *poll, bool octets)
{
	struct engine_session_poll *p = s->poll;

	if (p->post) {
		void *first = p->post;
		p->post = NULL;
		engine_session_poll_answer(s->engine, poll, 400, NULL, STR(""));
		engine_session_poll_answer(s->engine, first, 0, NULL, STR(""));
		engine_session_poll_say(s, STR("1"));
		engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
		return false;
	}
	if (octets) { /* revision 3's binary payloads */
		engine_session_poll_answer(s->engine, poll, 400, NULL, STR(""));
		engine_session_poll_say(s, STR("1"));
		engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
		return false;
	}
	p->post = poll;
	return true;
}

/* Until here the POST kept the session, or, after an upgrade, its polling half. */
static void post_end(struct engine_session *s)
{
	s->poll->post = NULL;
	if (s->state == SESSION_CLOSED)
		engine_session_touch(s);
	else if (s->ws)
		engine_session_poll_free(s);
}

void engine_post(struct engine_session *s, void *poll, char *body, size_t n)
{
	char *end = body + n;
	bool open = s->state == SESSION_OPEN;

	if (open && !text_is_utf8((struct str){ body, n })) {
		engine_session_fail(s, ENGINE_PARSE_ERROR);
		open = false;
	}
	while (open) {
		char *stop = n ? memchr(body, SEPARATOR, (size_t)(end - body)) : NULL;
		open = engine_session_packet(s, body, (size_t)((stop ? stop : end) - body));
		if (!stop)
			break;
		body = stop + 1;
	}
	engine_session_poll_answer(s->engine, poll, 200, "text/html", STR("ok"));
	post_end(s);
}

void engine_post_gone(struct engine_session *s, void *poll, bool too_large)
{
	(void)poll;
	if (!too_large)
		engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
	post_end(s);
}

void engine_session_poll_move(struct engine_session *s)
{
	for (size_t i = 0; i < s->poll->queue_n; i++)
		s->engine->from.ops.ws_send(s->ws, s->poll->queue[i]);
	queue_clear(s->poll);
}

void engine_session_poll_close(struct engine_session *s)
{
	struct engine *e = s->engine;

	s->state = SESSION_CLOSING;
	timer_start(e->from.timers, &s->poll->closing,
		engine_now_ms(e) + e->from.options.poll_close_timeout_ms);
	if (s->poll->get)
		engine_session_touch(s);
}
