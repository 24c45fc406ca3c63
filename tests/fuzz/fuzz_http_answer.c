/* SPDX-License-Identifier: MIT
 *
 * fuzz_http_answer - HTTP answers, as a client reads them. However they are cut, what is told is the same.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/buf.h"
#include "fuzz.h"
#include "http/http_answer.h"

enum { BODY_MAX = 500 };

struct told {
	struct buf log, body;
	bool over; /* an error, or another protocol */
};

static void on_head(void *context, const struct http_answer_head *head)
{
	struct told *t = context;

	MUST(head->status >= 100 && head->status <= 599);
	buf_printf(&t->log, "head %d %zu %d ", head->status, head->fields.header_count,
		(int)head->fields.keep_alive);
}

static void on_body(void *context, struct str piece)
{
	struct told *t = context;

	MUST(piece.n > 0);
	buf_append(&t->body, piece);
	MUST(t->body.n <= BODY_MAX);
}

static void on_end(void *context)
{
	struct told *t = context;

	buf_append(&t->log, buf_str(&t->body));
	buf_append(&t->log, STR(" end "));
	buf_clear(&t->body);
}

static void on_error(void *context, const char *why)
{
	struct told *t = context;

	MUST(why && !t->over);
	t->over = true;
	buf_append(&t->log, STR("error "));
}

static const struct http_answer_sink sink = {
	.head = on_head, .body = on_body, .end = on_end, .error = on_error
};

static void read_all(struct str in, enum http_answer_to to, size_t piece, struct told *t)
{
	struct http_answer r;

	http_answer_init(&r, &sink, t, BODY_MAX);
	r.to = to;
	while (in.n && !t->over) {
		size_t n = in.n < piece ? in.n : piece;
		size_t taken = http_answer_feed(&r, (struct str){ in.p, n });
		MUST(taken <= n);
		if (taken == 0)
			t->over = true; /* behind it another protocol speaks */
		in = str_after(in, taken);
	}
	if (!t->over)
		http_answer_gone(&r);
	http_answer_done(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };

	for (int to = HTTP_ANSWER_TO_REQUEST; to <= HTTP_ANSWER_TO_CONNECT; to++) {
		struct told whole = { 0 };
		read_all(in, (enum http_answer_to)to, size ? size : 1, &whole);
		for (size_t piece = 1; piece <= 5; piece += 2) {
			struct told cut = { 0 };
			read_all(in, (enum http_answer_to)to, piece, &cut);
			MUST(str_eq(buf_str(&whole.log), buf_str(&cut.log)));
			buf_done(&cut.log);
			buf_done(&cut.body);
		}
		buf_done(&whole.log);
		buf_done(&whole.body);
	}
	return 0;
}
