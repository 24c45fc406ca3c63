/* SPDX-License-Identifier: MIT
 *
 * world - namespaces over a pretended host of WebSockets: what the peers say in, a log of all that was done.
 *
 * Layer: tests.  Threads: one.
 */
#ifndef UNIT_SIO_WORLD_H
#define UNIT_SIO_WORLD_H

#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "sio/sio_inside.h"

enum { PEERS = 4 };

#define TEXT(literal) ((struct sio_str){ "" literal, sizeof(literal) - 1 })

struct world;

/* One pretended WebSocket. */
struct peer {
	struct world *w;
	char name;
	struct engine_session *session; /* NULL when it was closed */
	struct sio_socket *socket;      /* the last that connected */
	size_t waiting;
	struct frame *last;
	char sid[21], pid[25];
};

struct world {
	struct peer peers[PEERS];
	struct buf log;
	struct timers timers;
	struct frame_pool *pool;
	struct engine *engine;
	struct sio_core *core;
	struct sio_namespace *main, *lazy;
	struct peer *active; /* who is being fed */
	const char *query;   /* of the handshakes to come */
	int64_t now;
	uint8_t seed;
	struct sio_ack ack; /* of the last event */
};

/* ---- the host ---- */

/* What a client keeps of an answer to CONNECT: {"sid":"…","pid":"…"}. */
static inline void keep_secret(struct peer *p, struct str answer)
{
	const char *sid = memmem(answer.p, answer.n, "\"sid\":\"", 7);
	const char *pid = memmem(answer.p, answer.n, "\"pid\":\"", 7);

	if (sid)
		memcpy(p->sid, sid + 7, sizeof p->sid - 1);
	if (pid)
		memcpy(p->pid, pid + 7, sizeof p->pid - 1);
}

/* Logs texts but the handshake's; ids are as good as random, so answers to CONNECT are cut. */
static inline size_t ws_send(void *ws, struct frame *f)
{
	struct peer *p = ws;
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;

	if (p->last)
		frame_unref(p->last);
	p->last = frame_ref(f);
	while (ws_next_written(&rest, &opcode, &payload)) {
		if (opcode == WS_BINARY)
			buf_printf(&p->w->log, "%c<[" STR_FMT "] ", p->name, STR_ARG(payload));
		else if (payload.p[0] == '4' && payload.p[1] == '0') {
			buf_printf(&p->w->log, "%c<40 ", p->name);
			keep_secret(p, payload);
		} else if (payload.p[0] == '4')
			buf_printf(&p->w->log, "%c<" STR_FMT " ", p->name, STR_ARG(payload));
	}
	return p->waiting;
}

static inline size_t ws_waiting(void *ws)
{
	return ((struct peer *)ws)->waiting;
}

static inline void ws_close(void *ws, enum ws_status status)
{
	struct peer *p = ws;

	(void)status;
	p->session = NULL;
	buf_printf(&p->w->log, "%c! ", p->name);
}

static inline void poll_answer(void *poll, const struct engine_answer *a)
{
	(void)poll;
	(void)a;
}

static inline int64_t now_ms(void *clock)
{
	return ((struct world *)clock)->now;
}

static inline void fill(void *context, void *bytes, size_t n)
{
	memset(bytes, ((struct world *)context)->seed++, n);
}

/* ---- the program ---- */

static inline void on_connect(void *context, struct sio_socket *s, struct sio_str auth)
{
	struct world *w = context;

	buf_printf(&w->log, "connect(%.*s) ", (int)auth.n, auth.p);
	w->active->socket = s;
}

static inline void on_connected(void *context, struct sio_socket *s)
{
	struct world *w = context;

	if (w->active)
		w->active->socket = s;
}

static inline void on_event(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct world *w = context;

	(void)s;
	buf_printf(&w->log, "event(%.*s|%.*s", (int)e->name.n, e->name.p, (int)e->args.json.n,
		e->args.json.p);
	for (size_t i = 0; i < e->args.attachment_count; i++)
		buf_printf(&w->log, "|[%.*s]", (int)e->args.attachments[i].n,
			e->args.attachments[i].p);
	buf_append(&w->log, STR(") "));
	w->ack = e->ack;
	if (e->name.n == 3 && memcmp(e->name.p, "bye", 3) == 0)
		sio_socket_disconnect(s);
}

static inline void on_disconnected(void *context, struct sio_socket *s, enum sio_reason reason)
{
	struct world *w = context;

	buf_printf(&w->log, "gone(%s)%s ", sio_reason_text(reason),
		sio_socket_is_recoverable(s) ? "+" : "");
	struct sio_excess excess = sio_socket_excess(s);
	if (excess.limit)
		buf_printf(&w->log, "%s: %d of %d ", sio_limit_text(excess.limit),
			(int)excess.value, (int)excess.max);
}

static inline void on_expired(void *context, void *user)
{
	struct world *w = context;

	buf_printf(&w->log, "expired(%s) ", user ? (const char *)user : "");
}

static const struct sio_namespace_handler eager = { .connected = on_connected,
	.event = on_event,
	.disconnected = on_disconnected,
	.expired = on_expired };
static const struct sio_namespace_handler asking = { .connect = on_connect,
	.connected = on_connected,
	.event = on_event,
	.disconnected = on_disconnected,
	.expired = on_expired };

static inline int setup_with(void **state, int64_t recovery_ms)
{
	struct world *w = calloc(1, sizeof *w);
	struct engine_source from = {
		.options = { .ping_interval_ms = 1000000,
			.ping_timeout_ms = 1000,
			.upgrade_timeout_ms = 1000,
			.poll_close_timeout_ms = 1000,
			.max_payload = 1000,
			.send_queue_max = 5000,
			.volatile_queue_max = 100,
			.polling = true,
			.websocket = true },
		.ops = { .ws_send = ws_send,
			.ws_flush = ws_waiting,
			.ws_waiting = ws_waiting,
			.ws_close = ws_close,
			.poll_answer = poll_answer },
		.now_ms = now_ms,
		.clock = w,
		.rng = { .fill = fill, .context = w },
	};

	struct sio_core_options options = { .connect_timeout_ms = 45000,
		.recovery_ms = recovery_ms,
		.keep_ms = recovery_ms,
		.recovery_bytes = 4000,
		.replay_bytes = 2500,
		.dynamic_max = 3,
		.packet_rate = 50,
		.send_queue_max = 5000,
		.recovery_asks_connect = true };

	w->timers = timers_none();
	w->now = 1000;
	w->query = "EIO=4";
	assert_int_equal(frame_pool_new(&w->pool), ERR_OK);
	from.frames = w->pool;
	from.timers = &w->timers;
	assert_int_equal(engine_new(&from, &w->engine), ERR_OK);
	assert_int_equal(sio_core_new(w->engine, &options, &w->core), ERR_OK);
	assert_int_equal(sio_core_of(w->core, STR("/"), &eager, w, &w->main), SIO_OK);
	assert_int_equal(sio_core_of(w->core, STR("/lazy"), &asking, w, &w->lazy), SIO_OK);
	for (size_t i = 0; i < PEERS; i++)
		w->peers[i] = (struct peer){ .w = w, .name = (char)('A' + i) };
	*state = w;
	return 0;
}

static inline int setup(void **state)
{
	return setup_with(state, 0);
}

static inline void turn(struct world *w)
{
	sio_core_turn_end(w->core);
	engine_turn_end(w->engine);
}

static inline int teardown(void **state)
{
	struct world *w = *state;

	sio_core_close_some(w->core, SIZE_MAX, ENGINE_SHUTTING_DOWN);
	turn(w);
	sio_core_free(w->core);
	engine_free(w->engine);
	for (size_t i = 0; i < PEERS; i++)
		frame_unref(w->peers[i].last);
	frame_pool_free(w->pool);
	buf_done(&w->log);
	free(w);
	return 0;
}

static inline void expect_log(struct world *w, const char *log)
{
	turn(w);
	buf_byte(&w->log, '\0');
	assert_string_equal(w->log.p, log);
	buf_clear(&w->log);
}

static inline void open_peer(struct world *w, size_t i)
{
	struct handshake_source from = { .address = STR("192.0.2.1"), .query = str_of(w->query) };
	struct handshake *h = NULL;

	assert_int_equal(handshake_new(&from, &h), ERR_OK);
	assert_int_equal(
		engine_open_ws(w->engine, h, STR(""), &w->peers[i], &w->peers[i].session), ERR_OK);
}

/* The peer sends a text, or a binary message. */
static inline void say(struct world *w, size_t i, const char *text, bool binary)
{
	char *copy = malloc(strlen(text) + 1);

	memcpy(copy, text, strlen(text) + 1);
	w->active = &w->peers[i];
	if (w->peers[i].session)
		engine_ws_message(w->peers[i].session, &w->peers[i], binary, copy, strlen(text));
	w->active = NULL;
	free(copy);
}

static inline void connect_all(struct world *w)
{
	for (size_t i = 0; i < PEERS; i++) {
		open_peer(w, i);
		say(w, i, "40", false);
	}
	expect_log(w, "A<40 B<40 C<40 D<40 ");
}

static inline void pass(struct world *w, int64_t ms)
{
	w->now += ms;
	timer_run(&w->timers, w->now);
	turn(w);
}

#endif
