/* SPDX-License-Identifier: MIT
 *
 * transport_ws - the WebSocket half of transport.h: the opening handshake (RFC 6455 section 4.1), masked frames out,
 * messages in.
 *
 * Layer: client.  Threads: its loop's.
 */
#include <stdio.h>

#include "client/link/transport_inside.h"

/* ---- frames ---- */

static size_t masked_bytes(struct str written)
{
	struct str payload;
	enum ws_opcode opcode;
	size_t n = 0;

	while (ws_next_written(&written, &opcode, &payload))
		n += WS_MASKED_HEADER_MAX + payload.n;
	return n;
}

enum err transport_ws_send(void *context, struct frame *f)
{
	struct transport *t = context;
	struct str rest = frame_str(f), payload;
	struct frame *masked;
	enum ws_opcode opcode;
	uint8_t mask[4];
	enum err e = frame_new(loop_frames(t->loop), masked_bytes(rest), &masked);

	if (e)
		return e;
	while (ws_next_written(&rest, &opcode, &payload)) {
		rng_fill(&t->from.rng, mask, sizeof mask);
		ws_write_masked(masked, opcode, payload, mask);
	}
	stream_send(t->stream, masked);
	frame_unref(masked);
	return ERR_OK;
}

size_t transport_ws_waiting(void *context)
{
	const struct transport *t = context;

	return stream_waiting(t->stream);
}

static bool send_control(struct transport *t, enum ws_opcode opcode, struct str payload)
{
	struct frame *f;
	uint8_t mask[4];

	if (frame_new(loop_frames(t->loop), WS_MASKED_HEADER_MAX + payload.n, &f))
		return false;
	rng_fill(&t->from.rng, mask, sizeof mask);
	ws_write_masked(f, opcode, payload, mask);
	stream_send(t->stream, f);
	frame_unref(f);
	return true;
}

void transport_ws_goodbye(struct transport *t, enum ws_status status)
{
	char b[2] = { (char)((unsigned)status >> 8), (char)((unsigned)status & 0xff) };

	(void)send_control(t, WS_CLOSE, (struct str){ b, sizeof b });
}

static bool on_message(void *context, enum ws_opcode opcode, char *p, size_t n)
{
	struct transport *t = context;

	engine_client_message(t->engine, opcode == WS_BINARY, p, n);
	return !t->over;
}

static bool on_control(
	void *context, enum ws_opcode opcode, enum ws_status status, struct str payload)
{
	struct transport *t = context;

	if (opcode == WS_PING) {
		if (!send_control(t, WS_PONG, payload))
			transport_end_now(t, ENGINE_TRANSPORT_ERROR, NULL);
	} else if (opcode == WS_CLOSE) {
		transport_ws_goodbye(t, status == WS_STATUS_ABSENT ? WS_STATUS_NORMAL : status);
		engine_client_gone(t->engine, true);
	}
	return !t->over;
}

static const struct ws_sink ws_sink = { .message = on_message, .control = on_control };

static void feed(struct transport *t, char *p, size_t n)
{
	enum ws_status fault = ws_feed(&t->ws, &ws_sink, t, p, n);

	if (!fault || t->over)
		return;
	transport_ws_goodbye(t, fault);
	transport_end_now(t, ENGINE_TRANSPORT_ERROR,
		fault == WS_STATUS_TOO_BIG    ? "The server sent a message that is too large."
		: fault == WS_STATUS_INTERNAL ? "There is no memory for the server's message."
					      : "The server sent something that is not WebSocket.");
}

/* ---- the opening handshake ---- */

static bool head_is_good(const struct transport *t, const struct http_head *h)
{
	return http_head_same(http_head_find(h, STR("Upgrade")), STR("websocket")) &&
	       http_head_lists(h, STR("Connection"), STR("upgrade")) &&
	       str_eq(http_head_find(h, STR("Sec-WebSocket-Accept")),
		       (struct str){ t->accept, sizeof t->accept }) &&
	       !http_head_find(h, STR("Sec-WebSocket-Extensions")).p &&
	       !http_head_find(h, STR("Sec-WebSocket-Protocol")).p;
}

static void on_head(void *context, const struct http_answer_head *head)
{
	struct transport *t = context;

	if (head->status != 101)
		snprintf(t->fault, sizeof t->fault, "The server refused WebSocket with status %d.",
			head->status);
	else if (!head_is_good(t, &head->fields))
		snprintf(t->fault, sizeof t->fault,
			"The server's answer to the WebSocket handshake is wrong.");
	else
		t->upgraded = true;
}

static void on_body(void *context, struct str piece)
{
	(void)context;
	(void)piece;
}

static void on_end(void *context)
{
	(void)context;
}

static void on_error(void *context, const char *why)
{
	struct transport *t = context;

	snprintf(t->fault, sizeof t->fault, "%s", why);
}

static const struct http_answer_sink upgrade_sink = {
	.head = on_head, .body = on_body, .end = on_end, .error = on_error
};

static void on_bytes(void *context, char *p, size_t n)
{
	struct transport *t = context;
	size_t taken = 0;

	if (!t->upgraded) {
		taken = http_answer_feed(&t->upgrade, (struct str){ p, n });
		if (t->fault[0]) {
			transport_end_now(t, ENGINE_TRANSPORT_ERROR, t->fault);
			return;
		}
		if (t->upgraded)
			http_answer_done(&t->upgrade);
	}
	if (taken < n)
		feed(t, p + taken, n - taken);
}

static void on_ready(void *context)
{
	struct transport *t = context;
	struct frame *f;

	t->reached = true;
	if (frame_of(loop_frames(t->loop), buf_str(&t->head), &f)) {
		transport_end_now(t, ENGINE_TRANSPORT_ERROR, "There is no memory for a request.");
		return;
	}
	stream_send(t->stream, f);
	frame_unref(f);
}

static void on_closed(void *context, bool clean, const char *sentence)
{
	struct transport *t = context;

	transport_end_now(t, clean ? ENGINE_TRANSPORT_CLOSE : ENGINE_TRANSPORT_ERROR, sentence);
}

static const struct stream_handler stream_handler = {
	.ready = on_ready, .bytes = on_bytes, .closed = on_closed
};

static enum err write_request(struct transport *t)
{
	CLEANUP(buf_done) struct buf key = { 0 };
	struct buf *b = &t->head;

	ws_write_key(&key, &t->from.rng);
	buf_append(b, STR("GET "));
	transport_write_target(t, b, STR(""));
	buf_append(b, STR("Connection: Upgrade\r\nUpgrade: websocket\r\n"
			  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "));
	buf_append(b, buf_str(&key));
	buf_append(b, STR("\r\n\r\n"));
	if (buf_failed(b) || buf_failed(&key) || !ws_accept(buf_str(&key), t->accept))
		return ERR_NOMEM;
	return ERR_OK;
}

enum err transport_ws_begin(struct transport *t)
{
	struct stream_source to = { .to = t->from.to,
		.proxy = t->from.proxy,
		.trust = t->from.trust,
		.handler = &stream_handler,
		.context = t };
	enum err e = write_request(t);

	http_answer_init(&t->upgrade, &upgrade_sink, t, UINT64_MAX);
	return e ? e : stream_new(t->loop, &to, &t->stream);
}
