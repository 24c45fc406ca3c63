/* SPDX-License-Identifier: MIT
 *
 * fuzz_ws_deflate - permessage-deflate. The bytes are an offer, then frames, which read the same however they are cut, then a
 * message, which comes back as it was from every window.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/buf.h"
#include "base/text.h"
#include "fuzz.h"
#include "ws/ws.h"
#include "ws/ws_deflate.h"

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
	buf_printf(context, "control %d %d ", (int)opcode, (int)status);
	buf_append(context, payload);
	return true;
}

static const struct ws_sink sink = { .message = on_message, .control = on_control };

static void read_all(struct deflate *d, struct str in, size_t piece, struct buf *log)
{
	enum ws_status fault = WS_STATUS_NONE;
	struct ws w;

	ws_init(&w, WS_CLIENT, MESSAGE_MAX);
	w.deflate = d;
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

static void offers_are_answered(struct str in)
{
	struct buf answer = { 0 };
	unsigned bits = ws_deflate_accept(in, &answer);

	MUST(bits == 0 || (bits >= DEFLATE_BITS_MIN && bits <= DEFLATE_BITS_MAX));
	MUST((bits == 0) == (answer.n == 0));
	if (bits) { /* the answer is itself an offer with the same meaning */
		struct buf again = { 0 };
		MUST(ws_deflate_accept(buf_str(&answer), &again) == bits);
		MUST(str_eq(buf_str(&answer), buf_str(&again)));
		buf_done(&again);
	}
	buf_done(&answer);
}

static void frames_read_the_same_however_cut(struct deflate *d, struct str in)
{
	struct buf whole = { 0 };

	read_all(d, in, in.n + 1, &whole);
	for (size_t piece = 1; piece <= 5; piece += 2) {
		struct buf cut = { 0 };
		read_all(d, in, piece, &cut);
		MUST(str_eq(buf_str(&whole), buf_str(&cut)));
		buf_done(&cut);
	}
	buf_done(&whole);
}

static void what_is_written_reads_back(struct deflate *d, struct str message)
{
	for (unsigned bits = DEFLATE_BITS_MIN; bits <= DEFLATE_BITS_MAX; bits += 3) {
		struct buf packed = { 0 }, plain = { 0 };
		MUST(deflate_message(d, bits, message, &packed) == ERR_OK);
		MUST(deflate_read_message(d, buf_str(&packed), message.n, &plain) == ERR_OK);
		MUST(str_eq(message, buf_str(&plain)));
		buf_clear(&plain);
		MUST(message.n == 0 || deflate_read_message(d, buf_str(&packed), message.n - 1,
					       &plain) == ERR_TOO_LARGE);
		buf_done(&packed);
		buf_done(&plain);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct deflate *d = NULL;

	MUST(deflate_new(&d) == ERR_OK);
	offers_are_answered(in);
	frames_read_the_same_however_cut(d, in);
	what_is_written_reads_back(d, in);
	deflate_free(d);
	return 0;
}
