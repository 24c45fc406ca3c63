/* SPDX-License-Identifier: MIT
 *
 * world - an engine in a pretended host: requests and messages in, a log of all that it did.
 *
 * Layer: tests.  Threads: one.
 */
#ifndef UNIT_EIO_WORLD_H
#define UNIT_EIO_WORLD_H

#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/timer.h"
#include "eio/engine.h"
#include "eio/engine_frame.h"

/* Handles of the pretended host: their addresses name them in the log. */
static const char *const names[] = { "A", "B", "C", "D" };

struct world {
	struct buf log;
	struct timers timers;
	struct frame_pool *pool;
	struct engine *engine;
	struct engine_session *session; /* the last that opened */
	int64_t now;
	size_t waiting; /* what ws_send answers */
	uint8_t seed;
};

static inline const char *name_of(const void *handle)
{
	return *(const char *const *)handle;
}

static inline void *handle(size_t i)
{
	void *p;
	const void *q = &names[i];

	memcpy(&p, &q, sizeof p);
	return p;
}

/* What the ops act on: their handles do not lead to the world. */
struct side {
	struct world *w;
	const char *query; /* of the handshake to come */
	bool revision_3;
};

static inline struct side *side(void)
{
	static struct side s;

	return &s;
}

static inline size_t ws_send(void *ws, struct frame *f)
{
	struct world *w = side()->w;
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;

	while (ws_next_written(&rest, &opcode, &payload))
		buf_printf(&w->log, "%s<%s" STR_FMT " ", name_of(ws),
			opcode == WS_BINARY ? "bin:" : "", STR_ARG(payload));
	return w->waiting;
}

static inline size_t ws_waiting(void *ws)
{
	(void)ws;
	return side()->w->waiting;
}

static inline void ws_close(void *ws, enum ws_status status)
{
	buf_printf(&side()->w->log, "%s!%d ", name_of(ws), (int)status);
}

static inline void poll_answer(void *poll, const struct engine_answer *a)
{
	buf_printf(
		&side()->w->log, "%s=%d:" STR_FMT " ", name_of(poll), a->status, STR_ARG(a->body));
}

static inline void on_opened(void *context, struct channel *c)
{
	struct world *w = context;

	w->session = engine_session_of(c);
	buf_append(&w->log, STR("opened "));
}

static inline void on_message(void *context, struct channel *c, bool binary, char *p, size_t n)
{
	struct world *w = context;

	(void)c;
	buf_printf(&w->log, "%s(%.*s) ", binary ? "binary" : "text", (int)n, p);
}

static inline void on_closed(void *context, struct channel *c, enum engine_reason reason)
{
	struct world *w = context;

	(void)c;
	buf_printf(&w->log, "closed:%d ", (int)reason);
}

static inline int64_t now_ms(void *clock)
{
	return ((struct world *)clock)->now;
}

static inline void fill(void *context, void *bytes, size_t n)
{
	struct world *w = context;

	memset(bytes, w->seed++, n);
}

static inline int setup(void **state)
{
	static const struct engine_handler handler = { on_opened, on_message, on_closed };
	struct world *w = calloc(1, sizeof *w);
	struct engine_source from = {
		.options = { .ping_interval_ms = 25000,
			.ping_timeout_ms = 20000,
			.upgrade_timeout_ms = 10000,
			.poll_close_timeout_ms = 30000,
			.max_payload = 1000,
			.send_queue_max = 500,
			.volatile_queue_max = 100,
			.polling = true,
			.websocket = true,
			.upgrades = true,
			.revision_3 = side()->revision_3 },
		.ops = { .ws_send = ws_send,
			.ws_flush = ws_waiting,
			.ws_waiting = ws_waiting,
			.ws_close = ws_close,
			.poll_answer = poll_answer },
		.now_ms = now_ms,
		.clock = w,
		.rng = { .fill = fill, .context = w },
	};

	side()->w = w;
	side()->query = "EIO=4&transport=polling";
	w->timers = timers_none();
	w->now = 1000;
	assert_int_equal(frame_pool_new(&w->pool), ERR_OK);
	from.frames = w->pool;
	from.timers = &w->timers;
	assert_int_equal(engine_new(&from, &w->engine), ERR_OK);
	engine_set_handler(w->engine, &handler, w);
	*state = w;
	return 0;
}

static inline int teardown(void **state)
{
	struct world *w = *state;

	engine_turn_end(w->engine);
	engine_free(w->engine);
	frame_pool_free(w->pool);
	buf_done(&w->log);
	free(w);
	return 0;
}

/* What was done since the last look; the turn ends before. */
static inline void expect_log(struct world *w, const char *log)
{
	engine_turn_end(w->engine);
	buf_byte(&w->log, '\0');
	assert_string_equal(w->log.p, log);
	buf_clear(&w->log);
}

static inline void pass(struct world *w, int64_t ms)
{
	int64_t until = w->now + ms;

	while (timer_next_due(&w->timers) <= until) {
		if (timer_next_due(&w->timers) > w->now)
			w->now = timer_next_due(&w->timers);
		timer_run(&w->timers, w->now);
		engine_turn_end(w->engine);
	}
	w->now = until;
}

static inline struct handshake *some_handshake(void)
{
	struct handshake_source from = { .address = STR("192.0.2.1"),
		.query = str_of(side()->query) };
	struct handshake *h = NULL;

	assert_int_equal(handshake_new(&from, &h), ERR_OK);
	return h;
}

static inline void open_poll(struct world *w)
{
	assert_int_equal(engine_open_poll(w->engine, some_handshake(), STR(""), handle(0)), ERR_OK);
	engine_turn_end(w->engine);
	buf_clear(&w->log);
}

static inline void open_ws(struct world *w)
{
	struct engine_session *s = NULL;

	assert_int_equal(
		engine_open_ws(w->engine, some_handshake(), STR(""), handle(0), &s), ERR_OK);
	buf_clear(&w->log);
}

static inline void ws_text(struct world *w, size_t ws, const char *text)
{
	char copy[64];
	size_t n = strlen(text);

	memcpy(copy, text, n);
	engine_ws_message(w->session, handle(ws), false, copy, n);
}

static inline void post(struct world *w, const char *body)
{
	char copy[256];
	size_t n = strlen(body);

	memcpy(copy, body, n);
	if (engine_post_begin(w->session, handle(1), false))
		engine_post(w->session, handle(1), copy, n);
}

static inline void send_text(struct world *w, const char *text)
{
	struct frame *f = NULL;
	size_t n = strlen(text);

	assert_int_equal(frame_new(w->pool, ENGINE_FRAME_HEAD_MAX + n, &f), ERR_OK);
	engine_frame_text(f, n);
	frame_put(f, str_of(text));
	engine_session_send(w->session, f);
	frame_unref(f);
}

#endif
