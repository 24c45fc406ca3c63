/* SPDX-License-Identifier: MIT
 *
 * test_memory - a link by long polling, through TLS and through a proxy, in which the first, second, nth allocation
 * fails: on its side or on that of the server, which is in the same loop.
 *
 * Layer: tests.  Threads: one.
 */
#include "../../cmocka_all.h"
#include "../../no_memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "client/link/link.h"
#include "net/conn.h"
#include "net/listener.h"
#include "net/tls.h"

#define HELLO "0{\"sid\":\"abc\",\"pingInterval\":30000,\"pingTimeout\":20000,\"maxPayload\":1000}"
#define PLACE "{\"_placeholder\":true,\"num\":0}"

enum { PATH_BYTES = 64 };

struct identity {
	char folder[PATH_BYTES], key[PATH_BYTES], certificate[PATH_BYTES];
};

struct world {
	const struct identity *identity; /* NULL: no TLS */
	struct tls_context *tls;
	struct loop *loop;
	struct listener *listener;
	struct link *link;
	struct peer *held; /* its GET waits for something to be said */
	struct buf out;    /* what it will be told */
	size_t heard;      /* messages that the server has taken */
	size_t emitted, acks, answered, attachments;
};

struct peer {
	struct world *world;
	struct conn *conn;
	struct buf request;
};

/* ---- the server: Engine.IO by polling, one session at a time ---- */

static void answer(struct peer *p, struct str body)
{
	char head[64];

	snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", body.n);
	conn_send_copy(p->conn, str_of(head));
	conn_send_copy(p->conn, body);
}

static void say(struct world *w, const char *packet)
{
	if (w->out.n)
		buf_byte(&w->out, '\x1e');
	buf_append(&w->out, str_of(packet));
}

static void tell_held(struct world *w)
{
	if (!w->held || (w->out.n == 0 && !buf_failed(&w->out)))
		return;
	if (buf_failed(&w->out))
		conn_close(w->held->conn);
	else
		answer(w->held, buf_str(&w->out));
	w->held = NULL;
	buf_done(&w->out);
}

/* The packets of a POST. */
static void hear(struct world *w, const char *body)
{
	char ack[32];
	const char *hello = strstr(body, "[\"hello\",");

	if (body[0] == '4' && body[1] == '0')
		say(w, "40{\"sid\":\"s\"}");
	if (!hello)
		return;
	w->heard++;
	snprintf(ack, sizeof ack, "43%.1s[\"got\"]", hello - 1);
	say(w, ack);
	say(w, "451-[\"a\"," PLACE "]");
	say(w, "bAQI=");
	say(w, "42[\"end\"]");
}

static void serve(struct peer *p, const char *request, const char *body)
{
	struct world *w = p->world;

	if (strncmp(request, "POST ", 5) == 0) {
		hear(w, body);
		answer(p, STR("ok"));
	} else if (strstr(request, "&sid=abc ")) {
		w->held = p;
	} else {
		w->held = NULL;
		buf_done(&w->out);
		answer(p, STR(HELLO));
	}
	tell_held(w);
}

static bool begin_tls(struct peer *p)
{
	struct tls *tls;

	return !p->world->identity ||
	       (!tls_new_server(p->world->tls, &tls) && !conn_set_tls(p->conn, tls));
}

/* The first request that is whole is taken out of p->request, which ends with a NUL. False: there is none. */
static bool take_request(struct peer *p)
{
	char *request = p->request.p, *body = strstr(request, "\r\n\r\n");
	const char *length = strstr(request, "Content-Length: ");

	if (!body)
		return false;
	size_t head = (size_t)(body - request) + 4, n = head;
	body[2] = 0;
	if (length && length < body)
		n += strtoul(length + 16, NULL, 10);
	if (p->request.n - 1 < n) {
		body[2] = '\r';
		return false;
	}
	char after = request[n];
	request[n] = 0;
	if (strncmp(request, "CONNECT ", 8) == 0) {
		conn_send_copy(p->conn, STR("HTTP/1.1 200 OK\r\n\r\n"));
		conn_flush(p->conn);
		if (!begin_tls(p))
			conn_close(p->conn);
	} else {
		serve(p, request, request + head);
	}
	request[n] = after;
	memmove(request, request + n, p->request.n - n);
	p->request.n -= n;
	return true;
}

static void on_bytes(void *context, char *bytes, size_t n)
{
	struct peer *p = context;

	buf_append(&p->request, (struct str){ bytes, n });
	buf_byte(&p->request, '\0');
	if (buf_failed(&p->request)) {
		conn_close(p->conn);
		return;
	}
	while (!conn_is_closing(p->conn) && take_request(p)) {
	}
	p->request.n--;
}

static void on_gone(void *context, enum conn_end end)
{
	struct peer *p = context;

	(void)end;
	if (p->world->held == p)
		p->world->held = NULL;
	buf_done(&p->request);
	free(p);
}

static void on_accepted(void *context, int take_fd, const struct conn_address *from)
{
	static const struct conn_handler handler = { .bytes = on_bytes, .closed = on_gone };
	struct world *w = context;
	struct peer *p = calloc(1, sizeof *p);
	struct conn *c = NULL;

	if (conn_new(w->loop, take_fd, from, &c)) {
		free(p);
		return;
	}
	if (!p) {
		conn_close(c);
		return;
	}
	p->world = w;
	p->conn = c;
	conn_set_handler(c, &handler, p);
	if (!getenv("http_proxy") && !begin_tls(p))
		conn_close(c);
}

/* ---- the client ---- */

static void on_ack(void *context, const struct link_answer *a)
{
	struct world *w = context;

	w->acks++;
	if (a->outcome != LINK_ANSWERED)
		return;
	w->answered++;
	assert_true(str_eq(a->args, STR("\"got\"")));
}

static void on_connected(void *context, const struct link_joined *j)
{
	struct world *w = context;
	static const struct str attachment = { "\x01\x02", 2 };
	struct link_message m = { .ns = j->ns,
		.name = STR("hello"),
		.args = STR(PLACE),
		.attachments = &attachment,
		.attachment_count = 1,
		.ack = on_ack,
		.context = w };
	enum err e = ERR_NOMEM;

	for (int i = 0; i < 2 && e == ERR_NOMEM; i++)
		e = link_emit(w->link, &m);
	w->emitted += e == ERR_OK;
}

static void on_refused(void *context, const struct link_refusal *r)
{
	(void)context;
	fail_msg("refused: " STR_FMT, STR_ARG(r->message));
}

static void on_event(void *context, const struct link_event *e)
{
	struct world *w = context;

	if (e->attachment_count) {
		assert_true(str_eq(e->attachments[0], STR("\x01\x02")));
		w->attachments++;
	}
	if (str_eq(e->name, STR("end")))
		loop_stop(w->loop);
}

static void on_left(void *context, struct str ns)
{
	(void)context;
	fail_msg("left " STR_FMT, STR_ARG(ns));
}

static void on_disconnected(void *context, struct str reason, int64_t retry_ms)
{
	(void)context;
	assert_true(reason.n > 0 && retry_ms != LINK_NO_RETRY);
}

static void on_error(void *context, enum err code, struct str sentence, int64_t retry_ms)
{
	(void)context;
	assert_int_equal(code, ERR_UNAVAILABLE);
	assert_true(sentence.n > 2 && sentence.p[sentence.n - 1] == '.');
	assert_true(retry_ms != LINK_NO_RETRY);
}

static const struct link_handler handler = { on_connected, on_refused, on_event, on_left,
	on_disconnected, on_error };

static enum err begin(struct world *w, bool proxied)
{
	char url[128];
	struct link_options options = { .websocket_off = true,
		.message_max = 1000,
		.connect_timeout_ms = 500,
		.backoff_base_ms = 1,
		.backoff_max_ms = 1,
		.environment = proxied ? getenv : NULL,
		.tls_ca_file = w->identity ? w->identity->certificate : NULL };
	enum err e = loop_new(&w->loop);

	if (!e && w->identity)
		e = tls_context_identity(w->identity->certificate, w->identity->key, NULL, &w->tls);
	if (!e)
		e = listener_new(w->loop,
			&(struct listener_options){ .address = STR("127.0.0.1:0"),
				.accepted = on_accepted,
				.context = w },
			&w->listener);
	if (e)
		return e;
	snprintf(url, sizeof url, "http://%s", listener_address(w->listener));
	if (proxied) {
		setenv("http_proxy", url, 1);
		setenv("https_proxy", url, 1);
	}
	snprintf(url, sizeof url, "http%s://%s", w->identity ? "s" : "",
		listener_address(w->listener));
	options.url = str_of(url);
	e = link_new(w->loop, &options, &handler, w, &w->link);
	if (!e)
		e = link_join(w->link, STR("/"));
	if (!e)
		link_open(w->link);
	return e;
}

static void end(struct world *w)
{
	link_free(w->link);
	listener_free(w->listener);
	for (int i = 0; w->loop && i < 3; i++)
		loop_run_closing(w->loop);
	loop_free(w->loop);
	tls_context_free(w->tls);
	buf_done(&w->out);
	unsetenv("http_proxy");
	unsetenv("https_proxy");
}

/* A conversation to its end in order. True when an allocation failed. */
static bool try(const struct identity *identity, bool proxied, long nth)
{
	struct world w = { .identity = identity };

	no_memory_begin(nth);
	enum err e = begin(&w, proxied);
	if (!e) {
		loop_run(w.loop);
		link_close(w.link);
	}
	while (!e && link_is_leaving(w.link))
		loop_turn(w.loop, 10);
	bool failed = no_memory_end();
	assert_true(e == ERR_OK || (failed && e == ERR_NOMEM));
	assert_int_equal(w.acks, w.emitted);
	assert_true(e || (w.answered && w.attachments && w.heard >= w.answered));
	end(&w);
	return failed;
}

static void make_identity(struct identity *d)
{
	int status;

	snprintf(d->folder, sizeof d->folder, "/tmp/antiphon-link-XXXXXX");
	assert_non_null(mkdtemp(d->folder));
	snprintf(d->key, sizeof d->key, "%.40s/key.pem", d->folder);
	snprintf(d->certificate, sizeof d->certificate, "%.40s/certificate.pem", d->folder);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		execlp("openssl", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
			"ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=test", "-addext",
			"subjectAltName=IP:127.0.0.1", "-keyout", d->key, "-out", d->certificate,
			NULL);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void each_allocation_may_fail(void **state)
{
	static const struct {
		bool tls, proxied;
	} ways[] = { { false, false }, { true, false }, { false, true }, { true, true } };
	struct identity identity;

	(void)state;
	make_identity(&identity);
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		long n = 0;
		while (try(ways[i].tls ? &identity : NULL, ways[i].proxied, ++n)) {
		}
		assert_true(n > 40);
	}
	assert_int_equal(remove(identity.key), 0);
	assert_int_equal(remove(identity.certificate), 0);
	assert_int_equal(remove(identity.folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
