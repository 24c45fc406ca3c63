/* SPDX-License-Identifier: MIT
 *
 * test_host - a real server on the loopback, spoken to in bytes: HTTP, long polling, WebSocket. Built twice: with one
 * thread, and with THREADS of them.
 *
 * Layer: tests.  Threads: the test's, and the server's.
 */
#include "../cmocka_all.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buf.h"
#include "host/web.h"
#include "sio/sio.h"

#ifndef THREADS
#define THREADS 1
#endif
#if THREADS == 1
#define LEAVE "HTTP/1.1 100 Continue\r\n\r\n"
#else
#define LEAVE "" /* the request has changed threads with its body, which has come already */
#endif

enum { READ_MS = 3000, FILE_BYTES = 100000, LARGE_BYTES = 50000, LARGE_COUNT = 2000 };

struct world {
	struct sio_server *server;
	pthread_t thread;
	unsigned port;
	struct buf log; /* of the server's thread; read after it has ended */
	struct timer later, resume;
	struct web_request *waiting, *streaming;
	uint64_t streamed;
	unsigned pauses;
	unsigned large; /* answers of LARGE_BYTES so far; read after the server has ended */
};

/* ---- the program under the server ---- */

static void answer_text(struct web_request *r, int status, struct str body)
{
	static const struct http_header type[] = { { { "Content-Type", 12 },
		{ "text/plain", 10 } } };
	struct web_answer a = {
		.status = status, .headers = type, .header_count = 1, .body = body
	};

	web_request_answer(r, &a);
}

static void echo_done(void *context, struct web_request *r, struct str body)
{
	(void)context;
	answer_text(r, 200, body);
}

static void answer_later(void *context)
{
	struct world *w = context;

	answer_text(w->waiting, 200, STR("later"));
}

static void go_on(void *context)
{
	struct world *w = context;

	web_request_resume(w->streaming);
}

/* Stops the sender after each piece for a while. */
static void stream_piece(void *context, struct web_request *r, struct str piece)
{
	struct world *w = context;

	w->streamed += piece.n;
	w->streaming = r;
	w->pauses++;
	w->resume = (struct timer){ .fn = go_on, .context = w };
	web_request_pause(r);
	loop_timer_start(web_loop(w->server), &w->resume, 1);
}

static void stream_end(void *context, struct web_request *r)
{
	struct world *w = context;
	char text[32];

	snprintf(text, sizeof text, "%llu", (unsigned long long)w->streamed);
	answer_text(r, 200, str_of(text));
}

static void stream_gone(void *context, struct web_request *r)
{
	struct world *w = context;

	loop_timer_stop(web_loop(w->server), &w->resume);
	buf_append(&w->log, STR("gone "));
	answer_text(r, 413, STR("too much"));
}

static void answer_file(struct web_request *r)
{
	static const struct web_segment parts[] = { { { "<1>", 3 }, 10, 20 },
		{ { "<2>", 3 }, FILE_BYTES - 5, 5 } };
	struct web_answer a = { .status = 206, .body = STR("<end>") };
	char path[] = "/tmp/antiphon-test-XXXXXX";
	int fd = mkstemp(path);

	unlink(path);
	char bytes[FILE_BYTES];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)('0' + i % 10);
	assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
	web_request_answer_file(r, &a, fd, parts, COUNT_OF(parts));
}

static void on_request(void *context, struct web_request *r)
{
	static const struct web_body sink = { stream_piece, stream_end, stream_gone };
	struct world *w = context;
	struct str path = web_request_head(r)->path;

	if (str_eq(path, STR("/echo"))) {
		web_request_collect(r, 100, echo_done, w);
	} else if (str_eq(path, STR("/stream"))) {
		w->streamed = 0;
		web_request_stream(r, 1000000, &sink, w);
	} else if (str_eq(path, STR("/later"))) {
		w->waiting = r;
		w->later = (struct timer){ .fn = answer_later, .context = w };
		loop_timer_start(web_loop(w->server), &w->later, 20);
	} else if (str_eq(path, STR("/log"))) {
		answer_text(r, 200, buf_str(&w->log));
	} else if (str_eq(path, STR("/large"))) {
		static const char bytes[LARGE_BYTES];
		w->large++;
		answer_text(r, 200, (struct str){ bytes, sizeof bytes });
	} else if (str_eq(path, STR("/file"))) {
		answer_file(r);
	} else if (str_eq(path, STR("/who"))) {
		struct conn_address a = web_request_peer(r);
		char text[CONN_ADDRESS_MAX];
		size_t n = conn_address_text(&a, text);
		answer_text(r, web_request_is_secure(r) ? 201 : 200, (struct str){ text, n });
	} else {
		answer_text(r, 200, STR("hello"));
	}
}

static void error_body(void *context, int status, const char *why, struct buf *body)
{
	(void)context;
	(void)why;
	buf_printf(body, "{\"status\":%d}", status);
}

static void on_event(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct world *w = context;
	struct sio_emit back = { .event = e->name, .args = e->args };

	(void)sio_socket_emit(s, &back);
	(void)sio_server_ack(w->server, &e->ack, &e->args);
}

static void on_disconnected(void *context, struct sio_socket *s, enum sio_reason reason)
{
	struct world *w = context;
	struct sio_str agent = sio_socket_header(s, "user-agent");
	struct sio_handshake h = sio_socket_handshake(s);

	buf_printf(&w->log, "%.*s %.*s %s;", (int)h.address.n, h.address.p, (int)agent.n, agent.p,
		sio_reason_text(reason));
}

/* ---- the server's thread ---- */

static void *run(void *context)
{
	sio_server_run(context);
	return NULL;
}

static void stop(void *context)
{
	sio_server_stop(context);
}

static void start(struct world *w, struct sio_options *o)
{
	static const struct web_handler web = { on_request, error_body, "application/json" };
	static const struct sio_namespace_handler main_handler = { .event = on_event,
		.disconnected = on_disconnected };
	const char *address = NULL;

	o->threads = THREADS;
	assert_int_equal(sio_server_new(o, &w->server), SIO_OK);
	assert_int_equal(sio_server_of(w->server, "/", &main_handler, w, NULL), SIO_OK);
	web_set_handler(w->server, &web, w);
	assert_int_equal(sio_server_listen(w->server, "127.0.0.1:0", &address), SIO_OK);
	assert_int_equal(sscanf(address, "127.0.0.1:%u", &w->port), 1);
	assert_int_equal(pthread_create(&w->thread, NULL, run, w->server), 0);
}

static int setup(void **state)
{
	static const char *const proxies[] = { "127.0.0.0/8", "10.0.0.0/8" };
	struct world *w = calloc(1, sizeof *w);
	struct sio_options o;

	sio_options_init(&o);
	o.max_http_buffer_size = 10000;
	o.trusted_proxies = proxies;
	o.trusted_proxy_count = COUNT_OF(proxies);
	start(w, &o);
	*state = w;
	return 0;
}

static void end_server(struct world *w)
{
	if (!w->server)
		return;
	assert_int_equal(sio_server_post(w->server, stop, w->server), SIO_OK);
	pthread_join(w->thread, NULL);
	sio_server_free(w->server);
	w->server = NULL;
}

static int teardown(void **state)
{
	struct world *w = *state;

	end_server(w);
	buf_done(&w->log);
	free(w);
	return 0;
}

/* ---- a client ---- */

static int dial(const struct world *w)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)w->port) };
	struct timeval patience = { .tv_sec = READ_MS / 1000 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	return fd;
}

static void say(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
		if (n <= 0)
			return; /* the server has seen enough */
		s = str_after(s, (size_t)n);
	}
}

/* Reads until the end of stream, or until `until` has come. The result is NUL-terminated. */
static void hear(int fd, struct buf *got, const char *until)
{
	for (;;) {
		char *to = buf_reserve(got, 4096);
		ssize_t n = recv(fd, to, 4095, 0);
		if (n > 0)
			buf_grow(got, (size_t)n);
		buf_byte(got, '\0');
		got->n--;
		if (n <= 0 || (until && strstr(got->p, until)))
			return;
	}
}

/* One exchange on a connection of its own; the server ends it, or the client does once `until` has come. */
static void exchange(const struct world *w, struct str request, struct buf *got, const char *until)
{
	int fd = dial(w);

	say(fd, request);
	hear(fd, got, until);
	close(fd);
}

static void expect_in(const char *what, const struct buf *got, const char *part)
{
	if (!strstr(got->p, part))
		fail_msg("%s: no \"%s\" in \"%s\"", what, part, got->p);
}

#define HTTP " HTTP/1.1\r\nHost: h\r\n"
#define BYE  "Connection: close\r\n\r\n"

/* ---- HTTP ---- */

static const struct {
	const char *what, *request, *expected[4];
} exchanges[] = {
	{ "a GET", "GET /" HTTP BYE,
		{ "HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Connection: close\r\n",
			"\r\n\r\nhello" } },
	{ "a HEAD", "HEAD /" HTTP BYE, { "HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n" } },
	{ "HTTP/1.0 ends by itself", "GET / HTTP/1.0\r\nHost: h\r\n\r\n",
		{ "HTTP/1.1 200 OK\r\n", "hello" } },
	{ "a body", "POST /echo" HTTP "Content-Length: 3\r\n" BYE "abc",
		{ "200 OK", "\r\n\r\nabc" } },
	{ "a chunked body",
		"POST /echo" HTTP "Transfer-Encoding: chunked\r\n" BYE
		"3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
		{ "200 OK", "\r\n\r\nabcd" } },
	{ "no body", "POST /echo" HTTP "Content-Length: 0\r\n" BYE,
		{ "200 OK", "Content-Length: 0\r\n" } },
	{ "a body over the limit", "POST /echo" HTTP "Content-Length: 101\r\n\r\n",
		{ "413 ", "{\"status\":413}", "application/json" } },
	{ "chunks over the limit",
		"POST /echo" HTTP "Transfer-Encoding: chunked\r\n\r\n65\r\n"
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901"
		"234567890123456789x"
		"\r\n0\r\n\r\n",
		{ "413 ", "{\"status\":413}" } },
	{ "leave to send a body",
		"POST /echo" HTTP "Content-Length: 3\r\nExpect: 100-continue\r\n" BYE "abc",
		{ LEAVE "HTTP/1.1 200 OK\r\n", "\r\n\r\nabc" } },
	{ "no leave for one that is too long",
		"POST /echo" HTTP "Content-Length: 300\r\nExpect: 100-continue\r\n" BYE,
		{ "HTTP/1.1 413 " } },
	{ "an answer that comes later", "GET /later" HTTP BYE, { "200 OK", "\r\n\r\nlater" } },
	{ "pipelined requests in their order",
		"GET /later" HTTP "\r\nPOST /echo" HTTP "Content-Length: 1\r\n\r\nxGET /later" HTTP
		"\r\nGET /" HTTP BYE,
		{ "\r\n\r\nlaterHTTP/1.1 200 OK\r\n", "\r\n\r\nxHTTP/1.1 200 OK", "hello" } },
	{ "an unread body", "POST /" HTTP "Content-Length: 3\r\n\r\nabcGET /later" HTTP BYE,
		{ "helloHTTP/1.1 200 OK\r\n", "\r\n\r\nlater" } },
	{ "ranges of a file", "GET /file" HTTP BYE,
		{ "206 ", "Content-Length: 36\r\n",
			"\r\n\r\n<1>01234567890123456789<2>56789<end>" } },
	{ "the head of a file", "HEAD /file" HTTP BYE, { "206 ", "Content-Length: 36\r\n" } },
	{ "no request at all", "hello\r\n\r\n", { "HTTP/1.1 400 ", "{\"status\":400}" } },
	{ "a request without Host", "GET / HTTP/1.1\r\n\r\n", { "HTTP/1.1 400 " } },
	{ "an upgrade elsewhere", "GET /" HTTP "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
		{ "200 OK", "Connection: close" } },
	{ "the client behind a proxy",
		"GET /who" HTTP "X-Forwarded-For: 203.0.113.9, 192.0.2.7, 10.1.1.1\r\n" BYE,
		{ "\r\n\r\n192.0.2.7" } },
	{ "the client by Forwarded",
		"GET /who" HTTP "Forwarded: for=\"[2001:db8::7]:4711\";proto=https\r\n" BYE,
		{ "200 OK", "\r\n\r\n::" } },
	{ "a Forwarded of the client's beside it",
		"GET /who" HTTP "Forwarded: for=192.0.2.1\r\nX-Forwarded-For: 192.0.2.7\r\n" BYE,
		{ "\r\n\r\n192.0.2.7" } },
	{ "a proxy that talks nonsense", "GET /who" HTTP "X-Forwarded-For: unknown\r\n" BYE,
		{ "\r\n\r\n::" } },
	{ "a proxy that names this machine", "GET /who" HTTP "X-Forwarded-For: 127.0.0.1\r\n" BYE,
		{ "\r\n\r\n::" } },
	{ "a proxy that says nothing", "GET /who" HTTP BYE, { "\r\n\r\n::" } },
	{ "an empty element",
		"GET /who" HTTP "X-Forwarded-For: 192.0.2.7, unknown, 10.1.1.1\r\n" BYE,
		{ "\r\n\r\n::" } },
	{ "more hops than are looked at",
		"GET /who" HTTP "X-Forwarded-For: 1.1.1.1, 1.1.1.1, 1.1.1.1, 1.1.1.1, 1.1.1.1, "
		"1.1.1.1, 1.1.1.1, 1.1.1.1\r\nX-Forwarded-For: 1.1.1.1, 1.1.1.1, 1.1.1.1, "
		"1.1.1.1, 1.1.1.1, 1.1.1.1, 1.1.1.1, 1.1.1.1, 192.0.2.9\r\n" BYE,
		{ "\r\n\r\n192.0.2.9" } },
	{ "an upgrade to what is not spoken here, with a body",
		"POST /echo" HTTP "Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n"
		"\r\nabcGET /" HTTP BYE,
		{ "\r\n\r\nabcHTTP/1.1 200 OK\r\n", "hello" } },
};

static void requests_are_answered(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF(exchanges); i++) {
		struct buf got = { 0 };

		exchange(w, str_of(exchanges[i].request), &got, NULL);
		for (size_t k = 0; k < 4 && exchanges[i].expected[k]; k++)
			expect_in(exchanges[i].what, &got, exchanges[i].expected[k]);
		if (strncmp(exchanges[i].request, "HEAD", 4) == 0)
			assert_memory_equal(got.p + got.n - 4, "\r\n\r\n", 4);
		buf_done(&got);
	}
}

static void a_header_block_that_is_too_long_is_refused(void **state)
{
	struct world *w = *state;
	struct buf request = { 0 }, got = { 0 };

	buf_append(&request, STR("GET /" HTTP "X: "));
	for (size_t i = 0; i < 17000; i++)
		buf_byte(&request, 'x');
	buf_append(&request, STR("\r\n\r\n"));
	exchange(w, buf_str(&request), &got, NULL);
	expect_in("17 KB", &got, "HTTP/1.1 431 ");
	buf_done(&request);
	buf_done(&got);
}

static void a_body_waits_for_who_takes_it(void **state)
{
	struct world *w = *state;
	struct buf request = { 0 }, got = { 0 };

	buf_append(&request, STR("PUT /stream" HTTP "Content-Length: 1000000\r\n" BYE));
	for (size_t i = 0; i < 1000000; i++)
		buf_byte(&request, (char)i);
	exchange(w, buf_str(&request), &got, NULL);
	expect_in("a million bytes", &got, "\r\n\r\n1000000");
	end_server(w);
	assert_in_range(w->pauses, 2, 1000000);
	buf_done(&request);
	buf_done(&got);
}

/* Until the program has written that. */
static void await_log(const struct world *w, const char *text)
{
	struct buf got = { 0 };

	do {
		buf_clear(&got);
		exchange(w, STR("GET /log" HTTP BYE), &got, NULL);
	} while (!strstr(got.p, text));
	buf_done(&got);
}

static void who_goes_in_the_middle_of_a_body_is_missed(void **state)
{
	struct world *w = *state;
	int fd = dial(w);

	say(fd, STR("PUT /stream" HTTP "Content-Length: 10\r\n\r\nabc"));
	close(fd);
	await_log(w, "gone ");
	end_server(w);
	assert_true(str_eq(buf_str(&w->log), STR("gone ")));
}

static void a_stranger_who_goes_before_the_answer_is_no_danger(void **state)
{
	struct world *w = *state;
	struct buf got = { 0 };
	int fd = dial(w);

	say(fd, STR("GET /later" HTTP "\r\n"));
	close(fd);
	usleep(60000);
	exchange(w, STR("GET /" HTTP BYE), &got, NULL);
	expect_in("the next", &got, "hello");
	buf_done(&got);
}

/* ---- long polling ---- */

/* The head of a request under the session's id. */
static struct str with_sid(struct buf *b, const char *method, const char *sid, const char *rest)
{
	buf_clear(b);
	buf_printf(b, "%s /socket.io/?EIO=4&transport=polling&sid=%s HTTP/1.1\r\nHost: h\r\n%s",
		method, sid, rest);
	return buf_str(b);
}

static void open_session(const struct world *w, char sid[21])
{
	struct buf got = { 0 };

	exchange(w,
		STR("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: h\r\nUser-Agent: "
		    "me\r\n" BYE),
		&got, NULL);
	expect_in("the handshake", &got, "Content-Type: text/plain; charset=UTF-8\r\n");
	expect_in("the handshake", &got, "Cache-Control: no-store\r\n");
	const char *at = strstr(got.p, "\"sid\":\"");
	assert_non_null(at);
	memcpy(sid, at + 7, 20);
	sid[20] = '\0';
	buf_done(&got);
}

static void post(const struct world *w, const char *sid, const char *body, const char *expected)
{
	struct buf request = { 0 }, got = { 0 };
	char rest[128];

	snprintf(rest, sizeof rest, "Content-Length: %zu\r\n" BYE, strlen(body));
	with_sid(&request, "POST", sid, rest);
	buf_append(&request, str_of(body));
	exchange(w, buf_str(&request), &got, NULL);
	expect_in(body, &got, expected);
	buf_done(&request);
	buf_done(&got);
}

static void poll_once(const struct world *w, const char *sid, const char *expected)
{
	struct buf request = { 0 }, got = { 0 };

	exchange(w, with_sid(&request, "GET", sid, BYE), &got, NULL);
	expect_in("a poll", &got, expected);
	buf_done(&request);
	buf_done(&got);
}

static void a_conversation_by_polling(void **state)
{
	struct world *w = *state;
	char sid[21];

	open_session(w, sid);
	post(w, sid, "40", "\r\n\r\nok");
	poll_once(w, sid, "\r\n\r\n40{\"sid\":\"");
	post(w, sid, "427[\"x\",1]", "Content-Type: text/html\r\n");
	poll_once(w, sid,
		"\r\n\r\n42[\"x\",1]\x1e"
		"437[1]");
	post(w, sid,
		"451-[\"b\",{\"_placeholder\":true,\"num\":0}]\x1e"
		"bAQID",
		"ok");
	poll_once(w, sid,
		"451-[\"b\",{\"_placeholder\":true,\"num\":0}]\x1e"
		"bAQID");
	post(w, sid, "1", "ok");
	poll_once(w, sid, "{\"code\":1,\"message\":\"Session ID unknown\"}");
	end_server(w);
	assert_true(str_eq(buf_str(&w->log), STR(":: me transport close;")));
}

static void a_second_poll_ends_the_session(void **state)
{
	struct world *w = *state;
	struct buf request = { 0 }, first = { 0 }, second = { 0 };
	char sid[21];

	open_session(w, sid);
	post(w, sid, "40", "ok");
	poll_once(w, sid, "40");
	int fd = dial(w);
	say(fd, with_sid(&request, "GET", sid, BYE));
	exchange(w, STR("GET /later" HTTP BYE), &second,
		NULL); /* the first has come, with one thread */
	buf_clear(&second);
	exchange(w, buf_str(&request), &second, NULL);
	hear(fd, &first, NULL);
	close(fd);
	bool in_order = THREADS == 1 || strstr(second.p, "HTTP/1.1 400 ");
	expect_in("the second", in_order ? &second : &first, "HTTP/1.1 400 ");
	expect_in("the first", in_order ? &first : &second, "\r\n\r\n1");
	poll_once(w, sid, "\"code\":1");
	end_server(w);
	assert_true(str_eq(buf_str(&w->log), STR(":: me transport error;")));
	buf_done(&request);
	buf_done(&first);
	buf_done(&second);
}

static void a_poller_that_hangs_up_ends_its_session(void **state)
{
	struct world *w = *state;
	struct buf request = { 0 };
	char sid[21];

	open_session(w, sid);
	post(w, sid, "40", "ok");
	poll_once(w, sid, "40");
	int fd = dial(w);
	say(fd, with_sid(&request, "GET", sid, BYE));
	close(fd);
	await_log(w, "transport error");
	poll_once(w, sid, "\"code\":1");
	buf_done(&request);
}

static void a_post_that_is_too_large_leaves_the_session(void **state)
{
	struct world *w = *state;
	char sid[21], *body = malloc(10002);

	memset(body, 'x', 10001);
	body[10001] = '\0';
	body[0] = '4';
	open_session(w, sid);
	post(w, sid, body, "HTTP/1.1 413 ");
	post(w, sid, "40", "ok");
	poll_once(w, sid, "40");
	free(body);
}

static const struct {
	const char *what, *request, *expected;
} refusals[] = {
	{ "no transport", "GET /socket.io/?EIO=4" HTTP BYE,
		"{\"code\":0,\"message\":\"Transport unknown\"}" },
	{ "an unknown session", "GET /socket.io/?EIO=4&transport=polling&sid=x" HTTP BYE,
		"{\"code\":1,\"message\":\"Session ID unknown\"}" },
	{ "a POST without one",
		"POST /socket.io/?EIO=4&transport=polling" HTTP "Content-Length: 0\r\n" BYE,
		"{\"code\":2,\"message\":\"Bad handshake method\"}" },
	{ "revision 3", "GET /socket.io/?EIO=3&transport=polling" HTTP BYE,
		"{\"code\":5,\"message\":\"Unsupported protocol version\"}" },
	{ "WebSocket without upgrade", "GET /socket.io/?EIO=4&transport=websocket" HTTP BYE,
		"\"code\":3" },
	{ "an upgrade of revision 3",
		"GET /socket.io/?EIO=3&transport=websocket" HTTP
		"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
		"\r\n\r\nUnsupported protocol version" },
	{ "an upgrade without key",
		"GET /socket.io/?EIO=4&transport=websocket" HTTP
		"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
		"\r\n\r\nBad request" },
	{ "the path without its slash", "GET /socket.io" HTTP BYE, "hello" },
};

static void bad_handshakes_are_refused(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		struct buf got = { 0 };

		exchange(w, str_of(refusals[i].request), &got, NULL);
		expect_in(refusals[i].what, &got, refusals[i].expected);
		buf_done(&got);
	}
}

/* ---- WebSocket ---- */

#define UPGRADE                                                                                    \
	"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"               \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nUser-Agent: me\r\n\r\n"

/* A masked text; the mask is zero. */
static void ws_say(int fd, const char *text)
{
	char b[134] = { (char)0x81, (char)(0x80 | strlen(text)) };

	memcpy(b + 6, text, strlen(text));
	say(fd, (struct str){ b, 6 + strlen(text) });
}

static int ws_open(const struct world *w, struct buf *got)
{
	int fd = dial(w);

	/* The CONNECT follows at once, in the same segment as the upgrade. */
	say(fd, STR("GET /socket.io/?EIO=4&transport=websocket" HTTP UPGRADE "\x81\x82\0\0\0\0"
		    "40"));
	hear(fd, got, "40{\"sid\":\"");
	expect_in("the upgrade", got, "HTTP/1.1 101 Switching Protocols\r\n");
	expect_in("the upgrade", got, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
	expect_in("the open packet", got, "\"upgrades\":[]");
	buf_clear(got);
	return fd;
}

static void a_conversation_by_websocket(void **state)
{
	struct world *w = *state;
	struct buf got = { 0 };
	int fd = ws_open(w, &got);

	ws_say(fd, "427[\"x\",1]");
	hear(fd, &got, "437[1]");
	expect_in("the answer", &got,
		"\x81\x09"
		"42[\"x\",1]");
	buf_clear(&got);
	say(fd, STR("\x89\x82\0\0\0\0hi")); /* a ping */
	hear(fd, &got, "\x8a\x02hi");
	expect_in("the pong", &got, "\x8a\x02hi");
	buf_clear(&got);
	say(fd, STR("\x88\x82\0\0\0\0\x03\xe8")); /* a close */
	hear(fd, &got, NULL);
	assert_memory_equal(got.p, "\x88\x02\x03\xe8", 4);
	close(fd);
	end_server(w);
	assert_true(str_eq(buf_str(&w->log), STR(":: me transport close;")));
	buf_done(&got);
}

static void a_message_that_is_too_large_closes_with_1009(void **state)
{
	struct world *w = *state;
	struct buf got = { 0 };
	int fd = ws_open(w, &got);

	say(fd, STR("\x81\xfe\x27\x11\0\0\0\0")); /* 10,001 bytes are announced */
	hear(fd, &got, NULL);
	assert_memory_equal(got.p, "\x88\x02\x03\xf1", 4);
	close(fd);
	end_server(w);
	assert_true(str_eq(buf_str(&w->log), STR(":: me transport error;")));
	buf_done(&got);
}

static void who_hangs_up_is_missed(void **state)
{
	struct world *w = *state;
	struct buf got = { 0 };

	close(ws_open(w, &got));
	await_log(w, ":: me");
	end_server(w);
	assert_true(str_eq(buf_str(&w->log), STR(":: me transport close;")));
	buf_done(&got);
}

static void the_end_of_the_server_is_told(void **state)
{
	struct world *w = *state;
	struct buf got = { 0 };
	int fd = ws_open(w, &got);

	end_server(w);
	hear(fd, &got, NULL);
	close(fd);
	assert_true(str_eq(buf_str(&w->log), STR(":: me server shutting down;")));
	buf_done(&got);
}

static void drain_now(void *context)
{
	struct world *w = context;

	sio_server_drain(w->server, 0, stop, w->server);
}

static void a_drain_closes_what_is_open_and_ends(void **state)
{
	struct world *w = *state;
	struct buf got = { 0 };
	int fd = ws_open(w, &got), idle = dial(w);

	assert_int_equal(sio_server_post(w->server, drain_now, w), SIO_OK);
	hear(fd, &got, NULL);
	assert_memory_equal(got.p, "\x88\x02\x03\xe8", 4); /* no packet 41 before it */
	close(fd);
	hear(idle, &got, NULL);
	close(idle);
	pthread_join(w->thread, NULL); /* drained stops it */
	sio_server_free(w->server);
	w->server = NULL;
	assert_true(str_eq(buf_str(&w->log), STR(":: me server shutting down;")));
	buf_done(&got);
}

static void connections_of_an_address_are_bounded(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	static const char *const proxies[] = { "192.0.2.0/24" };
	struct sio_options o;
	struct buf got = { 0 };
	int fds[2];

	(void)state;
	sio_options_init(&o);
	o.max_connections_per_address = 2;
	o.trusted_proxies = proxies; /* without any, loopback peers are not counted */
	o.trusted_proxy_count = 1;
	start(w, &o);
	for (size_t i = 0; i < COUNT_OF(fds); i++)
		fds[i] = ws_open(w, &got);
	exchange(w, STR("GET /" HTTP BYE), &got, NULL);
	assert_int_equal(got.n, 0);
	close(fds[0]);
	do {
		buf_clear(&got);
		exchange(w, STR("GET /" HTTP BYE), &got, NULL);
	} while (got.n == 0); /* until the server has seen the end */
	expect_in("the third", &got, "hello");
	close(fds[1]);
	end_server(w);
	buf_done(&w->log);
	free(w);
	buf_done(&got);
}

/* ---- what a stranger may make the server keep ---- */

/* A server of its own, where loopback peers are counted, as behind no proxy that is trusted. */
static struct world *world_new(struct sio_options *o)
{
	static const char *const proxies[] = { "192.0.2.0/24" };
	struct world *w = calloc(1, sizeof *w);

	o->trusted_proxies = proxies;
	o->trusted_proxy_count = 1;
	start(w, o);
	return w;
}

static void world_free(struct world *w)
{
	end_server(w);
	buf_done(&w->log);
	free(w);
}

/* So many requests for it; the peer reads nothing yet. */
static int ask_many(const struct world *w, const char *path, int count)
{
	struct buf requests = { 0 };
	int fd = dial(w), small = 65536;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	for (int i = 0; i < count; i++)
		buf_printf(&requests, "GET %s" HTTP "\r\n", path);
	say(fd, buf_str(&requests));
	buf_done(&requests);
	return fd;
}

static size_t count_of(const struct buf *got, const char *part)
{
	size_t n = 0;
	struct str rest = buf_str(got);

	for (const char *p; (p = memmem(rest.p, rest.n, part, strlen(part))) != NULL; n++)
		rest = str_after(rest, (size_t)(p - rest.p) + strlen(part));
	return n;
}

static void a_peer_that_does_not_read_is_served_no_further(void **state)
{
	struct sio_options o;

	(void)state;
	sio_options_init(&o);
	struct world *w = world_new(&o);
	int fd = ask_many(w, "/large", LARGE_COUNT);
	usleep(100000); /* for a server that goes on, to show it */
	end_server(w);
	assert_true(w->large > 0);
	/* What the system's buffers hold, and ANSWERS_QUEUED_MAX behind them. */
	assert_true(w->large < LARGE_COUNT / 4);
	close(fd);
	world_free(w);
}

static void a_peer_that_reads_late_gets_all_answers(void **state)
{
	static const struct {
		const char *path, *part;
		int count;
	} cases[] = { { "/large", "200 OK", 100 }, { "/file", "<1>0123", 100 },
		{ "/later", "200 OK", 5 } };
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf got = { 0 };
		int fd = ask_many(w, cases[i].path, cases[i].count);

		say(fd, STR("GET /" HTTP BYE));
		hear(fd, &got, NULL);
		assert_int_equal(
			count_of(&got, cases[i].part), cases[i].count + (cases[i].path[2] == 'a'));
		close(fd);
		buf_done(&got);
	}
}

/* Ends within READ_MS, by the server. */
static void expect_end(const char *what, int fd, const char *part)
{
	struct buf got = { 0 };

	hear(fd, &got, NULL);
	expect_in(what, &got, part);
	close(fd);
	buf_done(&got);
}

/* To both, 40 times in a second. */
static void trickle(int fd, int other, struct str piece)
{
	for (int i = 0; i < 40; i++) {
		say(fd, piece);
		say(other, piece);
		usleep(25000);
	}
}

static void what_crawls_is_ended(void **state)
{
	struct sio_options o;

	(void)state;
	sio_options_init(&o);
	o.min_transfer_rate = 1000;
	o.transfer_window = 200;
	struct world *w = world_new(&o);
	int reader = ask_many(w, "/large", LARGE_COUNT);
	int collected = dial(w), streamed = dial(w);
	say(collected, STR("POST /echo" HTTP "Content-Length: 90\r\n\r\n"));
	say(streamed, STR("PUT /stream" HTTP "Content-Length: 1000000\r\n\r\n"));
	trickle(collected, streamed, STR("x")); /* 40 bytes a second */
	expect_end("a body that is collected", collected, "408 ");
	expect_end("a body that is streamed", streamed, "413 "); /* this program's answer */
	int quick = dial(w);
	say(quick, STR("PUT /stream" HTTP "Content-Length: 4000\r\n" BYE));
	trickle(quick, -1,
		STR("0123456789012345678901234567890123456789012345678901234567890123456789"
		    "012345678901234567890123456789"));
	expect_end("a body that comes quicker", quick, "200 OK");
	end_server(w);
	assert_true(w->large < LARGE_COUNT);
	expect_end("answers that nobody reads", reader, "200 OK");
	world_free(w);
}

#define HANDSHAKE STR("GET /socket.io/?EIO=4&transport=polling" HTTP BYE)

static void expect_handshake(const struct world *w, const char *what, const char *expected)
{
	struct buf got = { 0 };

	exchange(w, HANDSHAKE, &got, NULL);
	expect_in(what, &got, expected);
	buf_done(&got);
}

/* Until there is room again. */
static void await_handshake(const struct world *w)
{
	struct buf got = { 0 };

	do {
		buf_clear(&got);
		exchange(w, HANDSHAKE, &got, NULL);
	} while (!strstr(got.p, "200 OK"));
	buf_done(&got);
}

static void sessions_are_bounded_whatever_their_transport(void **state)
{
	static const struct {
		const char *what;
		size_t address, all, waiting;
	} cases[] = { { "of an address", 2, 0, 0 }, { "in all", 0, 2, 0 }, { "waiting", 0, 0, 2 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sio_options o;
		struct buf got = { 0 };
		char sid[21], other[21];

		sio_options_init(&o);
		o.max_connections_per_address = cases[i].address;
		o.max_connections = cases[i].all;
		o.max_waiting_connections = cases[i].waiting;
		struct world *w = world_new(&o);
		open_session(w, sid);
		open_session(w, other);
		expect_handshake(w, cases[i].what, "HTTP/1.1 503 ");
		if (cases[i].waiting)
			post(w, sid, "40", "200 OK"); /* it has joined: it waits no more */
		else
			post(w, sid, "1", "200 OK"); /* it has gone */
		await_handshake(w);
		expect_handshake(w, cases[i].what, "HTTP/1.1 503 ");
		world_free(w);
		buf_done(&got);
	}
}

static void what_a_handshake_keeps_is_bounded_and_named(void **state)
{
	static const char *const kept[] = { "X-Kept" };
	static const struct {
		const char *what;
		int query, field;
		const char *expected;
	} cases[] = { { "at the limit", 0, 0, "200 OK" }, { "a query one over", 1, 0, "431 " },
		{ "a kept field one over", 0, 1, "431 " } };
	struct sio_options o;

	(void)state;
	sio_options_init(&o);
	o.kept_headers = kept;
	o.kept_header_count = COUNT_OF(kept);
	o.max_handshake_bytes = 200;
	struct world *w = world_new(&o);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf got = { 0 }, request = { 0 };
		/* "/socket.io/", "EIO=4&transport=polling&x=", 100, "X-Kept", 57 */
		buf_printf(&request,
			"GET /socket.io/?EIO=4&transport=polling&x=%0*d" HTTP
			"User-Agent: %0900d\r\nX-Kept: %0*d\r\n" BYE,
			100 + cases[i].query, 0, 0, 57 + cases[i].field, 0);
		exchange(w, buf_str(&request), &got, NULL);
		expect_in(cases[i].what, &got, cases[i].expected);
		buf_done(&got);
		buf_done(&request);
	}
	world_free(w);
}

static void the_header_that_is_set_says_who(void **state)
{
	static const struct {
		const char *header, *fields, *expected;
	} cases[] = {
		{ "Forwarded", "Forwarded: for=\"[2001:db8::7]:4711\";proto=https\r\n",
			"\r\n\r\n2001:db8::7" },
		{ "Forwarded",
			"Forwarded: for=192.0.2.1, for=192.0.2.7;proto=https, for=10.1.1.1\r\n",
			"\r\n\r\n192.0.2.7" },
		{ "Forwarded", "Forwarded: for=192.0.2.7, for=_hidden\r\n", "\r\n\r\n::" },
		{ "Forwarded", "X-Forwarded-For: 192.0.2.7\r\n", "\r\n\r\n::" },
		{ "x-real-ip", "X-Real-IP: 192.0.2.7\r\nX-Forwarded-For: 192.0.2.1\r\n",
			"\r\n\r\n192.0.2.7" },
	};
	static const char *const proxies[] = { "127.0.0.0/8", "10.0.0.0/8" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct world *w = calloc(1, sizeof *w);
		struct buf got = { 0 }, request = { 0 };
		struct sio_options o;

		sio_options_init(&o);
		o.trusted_proxies = proxies;
		o.trusted_proxy_count = COUNT_OF(proxies);
		o.proxy_header = cases[i].header;
		start(w, &o);
		buf_printf(&request, "GET /who" HTTP "%s" BYE, cases[i].fields);
		exchange(w, buf_str(&request), &got, NULL);
		expect_in(cases[i].fields, &got, cases[i].expected);
		buf_done(&request);
		buf_done(&got);
		world_free(w);
	}
}

static void every_origin_with_credentials_is_refused(void **state)
{
	static const char *const origins[] = { "https://a.example", "*" };
	struct sio_server *s = NULL;
	struct sio_options o;

	(void)state;
	sio_options_init(&o);
	o.cors_origins = origins;
	o.cors_origin_count = COUNT_OF(origins);
	o.cors_credentials = true;
	assert_int_equal(sio_server_new(&o, &s), SIO_INVALID);
}

static void bad_options_are_refused(void **state)
{
	static const char *const bad[] = { "x", "10.0.0.0/33", "10.0.0.0/", "::1/129", "" };
	struct sio_server *s = NULL;
	struct sio_options o;

	(void)state;
	sio_options_init(&o);
	o.trusted_proxy_count = 1;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		o.trusted_proxies = &bad[i];
		assert_int_equal(sio_server_new(&o, &s), SIO_INVALID);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests_are_answered),
		TEST(a_header_block_that_is_too_long_is_refused),
		TEST(a_body_waits_for_who_takes_it),
		TEST(who_goes_in_the_middle_of_a_body_is_missed),
		TEST(a_stranger_who_goes_before_the_answer_is_no_danger),
		TEST(a_conversation_by_polling),
		TEST(a_second_poll_ends_the_session),
		TEST(a_poller_that_hangs_up_ends_its_session),
		TEST(a_post_that_is_too_large_leaves_the_session),
		TEST(bad_handshakes_are_refused),
		TEST(a_conversation_by_websocket),
		TEST(a_message_that_is_too_large_closes_with_1009),
		TEST(who_hangs_up_is_missed),
		TEST(the_end_of_the_server_is_told),
		TEST(a_drain_closes_what_is_open_and_ends),
		cmocka_unit_test(connections_of_an_address_are_bounded),
		cmocka_unit_test(a_peer_that_does_not_read_is_served_no_further),
		TEST(a_peer_that_reads_late_gets_all_answers),
		cmocka_unit_test(what_crawls_is_ended),
		cmocka_unit_test(sessions_are_bounded_whatever_their_transport),
		cmocka_unit_test(what_a_handshake_keeps_is_bounded_and_named),
		cmocka_unit_test(the_header_that_is_set_says_who),
		cmocka_unit_test(every_origin_with_credentials_is_refused),
		cmocka_unit_test(bad_options_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
