/* SPDX-License-Identifier: MIT
 *
 * fuzz_http_request - the first thing that a stranger's bytes meet. However they are cut, the events are the same.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/buf.h"
#include "fuzz.h"
#include "http/http_request.h"

static void on_head(void *context, const struct http_head *head)
{
	(void)head;
	buf_append(context, STR("H"));
}

static void on_body(void *context, struct str piece)
{
	MUST(piece.n > 0);
	buf_append(context, piece);
}

static void on_end(void *context)
{
	buf_append(context, STR("E\n"));
}

static void on_error(void *context, int status, const char *why)
{
	MUST(why && status >= 400);
	buf_printf(context, "!%d\n", status);
}

static const struct http_request_sink sink = {
	.head = on_head,
	.body = on_body,
	.end = on_end,
	.error = on_error,
};

/* Feeds pieces of at most `piece` bytes, until an error or an upgrade ends the reading. */
static void read_all(struct str in, size_t piece, struct buf *log)
{
	struct http_request r;

	http_request_init(&r, &sink, log);
	while (in.n) {
		size_t n = in.n < piece ? in.n : piece;
		size_t taken = http_request_feed(&r, (struct str){ in.p, n });
		MUST(taken <= n);
		in = str_after(in, taken);
		enum http_request_phase phase = http_request_phase(&r);
		if (phase == HTTP_REQUEST_BROKEN || phase == HTTP_REQUEST_UPGRADED)
			break;
	}
	http_request_done(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct buf whole = { 0 };

	read_all(in, size ? size : 1, &whole);
	for (size_t piece = 1; piece <= 7; piece += 3) {
		struct buf cut = { 0 };
		read_all(in, piece, &cut);
		MUST(str_eq(buf_str(&whole), buf_str(&cut)));
		buf_done(&cut);
	}
	buf_done(&whole);
	return 0;
}
