/* SPDX-License-Identifier: MIT
 *
 * engine - see engine.h: what a request is for, and the engine as a whole.
 *
 * Layer: eio.  Threads: the engine's.
 */
#include <assert.h>
#include <stdlib.h>

#include "eio/engine_frame.h"
#include "eio/engine_query.h"
#include "eio/engine_session.h"

enum { CODE_TRANSPORT, CODE_SESSION, CODE_METHOD, CODE_BAD, CODE_FORBIDDEN, CODE_REVISION };

static enum err make_beat(struct engine *e, char type, struct frame **out)
{
	enum err err = frame_new(e->from.frames, WS_HEADER_MAX + 1, out);

	if (err)
		return err;
	ws_write_header(*out, WS_TEXT, 1);
	frame_put_byte(*out, type);
	return ERR_OK;
}

static enum err make_initial(struct engine *e)
{
	struct str bytes = e->from.options.initial;
	enum err err;

	if (!bytes.p)
		return ERR_OK;
	err = frame_new(e->from.frames, ENGINE_FRAME_HEAD_MAX + bytes.n, &e->initial);
	if (err)
		return err;
	if (e->from.options.initial_binary)
		engine_frame_binary(e->initial, bytes.n);
	else
		engine_frame_text(e->initial, bytes.n);
	frame_put(e->initial, bytes);
	return ERR_OK;
}

enum err engine_new(const struct engine_source *from, struct engine **out)
{
	struct engine *e = calloc(1, sizeof *e);

	if (!e)
		return ERR_NOMEM;
	e->from = *from;
	e->beat = (struct timer){ .fn = engine_session_beat_run, .context = e };
	enum err err = make_beat(e, '2', &e->ping);
	if (!err)
		err = make_beat(e, '3', &e->pong);
	if (!err)
		err = make_initial(e);
	if (err) {
		frame_unref(e->ping);
		frame_unref(e->pong);
		free(e);
		return err;
	}
	*out = e;
	return ERR_OK;
}

void engine_close_all(struct engine *e)
{
	struct engine_session *s, *next;

	HASH_ITER(hh, e->by_id, s, next)
	engine_session_fail(s, ENGINE_SHUTTING_DOWN);
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	engine_close_all(e);
	engine_turn_end(e);
	timer_stop(e->from.timers, &e->beat);
	frame_unref(e->ping);
	frame_unref(e->pong);
	frame_unref(e->initial);
	buf_done(&e->scratch);
	free(e);
}

void engine_set_handler(struct engine *e, const struct engine_handler *handler, void *context)
{
	e->handler = handler;
	e->handler_context = context;
}

void engine_tell_opened(struct engine *e, struct channel *c)
{
	e->handler->opened(e->handler_context, c);
}

void engine_tell_message(struct engine *e, struct channel *c, bool binary, char *p, size_t n)
{
	e->handler->message(e->handler_context, c, binary, p, n);
}

void engine_tell_closed(struct engine *e, struct channel *c, enum engine_reason reason)
{
	e->handler->closed(e->handler_context, c, reason);
}

const struct engine_counts *engine_counts(const struct engine *e)
{
	return &e->counts;
}

struct frame_pool *engine_frames(const struct engine *e)
{
	return e->from.frames;
}

int64_t engine_now_ms(const struct engine *e)
{
	return e->from.now_ms(e->from.clock);
}

struct timers *engine_timers(const struct engine *e)
{
	return e->from.timers;
}

const char *engine_error_message(unsigned code)
{
	static const char *const messages[] = { "Transport unknown", "Session ID unknown",
		"Bad handshake method", "Bad request", "Forbidden",
		"Unsupported protocol version" };

	assert(code < COUNT_OF(messages));
	return messages[code];
}

static struct engine_route refuse(unsigned code, const char *context)
{
	return (struct engine_route){
		.kind = ENGINE_ROUTE_REFUSE, .code = code, .context = context
	};
}

/* A request that names a session. */
static struct engine_route route_session(const struct engine *e, const struct engine_request *r,
	struct str sid, bool websocket, unsigned revision)
{
	struct engine_session *s = NULL;

	if (sid.n == SESSION_ID_BYTES)
		HASH_FIND(hh, e->by_id, sid.p, SESSION_ID_BYTES, s);
	if (!s)
		return refuse(CODE_SESSION, "UNKNOWN_SESSION");
	if (revision != s->channel.revision)
		return refuse(CODE_BAD, "PROTOCOL_MISMATCH");
	struct engine_route route = { .session = s };
	if (r->upgrade) {
		route.kind = ENGINE_ROUTE_UPGRADE;
		return websocket ? route : refuse(CODE_BAD, "TRANSPORT_MISMATCH");
	}
	if (websocket || s->ws || !s->poll)
		return refuse(CODE_BAD, "TRANSPORT_MISMATCH");
	route.kind = r->method == ENGINE_GET    ? ENGINE_ROUTE_POLL
	             : r->method == ENGINE_POST ? ENGINE_ROUTE_POST
	                                        : ENGINE_ROUTE_NO_METHOD;
	return route;
}

unsigned engine_revision(struct str query)
{
	return str_eq(engine_query_plain(query, STR("EIO")), STR("4")) ? 4 : 3;
}

struct engine_route engine_route(const struct engine *e, const struct engine_request *r)
{
	struct str transport = engine_query_plain(r->query, STR("transport"));
	struct str sid = engine_query_plain(r->query, STR("sid"));
	bool websocket = str_eq(transport, STR("websocket")) && e->from.options.websocket;
	bool polling = str_eq(transport, STR("polling")) && e->from.options.polling;
	unsigned revision = engine_revision(r->query);

	if (!websocket && !polling)
		return refuse(CODE_TRANSPORT, "UNKNOWN_TRANSPORT");
	if (!r->origin_valid)
		return refuse(CODE_BAD, "INVALID_ORIGIN");
	if (sid.n)
		return route_session(e, r, sid, websocket, revision);
	if (r->method != ENGINE_GET)
		return refuse(CODE_METHOD, "BAD_HANDSHAKE_METHOD");
	if (websocket != r->upgrade)
		return refuse(CODE_BAD, "TRANSPORT_HANDSHAKE_ERROR");
	if (revision == 3 && !e->from.options.revision_3)
		return refuse(CODE_REVISION, "UNSUPPORTED_PROTOCOL_VERSION");
	return (struct engine_route){ .kind = ENGINE_ROUTE_OPEN };
}
