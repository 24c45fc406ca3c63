/* SPDX-License-Identifier: MIT
 *
 * test_request - requests as bytes, what comes out, and what is refused; each also split at every
 * byte.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "http/http_request.h"

/* Writes down what the sink is told; bodies as one run, so that splits do not show. */
struct trace {
	struct buf text;
	bool in_body;
	uint64_t body_max;
	struct http_request request;
};

static void body_closed(struct trace *t)
{
	if (t->in_body)
		buf_append(&t->text, STR("] "));
	t->in_body = false;
}

static void on_head(void *context, const struct http_head *h)
{
	struct trace *t = context;

	buf_printf(&t->text, "%.*s %.*s ?%.*s v%d len=%lld%s%s%s%s ", STR_ARG(h->method_name),
		STR_ARG(h->path), STR_ARG(h->query), h->minor_version, (long long)h->content_length,
		h->chunked ? " chunked" : "", h->keep_alive ? "" : " close",
		h->upgrade ? " upgrade" : "", h->expects_continue ? " expect" : "");
	for (size_t i = 0; i < h->header_count; i++)
		buf_printf(&t->text, "%.*s=%.*s;", STR_ARG(h->headers[i].name),
			STR_ARG(h->headers[i].value));
	buf_byte(&t->text, ' ');
	if (t->body_max)
		http_request_limit_body(&t->request, t->body_max);
}

static void on_body(void *context, struct str piece)
{
	struct trace *t = context;

	assert_true(piece.n > 0);
	if (!t->in_body)
		buf_byte(&t->text, '[');
	t->in_body = true;
	buf_append(&t->text, piece);
}

static void on_end(void *context)
{
	struct trace *t = context;

	body_closed(t);
	buf_append(&t->text, STR("end\n"));
}

static void on_error(void *context, int status, const char *why)
{
	struct trace *t = context;

	body_closed(t);
	assert_non_null(why);
	buf_printf(&t->text, "error %d", status);
}

static const struct http_request_sink sink = { on_head, on_body, on_end, on_error };

/* Feeds pieces of at most `piece` bytes, and again what was left behind the end of a request. */
static struct str run(struct trace *t, struct str bytes, size_t piece)
{
	enum http_request_phase phase = HTTP_REQUEST_IDLE;

	http_request_init(&t->request, &sink, t);
	while (bytes.n) {
		size_t n = bytes.n < piece ? bytes.n : piece;
		size_t used = http_request_feed(&t->request, (struct str){ bytes.p, n });
		bytes = str_after(bytes, used);
		phase = http_request_phase(&t->request);
		if (phase == HTTP_REQUEST_UPGRADED || phase == HTTP_REQUEST_BROKEN)
			break;
	}
	http_request_done(&t->request);
	if (phase == HTTP_REQUEST_UPGRADED)
		buf_printf(&t->text, "(rest %zu)", bytes.n);
	return buf_str(&t->text);
}

struct exchange {
	const char *what, *bytes, *events;
	uint64_t body_max;
};

#define H11 " HTTP/1.1\r\nHost: a\r\n"

static const struct exchange exchanges[] = {
	{ "a GET", "GET /a?b=c&d HTTP/1.1\r\nHost: x:80\r\nA:  b \t\r\nEmpty:\r\n\r\n",
		"GET /a ?b=c&d v1 len=-1 Host=x:80;A=b;Empty=; end\n" },
	{ "two in a row, the second with a body",
		"GET /" H11 "\r\nPOST /b" H11 "Content-Length: 5\r\n\r\nhello",
		"GET / ? v1 len=-1 Host=a; end\nPOST /b ? v1 len=5 Host=a;Content-Length=5; "
		"[hello] end\n" },
	{ "an empty line before the request line", "\r\nGET /" H11 "\r\n",
		"GET / ? v1 len=-1 Host=a; end\n" },
	{ "a body of no bytes", "POST /" H11 "Content-Length: 0\r\n\r\n",
		"POST / ? v1 len=0 Host=a;Content-Length=0; end\n" },
	{ "chunks with an extension and a trailer",
		"POST /" H11 "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n00A\r\n, my "
		"world\r\n0\r\nT: v\r\n\r\n",
		"POST / ? v1 len=-1 chunked Host=a;Transfer-Encoding=chunked; [hello, my world] "
		"end\n" },
	{ "HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", "GET / ? v0 len=-1 close  end\n" },
	{ "HTTP/1.0 that wants to stay", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
		"GET / ? v0 len=-1 Connection=Keep-Alive; end\n" },
	{ "close among other words", "GET /" H11 "Connection: foo, Close\r\n\r\n",
		"GET / ? v1 len=-1 close Host=a;Connection=foo, Close; end\n" },
	{ "an upgrade leaves the rest alone",
		"GET /s" H11 "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\r\nrest",
		"GET /s ? v1 len=-1 upgrade Host=a;Upgrade=websocket;Connection=keep-alive, "
		"Upgrade; (rest 4)" },
	{ "Upgrade without Connection is none", "GET /" H11 "Upgrade: websocket\r\n\r\n",
		"GET / ? v1 len=-1 Host=a;Upgrade=websocket; end\n" },
	{ "100-continue", "PATCH /u" H11 "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
		"PATCH /u ? v1 len=1 expect Host=a;Expect=100-continue;Content-Length=1; [x] "
		"end\n" },
	{ "absolute form", "GET http://a/b?c" H11 "\r\n", "GET /b ?c v1 len=-1 Host=a; end\n" },
	{ "asterisk form", "OPTIONS *" H11 "\r\n", "OPTIONS * ? v1 len=-1 Host=a; end\n" },
	{ "a method without route", "PURGE /" H11 "\r\n", "PURGE / ? v1 len=-1 Host=a; end\n" },
	{ "a body as large as allowed", "POST /" H11 "Content-Length: 3\r\n\r\nabc",
		"POST / ? v1 len=3 Host=a;Content-Length=3; [abc] end\n", 3 },
	{ "a body that is one byte too large", "POST /" H11 "Content-Length: 4\r\n\r\nabcd",
		"POST / ? v1 len=4 Host=a;Content-Length=4; error 413", 3 },
	{ "chunks that become too large",
		"POST /" H11 "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n",
		"POST / ? v1 len=-1 chunked Host=a;Transfer-Encoding=chunked; error 413", 3 },
};

static void requests_come_out_as_they_went_in(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(exchanges); i++) {
		const struct exchange *x = &exchanges[i];
		struct trace t = { .body_max = x->body_max };
		struct str got = run(&t, str_of(x->bytes), SIZE_MAX);
		if (!str_eq(got, str_of(x->events)))
			fail_msg("%s: %.*s", x->what, STR_ARG(got));
		buf_done(&t.text);
	}
}

static void a_split_at_any_byte_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(exchanges); i++) {
		const struct exchange *x = &exchanges[i];
		if (strstr(x->events, "too large") ||
			x->body_max) /* how much came before a refusal may differ */
			continue;
		for (size_t piece = 1; piece <= strlen(x->bytes); piece++) {
			struct trace t = { 0 };
			struct str got = run(&t, str_of(x->bytes), piece);
			if (!str_eq(got, str_of(x->events)))
				fail_msg("%s by %zu: %.*s", x->what, piece, STR_ARG(got));
			buf_done(&t.text);
		}
	}
}

static const struct {
	const char *what, *bytes;
	int status;
} refusals[] = {
	{ "a space before the colon", "GET /" H11 "A : b\r\n\r\n", 400 },
	{ "a bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400 },
	{ "a bare LF behind a field", "GET /" H11 "A: b\nB: c\r\n\r\n", 400 },
	{ "a bare LF as the empty line", "GET /" H11 "\n", 400 },
	{ "a bare CR in a value", "GET /" H11 "A: b\rc\r\n\r\n", 400 },
	{ "a folded field", "GET /" H11 "A: b\r\n c\r\n\r\n", 400 },
	{ "a folded first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400 },
	{ "a field without a colon", "GET /" H11 "abc\r\n\r\n", 400 },
	{ "a field without a name", "GET /" H11 ": c\r\n\r\n", 400 },
	{ "a name that is no token", "GET /" H11 "A(b: c\r\n\r\n", 400 },
	{ "a control character in a value", "GET /" H11 "A: b\x01\r\n\r\n", 400 },
	{ "DEL in a value", "GET /" H11 "A: b\x7f\r\n\r\n", 400 },
	{ "no Host", "GET / HTTP/1.1\r\n\r\n", 400 },
	{ "two Hosts", "GET /" H11 "host: a\r\n\r\n", 400 },
	{ "two Hosts in one", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400 },
	{ "Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
	{ "Content-Length and Transfer-Encoding",
		"POST /" H11 "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		400 },
	{ "Transfer-Encoding and Content-Length",
		"POST /" H11 "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
		400 },
	{ "two Content-Lengths", "POST /" H11 "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
		400 },
	{ "two equal Content-Lengths",
		"POST /" H11 "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400 },
	{ "two Content-Lengths in one", "POST /" H11 "Content-Length: 5, 5\r\n\r\nhello", 400 },
	{ "Content-Length with a sign", "POST /" H11 "Content-Length: +5\r\n\r\nhello", 400 },
	{ "a negative Content-Length", "POST /" H11 "Content-Length: -1\r\n\r\n", 400 },
	{ "Content-Length in hexadecimal", "POST /" H11 "Content-Length: 0x5\r\n\r\nhello", 400 },
	{ "an empty Content-Length", "POST /" H11 "Content-Length:\r\n\r\n", 400 },
	{ "Content-Length beyond 64 bits",
		"POST /" H11 "Content-Length: 18446744073709551617\r\n\r\n", 400 },
	{ "an unknown coding", "POST /" H11 "Transfer-Encoding: gzip\r\n\r\n", 501 },
	{ "two codings", "POST /" H11 "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501 },
	{ "a disguised coding", "POST /" H11 "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501 },
	{ "two Transfer-Encodings",
		"POST /" H11
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
		400 },
	{ "a space before Transfer-Encoding's colon",
		"POST /" H11 "Transfer-Encoding : chunked\r\n\r\n", 400 },
	{ "chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		400 },
	{ "an upgrade with a body",
		"GET /" H11
		"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n\r\nabc",
		400 },
	{ "an upgrade with chunks",
		"GET /" H11
		"Connection: Upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n\r\n",
		400 },
	{ "HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
	{ "no version", "GET /\r\n\r\n", 400 },
	{ "two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "a space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400 },
	{ "an unknown method", "BREW /" H11 "\r\n", 501 },
	{ "a lower-case method", "get /" H11 "\r\n", 501 },
	{ "CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501 },
	{ "a target that is no path", "GET a" H11 "\r\n", 400 },
	{ "a fragment in the target", "GET /a#b" H11 "\r\n", 400 },
	{ "a byte over 127 in the target", "GET /\xc3\xa4" H11 "\r\n", 400 },
	{ "TLS", "\x16\x03\x01\x02\x01\x01\xfc\x03\x03\n", 400 },
	{ "another expectation", "GET /" H11 "Expect: 200-ok\r\n\r\n", 417 },
	{ "a chunk size without digits", "POST /" H11 "Transfer-Encoding: chunked\r\n\r\n\r\n",
		400 },
	{ "a chunk size with 0x", "POST /" H11 "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n",
		400 },
	{ "a chunk size with a space",
		"POST /" H11 "Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n", 400 },
	{ "a chunk size over 64 bits",
		"POST /" H11 "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n",
		400 },
	{ "a bare LF behind a chunk size",
		"POST /" H11 "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n", 400 },
	{ "another byte behind a chunk",
		"POST /" H11 "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX", 400 },
	{ "a CR without LF behind a chunk",
		"POST /" H11 "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\rX", 400 },
};

static void what_two_readers_could_take_differently_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		for (size_t piece = 1; piece <= 4096; piece += piece == 1 ? 6 : 4089) {
			struct trace t = { 0 };
			struct str got = run(&t, str_of(refusals[i].bytes), piece);
			char want[16];
			int n = snprintf(want, sizeof want, "error %d", refusals[i].status);
			if (got.n < (size_t)n || memcmp(got.p + got.n - n, want, (size_t)n) != 0)
				fail_msg("%s by %zu: %.*s", refusals[i].what, piece, STR_ARG(got));
			buf_done(&t.text);
		}
	}
}

static void nul_in_a_value_is_refused(void **state)
{
	static const char bytes[] = "GET /" H11 "A: b\0c\r\n\r\n";
	struct trace t = { 0 };

	(void)state;
	assert_true(str_eq(
		run(&t, (struct str){ bytes, sizeof bytes - 1 }, SIZE_MAX), STR("error 400")));
	buf_done(&t.text);
}

/* A request whose header block has exactly that many bytes. */
static void block_of(struct buf *b, size_t size)
{
	buf_append(b, STR("GET /" H11 "A: "));
	while (b->n < size - 4)
		buf_byte(b, 'x');
	buf_append(b, STR("\r\n\r\n"));
}

static void the_header_block_has_a_limit(void **state)
{
	static const struct {
		size_t size, piece;
		bool taken;
	} cases[] = { { HEADER_BLOCK_MAX, SIZE_MAX, true }, { HEADER_BLOCK_MAX, 1000, true },
		{ HEADER_BLOCK_MAX + 1, SIZE_MAX, false }, { HEADER_BLOCK_MAX + 1, 1000, false } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct trace t = { 0 };
		struct buf b = { 0 };
		block_of(&b, cases[i].size);
		struct str got = run(&t, buf_str(&b), cases[i].piece);
		assert_int_equal(str_eq(got, STR("error 431")), !cases[i].taken);
		buf_done(&b);
		buf_done(&t.text);
	}
}

static void the_number_of_fields_has_a_limit(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct trace t = { 0 };
		struct buf b = { 0 };
		buf_append(&b, STR("GET /" H11));
		for (size_t i = 1; i < HEADER_COUNT_MAX + more; i++)
			buf_append(&b, STR("a: b\r\n"));
		buf_append(&b, STR("\r\n"));
		assert_int_equal(str_eq(run(&t, buf_str(&b), SIZE_MAX), STR("error 431")), more);
		buf_done(&b);
		buf_done(&t.text);
	}
}

static void between_requests_there_is_no_memory(void **state)
{
	struct trace t = { 0 };

	(void)state;
	http_request_init(&t.request, &sink, &t);
	assert_int_equal(http_request_phase(&t.request), HTTP_REQUEST_IDLE);
	assert_int_equal(http_request_feed(&t.request, STR("POST /" H11)), strlen("POST /" H11));
	assert_int_equal(http_request_phase(&t.request), HTTP_REQUEST_IN_HEAD);
	(void)http_request_feed(&t.request, STR("Content-Length: 2\r\n\r\na"));
	assert_int_equal(http_request_phase(&t.request), HTTP_REQUEST_IN_BODY);
	assert_int_equal(http_request_feed(&t.request, STR("bGET")), 1);
	assert_int_equal(http_request_phase(&t.request), HTTP_REQUEST_IDLE);
	assert_null(t.request.work);
	buf_done(&t.text);
}

static void fields_are_found_in_any_case_and_lists_are_read(void **state)
{
	static const struct http_header headers[] = {
		{ { "ACCEPT", 6 }, { "a", 1 } },
		{ { "x-list", 6 }, { " one,, \"two, three\" ,", 21 } },
		{ { "X-List", 6 }, { "Four", 4 } },
	};
	static const struct http_head head = { .headers = headers,
		.header_count = COUNT_OF(headers) };
	struct str list = headers[1].value, element;

	(void)state;
	assert_true(str_eq(http_head_find(&head, STR("Accept")), STR("a")));
	assert_null(http_head_find(&head, STR("Accepted")).p);
	assert_true(http_head_lists(&head, STR("X-LIST"), STR("four")));
	assert_false(http_head_lists(&head, STR("X-LIST"), STR("three\"")));
	assert_true(http_head_element(&list, &element) && str_eq(element, STR("one")));
	assert_true(http_head_element(&list, &element) && str_eq(element, STR("\"two, three\"")));
	assert_false(http_head_element(&list, &element));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_come_out_as_they_went_in),
		cmocka_unit_test(a_split_at_any_byte_changes_nothing),
		cmocka_unit_test(what_two_readers_could_take_differently_is_refused),
		cmocka_unit_test(nul_in_a_value_is_refused),
		cmocka_unit_test(the_header_block_has_a_limit),
		cmocka_unit_test(the_number_of_fields_has_a_limit),
		cmocka_unit_test(between_requests_there_is_no_memory),
		cmocka_unit_test(fields_are_found_in_any_case_and_lists_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
