/* SPDX-License-Identifier: MIT
 *
 * test_answer - bytes in, answers out: each case whole, cut in two at every byte, and byte by byte.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "http/http_answer.h"

#define OK      "HTTP/1.1 200 OK\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"

/* "H(status keep)", the body, "E" at the end, "!" at an error; "|rest" for what was not taken. */
static void on_head(void *context, const struct http_answer_head *head)
{
	buf_printf(context, "H(%d%s)", head->status, head->fields.keep_alive ? " keep" : "");
}

static void on_body(void *context, struct str piece)
{
	buf_append(context, piece);
}

static void on_end(void *context)
{
	buf_byte(context, 'E');
}

static void on_error(void *context, const char *why)
{
	assert_true(why[0] >= 'A' && why[0] <= 'Z' && why[strlen(why) - 1] == '.');
	buf_byte(context, '!');
}

static const struct http_answer_sink sink = {
	.head = on_head, .body = on_body, .end = on_end, .error = on_error
};

static const struct {
	const char *what, *in, *out;
	enum http_answer_to to;
} cases[] = {
	{ "a length", OK "Content-Length: 5\r\n\r\nhello", "H(200 keep)helloE" },
	{ "no body", OK "Content-Length: 0\r\n\r\n", "H(200 keep)E" },
	{ "chunks", OK CHUNKED "\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: x\r\n\r\n",
		"H(200 keep)abcdeE" },
	{ "until the end", OK "\r\nhello", "H(200)helloE" },
	{ "no reason", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", "H(404 keep)E" },
	{ "HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "H(200)xE" },
	{ "HTTP/1.0 that goes on",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx",
		"H(200 keep)xE" },
	{ "one that closes", OK "Connection: close\r\nContent-Length: 1\r\n\r\nx", "H(200)xE" },
	{ "204 has no body", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n",
		"H(204 keep)E" },
	{ "a hint before",
		"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" OK "Content-Length: 1\r\n\r\nx",
		"H(200 keep)xE" },
	{ "another protocol", "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n\x81\x01x",
		"H(101 keep)|\x81\x01x" },
	{ "a tunnel", "HTTP/1.1 200 OK\r\n\r\nabc", "H(200 keep)|abc", HTTP_ANSWER_TO_CONNECT },
	{ "no tunnel", "HTTP/1.1 407 No\r\nContent-Length: 1\r\n\r\nx", "H(407 keep)xE",
		HTTP_ANSWER_TO_CONNECT },
	{ "the same length twice", OK "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
		"H(200 keep)xE" },
	{ "two lengths", OK "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", "!" },
	{ "a length and chunks", OK CHUNKED "Content-Length: 1\r\n\r\nx", "!" },
	{ "another coding", OK "Transfer-Encoding: gzip\r\n\r\nx", "!" },
	{ "two codings", OK CHUNKED CHUNKED "\r\nx", "!" },
	{ "a length that is none", OK "Content-Length: 1x\r\n\r\nx", "!" },
	{ "a length beyond all", OK "Content-Length: 9999999999999999999\r\n\r\nx", "!" },
	{ "a body that is too long by its length", OK "Content-Length: 17\r\n\r\n",
		"H(200 keep)!" },
	{ "chunks that are no chunks", OK CHUNKED "\r\nx\r\n", "H(200 keep)!" },
	{ "an answer that ends early", OK "Content-Length: 5\r\n\r\nhel", "H(200 keep)hel!" },
	{ "chunks that end early", OK CHUNKED "\r\n3\r\nab", "H(200 keep)ab!" },
	{ "a head that ends early", "HTTP/1.1 200 OK\r\nA: b\r\n", "!" },
	{ "no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "!" },
	{ "HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "!" },
	{ "a status below all", "HTTP/1.1 099 X\r\n\r\n", "!" },
	{ "a status above all", "HTTP/1.1 600 X\r\n\r\n", "!" },
	{ "bare line feeds", "HTTP/1.1 200 OK\nA: b\n\n", "!" },
	{ "a bare line feed at the end", "HTTP/1.1 200 OK\r\n\n", "!" },
	{ "a folded field", OK "A: b\r\n c\r\n\r\n", "!" },
	{ "a space before the colon", OK "A : b\r\n\r\n", "!" },
	{ "a field without colon", OK "A\r\n\r\n", "!" },
	{ "a field without name", OK ": b\r\n\r\n", "!" },
	{ "a control character", OK "A: b\001c\r\n\r\n", "!" },
	{ "nothing but an empty line", "\r\n\r\n", "!" },
};

static void run(size_t i, const size_t *cuts, size_t count)
{
	CLEANUP(buf_done) struct buf log = { 0 };
	struct http_answer r;
	struct str in = str_of(cases[i].in);
	size_t from = 0;

	http_answer_init(&r, &sink, &log, 16);
	r.to = cases[i].to;
	for (size_t k = 0; k <= count; k++) {
		size_t to = k < count ? cuts[k] : in.n;
		char *piece = malloc(to - from + 1);
		assert_non_null(piece);
		memcpy(piece, in.p + from, to - from);
		size_t taken = http_answer_feed(&r, (struct str){ piece, to - from });
		if (taken < to - from && !memchr(log.p, '!', log.n)) {
			if (!memchr(log.p, '|', log.n))
				buf_byte(&log, '|');
			buf_append(&log, (struct str){ piece + taken, to - from - taken });
		}
		free(piece);
		from = to;
	}
	http_answer_gone(&r);
	http_answer_done(&r);
	if (!str_eq(buf_str(&log), str_of(cases[i].out)))
		fail_msg("%s, %zu cuts, the first at %zu: " STR_FMT, cases[i].what, count,
			count ? cuts[0] : 0, STR_ARG(buf_str(&log)));
}

static void each_answer_reads_the_same_however_it_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t every[256], n = strlen(cases[i].in);

		run(i, NULL, 0);
		for (size_t cut = 1; cut < n; cut++) {
			run(i, &cut, 1);
			every[cut - 1] = cut;
		}
		run(i, every, n - 1);
	}
}

static void answers_follow_each_other(void **state)
{
	CLEANUP(buf_done) struct buf log = { 0 };
	struct str two = STR(OK "Content-Length: 1\r\n\r\na" OK "Content-Length: 1\r\n\r\nb");
	struct http_answer r;

	(void)state;
	http_answer_init(&r, &sink, &log, 16);
	size_t taken = http_answer_feed(&r, two);
	assert_int_equal(taken, two.n / 2);
	assert_null(r.work);
	assert_int_equal(http_answer_feed(&r, str_after(two, taken)), two.n / 2);
	http_answer_gone(&r);
	assert_true(str_eq(buf_str(&log), STR("H(200 keep)aEH(200 keep)bE")));
}

static void a_body_without_a_length_has_its_bound_too(void **state)
{
	CLEANUP(buf_done) struct buf log = { 0 };
	struct http_answer r;

	(void)state;
	http_answer_init(&r, &sink, &log, 16);
	http_answer_feed(&r, STR(OK "\r\n0123456789"));
	http_answer_feed(&r, STR("0123456789"));
	http_answer_gone(&r);
	http_answer_done(&r);
	assert_true(str_eq(buf_str(&log), STR("H(200)0123456789!")));
}

static void a_head_has_its_bounds(void **state)
{
	CLEANUP(buf_done) struct buf log = { 0 };
	CLEANUP(buf_done) struct buf many = { 0 };
	struct http_answer r;

	(void)state;
	buf_append(&many, STR(OK));
	for (size_t i = 0; i <= HEADER_COUNT_MAX; i++)
		buf_append(&many, STR("A: b\r\n"));
	buf_append(&many, STR("\r\n"));
	http_answer_init(&r, &sink, &log, 16);
	http_answer_feed(&r, buf_str(&many));
	http_answer_done(&r);
	buf_clear(&many);
	buf_append(&many, STR(OK "A: "));
	for (size_t i = 0; i < HEADER_BLOCK_MAX; i++)
		buf_byte(&many, 'x');
	http_answer_feed(&r, buf_str(&many));
	http_answer_done(&r);
	assert_true(str_eq(buf_str(&log), STR("!!")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_reads_the_same_however_it_is_cut),
		cmocka_unit_test(answers_follow_each_other),
		cmocka_unit_test(a_body_without_a_length_has_its_bound_too),
		cmocka_unit_test(a_head_has_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
