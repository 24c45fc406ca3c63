/* SPDX-License-Identifier: MIT
 *
 * engine_session_poll - long polling: payloads both ways, overlapping requests (Engine.IO protocol revisions 4 and 3,
 * "HTTP long-polling").
 *
 * Layer: eio.  Threads: the engine's.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "eio/engine_query.h"
#include "eio/engine_session.h"
#include "eio/payload.h"

enum { QUEUE_FIRST = 8 };

static const char text_plain[] = "text/plain; charset=UTF-8";

void engine_session_poll_answer(
	struct engine *e, void *poll, int status, const char *type, struct str body)
{
	struct engine_answer a = { .status = status, .type = type, .body = body };

	e->from.ops.poll_answer(poll, &a);
}

/* Answers a GET with a payload in the session's form. */
static void answer_payload(
	struct engine_session *s, void *get, enum payload_form form, struct str body, bool compress)
{
	CLEANUP(buf_done) struct buf script = { 0 };

	if (s->jsonp) {
		struct str index =
			engine_query_plain(handshake_query(s->channel.handshake), STR("j"));
		payload_jsonp(&script, index, body);
		body = buf_str(&script);
	}
	struct engine_answer a = { .status = 200,
		.type = form == PAYLOAD_3_OCTETS ? "application/octet-stream" : text_plain,
		.body = body,
		.sid = { s->channel.id, SESSION_ID_BYTES },
		.uncompressed = !compress };
	if (buf_failed(&script)) /* an empty 400 ends the session on the client's side too */
		a = (struct engine_answer){ .status = 400 };
	s->engine->from.ops.poll_answer(get, &a);
}

/* Answers a GET with one packet. */
static void answer_packet(struct engine_session *s, void *get, struct str packet)
{
	CLEANUP(buf_done) struct buf body = { 0 };

	if (s->channel.revision == 4) {
		answer_payload(s, get, PAYLOAD_4, packet, true);
		return;
	}
	payload_put_text(&body, PAYLOAD_3, packet);
	answer_payload(s, get, PAYLOAD_3, buf_str(&body), true);
}

void engine_session_poll_say(struct engine_session *s, struct str packet)
{
	void *get = s->poll ? s->poll->get : NULL;

	if (!get)
		return;
	s->poll->get = NULL;
	answer_packet(s, get, packet);
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
		engine_session_overflow(s, CHANNEL_QUEUE_BYTES, p->queue_bytes);
	else if (p->queue_n > QUEUE_PACKETS_MAX)
		engine_session_overflow(s, CHANNEL_QUEUE_PACKETS, p->queue_n);
	engine_session_touch(s);
}

static void put_messages(struct buf *body, enum payload_form form, const struct frame *f)
{
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;

	while (ws_next_written(&rest, &opcode, &payload)) {
		if (opcode == WS_BINARY)
			payload_put_binary(body, form, payload);
		else
			payload_put_text(body, form, payload);
	}
}

/* True when f is one text message. */
static bool is_text(const struct frame *f)
{
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;

	return ws_next_written(&rest, &opcode, &payload) && opcode == WS_TEXT && rest.n == 0;
}

/* Appends f to a payload. What holds binary is translated once for all who poll in the current revision. */
static enum err append(struct engine *e, enum payload_form form, struct frame *f, struct buf *body)
{
	CLEANUP(buf_done) struct buf once = { 0 };

	if (form != PAYLOAD_4 || is_text(f)) {
		put_messages(body, form, f);
		return ERR_OK;
	}
	if (!frame_in_form(f, FRAME_POLL)) {
		struct frame *made;
		put_messages(&once, form, f);
		if (buf_failed(&once) || frame_of(e->from.frames, buf_str(&once), &made))
			return ERR_NOMEM;
		frame_add_form(f, FRAME_POLL, made);
	}
	payload_put_text(body, form, frame_str(frame_in_form(f, FRAME_POLL)));
	return ERR_OK;
}

/* Revision 3 sends bytes as they are when there are any, and the client takes them. */
static enum payload_form form_of(const struct engine_session *s)
{
	if (s->channel.revision == 4)
		return PAYLOAD_4;
	for (size_t i = 0; i < s->poll->queue_n && !s->base64; i++) {
		if (!is_text(s->poll->queue[i]))
			return PAYLOAD_3_OCTETS;
	}
	return PAYLOAD_3;
}

/* As in Node, one packet that does is enough. */
static bool wants_compression(const struct engine_session_poll *p)
{
	for (size_t i = 0; i < p->queue_n; i++) {
		if (!p->queue[i]->uncompressed)
			return true;
	}
	return false;
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
static enum err collect(struct engine_session *s, enum payload_form form, struct buf *body)
{
	enum err err = ERR_OK;

	buf_clear(body);
	for (size_t i = 0; i < s->poll->queue_n && !err; i++)
		err = append(s->engine, form, s->poll->queue[i], body);
	queue_clear(s->poll);
	return err || buf_failed(body) ? ERR_NOMEM : ERR_OK;
}

void engine_session_poll_flush(struct engine_session *s)
{
	struct engine_session_poll *p = s->poll;
	struct buf *body = &s->engine->scratch;

	if (!p || !p->get || s->ws || (p->queue_n == 0 && s->state == SESSION_OPEN))
		return;
	enum payload_form form = form_of(s);
	bool compress = wants_compression(p);
	enum err e = collect(s, form, body);
	if (s->state == SESSION_CLOSING) {
		if (!body->n)
			payload_put_text(body, form, STR("6"));
		payload_put_text(body, form, STR("1"));
	} else if (e) {
		engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
		return;
	}
	void *get = p->get;
	p->get = NULL;
	answer_payload(s, get, form, buf_str(body), compress);
	if (body->cap > s->engine->from.options.max_payload)
		buf_done(body);
	if (s->state == SESSION_CLOSING) {
		timer_stop(s->engine->from.timers, &p->closing);
		engine_session_end(s, ENGINE_FORCED_CLOSE);
	}
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

enum err engine_open_poll(
	struct engine *e, struct handshake *take_handshake, struct str id, void *poll)
{
	struct engine_session *s = NULL;
	enum err err = engine_session_new(e, take_handshake, id, true, &s);

	if (err)
		return err;
	buf_clear(&e->scratch);
	engine_session_open_packet(s, &e->scratch);
	answer_packet(s, poll, buf_str(&e->scratch));
	if (e->initial) /* as in Node, the next poll's */
		engine_session_send(s, e->initial);
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
	if (octets && s->channel.revision == 4) {
		engine_session_poll_answer(s->engine, poll, 400, NULL, STR(""));
		engine_session_poll_say(s, STR("1"));
		engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
		return false;
	}
	p->post = poll;
	p->octets = octets;
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

/* Packet by packet, as long as the session is open. */
static void take_payload(struct engine_session *s, enum payload_form form, char *body, size_t n)
{
	struct payload_reader r = payload_read(form, body, n);
	struct payload_packet packet;
	bool more = true, text = form != PAYLOAD_3_OCTETS;
	enum err e = !text || text_is_utf8((struct str){ body, n }) ? ERR_OK : ERR_BAD_REQUEST;

	while (!e && s->state == SESSION_OPEN && !(e = payload_next(&r, &more, &packet)) && more) {
		struct str said = { packet.p, packet.n };
		if (packet.binary)
			engine_session_octets(s, packet.p, packet.n);
		else if (text || text_is_utf8(said))
			engine_session_packet(s, packet.p, packet.n);
		else
			e = ERR_BAD_REQUEST;
	}
	if (e)
		engine_session_fail(s, ENGINE_PARSE_ERROR);
}

void engine_post(struct engine_session *s, void *poll, char *body, size_t n)
{
	CLEANUP(buf_done) struct buf said = { 0 };
	enum payload_form form = s->channel.revision == 4 ? PAYLOAD_4
	                         : s->poll->octets        ? PAYLOAD_3_OCTETS
	                                                  : PAYLOAD_3;

	if (s->jsonp && payload_from_form((struct str){ body, n }, &said))
		engine_session_fail(s, ENGINE_PARSE_ERROR);
	else if (s->state == SESSION_OPEN)
		take_payload(s, form, s->jsonp ? said.p : body, s->jsonp ? said.n : n);
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
		engine_session_send_ws(s, s->poll->queue[i]);
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
