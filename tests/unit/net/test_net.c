/* SPDX-License-Identifier: MIT
 *
 * test_net - the loop, its timers and workers, and connections over the loopback.
 *
 * Layer: tests.  Threads: the loop's, workers', and one that posts.
 */
#include "../cmocka_all.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "net/conn.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/workers.h"

/* ---- timers ---- */

struct tick {
	struct timer timer;
	struct buf *log;
	struct timers *timers;
	struct tick *other; /* stopped by this one */
	char name;
};

static void tick(void *context)
{
	struct tick *t = context;

	buf_byte(t->log, t->name);
	if (t->other)
		timer_stop(t->timers, &t->other->timer);
}

static void timers_run_in_their_order(void **state)
{
	static const int64_t due[] = { 50, 10, 30, 20, 40, 10, 60 };
	struct timers ts = timers_none();
	struct tick t[COUNT_OF(due)] = { 0 };
	struct buf log = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(due); i++) {
		t[i] = (struct tick){
			.timer = { .fn = tick }, .log = &log, .timers = &ts, .name = (char)('a' + i)
		};
		t[i].timer.context = &t[i];
		timer_start(&ts, &t[i].timer, due[i]);
	}
	timer_stop(&ts, &t[6].timer);
	timer_start(&ts, &t[0].timer, 5); /* moved */
	t[3].other = &t[2];               /* stopped by the one before it */
	assert_int_equal(timer_next_due(&ts), 5);
	timer_run(&ts, 45);
	assert_true(log.n == 5 && log.p[0] == 'a' && log.p[3] == 'd' && log.p[4] == 'e');
	assert_int_equal(timer_next_due(&ts), INT64_MAX);
	buf_done(&log);
}

/* Many timers, started and stopped in an order that a simple generator makes. */
static void a_thousand_timers_keep_their_order(void **state)
{
	enum { TIMERS = 1000 };
	struct timers ts = timers_none();
	struct timer *t = calloc(TIMERS, sizeof *t);
	uint32_t x = 1;
	int64_t last = 0;
	size_t left = 0;

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		x = x * 1664525 + 1013904223;
		struct timer *one = &t[x >> 8 & 1023];
		if ((x >> 8 & 1023) >= TIMERS)
			continue;
		if (x & 64)
			timer_stop(&ts, one);
		else
			timer_start(&ts, one, x >> 12);
	}
	for (size_t i = 0; i < TIMERS; i++)
		left += t[i].running;
	while (ts.first) {
		assert_true(ts.first->due_ms >= last);
		last = ts.first->due_ms;
		timer_stop(&ts, ts.first);
		left--;
	}
	assert_int_equal(left, 0);
	free(t);
}

/* ---- the loop ---- */

struct counter {
	struct loop *loop;
	struct workers *workers;
	size_t count, until;
	pthread_mutex_t gate;
};

static void count(void *context)
{
	struct counter *c = context;

	if (++c->count == c->until)
		loop_stop(c->loop);
}

static void *post_many(void *context)
{
	struct counter *c = context;

	for (size_t i = 0; i < c->until; i++)
		assert_int_equal(loop_post(c->loop, count, c), ERR_OK);
	return NULL;
}

static void calls_come_from_other_threads(void **state)
{
	struct counter c = { .until = 10000 };
	pthread_t thread;

	(void)state;
	assert_int_equal(loop_new(&c.loop), ERR_OK);
	assert_int_equal(pthread_create(&thread, NULL, post_many, &c), 0);
	loop_run(c.loop);
	pthread_join(thread, NULL);
	assert_int_equal(c.count, c.until);
	loop_free(c.loop);
}

/* ---- order ---- */

enum { POSTERS = 3, POSTS_EACH = 20000 };

struct numbered {
	struct loop_task task;
	struct poster *from;
	size_t number;
};

struct poster {
	struct loop *loop;
	struct numbered *tasks;
	size_t next;   /* the number that must come next */
	size_t *ended; /* posters of which all has come */
};

static void in_order(void *context)
{
	struct numbered *t = context;

	assert_int_equal(t->number, t->from->next);
	if (++t->from->next == POSTS_EACH && ++*t->from->ended == POSTERS)
		loop_stop(t->from->loop);
}

static void *post_numbers(void *context)
{
	struct poster *p = context;

	for (size_t i = 0; i < POSTS_EACH; i++) {
		p->tasks[i] = (struct numbered){
			.task = { .fn = in_order, .context = &p->tasks[i] }, .from = p, .number = i
		};
		loop_post_task(p->loop, &p->tasks[i].task);
	}
	return NULL;
}

static void calls_of_each_thread_keep_their_order(void **state)
{
	struct poster p[POSTERS];
	pthread_t threads[POSTERS];
	struct loop *l = NULL;
	size_t ended = 0;

	(void)state;
	assert_int_equal(loop_new(&l), ERR_OK);
	for (size_t i = 0; i < POSTERS; i++) {
		p[i] = (struct poster){ .loop = l,
			.tasks = malloc(POSTS_EACH * sizeof(struct numbered)),
			.ended = &ended };
		assert_non_null(p[i].tasks);
		assert_int_equal(pthread_create(&threads[i], NULL, post_numbers, &p[i]), 0);
	}
	loop_run(l);
	for (size_t i = 0; i < POSTERS; i++) {
		pthread_join(threads[i], NULL);
		free(p[i].tasks);
	}
	loop_free(l);
}

static void work(void *context)
{
	struct counter *c = context;

	pthread_mutex_lock(&c->gate); /* held by the test while it fills the queue */
	pthread_mutex_unlock(&c->gate);
}

static void a_full_queue_refuses(void **state)
{
	struct counter c = { .gate = PTHREAD_MUTEX_INITIALIZER };
	size_t taken = 0;

	(void)state;
	assert_int_equal(loop_new(&c.loop), ERR_OK);
	assert_int_equal(workers_new(c.loop, 2, WORKER_QUEUE_MAX, &c.workers), ERR_OK);
	pthread_mutex_lock(&c.gate);
	while (workers_run(c.workers, work, count, &c) == ERR_OK)
		taken++;
	/* Those that wait, and up to two that are at work already. */
	assert_in_range(taken, WORKER_QUEUE_MAX, WORKER_QUEUE_MAX + 2);
	c.until = taken;
	pthread_mutex_unlock(&c.gate);
	loop_run(c.loop);
	assert_int_equal(c.count, taken);
	assert_int_equal(workers_run(c.workers, work, count, &c), ERR_OK);
	workers_free(c.workers); /* its last job is ended, not lost */
	assert_int_equal(c.count, taken + 1);
	loop_free(c.loop);
}

/* ---- connections ---- */

enum { BIG_BYTES = 8 << 20, FILE_BYTES = 3 << 20 };

struct server {
	struct loop *loop;
	struct listener *listener;
	struct conn *conn;
	struct conn_file *file;
	size_t frames, drained, closed, received;
	enum conn_end end;
	bool finish;
	char *pattern;
};

/* Answers whatever comes with everything at once. */
static void on_bytes(void *context, char *p, size_t n)
{
	struct server *s = context;

	(void)p;
	s->received += n;
	for (size_t i = 0; i < s->frames; i++)
		conn_send_copy(s->conn, (struct str){ s->pattern + i % 100, 1000 });
	if (s->file) {
		conn_send_file(s->conn, s->file, 5, FILE_BYTES - 5);
		conn_send_copy(s->conn, STR("end"));
	}
	if (s->finish)
		conn_finish(s->conn);
}

static void on_drained(void *context)
{
	((struct server *)context)->drained++;
}

static void on_closed(void *context, enum conn_end end)
{
	struct server *s = context;

	s->closed++;
	s->end = end;
	listener_free(s->listener);
	s->listener = NULL;
	loop_stop(s->loop);
}

static void on_accepted(void *context, int take_fd, const struct conn_address *peer)
{
	static const struct conn_handler handler = { on_bytes, on_drained, on_closed };
	struct server *s = context;
	struct conn *c = NULL;

	assert_true(conn_address_is_loopback(peer));
	assert_int_equal(conn_new(s->loop, take_fd, peer, &c), ERR_OK);
	s->conn = c;
	conn_set_handler(c, &handler, s);
}

static enum err listen_at(
	struct loop *l, struct str address, struct server *s, struct listener **out)
{
	struct listener_options o = { .address = address, .accepted = on_accepted, .context = s };

	return listener_new(l, &o, out);
}

static void server_open(struct server *s)
{
	s->pattern = malloc(2000);
	for (size_t i = 0; i < 2000; i++)
		s->pattern[i] = (char)(i % 100);
	assert_int_equal(loop_new(&s->loop), ERR_OK);
	assert_int_equal(listen_at(s->loop, STR("127.0.0.1:0"), s, &s->listener), ERR_OK);
}

static int client_of(const struct server *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	unsigned port = 0;

	assert_int_equal(sscanf(listener_address(s->listener), "127.0.0.1:%u", &port), 1);
	assert_true(port > 0);
	to.sin_port = htons((uint16_t)port);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

struct reader {
	int fd;
	struct buf got;
	bool slow;
};

/* Says one word, then reads to the end. */
static void *read_all(void *context)
{
	struct reader *r = context;
	ssize_t n;

	assert_int_equal(write(r->fd, "go", 2), 2);
	do {
		char *to = buf_reserve(&r->got, 65536);
		n = to ? read(r->fd, to, r->slow ? 3000 : 65536) : -1;
		if (n > 0)
			buf_grow(&r->got, (size_t)n);
	} while (n > 0);
	close(r->fd);
	return NULL;
}

static void serve_one(struct server *s, struct reader *r)
{
	pthread_t thread;

	r->fd = client_of(s);
	assert_int_equal(pthread_create(&thread, NULL, read_all, r), 0);
	loop_run(s->loop);
	pthread_join(thread, NULL);
	loop_free(s->loop);
	free(s->pattern);
	assert_int_equal(s->closed, 1);
}

static void many_frames_arrive_in_their_order(void **state)
{
	struct server s = { .frames = BIG_BYTES / 1000, .finish = true };
	struct reader r = { .slow = true };

	(void)state;
	server_open(&s);
	serve_one(&s, &r);
	assert_int_equal(s.received, 2);
	assert_int_equal(s.end, CONN_ENDED_BY_US);
	assert_int_equal(r.got.n, s.frames * 1000);
	for (size_t i = 0; i < r.got.n; i++) {
		if (r.got.p[i] != (char)((i / 1000 % 100 + i % 1000) % 100))
			fail_msg("byte %zu is wrong", i);
	}
	buf_done(&r.got);
}

static void a_file_arrives_from_its_offset(void **state)
{
	struct server s = { .frames = 2, .finish = true };
	struct reader r = { .slow = false };
	char path[] = "/tmp/antiphon-test-XXXXXX";
	int fd = mkstemp(path);
	char *bytes = malloc(FILE_BYTES);

	(void)state;
	unlink(path);
	for (size_t i = 0; i < FILE_BYTES; i++)
		bytes[i] = (char)(i * 31 >> 3);
	assert_int_equal(write(fd, bytes, FILE_BYTES), FILE_BYTES);
	server_open(&s);
	assert_int_equal(conn_file_new(fd, &s.file), ERR_OK);
	serve_one(&s, &r);
	conn_file_unref(s.file);
	assert_int_equal(r.got.n, 2000 + FILE_BYTES - 5 + 3);
	assert_memory_equal(r.got.p + 2000, bytes + 5, FILE_BYTES - 5);
	assert_memory_equal(r.got.p + r.got.n - 3, "end", 3);
	buf_done(&r.got);
	free(bytes);
}

static void a_file_that_became_shorter_ends_the_connection(void **state)
{
	struct server s = { .frames = 0 };
	struct reader r = { .slow = false };
	char path[] = "/tmp/antiphon-test-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	unlink(path);
	assert_int_equal(write(fd, "0123456789", 10), 10);
	server_open(&s);
	assert_int_equal(conn_file_new(fd, &s.file), ERR_OK);
	serve_one(&s, &r);
	conn_file_unref(s.file);
	assert_int_equal(s.end, CONN_ENDED_BY_ERROR);
	assert_int_equal(r.got.n, 5);
	buf_done(&r.got);
}

static void an_end_of_stream_is_told(void **state)
{
	struct server s = { .frames = 0 };

	(void)state;
	server_open(&s);
	close(client_of(&s));
	loop_run(s.loop);
	assert_int_equal(s.end, CONN_ENDED_BY_PEER);
	loop_free(s.loop);
	free(s.pattern);
}

static void addresses_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		bool valid, loopback;
	} cases[] = {
		{ "127.0.0.1", true, true },
		{ "127.8.8.8", true, true },
		{ "::1", true, true },
		{ "192.0.2.1", true, false },
		{ "2001:db8::1", true, false },
		{ "localhost", false, false },
		{ "", false, false },
		{ "1.2.3", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct conn_address a;
		char text[CONN_ADDRESS_MAX];
		enum err e = conn_address_parse(str_of(cases[i].text), &a);

		assert_int_equal(e == ERR_OK, cases[i].valid);
		if (e)
			continue;
		assert_int_equal(conn_address_text(&a, text), strlen(cases[i].text));
		assert_string_equal(text, cases[i].text);
		assert_int_equal(conn_address_is_loopback(&a), cases[i].loopback);
	}
}

static void bad_addresses_are_refused(void **state)
{
	static const char *const bad[] = { "", "localhost", "127.0.0.1",
		"127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "999.1.1.1:0" };
	struct loop *l = NULL;
	struct listener *s = NULL, *same = NULL;

	(void)state;
	assert_int_equal(loop_new(&l), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_int_equal(listen_at(l, str_of(bad[i]), NULL, &s), ERR_BAD_REQUEST);
		assert_int_equal(listener_probe(str_of(bad[i])), ERR_BAD_REQUEST);
	}
	assert_int_equal(listen_at(l, STR("127.0.0.1:0"), NULL, &s), ERR_OK);
	assert_int_equal(listen_at(l, str_of(listener_address(s)), NULL, &same), ERR_CONFLICT);
	assert_int_equal(listener_probe(str_of(listener_address(s))), ERR_CONFLICT);
	assert_int_equal(listener_probe(STR("192.0.2.1:0")), ERR_UNAVAILABLE);
	listener_free(s);
	loop_free(l);
}

static void ipv4_and_ipv6_share_a_port(void **state)
{
	struct loop *l = NULL;
	struct listener *v4 = NULL, *v6 = NULL;
	char address[LISTENER_ADDRESS_MAX];

	(void)state;
	assert_int_equal(loop_new(&l), ERR_OK);
	assert_int_equal(listen_at(l, STR("0.0.0.0:0"), NULL, &v4), ERR_OK);
	snprintf(address, sizeof address, "[::]%s", strrchr(listener_address(v4), ':'));
	assert_int_equal(listen_at(l, str_of(address), NULL, &v6), ERR_CONFLICT);
	struct listener_options o = {
		.address = str_of(address), .v6_only = true, .accepted = on_accepted
	};
	assert_int_equal(listener_new(l, &o, &v6), ERR_OK);
	listener_free(v4);
	listener_free(v6);
	loop_free(l);
}

/* ---- who sends much ---- */

enum { HEAVY = 3 };

struct sender {
	struct conn *conn;
	int far;
	size_t reads;
};

static void on_sent(void *context, char *p, size_t n)
{
	struct sender *s = context;

	(void)p;
	(void)n;
	s->reads++;
}

static void on_sender_gone(void *context, enum conn_end end)
{
	(void)context;
	(void)end;
}

/* A connection from whose other end as much comes as its buffers take, or little. */
static void sender_open(struct loop *l, struct sender *s, bool much)
{
	static const struct conn_handler handler = { .bytes = on_sent, .closed = on_sender_gone };
	static const struct conn_address nowhere = { 0 };
	static const char bytes[4096];
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_int_equal(conn_new(l, pair[0], &nowhere, &s->conn), ERR_OK);
	conn_set_handler(s->conn, &handler, s);
	s->far = pair[1];
	if (!much)
		assert_int_equal(write(s->far, "few", 3), 3);
	while (much && write(s->far, bytes, sizeof bytes) > 0)
		;
}

static void of_those_who_send_much_a_turn_serves_one(void **state)
{
	struct sender much[HEAVY] = { 0 }, little = { 0 };
	struct loop *l = NULL;

	(void)state;
	assert_int_equal(loop_new(&l), ERR_OK);
	for (size_t i = 0; i < HEAVY; i++)
		sender_open(l, &much[i], true);
	sender_open(l, &little, false);
	loop_turn(l, 0); /* nobody is known to send much */
	assert_int_equal(little.reads, 1);
	for (size_t turn = 0; turn <= 2 * HEAVY; turn++) {
		size_t reads = 0;
		for (size_t i = 0; i < HEAVY; i++)
			reads += much[i].reads;
		assert_int_equal(reads, HEAVY + turn);
		assert_int_equal(write(little.far, "few", 3), 3);
		loop_turn(l, 0);
		assert_int_equal(little.reads, turn + 2);
	}
	for (size_t i = 0; i < HEAVY; i++) {
		assert_true(much[i].reads >= 3);
		conn_close(much[i].conn);
		close(much[i].far);
	}
	conn_close(little.conn);
	close(little.far);
	loop_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_run_in_their_order),
		cmocka_unit_test(a_thousand_timers_keep_their_order),
		cmocka_unit_test(calls_come_from_other_threads),
		cmocka_unit_test(calls_of_each_thread_keep_their_order),
		cmocka_unit_test(a_full_queue_refuses),
		cmocka_unit_test(many_frames_arrive_in_their_order),
		cmocka_unit_test(a_file_arrives_from_its_offset),
		cmocka_unit_test(a_file_that_became_shorter_ends_the_connection),
		cmocka_unit_test(an_end_of_stream_is_told),
		cmocka_unit_test(of_those_who_send_much_a_turn_serves_one),
		cmocka_unit_test(addresses_are_read_and_written),
		cmocka_unit_test(bad_addresses_are_refused),
		cmocka_unit_test(ipv4_and_ipv6_share_a_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
