/* SPDX-License-Identifier: MIT
 *
 * fuzz_ws - WebSocket frames in both roles, with permessage-deflate and without. However they are cut, the messages and the fault are the same; text is UTF-8.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/buf.h"
#include "base/text.h"
#include "fuzz.h"
#include "ws/ws.h"

enum { MESSAGE_MAX = 1000 };

static bool on_message(void *context, enum ws_opcode opcode, char *p, size_t n)
{
	struct str message = { p, n };

	MUST(n <= MESSAGE_MAX);
	MUST(opcode != WS_TEXT || text_is_utf8(message));
	buf_printf(context, "message %d %zu ", (int)opcode, n);
	buf_append(context, message);
	return true;
}

static bool on_control(
	void *context, enum ws_opcode opcode, enum ws_status status, struct str payload)
{
	MUST(payload.n <= WS_CONTROL_MAX);
	buf_printf(context, "control %d %d ", (int)opcode, (int)status);
	buf_append(context, payload);
	return true;
}

static const struct ws_sink sink = { .message = on_message, .control = on_control };

static void read_all(struct str in, const struct ws *fresh, size_t piece, struct buf *log)
{
	enum ws_status fault = WS_STATUS_NONE;
	struct ws w = *fresh;

	while (in.n && !fault) {
		size_t n = in.n < piece ? in.n : piece;
		char *bytes = malloc(n); /* may be changed in place */
		MUST(bytes);
		memcpy(bytes, in.p, n);
		fault = ws_feed(&w, &sink, log, bytes, n);
		free(bytes);
		in = str_after(in, n);
	}
	buf_printf(log, "fault %d", (int)fault);
	ws_done(&w);
}

static void reads_the_same_however_cut(struct str in, const struct ws *fresh)
{
	struct buf whole = { 0 };

	read_all(in, fresh, in.n + 1, &whole);
	for (size_t piece = 1; piece <= 5; piece += 2) {
		struct buf cut = { 0 };
		read_all(in, fresh, piece, &cut);
		MUST(str_eq(buf_str(&whole), buf_str(&cut)));
		buf_done(&cut);
	}
	buf_done(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct deflate *d = NULL;

	MUST(deflate_new(&d) == ERR_OK);
	for (int role = WS_SERVER; role <= WS_CLIENT; role++) {
		struct ws fresh;
		ws_init(&fresh, (enum ws_role)role, MESSAGE_MAX);
		reads_the_same_however_cut(in, &fresh);
		fresh.deflate = d;
		reads_the_same_however_cut(in, &fresh);
	}
	deflate_free(d);
	return 0;
}
