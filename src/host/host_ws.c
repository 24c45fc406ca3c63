/* SPDX-License-Identifier: MIT
 *
 * host_ws - a connection that speaks WebSocket, and what the engine asks of one.
 *
 * Layer: host.  Threads: the loop's.
 */
#include "base/limits.h"
#include "host/host_inside.h"

enum { PONG_QUEUE_MAX = 65536 }; /* who pings without reading gets no more pongs */

static void send_control(struct host_peer *p, enum ws_opcode opcode, struct str payload)
{
	struct frame *f;

	if (frame_new(loop_frames(p->thread->loop), WS_HEADER_MAX + payload.n, &f)) {
		conn_close(p->conn);
		return;
	}
	ws_write_control(f, opcode, payload);
	conn_send(p->conn, f);
	frame_unref(f);
}

/* A close frame behind what is queued, then the end. */
void host_ws_end(struct host_peer *p, enum ws_status status)
{
	char b[2] = { (char)((unsigned)status >> 8), (char)((unsigned)status & 0xff) };
	struct str payload = { b, status == WS_STATUS_ABSENT ? 0 : sizeof b };

	if (status == WS_STATUS_NONE) {
		conn_close(p->conn);
		return;
	}
	send_control(p, WS_CLOSE, payload);
	conn_finish(p->conn);
}

/* The session, if there is one, loses its WebSocket. */
static void session_gone(struct host_peer *p, bool clean)
{
	struct engine_session *s = p->session;

	p->session = NULL;
	host_late_drop(p);
	if (s)
		engine_ws_gone(s, p, clean);
	if (p->bare)
		sio_websocket_gone(p);
}

static bool on_message(void *context, enum ws_opcode opcode, char *bytes, size_t n)
{
	struct host_peer *p = context;

	host_late_hurry(p);
	if (p->session)
		engine_ws_message(p->session, p, opcode == WS_BINARY, bytes, n);
	else if (p->bare)
		sio_websocket_message(p, opcode == WS_BINARY, bytes, n);
	return (p->session || p->bare) && !conn_is_closing(p->conn);
}

static bool on_control(
	void *context, enum ws_opcode opcode, enum ws_status status, struct str payload)
{
	struct host_peer *p = context;

	if (opcode == WS_PING && ++p->pings > PINGS_PER_READ_MAX) {
		host_count(p->server, SIO_LIMIT_PINGS);
		host_blame(p);
		host_ws_end(p, WS_STATUS_POLICY);
		session_gone(p, false);
	} else if (opcode == WS_PING && conn_queued(p->conn) < PONG_QUEUE_MAX)
		send_control(p, WS_PONG, payload);
	if (opcode == WS_CLOSE) {
		host_ws_end(p, status);
		session_gone(p, true);
	}
	return !conn_is_closing(p->conn);
}

static const struct ws_sink sink = { .message = on_message, .control = on_control };

static void on_bytes(void *context, char *bytes, size_t n)
{
	struct host_peer *p = context;

	p->pings = 0;
	enum ws_status fault = ws_feed(&p->ws, &sink, p, bytes, n);

	if (fault) {
		if (fault == WS_STATUS_TOO_BIG)
			host_count(p->server, SIO_LIMIT_BODY);
		host_blame(p);
		host_ws_end(p, fault);
		session_gone(p, false);
	}
	host_remote_throttle(p);
}

static void on_closed(void *context, enum conn_end end)
{
	struct host_peer *p = context;

	(void)end; /* Node too calls a reset "transport close" */
	session_gone(p, true);
	host_peer_free(p);
}

const struct conn_handler *host_ws_handler(void)
{
	static const struct conn_handler handler = { .bytes = on_bytes, .closed = on_closed };

	return &handler;
}

/* ---- what the engine asks ---- */

static size_t ws_send(void *ws, struct frame *f)
{
	struct host_peer *p = ws;

	conn_send(p->conn, host_deflate_frame(p, f));
	return conn_queued(p->conn);
}

static size_t ws_flush(void *ws)
{
	struct host_peer *p = ws;

	conn_flush(p->conn);
	return conn_queued(p->conn);
}

static size_t ws_waiting(void *ws)
{
	const struct host_peer *p = ws;

	return conn_queued(p->conn);
}

static void ws_close(void *ws, enum ws_status status)
{
	struct host_peer *p = ws;

	p->session = NULL;
	host_ws_end(p, status);
}

static void ws_blame(void *ws)
{
	host_blame(ws);
}

struct engine_ops host_ws_ops(void)
{
	return (struct engine_ops){ .ws_send = ws_send,
		.ws_flush = ws_flush,
		.ws_waiting = ws_waiting,
		.ws_close = ws_close,
		.ws_blame = ws_blame };
}
