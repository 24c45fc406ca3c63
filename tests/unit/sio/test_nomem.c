/* SPDX-License-Identifier: MIT
 *
 * test_nomem - a whole conversation in which the first, second, nth allocation fails: nothing crashes, nothing
 * leaks (the sanitizers look), and the next conversation is whole again.
 *
 * The linker hands every malloc, calloc and realloc of the program to the functions below.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"
#include "../no_memory.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "sio/sio_inside.h"

#define TEXT(literal) ((struct sio_str){ "" literal, sizeof(literal) - 1 })

/* ---- a pretended host ---- */

struct world {
	struct timers timers;
	struct frame_pool *pool;
	struct engine *engine;
	struct sio_core *core;
	struct sio_namespace *namespace;
	struct engine_session *opened;
	struct engine_session *ws; /* NULL when it was closed */
	uint64_t handle;           /* of the socket that connected last */
	size_t messages, acks;
};

static size_t ws_send(void *ws, struct frame *f)
{
	struct str rest = frame_str(f), payload;
	struct world *w = ws;
	enum ws_opcode opcode;

	while (ws_next_written(&rest, &opcode, &payload))
		w->messages++;
	return 0;
}

static size_t ws_waiting(void *ws)
{
	(void)ws;
	return 0;
}

static void ws_close(void *ws, enum ws_status status)
{
	struct world *w = ws;

	(void)status;
	w->ws = NULL;
}

static void poll_answer(void *poll, const struct engine_answer *a)
{
	struct world *w = poll;

	w->messages += a->status == 200;
}

static int64_t now_ms(void *clock)
{
	(void)clock;
	return 1;
}

static void fill(void *context, void *bytes, size_t n)
{
	static uint8_t seed;

	(void)context;
	memset(bytes, seed++, n);
}

static void on_ack(
	void *context, struct sio_socket *s, enum sio_result result, const struct sio_args *answer)
{
	(void)s;
	(void)result;
	(void)answer;
	((struct world *)context)->acks++;
}

static void on_connected(void *context, struct sio_socket *s)
{
	struct sio_emit e = {
		.event = TEXT("hello \"you\""), .on_ack = on_ack, .ack_context = context
	};
	static const char *const rooms[] = { "a", "b", "c", "d", "e", "f" };

	((struct world *)context)->handle = sio_socket_handle(s);
	for (size_t i = 0; i < COUNT_OF(rooms); i++)
		(void)sio_socket_join(s, (struct sio_str){ rooms[i], 1 });
	(void)sio_socket_emit(s, &e);
}

static void on_event(void *context, struct sio_socket *s, const struct sio_event *event)
{
	struct sio_str room = TEXT("a");
	struct sio_emit e = { .event = event->name, .args = event->args };
	struct sio_target to = { .rooms = &room, .room_count = 1 };
	struct world *w = context;

	(void)sio_namespace_emit(sio_socket_namespace(s), &e, &to);
	(void)sio_core_ack(w->core, &event->ack, &event->args);
}

static bool match_all(void *context, struct sio_str name, struct sio_str auth)
{
	(void)context;
	(void)name;
	(void)auth;
	return true;
}

static bool let_through(void *context, struct sio_socket *s, const struct sio_event *event)
{
	(void)context;
	(void)s;
	(void)event;
	return true;
}

static const struct sio_namespace_handler handler = { .connected = on_connected,
	.event = on_event };

static enum err world_open(struct world *w)
{
	struct engine_source from = {
		.options = { .ping_interval_ms = 1000,
			.ping_timeout_ms = 1000,
			.upgrade_timeout_ms = 1000,
			.poll_close_timeout_ms = 1000,
			.max_payload = 1000,
			.send_queue_max = 100000,
			.volatile_queue_max = 1000,
			.polling = true,
			.websocket = true,
			.upgrades = true,
			.initial = STR("first") },
		.ops = { ws_send, ws_waiting, ws_waiting, ws_close, poll_answer },
		.timers = &w->timers,
		.now_ms = now_ms,
		.rng = { .fill = fill },
	};

	w->timers = timers_none();
	enum err e = frame_pool_new(&w->pool);
	from.frames = w->pool;
	if (!e)
		e = engine_new(&from, &w->engine);
	if (!e)
		e = sio_core_new(w->engine,
			&(struct sio_core_options){ .connect_timeout_ms = 1000,
				.recovery_ms = 1000,
				.keep_ms = 1000,
				.recovery_bytes = 100000,
				.replay_bytes = 10000,
				.dynamic_max = 2 },
			&w->core);
	if (!e && sio_core_of(w->core, STR("/"), &handler, w, &w->namespace))
		e = ERR_NOMEM;
	if (!e && (sio_core_of_dynamic(w->core, match_all, &handler, w, NULL) ||
			  sio_namespace_use(w->namespace, let_through, w) ||
			  sio_namespace_on(w->namespace, "e", on_event, w)))
		e = ERR_NOMEM;
	return e;
}

static void turn(struct world *w)
{
	sio_core_turn_end(w->core);
	engine_turn_end(w->engine);
}

static void world_done(struct world *w)
{
	if (w->core) {
		sio_core_close_some(w->core, SIZE_MAX, ENGINE_SHUTTING_DOWN);
		turn(w);
	}
	sio_core_free(w->core);
	engine_free(w->engine);
	frame_pool_free(w->pool);
}

static enum err handshake(struct handshake **out)
{
	struct handshake_source from = { .address = STR("::1"), .query = STR("EIO=4") };

	return handshake_new(&from, out);
}

/* ---- the conversation ---- */

static const struct {
	const char *text;
	bool binary;
} said[] = {
	{ "40", false },
	{ "421[\"e\\u0076\",1]", false },
	{ "452-2[\"bin\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
		false },
	{ "one", true },
	{ "two", true },
	{ "430[\"yes\"]", false },
};

static void talk_by_websocket(struct world *w)
{
	struct handshake *h = NULL;

	if (handshake(&h) || engine_open_ws(w->engine, h, STR(""), w, &w->ws))
		return;
	for (size_t i = 0; i < COUNT_OF(said) && w->ws; i++) {
		char copy[128];
		size_t n = strlen(said[i].text);
		memcpy(copy, said[i].text, n);
		engine_ws_message(w->ws, w, said[i].binary, copy, n);
		if (i == 1)
			turn(w);
	}
}

static void talk_by_polling(struct world *w)
{
	char body[] = "40\x1e"
		      "42[\"e\"]\x1e"
		      "451-[\"b\",{\"_placeholder\":true,\"num\":0}]\x1e"
		      "bAQID";
	struct engine_request request = { .method = ENGINE_POST, .origin_valid = true };
	struct handshake *h = NULL;
	char query[64] = "EIO=4&transport=polling&sid=";
	size_t head = strlen(query);

	if (handshake(&h) || engine_open_poll(w->engine, h, STR(""), w))
		return;
	/* Ids are one byte of the generator's, repeated: all of them are tried to find the session. */
	for (unsigned seed = 0; seed < 256; seed++) {
		struct buf id = { 0 };
		uint8_t bytes[15];
		long saved = atomic_load(&no_memory_in);

		atomic_store(&no_memory_in, 0);
		memset(bytes, (int)seed, sizeof bytes);
		hash_base64(&id, (struct str){ (const char *)bytes, sizeof bytes }, BASE64_URL);
		memcpy(query + head, id.p, id.n);
		request.query = (struct str){ query, head + id.n };
		buf_done(&id);
		atomic_store(&no_memory_in, saved);
		struct engine_route route = engine_route(w->engine, &request);
		if (route.kind != ENGINE_ROUTE_POST)
			continue;
		if (!engine_post_begin(route.session, w, false))
			return;
		engine_post(route.session, w, body, sizeof body - 1);
		if (!engine_session_is_closed(route.session))
			engine_poll(route.session, w);
		turn(w);
		return;
	}
}

/* The WebSocket goes, something is missed, and the client comes back for it. */
static void come_back(struct world *w)
{
	CLEANUP(buf_done) struct buf packet = { 0 };
	struct sio_emit e = { .event = TEXT("missed") };
	struct sio_broadcast_ack ack = { .timeout = 100 };
	struct handshake *h = NULL;

	if (w->ws)
		engine_ws_gone(w->ws, w, true);
	w->ws = NULL;
	turn(w);
	(void)sio_namespace_emit(w->namespace, &e, NULL);
	buf_append(&packet, STR("40{\"pid\":\""));
	sio_recovery_secret(w->core, w->handle, &packet);
	buf_append(&packet, STR("\"}"));
	if (buf_failed(&packet) || handshake(&h) ||
		engine_open_ws(w->engine, h, STR(""), w, &w->ws))
		return;
	if (w->ws)
		engine_ws_message(w->ws, w, false, packet.p, packet.n);
	char dynamic[] = "40/made,";
	if (w->ws)
		engine_ws_message(w->ws, w, false, dynamic, sizeof dynamic - 1);
	(void)sio_namespace_emit_with_ack(w->namespace, &e, NULL, &ack);
	(void)sio_namespace_disconnect_sockets(w->namespace, NULL, false);
}

static size_t converse(void)
{
	struct world w = { .messages = 0 };

	if (world_open(&w) == ERR_OK) {
		talk_by_websocket(&w);
		turn(&w);
		talk_by_polling(&w);
		come_back(&w);
	}
	world_done(&w);
	return w.messages;
}

static void every_allocation_may_fail(void **state)
{
	size_t whole = converse();
	long n = 0;
	bool failed;

	(void)state;
	assert_in_range(whole, 10, 100);
	do {
		no_memory_begin(++n);
		size_t messages = converse();
		failed = no_memory_end();
		assert_in_range(messages, 0, whole);
	} while (failed);
	assert_in_range(n, 50, 1000);
	assert_int_equal(converse(), whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_allocation_may_fail) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
