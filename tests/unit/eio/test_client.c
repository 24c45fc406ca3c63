/* SPDX-License-Identifier: MIT
 *
 * test_client - the client's side of Engine.IO: what it asks of its transport, and what it makes of what comes.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/buf.h"
#include "eio/engine_client.h"
#include "eio/engine_frame.h"

#define HELLO                                                                                      \
	"0{\"sid\":\"abc\",\"upgrades\":[],\"pingInterval\":300,\"pingTimeout\":200,"              \
	"\"maxPayload\":40}"

struct world {
	struct timers timers;
	struct frame_pool *pool;
	struct engine_client *client;
	struct buf log;
	int64_t now;
	size_t waiting;
	bool close_at_message;
};

static enum err ws_send(void *context, struct frame *f)
{
	struct world *w = context;
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;

	while (ws_next_written(&rest, &opcode, &payload))
		buf_printf(&w->log, "%s:" STR_FMT " ", opcode == WS_TEXT ? "text" : "binary",
			STR_ARG(payload));
	return ERR_OK;
}

static size_t ws_waiting(void *context)
{
	return ((struct world *)context)->waiting;
}

static void poll_get(void *context, struct str sid)
{
	buf_printf(&((struct world *)context)->log, "get:" STR_FMT " ", STR_ARG(sid));
}

static void poll_post(void *context, struct str sid, struct str body)
{
	struct world *w = context;

	assert_true(str_eq(sid, STR("abc")));
	buf_append(&w->log, STR("post:"));
	for (size_t i = 0; i < body.n; i++)
		buf_byte(&w->log, body.p[i] == 0x1e ? '~' : body.p[i]);
	buf_byte(&w->log, ' ');
}

static void on_opened(void *context)
{
	buf_append(&((struct world *)context)->log, STR("opened "));
}

static void on_message(void *context, bool binary, char *p, size_t n)
{
	struct world *w = context;

	buf_printf(&w->log, "%s(%.*s) ", binary ? "binary" : "message", (int)n, p);
	if (w->close_at_message)
		engine_client_close(w->client);
}

static void on_closed(void *context, enum engine_reason reason)
{
	buf_printf(&((struct world *)context)->log, "closed:%s ", engine_client_reason(reason));
}

static int64_t now_ms(void *clock)
{
	return ((struct world *)clock)->now;
}

static void begin(struct world *w, enum engine_client_transport transport)
{
	static const struct engine_client_ops ops = { ws_send, ws_waiting, poll_get, poll_post };
	static const struct engine_client_handler handler = { on_opened, on_message, on_closed };
	struct engine_client_source from = { .transport = transport,
		.ops = &ops,
		.ops_context = w,
		.handler = &handler,
		.context = w,
		.timers = &w->timers,
		.now_ms = now_ms,
		.clock = w,
		.send_queue_max = 100 };

	*w = (struct world){ .timers = timers_none() };
	assert_int_equal(frame_pool_new(&w->pool), ERR_OK);
	from.frames = w->pool;
	assert_int_equal(engine_client_new(&from, &w->client), ERR_OK);
	engine_client_begin(w->client);
}

static void end(struct world *w)
{
	engine_client_free(w->client);
	frame_pool_free(w->pool);
	buf_done(&w->log);
}

static void check(struct world *w, const char *log)
{
	timer_run(&w->timers, w->now); /* the end of the turn */
	if (!str_eq(buf_str(&w->log), str_of(log)))
		fail_msg("expected %s, there was " STR_FMT, log, STR_ARG(buf_str(&w->log)));
	buf_clear(&w->log);
}

/* What a transport hands in stands in memory of its own length. */
static void come(struct world *w, bool binary, const char *text)
{
	size_t n = strlen(text);
	char *copy = malloc(n + 1);

	assert_non_null(copy);
	memcpy(copy, text, n);
	engine_client_message(w->client, binary, copy, n);
	free(copy);
}

static void payload(struct world *w, const char *text)
{
	size_t n = strlen(text);
	char *copy = malloc(n + 1);

	assert_non_null(copy);
	for (size_t i = 0; i < n; i++)
		copy[i] = (char)(text[i] == '~' ? 0x1e : text[i]);
	engine_client_payload(w->client, copy, n);
	free(copy);
}

/* A packet with a text, and an attachment unless that is NULL. */
static enum err send(struct world *w, const char *text, const char *attachment)
{
	struct frame *f = NULL;

	assert_int_equal(frame_new(w->pool, 300, &f), ERR_OK);
	engine_frame_text(f, strlen(text));
	frame_put(f, str_of(text));
	if (attachment) {
		engine_frame_binary(f, strlen(attachment));
		frame_put(f, str_of(attachment));
	}
	enum err e = engine_client_send(w->client, f);
	frame_unref(f);
	return e;
}

static void a_session_by_websocket(void **state)
{
	struct world w;

	(void)state;
	begin(&w, ENGINE_CLIENT_WEBSOCKET);
	assert_int_equal(send(&w, "2[]", NULL), ERR_UNAVAILABLE);
	come(&w, false, HELLO);
	assert_true(engine_client_is_open(w.client));
	come(&w, false, "4hello");
	come(&w, true, "bytes");
	come(&w, false, "bYnl0ZXM=");
	come(&w, false, "6");
	come(&w, false, "2");
	assert_int_equal(send(&w, "2[]", "xyz"), ERR_OK);
	check(&w, "opened message(hello) binary(bytes) binary(bytes) text:3 text:42[] binary:xyz ");
	engine_client_gone(w.client, true);
	engine_client_gone(w.client, false);
	come(&w, false, "4more");
	assert_int_equal(send(&w, "2[]", NULL), ERR_UNAVAILABLE);
	check(&w, "closed:transport close ");
	end(&w);
}

static void a_session_by_polling(void **state)
{
	struct world w;

	(void)state;
	begin(&w, ENGINE_CLIENT_POLLING);
	payload(&w, HELLO);
	check(&w, "get: opened get:abc ");
	payload(&w, "4one~bYnl0ZXM=~6~2~4two");
	check(&w, "message(one) binary(bytes) message(two) get:abc post:3 ");
	assert_int_equal(send(&w, "a", "xyz"), ERR_OK);
	assert_int_equal(send(&w, "b", NULL), ERR_OK);
	check(&w, ""); /* one POST at a time */
	engine_client_posted(w.client);
	check(&w, "post:4a~beHl6~4b ");
	engine_client_posted(w.client);
	engine_client_close(w.client);
	check(&w, "post:1 ");
	engine_client_gone(w.client, true);
	check(&w, "");
	end(&w);
}

static void a_post_takes_whole_packets_up_to_the_servers_limit(void **state)
{
	struct world w;

	(void)state;
	begin(&w, ENGINE_CLIENT_POLLING);
	payload(&w, HELLO);
	assert_int_equal(send(&w, "first", NULL), ERR_OK);
	timer_run(&w.timers, w.now);
	for (int i = 0; i < 4; i++)
		assert_int_equal(send(&w, "0123456789abc", NULL), ERR_OK);
	buf_clear(&w.log);
	engine_client_posted(w.client);
	check(&w, "post:40123456789abc~40123456789abc ");
	engine_client_posted(w.client);
	check(&w, "post:40123456789abc~40123456789abc ");
	engine_client_posted(w.client);
	check(&w, "");
	end(&w);
}

static void what_is_said_in_one_turn_goes_in_one_post(void **state)
{
	struct world w;

	(void)state;
	begin(&w, ENGINE_CLIENT_POLLING);
	payload(&w, HELLO);
	check(&w, "get: opened get:abc ");
	assert_int_equal(send(&w, "a", NULL), ERR_OK);
	assert_int_equal(send(&w, "b", NULL), ERR_OK);
	check(&w, "post:4a~4b ");
	engine_client_posted(w.client);
	assert_int_equal(send(&w, "c", NULL), ERR_OK);
	engine_client_close(w.client);
	check(&w, "post:4c~1 ");
	end(&w);
}

static void what_is_too_much_is_refused(void **state)
{
	static const char long_text[] = "0123456789012345678901234567890123456789";
	struct world w;

	(void)state;
	begin(&w, ENGINE_CLIENT_WEBSOCKET);
	come(&w, false, HELLO);
	assert_int_equal(send(&w, long_text, NULL), ERR_TOO_LARGE);
	assert_int_equal(send(&w, "a", "012345678901234567890123456789012345678"), ERR_TOO_LARGE);
	w.waiting = 99;
	assert_int_equal(send(&w, "a", NULL), ERR_RATE_LIMITED);
	end(&w);

	begin(&w, ENGINE_CLIENT_POLLING);
	payload(&w, HELLO);
	assert_int_equal(send(&w, "a", "0123456789012345678901234567"), ERR_TOO_LARGE); /* base64 */
	enum err e = ERR_OK;
	int taken = 0;
	for (; !e && taken < 20; taken++)
		e = send(&w, "0123456789abcdef", NULL);
	assert_int_equal(e, ERR_RATE_LIMITED);
	assert_true(taken > 3);
	end(&w);
}

static void a_server_that_is_silent_is_gone(void **state)
{
	struct world w;

	(void)state;
	begin(&w, ENGINE_CLIENT_WEBSOCKET);
	come(&w, false, HELLO);
	w.now = 499;
	timer_run(&w.timers, w.now);
	come(&w, false, "2");
	come(&w, false, "4x"); /* which does not count */
	w.now = 998;
	timer_run(&w.timers, w.now);
	check(&w, "opened text:3 message(x) ");
	w.now = 999;
	timer_run(&w.timers, w.now);
	check(&w, "closed:ping timeout ");
	end(&w);
}

static void malformed_packets_end_the_session(void **state)
{
	static const struct {
		const char *what, *first, *second;
		bool binary;
	} cases[] = {
		{ "a message before the handshake", "4x", NULL, false },
		{ "binary before the handshake", "x", NULL, true },
		{ "nothing", "", NULL, false },
		{ "a handshake that is no JSON", "0{", NULL, false },
		{ "one that is no object", "0[]", NULL, false },
		{ "one without sid", "0{\"pingInterval\":1,\"pingTimeout\":1}", NULL, false },
		{ "one whose sid is empty", "0{\"sid\":\"\",\"pingInterval\":1,\"pingTimeout\":1}",
			NULL, false },
		{ "one whose sid breaks the request",
			"0{\"sid\":\"a\\r\\nb\",\"pingInterval\":1,\"pingTimeout\":1}", NULL,
			false },
		{ "one without intervals", "0{\"sid\":\"a\"}", NULL, false },
		{ "one with a negative interval",
			"0{\"sid\":\"a\",\"pingInterval\":-1,\"pingTimeout\":1}", NULL, false },
		{ "one with an endless interval",
			"0{\"sid\":\"a\",\"pingInterval\":9223372036854775807,\"pingTimeout\":1}",
			NULL, false },
		{ "one with a limit of nothing",
			"0{\"sid\":\"a\",\"pingInterval\":1,\"pingTimeout\":1,\"maxPayload\":0}",
			NULL, false },
		{ "something behind it", HELLO "x", NULL, false },
		{ "a second handshake", HELLO, HELLO, false },
		{ "a pong", HELLO, "3", false },
		{ "an upgrade", HELLO, "5", false },
		{ "an unknown type", HELLO, "7", false },
		{ "an empty packet", HELLO, "", false },
		{ "base64 that is none", HELLO, "b!", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct world w;

		begin(&w, ENGINE_CLIENT_WEBSOCKET);
		come(&w, cases[i].binary, cases[i].first);
		if (cases[i].second)
			come(&w, false, cases[i].second);
		const char *log =
			cases[i].second ? "opened closed:parse error " : "closed:parse error ";
		if (!str_eq(buf_str(&w.log), str_of(log)))
			fail_msg("%s: " STR_FMT, cases[i].what, STR_ARG(buf_str(&w.log)));
		end(&w);
	}
}

static void malformed_payloads_end_the_session(void **state)
{
	static const char *const bodies[] = { "", "~", "4a~", "~4a", "7", "b!~4a", "\xff",
		"4\xc3" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		struct world w;

		begin(&w, ENGINE_CLIENT_POLLING);
		payload(&w, HELLO);
		payload(&w, bodies[i]);
		assert_false(engine_client_is_open(w.client));
		if (!strstr(w.log.p, "closed:parse error "))
			fail_msg("%s: " STR_FMT, bodies[i], STR_ARG(buf_str(&w.log)));
		end(&w);
	}
}

static void a_callback_may_close(void **state)
{
	struct world w;

	(void)state;
	begin(&w, ENGINE_CLIENT_POLLING);
	payload(&w, HELLO);
	buf_clear(&w.log);
	w.close_at_message = true;
	payload(&w, "4one~4two");
	check(&w, "message(one) post:1 ");
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_by_websocket),
		cmocka_unit_test(a_session_by_polling),
		cmocka_unit_test(a_post_takes_whole_packets_up_to_the_servers_limit),
		cmocka_unit_test(what_is_said_in_one_turn_goes_in_one_post),
		cmocka_unit_test(what_is_too_much_is_refused),
		cmocka_unit_test(a_server_that_is_silent_is_gone),
		cmocka_unit_test(malformed_packets_end_the_session),
		cmocka_unit_test(malformed_payloads_end_the_session),
		cmocka_unit_test(a_callback_may_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
