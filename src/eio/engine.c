/* SPDX-License-Identifier: MIT
 *
 * engine - see engine.h: what a request is for, and the engine as a whole.
 *
 * Layer: eio.  Threads: the engine's.
 */
#include <assert.h>
#include <stdlib.h>

#include "eio/engine_session.h"

enum { CODE_TRANSPORT, CODE_SESSION, CODE_METHOD, CODE_BAD, CODE_FORBIDDEN, CODE_REVISION };

static enum err make_ping(struct engine *e)
{
	enum err err = frame_new(e->from.frames, WS_HEADER_MAX + 1, &e->ping);

	if (err)
		return err;
	ws_write_header(e->ping, WS_TEXT, 1);
	frame_put_byte(e->ping, '2');
	return ERR_OK;
}

enum err engine_new(const struct engine_source *from, struct engine **out)
{
	struct engine *e = calloc(1, sizeof *e);

	if (!e)
		return ERR_NOMEM;
	e->from = *from;
	e->beat = (struct timer){ .fn = engine_session_beat_run, .context = e };
	enum err err = make_ping(e);
	if (err) {
		free(e);
		return err;
	}
	*out = e;
	return ERR_OK;
}

void engine_free(struct engine *e)
{
	struct engine_session *s, *next;

	if (!e)
		return;
	HASH_ITER(hh, e->by_id, s, next)
	engine_session_fail(s, ENGINE_SHUTTING_DOWN);
	engine_turn_end(e);
	timer_stop(e->from.timers, &e->beat);
	frame_unref(e->ping);
	buf_done(&e->scratch);
	free(e);
}

void engine_set_handler(struct engine *e, const struct engine_handler *handler, void *context)
{
	e->handler = handler;
	e->handler_context = context;
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

/* The last value of a key; empty when there is none. Our keys and values need no percent-decoding. */
static struct str query_find(struct str query, struct str key)
{
	struct str value = { "", 0 };

	while (query.n) {
		const char *stop = memchr(query.p, '&', query.n);
		struct str pair = { query.p, stop ? (size_t)(stop - query.p) : query.n };
		query = str_after(query, stop ? pair.n + 1 : pair.n);
		if (str_starts(pair, key) && pair.n > key.n && pair.p[key.n] == '=')
			value = str_after(pair, key.n + 1);
	}
	return value;
}

static struct engine_route refuse(unsigned code)
{
	return (struct engine_route){ .kind = ENGINE_ROUTE_REFUSE, .code = code };
}

/* A request that names a session. */
static struct engine_route route_session(const struct engine *e, const struct engine_request *r,
	struct str sid, bool websocket, bool revision_4)
{
	struct engine_session *s = NULL;

	if (sid.n == SESSION_ID_BYTES)
		HASH_FIND(hh, e->by_id, sid.p, SESSION_ID_BYTES, s);
	if (!s)
		return refuse(CODE_SESSION);
	if (!revision_4)
		return refuse(CODE_BAD);
	struct engine_route route = { .session = s };
	if (r->upgrade) {
		route.kind = ENGINE_ROUTE_UPGRADE;
		return websocket ? route : refuse(CODE_BAD);
	}
	if (websocket || s->ws || !s->poll)
		return refuse(CODE_BAD);
	route.kind = r->method == ENGINE_GET    ? ENGINE_ROUTE_POLL
	             : r->method == ENGINE_POST ? ENGINE_ROUTE_POST
	                                        : ENGINE_ROUTE_NO_METHOD;
	return route;
}

struct engine_route engine_route(const struct engine *e, const struct engine_request *r)
{
	struct str transport = query_find(r->query, STR("transport"));
	struct str sid = query_find(r->query, STR("sid"));
	bool websocket = str_eq(transport, STR("websocket")) && e->from.options.websocket;
	bool polling = str_eq(transport, STR("polling")) && e->from.options.polling;
	bool revision_4 = str_eq(query_find(r->query, STR("EIO")), STR("4"));

	if (!websocket && !polling)
		return refuse(CODE_TRANSPORT);
	if (!r->origin_valid)
		return refuse(CODE_BAD);
	if (sid.n)
		return route_session(e, r, sid, websocket, revision_4);
	if (r->method != ENGINE_GET)
		return refuse(CODE_METHOD);
	if (websocket != r->upgrade)
		return refuse(CODE_BAD);
	if (!revision_4)
		return refuse(CODE_REVISION);
	return (struct engine_route){ .kind = ENGINE_ROUTE_OPEN };
}
