/* SPDX-License-Identifier: MIT
 *
 * test_threads - a server of several threads. What waits between them is bounded, and nothing of it is lost: a program
 * that is busy, and one that sends more than its I/O threads can write. And whoever is asked about requests is asked
 * on the program's own thread.
 *
 * Layer: tests.  Threads: the test's, the server's.
 */
#include "../cmocka_all.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "sio/sio.h"

enum {
	MESSAGE_BYTES = 60000,
	FLOOD_MESSAGES = 1500, /* 90 MB: far more than may wait, and than the kernel takes */
	STUCK_MS = 500,
};

struct world {
	struct sio_server *server;
	pthread_t thread;
	unsigned port;
	sem_t go_on; /* for a handler that is busy */
	size_t received;
	size_t asked, let_in, headed; /* by the hooks, all on the server's thread */
	struct sio_request *waiting;
};

/* "busy" waits for the test; "count" is counted and answered; "flood" is answered by FLOOD_MESSAGES events at once. */
static void on_event(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct world *w = context;
	char json[MESSAGE_BYTES + 32];

	if (e->name.n == 4) {
		sem_wait(&w->go_on);
	} else if (e->name.p[0] == 'c') {
		w->received++;
		if (e->ack.wanted)
			(void)sio_server_ack(w->server, &e->ack, &e->args);
	}
	for (unsigned i = 0; e->name.p[0] == 'f' && i < FLOOD_MESSAGES; i++) {
		memset(json, ' ', sizeof json);
		int n = snprintf(json, sizeof json, "%u", i);
		json[n] = ' ';
		struct sio_emit back = { .event = { "x", 1 },
			.args = { .json = { json, MESSAGE_BYTES } } };
		assert_int_equal(sio_socket_emit(s, &back), SIO_OK);
	}
}

/* ---- the hooks ---- */

static bool on_request(void *context, struct sio_request *r)
{
	struct world *w = context;

	assert_true(pthread_equal(pthread_self(), w->thread));
	w->asked++;
	if (!sio_request_header(r, "X-Teapot").p)
		return true;
	sio_request_answer(r, 418, "text/plain", (struct sio_str){ "short and stout", 15 });
	return false;
}

static void let_in(void *context)
{
	struct world *w = context;

	w->let_in++;
	sio_request_allow(w->waiting);
}

/* Decides later; refuses who has no name. */
static void on_allow(void *context, struct sio_request *r)
{
	struct world *w = context;

	assert_true(pthread_equal(pthread_self(), w->thread));
	w->waiting = r;
	if (!sio_request_header(r, "X-Name").p)
		sio_request_refuse(r, (struct sio_str){ "who are you?", 12 });
	else
		assert_int_equal(sio_server_post(w->server, let_in, w), SIO_OK);
}

static void on_headers(void *context, struct sio_request *r, struct sio_headers *h)
{
	struct world *w = context;

	assert_true(pthread_equal(pthread_self(), w->thread));
	w->headed++;
	sio_headers_add(h, "X-Hello", sio_request_header(r, "X-Name"));
}

static const struct sio_request_handler hooks = {
	.request = on_request, .allow = on_allow, .headers = on_headers
};

/* ---- the server ---- */

static void *run(void *context)
{
	sio_server_run(context);
	return NULL;
}

static void stop(void *context)
{
	sio_server_stop(context);
}

static int start(void **state, bool asks)
{
	static const struct sio_namespace_handler handler = { .event = on_event };
	struct world *w = calloc(1, sizeof *w);
	const char *address = NULL;
	struct sio_options o;

	assert_non_null(w);
	sem_init(&w->go_on, 0, 0);
	sio_options_init(&o);
	o.threads = THREADS;
	o.send_queue_max = (size_t)1 << 30;
	o.request_handler = asks ? &hooks : NULL;
	o.request_context = w;
	assert_int_equal(sio_server_new(&o, &w->server), SIO_OK);
	assert_int_equal(sio_server_of(w->server, "/", &handler, w, NULL), SIO_OK);
	assert_int_equal(sio_server_listen(w->server, "127.0.0.1:0", &address), SIO_OK);
	assert_int_equal(sscanf(address, "127.0.0.1:%u", &w->port), 1);
	assert_int_equal(pthread_create(&w->thread, NULL, run, w->server), 0);
	*state = w;
	return 0;
}

static int setup(void **state)
{
	return start(state, false);
}

static int setup_with_hooks(void **state)
{
	return start(state, true);
}

static int teardown(void **state)
{
	struct world *w = *state;

	assert_int_equal(sio_server_post(w->server, stop, w->server), SIO_OK);
	pthread_join(w->thread, NULL);
	sio_server_free(w->server);
	sem_destroy(&w->go_on);
	free(w);
	return 0;
}

static void hear_some(int fd, struct buf *got)
{
	char *to = buf_reserve(got, 65536);
	ssize_t n = recv(fd, to, 65536, 0);

	assert_true(n > 0);
	buf_grow(got, (size_t)n);
}

/* Reads until `until` has come; it, and what stood before it, is dropped. */
static void hear(int fd, struct buf *got, const char *until)
{
	const char *at = NULL;

	while (!(at = got->n ? memmem(got->p, got->n, until, strlen(until)) : NULL))
		hear_some(fd, got);
	buf_drop(got, (size_t)(at - got->p) + strlen(until));
}

static void say(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
		assert_true(k > 0);
		p += k;
		n -= (size_t)k;
	}
}

static int dial(const struct world *w)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)w->port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

/* A connection that has joined "/". */
static int join(const struct world *w)
{
	static const char upgrade[] =
		"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\nX-Name: ann\r\n"
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x82\0\0\0\0"
		"40";
	struct buf got = { 0 };
	int fd = dial(w);

	say(fd, upgrade, sizeof upgrade - 1);
	hear(fd, &got, "40{\"sid\":\"");
	buf_done(&got);
	return fd;
}

/* A masked text of MESSAGE_BYTES bytes that begins with that; the mask is zero. */
static void make_message(char out[8 + MESSAGE_BYTES], const char *text)
{
	memset(out, ' ', 8 + MESSAGE_BYTES);
	memcpy(out, "\x81\xfe\xea\x60\0\0\0\0", 8);
	memcpy(out + 8, text, strlen(text));
	out[8 + MESSAGE_BYTES - 1] = ']';
}

/* Sends bytes of the repeated message until the server takes no more; returns how many. */
static size_t send_until_stuck(int fd, const char *message, size_t whole, size_t all)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	size_t sent = 0;

	while (sent < all && poll(&p, 1, STUCK_MS) == 1) {
		size_t at = sent % whole;
		ssize_t n = send(fd, message + at, whole - at, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0)
			sent += (size_t)n;
	}
	return sent;
}

static void who_speaks_to_a_busy_program_is_not_read_for_ever(void **state)
{
	struct world *w = *state;
	enum { WHOLE = 8 + MESSAGE_BYTES };
	char *message = malloc(WHOLE);
	struct buf got = { 0 };
	int fd = join(w), other = join(w);

	make_message(message, "42[\"busy\",1");
	say(other, message, WHOLE);
	make_message(message, "42[\"count\",1");
	size_t sent = send_until_stuck(fd, message, WHOLE, (size_t)FLOOD_MESSAGES * WHOLE);
	/* The queue, a parcel and a read more, and what the kernel holds of a connection. */
	assert_in_range(sent, WHOLE, THREAD_QUEUE_MAX + (32 << 20));
	sem_post(&w->go_on);
	say(fd, message + sent % WHOLE, WHOLE - sent % WHOLE);
	for (size_t i = sent / WHOLE + 1; i < FLOOD_MESSAGES; i++)
		say(fd, message, WHOLE);
	make_message(message, "427[\"count\",2");
	say(fd, message, WHOLE);
	hear(fd, &got, "437[2");
	assert_int_equal(w->received, FLOOD_MESSAGES + 1);
	close(fd);
	close(other);
	free(message);
	buf_done(&got);
}

static void a_flood_from_the_program_comes_whole_and_in_order(void **state)
{
	struct world *w = *state;
	char *message = malloc(8 + MESSAGE_BYTES);
	struct buf got = { 0 };
	int fd = join(w);

	make_message(message, "42[\"flood\",1");
	say(fd, message, 8 + MESSAGE_BYTES);
	for (unsigned i = 0; i < FLOOD_MESSAGES; i++) {
		char next[32];
		snprintf(next, sizeof next, "42[\"x\",%u ", i);
		hear(fd, &got, next);
	}
	close(fd);
	free(message);
	buf_done(&got);
}

/* ---- hooks ---- */

#define POLL " /socket.io/?EIO=4&transport=polling"
#define HEAD " HTTP/1.1\r\nHost: h\r\n"

static void say_text(int fd, const char *text)
{
	say(fd, text, strlen(text));
}

static void the_program_is_asked_on_its_own_thread(void **state)
{
	struct world *w = *state;
	struct buf got = { 0 }, request = { 0 };
	int fd = dial(w);

	for (unsigned i = 0; i < 20; i++) { /* each all over the threads, on one connection */
		say_text(fd, "GET" POLL HEAD "X-Teapot: 1\r\n\r\n");
		hear(fd, &got, "short and stout");
		say_text(fd, "GET" POLL HEAD "\r\n");
		hear(fd, &got, "{\"code\":4,\"message\":\"who are you?\"}");
		say_text(fd, "GET" POLL HEAD "X-Name: ann\r\n\r\n");
		hear(fd, &got, "X-Hello: ann\r\n");
		hear(fd, &got, "{\"sid\":\"");
		while (got.n < 20)
			hear_some(fd, &got);
		char sid[21];
		memcpy(sid, got.p, 20);
		sid[20] = '\0';
		hear(fd, &got, "}");
		buf_clear(&request);
		buf_printf(&request,
			"POST" POLL "&sid=%s" HEAD "X-Name: eve\r\nContent-Length: 2\r\n\r\n40",
			sid);
		buf_printf(&request, "GET" POLL "&sid=%s" HEAD "X-Name: bob\r\n\r\n", sid);
		say(fd, request.p, request.n);
		hear(fd, &got, "X-Hello: eve\r\n");
		hear(fd, &got, "X-Hello: bob\r\n");
		hear(fd, &got, "40{\"sid\":\"");
		hear(fd, &got, "}");
	}
	close(fd);
	for (unsigned i = 0; i < 5; i++)
		close(join(w));
	assert_int_equal(w->asked, 20 * 5 + 5);
	assert_int_equal(w->let_in, 20 + 5);
	assert_int_equal(w->headed, 20 * 5 + 5);
	buf_done(&got);
	buf_done(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			who_speaks_to_a_busy_program_is_not_read_for_ever, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_flood_from_the_program_comes_whole_and_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_program_is_asked_on_its_own_thread, setup_with_hooks, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
