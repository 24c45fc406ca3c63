/* SPDX-License-Identifier: MIT
 *
 * engine_session - the life of a session: opening, sending, ending.
 *
 * Layer: eio.  Threads: the engine's.
 */
#include <stddef.h>
#include <stdlib.h>

#include "base/hash.h"
#include "eio/engine_query.h"
#include "eio/engine_session.h"

enum {
	ID_RANDOM_BYTES = 15,
	LEGACY_SPARE = 256
}; /* more than the headers of a packet with all attachments grow */

/* Its id as it would be here: the first character says which engine it is. */
static void mark_id(const struct engine *e, char id[SESSION_ID_BYTES])
{
	if (e->from.options.id_mark)
		id[0] = e->from.options.id_mark;
}

bool engine_id_is_free(const struct engine *e, struct str id)
{
	char marked[SESSION_ID_BYTES];
	struct engine_session *same;

	if (id.n != SESSION_ID_BYTES)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
	}
	memcpy(marked, id.p, sizeof marked);
	mark_id(e, marked);
	HASH_FIND(hh, e->by_id, marked, SESSION_ID_BYTES, same);
	return !same;
}

/* An id is the only secret of a polling session: all of it is random, but for the mark. */
static enum err new_id(struct engine *e, struct str given, char out[SESSION_ID_BYTES])
{
	if (given.n) {
		memcpy(out, given.p, SESSION_ID_BYTES);
		mark_id(e, out);
		return ERR_OK;
	}
	uint8_t bytes[ID_RANDOM_BYTES];

	rng_fill(&e->from.rng, bytes, sizeof bytes);
	buf_clear(&e->scratch);
	hash_base64(&e->scratch, (struct str){ (const char *)bytes, sizeof bytes }, BASE64_URL);
	if (buf_failed(&e->scratch) || e->scratch.n != SESSION_ID_BYTES)
		return ERR_NOMEM;
	memcpy(out, e->scratch.p, SESSION_ID_BYTES);
	mark_id(e, out);
	return ERR_OK;
}

static void send(struct channel *c, struct frame *f)
{
	engine_session_send(engine_session_of(c), f);
}

static void send_volatile(struct channel *c, struct frame *f)
{
	struct engine_session *s = engine_session_of(c);

	if (engine_session_is_writable(s))
		engine_session_send(s, f);
}

static bool is_writable(const struct channel *c)
{
	return engine_session_is_writable((const struct engine_session *)c);
}

static bool is_polling(const struct channel *c)
{
	return engine_session_is_polling((const struct engine_session *)c);
}

static void close_channel(struct channel *c, enum engine_reason reason)
{
	engine_session_close(engine_session_of(c), reason);
}

static const struct channel_ops channel_ops = { .send = send,
	.send_volatile = send_volatile,
	.is_writable = is_writable,
	.is_polling = is_polling,
	.close = close_channel };

_Static_assert(offsetof(struct engine_session, channel) == 0, "a channel is its session");

struct engine_session *engine_session_of(struct channel *c)
{
	return (struct engine_session *)c;
}

struct channel *engine_session_channel(struct engine_session *s)
{
	return &s->channel;
}

/* What the request that opened it says of the session's form. */
static void read_form(struct engine_session *s)
{
	struct str query = handshake_query(s->channel.handshake);

	s->channel.revision = (uint8_t)engine_revision(query);
	s->jsonp = engine_query_plain(query, STR("j")).n != 0;
	s->base64 = s->jsonp || engine_query_plain(query, STR("b64")).n != 0;
}

enum err engine_session_new(struct engine *e, struct handshake *take_handshake, struct str id,
	bool polling, struct engine_session **out)
{
	struct engine_session *s = calloc(1, sizeof *s), *same = NULL;
	enum err err = s ? new_id(e, id, s->channel.id) : ERR_NOMEM;

	if (!err) {
		s->channel.ops = &channel_ops;
		s->engine = e;
		HASH_FIND(hh, e->by_id, s->channel.id, SESSION_ID_BYTES, same);
		err = same ? ERR_CONFLICT : ERR_OK; /* 120 random bits: never */
	}
	if (!err && polling)
		err = engine_session_poll_new(s);
	if (!err) {
		HASH_ADD(hh, e->by_id, channel.id, SESSION_ID_BYTES, s);
		err = s->hh.tbl ? ERR_OK : ERR_NOMEM;
	}
	if (err) {
		handshake_free(take_handshake);
		if (s)
			engine_session_poll_free(s);
		free(s);
		return err;
	}
	s->channel.handshake = take_handshake;
	read_form(s);
	s->polling = polling;
	e->counts.sessions++;
	e->counts.polling += polling;
	e->counts.opened++;
	engine_session_beat_start(s);
	*out = s;
	return ERR_OK;
}

void engine_session_open_packet(const struct engine_session *s, struct buf *out)
{
	const struct engine_options *o = &s->engine->from.options;

	buf_printf(out,
		"0{\"sid\":\"%.*s\",\"upgrades\":[%s],\"pingInterval\":%lld,\"pingTimeout\":%lld,"
		"\"maxPayload\":%u}",
		SESSION_ID_BYTES, s->channel.id,
		s->polling && o->upgrades && o->websocket ? "\"websocket\"" : "",
		(long long)o->ping_interval_ms, (long long)o->ping_timeout_ms, o->max_payload);
}

enum err engine_session_send_text(struct engine *e, void *ws, struct str text)
{
	struct frame *f;
	enum err err = frame_new(e->from.frames, WS_HEADER_MAX + text.n, &f);

	if (err)
		return err;
	ws_write_header(f, WS_TEXT, text.n);
	frame_put(f, text);
	e->from.ops.ws_send(ws, f);
	frame_unref(f);
	return ERR_OK;
}

enum err engine_open_ws(struct engine *e, struct handshake *take_handshake, struct str id, void *ws,
	struct engine_session **out)
{
	struct engine_session *s = NULL;
	enum err err = engine_session_new(e, take_handshake, id, false, &s);

	if (err)
		return err;
	s->ws = ws;
	buf_clear(&e->scratch);
	engine_session_open_packet(s, &e->scratch);
	err = buf_failed(&e->scratch) ? ERR_NOMEM
	                              : engine_session_send_text(e, ws, buf_str(&e->scratch));
	if (err) {
		s->state = SESSION_CLOSING; /* nobody was told that it opened */
		s->ws = NULL;
		engine_session_end(s, ENGINE_TRANSPORT_ERROR);
		return err;
	}
	*out = s;
	if (e->initial)
		engine_session_send(s, e->initial);
	e->handler->opened(e->handler_context, &s->channel);
	return ERR_OK;
}

void engine_session_touch(struct engine_session *s)
{
	if (s->dirty)
		return;
	s->dirty = true;
	s->next = s->engine->dirty;
	s->engine->dirty = s;
}

static void end_as(struct engine_session *s, enum engine_reason reason, enum ws_status status)
{
	struct engine *e = s->engine;
	bool told = s->state != SESSION_OPEN;

	if (s->state == SESSION_CLOSED)
		return;
	s->state = SESSION_CLOSED;
	engine_session_beat_stop(s);
	HASH_DEL(e->by_id, s);
	e->counts.sessions--;
	e->counts.polling -= s->polling;
	if (s->ws && e->from.ops.ws_blame && (reason == ENGINE_PARSE_ERROR || s->overflowed))
		e->from.ops.ws_blame(s->ws);
	if (s->ws)
		e->from.ops.ws_close(s->ws, status);
	s->ws = NULL;
	if (s->poll) {
		engine_session_poll_say(s, STR("1"));
		engine_session_upgrade_drop(s->poll, true);
		timer_stop(e->from.timers, &s->poll->closing);
	}
	if (!told)
		e->handler->closed(e->handler_context, &s->channel, reason);
	engine_session_touch(s);
}

void engine_session_end(struct engine_session *s, enum engine_reason reason)
{
	end_as(s, reason, WS_STATUS_NORMAL);
}

void engine_session_fail(struct engine_session *s, enum engine_reason reason)
{
	bool deaf = reason == ENGINE_PING_TIMEOUT || s->overflowed;

	end_as(s, reason, deaf ? WS_STATUS_NONE : WS_STATUS_NORMAL);
}

void engine_session_close(struct engine_session *s, enum engine_reason reason)
{
	if (s->state != SESSION_OPEN)
		return;
	if (s->ws) {
		engine_session_end(s, reason);
		return;
	}
	engine_session_poll_close(s);
	s->engine->handler->closed(s->engine->handler_context, &s->channel, reason);
}

/* What follows a message's text, for a client of revision 3: bytes with their type before them, or base64. */
static void lay_legacy(struct frame *to, bool base64, struct str payload)
{
	CLEANUP(buf_done) struct buf text = { 0 };

	if (!base64) {
		ws_write_header(to, WS_BINARY, payload.n + 1);
		frame_put_byte(to, 4);
		frame_put(to, payload);
		return;
	}
	hash_base64(&text, payload, BASE64_PADDED);
	ws_write_header(to, WS_TEXT, text.n + 2);
	frame_put(to, STR("b4"));
	frame_put(to, buf_str(&text));
}

/* f in the form of revision 3, for this session alone; NULL without memory. */
static struct frame *legacy_form(const struct engine_session *s, const struct frame *f)
{
	struct frame *to = NULL;
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;

	if (frame_new(s->engine->from.frames, (size_t)f->n * 2 + LEGACY_SPARE, &to))
		return NULL;
	to->uncompressed = f->uncompressed;
	while (ws_next_written(&rest, &opcode, &payload)) {
		if (opcode == WS_BINARY) {
			lay_legacy(to, s->base64, payload);
		} else {
			ws_write_header(to, opcode, payload.n);
			frame_put(to, payload);
		}
	}
	return to;
}

size_t engine_session_send_ws(struct engine_session *s, struct frame *f)
{
	struct engine *e = s->engine;
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;

	if (s->channel.revision == 4 ||
		(ws_next_written(&rest, &opcode, &payload) && opcode == WS_TEXT && !rest.n))
		return e->from.ops.ws_send(s->ws, f);
	struct frame *legacy = legacy_form(s, f);
	if (!legacy)
		return SIZE_MAX;
	size_t waiting = e->from.ops.ws_send(s->ws, legacy);
	frame_unref(legacy);
	return waiting;
}

void engine_session_send(struct engine_session *s, struct frame *f)
{
	struct engine *e = s->engine;
	size_t max = e->from.options.send_queue_max;

	if (s->state != SESSION_OPEN || s->overflowed)
		return;
	e->counts.packets_out++;
	e->counts.bytes_out += f->n;
	if (!s->ws) {
		engine_session_poll_push(s, f);
		return;
	}
	size_t waiting = engine_session_send_ws(s, f);
	if (waiting > max && e->from.ops.ws_flush(s->ws) > max) {
		engine_session_overflow(s, CHANNEL_QUEUE_BYTES, waiting);
	}
}

void engine_session_overflow(struct engine_session *s, enum channel_limit limit, size_t n)
{
	s->overflowed = true;
	s->channel.limit = (uint8_t)limit;
	s->channel.excess = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
	engine_session_touch(s);
}

bool engine_session_is_writable(const struct engine_session *s)
{
	const struct engine *e = s->engine;
	size_t max = e->from.options.volatile_queue_max;

	if (s->state != SESSION_OPEN || s->overflowed)
		return false;
	if (s->ws)
		return e->from.ops.ws_waiting(s->ws) <= max;
	return s->poll->get && s->poll->queue_bytes <= max;
}

static void session_free(struct engine_session *s)
{
	engine_session_poll_free(s);
	handshake_free(s->channel.handshake);
	free(s);
}

void engine_turn_end(struct engine *e)
{
	while (e->dirty) {
		struct engine_session *s = e->dirty;
		e->dirty = s->next;
		s->dirty = false;
		if (s->overflowed && s->state != SESSION_CLOSED) {
			e->counts.overflows++;
			engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
		} else if (s->state != SESSION_CLOSED) {
			engine_session_poll_flush(s);
		} else if (!s->held && (!s->poll || !s->poll->post)) {
			session_free(s);
		}
	}
}

bool engine_session_is_closed(const struct engine_session *s)
{
	return s->state != SESSION_OPEN;
}

bool engine_session_is_polling(const struct engine_session *s)
{
	return !s->ws;
}
