/* SPDX-License-Identifier: MIT
 *
 * test_link - a link against a server that says what the test wants: out of turn, malformed, cut off at every byte;
 * and a conversation in which the first, second, nth allocation fails.
 *
 * The linker hands every malloc, calloc and realloc of the program to the functions below.
 *
 * Layer: tests.  Threads: one.
 */
#include "../../cmocka_all.h"
#include "../../no_memory.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "client/link/link.h"
#include "net/conn.h"
#include "net/listener.h"
#include "ws/ws.h"

/* ---- the server ---- */

#define HELLO "0{\"sid\":\"abc\",\"pingInterval\":30000,\"pingTimeout\":20000,\"maxPayload\":1000}"
#define JOIN  "40{\"sid\":\"s\"}"
#define PLACE "{\"_placeholder\":true,\"num\":0}"

/* What the server says after the handshake: texts as they are, those with a '#' in front as binary without it. */
struct world {
	struct loop *loop;
	struct listener *listener;
	struct link *link;
	const char *const *says;
	struct str raw;     /* bytes behind that */
	const char *accept; /* instead of the right Sec-WebSocket-Accept */
	size_t cut;         /* after so many bytes the server is gone; 0: never */
	bool byte_by_byte;
	bool until_event; /* go on over errors */
	struct buf log;
	size_t served; /* bytes of the answer */
};

struct peer {
	struct world *world;
	struct conn *conn;
	struct buf request;
	bool answered;
};

static void write_answer(struct world *w, struct str key, struct buf *b)
{
	char accept[WS_ACCEPT_BYTES];

	if (!ws_accept(key, accept))
		b->failed = true; /* no memory, in one of the tests */
	buf_append(b, STR("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
			  "Connection: Upgrade\r\nSec-WebSocket-Accept: "));
	buf_append(b, w->accept ? str_of(w->accept) : (struct str){ accept, sizeof accept });
	buf_append(b, STR("\r\n\r\n"));
	for (size_t i = 0; w->says[i]; i++) {
		bool binary = w->says[i][0] == '#';
		struct str text = str_of(w->says[i] + binary);
		assert_true(text.n < 126);
		buf_byte(b, binary ? '\x82' : '\x81');
		buf_byte(b, (char)text.n);
		buf_append(b, text);
	}
	buf_append(b, w->raw);
}

static void on_bytes(void *context, char *p, size_t n)
{
	struct peer *peer = context;
	struct world *w = peer->world;
	CLEANUP(buf_done) struct buf answer = { 0 };

	if (peer->answered)
		return;
	buf_append(&peer->request, (struct str){ p, n });
	buf_byte(&peer->request, '\0');
	const char *key =
		buf_failed(&peer->request) ? NULL : strstr(peer->request.p, "Sec-WebSocket-Key: ");
	if (!key) {
		conn_close(peer->conn);
		return;
	}
	peer->answered = true;
	write_answer(w, (struct str){ key + 19, 24 }, &answer);
	w->served = answer.n;
	struct str bytes = { answer.p, w->cut ? w->cut : answer.n };
	for (size_t i = 0; w->byte_by_byte && i < bytes.n; i++) {
		conn_send_copy(peer->conn, (struct str){ bytes.p + i, 1 });
		conn_flush(peer->conn);
	}
	if (!w->byte_by_byte)
		conn_send_copy(peer->conn, bytes);
	if (w->cut || buf_failed(&answer)) {
		conn_flush(peer->conn);
		conn_close(peer->conn);
	}
}

static void on_gone(void *context, enum conn_end end)
{
	struct peer *peer = context;

	(void)end;
	buf_done(&peer->request);
	free(peer);
}

static void on_accepted(void *context, int take_fd, const struct conn_address *from)
{
	static const struct conn_handler handler = { .bytes = on_bytes, .closed = on_gone };
	struct peer *peer = calloc(1, sizeof *peer);
	struct conn *c = NULL;

	if (conn_new(((struct world *)context)->loop, take_fd, from, &c)) {
		free(peer);
		return;
	}
	if (!peer) {
		conn_close(c);
		return;
	}
	peer->world = context;
	peer->conn = c;
	conn_set_handler(c, &handler, peer);
}

/* ---- the client ---- */

static void on_connected(void *context, const struct link_joined *j)
{
	struct world *w = context;
	static const struct str attachment = { "\x01\x02", 2 };
	struct link_message m = { .ns = j->ns,
		.name = STR("hello"),
		.args = STR(PLACE),
		.attachments = &attachment,
		.attachment_count = 1 };

	buf_printf(&w->log, "connected(" STR_FMT ") ", STR_ARG(j->ns));
	if (link_emit(w->link, &m) == ERR_UNAVAILABLE)
		fail_msg("it is connected, but nothing can be sent");
}

static void on_refused(void *context, const struct link_refusal *r)
{
	buf_printf(&((struct world *)context)->log, "refused(" STR_FMT ": " STR_FMT ") ",
		STR_ARG(r->ns), STR_ARG(r->message));
}

static void on_event(void *context, const struct link_event *e)
{
	struct world *w = context;

	buf_printf(&w->log, "event(" STR_FMT " " STR_FMT, STR_ARG(e->name), STR_ARG(e->args));
	for (size_t i = 0; i < e->attachment_count; i++)
		buf_printf(&w->log, " #" STR_FMT, STR_ARG(e->attachments[i]));
	buf_append(&w->log, STR(" of "));
	if (str_eq(e->name, STR("close")))
		link_close(w->link);
	if (str_eq(e->name, STR("leave")))
		link_leave(w->link, e->ns);
	buf_printf(&w->log, STR_FMT ") ", STR_ARG(e->args)); /* still there */
	if (!link_is_connected(w->link, e->ns) || str_eq(e->name, STR("end")))
		loop_stop(w->loop);
}

static void on_left(void *context, struct str ns)
{
	buf_printf(&((struct world *)context)->log, "left(" STR_FMT ") ", STR_ARG(ns));
}

static void on_disconnected(void *context, struct str reason, int64_t retry_ms)
{
	struct world *w = context;

	buf_printf(&w->log, "disconnected(" STR_FMT ") ", STR_ARG(reason));
	if (retry_ms == LINK_NO_RETRY)
		loop_stop(w->loop);
}

static void on_error(void *context, enum err code, struct str sentence, int64_t retry_ms)
{
	struct world *w = context;

	(void)retry_ms;
	assert_true(sentence.n > 2 && sentence.p[sentence.n - 1] == '.');
	buf_printf(&w->log, "error(%s " STR_FMT ") ", err_wire(code), STR_ARG(sentence));
	if (!w->until_event)
		loop_stop(w->loop);
}

static const struct link_handler handler = { on_connected, on_refused, on_event, on_left,
	on_disconnected, on_error };

static enum err begin(struct world *w)
{
	char url[128];
	struct link_options options = { .polling_off = true,
		.message_max = 1000,
		.connect_timeout_ms = 500,
		.backoff_base_ms = 1,
		.backoff_max_ms = 1 };
	enum err e = loop_new(&w->loop);

	if (e)
		return e;
	e = listener_new(w->loop,
		&(struct listener_options){
			.address = STR("127.0.0.1:0"), .accepted = on_accepted, .context = w },
		&w->listener);
	if (e)
		return e;
	snprintf(url, sizeof url, "http://%s", listener_address(w->listener));
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
	/* The server's connections end with the client's. */
	for (int i = 0; w->loop && i < 3; i++)
		loop_run_closing(w->loop);
	loop_free(w->loop);
	buf_done(&w->log);
}

static void run(struct world *w)
{
	assert_int_equal(begin(w), ERR_OK);
	loop_run(w->loop);
}

#define MALFORMED "error(bad_request The server sent a malformed Socket.IO packet.) "

static const struct {
	const char *what, *out; /* out: after "connected(/) " */
	const char *says[5];    /* behind the handshake and CONNECT */
} talks[] = {
	{ "an event", "event(end 1,2 of 1,2) ", { "42[\"end\",1,2]" } },
	{ "an event with attachments", "event(end " PLACE " #xyz of " PLACE ") ",
		{ "451-[\"end\"," PLACE "]", "#xyz" } },
	{ "an event of a namespace that is not joined", "event(end  of ) ",
		{ "42/x,[\"no\"]", "42[\"end\"]" } },
	{ "an answer that nobody awaits", "event(end  of ) ", { "437[1]", "42[\"end\"]" } },
	{ "the end of the namespace", "left(/) disconnected(io server disconnect) ", { "41" } },
	{ "a packet of no known type", MALFORMED, { "47" } },
	{ "an empty packet", MALFORMED, { "4" } },
	{ "an event that is no array", MALFORMED, { "42{}" } },
	{ "an event without name", MALFORMED, { "42[]" } },
	{ "an event cut short", MALFORMED, { "42[\"x\"" } },
	{ "a reserved name", MALFORMED, { "42[\"disconnect\"]" } },
	{ "a second CONNECT", MALFORMED, { JOIN } },
	{ "a refusal of what is joined", MALFORMED, { "44{\"message\":\"no\"}" } },
	{ "an answer without id", MALFORMED, { "43[1]" } },
	{ "an attachment that nobody announced", MALFORMED, { "#xyz" } },
	{ "a text where an attachment must be", MALFORMED,
		{ "451-[\"x\"," PLACE "]", "42[\"y\"]" } },
	{ "a placeholder without attachment", MALFORMED,
		{ "451-[\"x\",{\"_placeholder\":true,\"num\":1}]" } },
	{ "too many attachments", MALFORMED, { "499-[\"x\"]" } },
	{ "a second handshake",
		"error(bad_request The server sent something that is not Engine.IO.) ", { HELLO } },
	{ "a packet of no known type below",
		"error(bad_request The server sent something that is not Engine.IO.) ", { "9" } },
};

static void a_server_may_say_anything(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(talks); i++) {
		const char *says[8] = { HELLO, JOIN };
		struct world w = { .says = says, .byte_by_byte = i % 2 };
		CLEANUP(buf_done) struct buf wanted = { 0 };

		for (size_t k = 0; k < COUNT_OF(talks[0].says) && talks[i / 2].says[k]; k++)
			says[2 + k] = talks[i / 2].says[k];
		run(&w);
		buf_printf(&wanted, "connected(/) %s", talks[i / 2].out);
		if (strstr(talks[i / 2].out, "error"))
			buf_append(&wanted, STR("disconnected(parse error) "));
		if (!str_eq(buf_str(&w.log), buf_str(&wanted)))
			fail_msg("%s: " STR_FMT, talks[i / 2].what, STR_ARG(buf_str(&w.log)));
		end(&w);
	}
}

static void what_comes_before_connect_is_kept_for_it(void **state)
{
	const char *says[] = { HELLO, "42[\"early\",1]", "451-[\"end\"," PLACE "]", "#xyz", JOIN,
		NULL };
	struct world w = { .says = says };

	(void)state;
	run(&w);
	assert_true(str_eq(buf_str(&w.log),
		STR("connected(/) event(early 1 of 1) event(end " PLACE " #xyz of " PLACE ") ")));
	end(&w);
}

static void a_callback_may_end_what_it_is_called_from(void **state)
{
	static const char *const names[] = { "close", "leave" };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(names); i++) {
		char event[64];
		bool early = i % 2;
		snprintf(event, sizeof event, "451-[\"%s\"," PLACE "]", names[i / 2]);
		const char *late[] = { HELLO, JOIN, event, "#xyz", "42[\"never\"]", NULL };
		const char *before[] = { HELLO, event, "#xyz", "42[\"never\"]", JOIN, NULL };
		struct world w = { .says = early ? before : late };
		CLEANUP(buf_done) struct buf wanted = { 0 };

		run(&w);
		buf_printf(&wanted, "connected(/) event(%s " PLACE " #xyz of " PLACE ") ",
			names[i / 2]);
		assert_true(str_eq(buf_str(&w.log), buf_str(&wanted)));
		end(&w);
	}
}

static void a_refused_namespace_ends_the_session(void **state)
{
	const char *says[] = { HELLO, "44{\"message\":\"not you\"}", NULL };
	struct world w = { .says = says };

	(void)state;
	run(&w);
	assert_true(str_eq(
		buf_str(&w.log), STR("refused(/: not you) disconnected(io server disconnect) ")));
	end(&w);
}

static void a_server_that_leaves_a_namespace_waiting_is_lost(void **state)
{
	const char *says[] = { HELLO, "42[\"early\"]", NULL };
	struct world w = { .says = says };

	(void)state;
	run(&w);
	if (!str_eq(buf_str(&w.log), STR("error(unavailable The server did not answer in time.) "
					 "disconnected(transport error) ")))
		fail_msg(STR_FMT, STR_ARG(buf_str(&w.log)));
	end(&w);
}

static void what_is_no_websocket_is_named_so(void **state)
{
	static const char *const says[] = { HELLO, NULL };
	static const struct {
		const char *what;
		struct str raw;
		const char *out;
	} cases[] = {
		{ "a masked frame", { "\x81\x81\x01\x02\x03\x04x", 7 },
			"error(unavailable The server sent something that is not WebSocket.) "
			"disconnected(transport error) " },
		{ "a message over the limit", { "\x81\x7e\x03\xe9", 4 },
			"error(unavailable The server sent a message that is too large.) "
			"disconnected(transport error) " },
		{ "a text that is not UTF-8", { "\x81\x02\xc3\x28", 4 },
			"error(unavailable The server sent something that is not WebSocket.) "
			"disconnected(transport error) " },
		{ "a close frame", { "\x88\x02\x03\xe8", 4 },
			"error(unavailable The server closed the connection.) "
			"disconnected(transport close) " },
	};
	struct world wrong = { .says = says, .accept = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct world w = { .says = says, .raw = cases[i].raw };
		run(&w);
		if (!str_eq(buf_str(&w.log), str_of(cases[i].out)))
			fail_msg("%s: " STR_FMT, cases[i].what, STR_ARG(buf_str(&w.log)));
		end(&w);
	}
	run(&wrong);
	assert_true(str_eq(buf_str(&wrong.log), STR("error(unavailable The server's answer to the "
						    "WebSocket handshake is wrong.) ")));
	end(&wrong);
}

static void a_server_that_is_gone_after_any_byte_is_an_error(void **state)
{
	static const char *const says[] = { HELLO, JOIN, "451-[\"a\"," PLACE "]", "#xyz",
		"42[\"b\"]", NULL };
	size_t bytes = 2;

	(void)state;
	for (size_t cut = 1; cut < bytes; cut++) {
		struct world w = { .says = says, .cut = cut };
		run(&w);
		bytes = w.served;
		assert_non_null(strstr(w.log.p, "error(unavailable "));
		end(&w);
	}
	assert_true(bytes > 200);
}

static void without_memory_it_says_so_and_goes_on(void **state)
{
	static const char *const says[] = { HELLO, "42[\"early\"]", JOIN, "451-[\"a\"," PLACE "]",
		"#xyz", "42[\"end\"]", NULL };
	long nth = 0;
	bool failed;

	(void)state;
	do {
		struct world w = { .says = says, .until_event = true };
		no_memory_begin(++nth);
		enum err e = begin(&w);
		if (e)
			assert_int_equal(e, ERR_NOMEM);
		else
			loop_run(w.loop);
		failed = no_memory_end();
		/* The log may have a gap where its own memory failed. */
		if (!e && !w.log.failed)
			assert_non_null(strstr(w.log.p, "event(end  of ) "));
		end(&w);
	} while (failed);
	assert_true(nth > 25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_may_say_anything),
		cmocka_unit_test(what_comes_before_connect_is_kept_for_it),
		cmocka_unit_test(a_callback_may_end_what_it_is_called_from),
		cmocka_unit_test(a_refused_namespace_ends_the_session),
		cmocka_unit_test(a_server_that_leaves_a_namespace_waiting_is_lost),
		cmocka_unit_test(what_is_no_websocket_is_named_so),
		cmocka_unit_test(a_server_that_is_gone_after_any_byte_is_an_error),
		cmocka_unit_test(without_memory_it_says_so_and_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
