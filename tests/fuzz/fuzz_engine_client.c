/* SPDX-License-Identifier: MIT
 *
 * fuzz_engine_client - what a server sends a client, from the payload of a poll down to the Socket.IO packet.
 *
 * The first byte says by which transport; packets stand between separators. Whatever comes, the session ends at most once,
 * and nothing is told after it.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "eio/engine_client.h"
#include "fuzz.h"
#include "sio/sio_packet.h"

struct world {
	struct timers timers;
	struct arena arena;
	struct engine_client *client;
	size_t gets, posts;
	bool open, closed;
};

static enum err ws_send(void *context, struct frame *f)
{
	MUST(!((struct world *)context)->closed && f->n > 0);
	return ERR_OK;
}

static size_t ws_waiting(void *context)
{
	(void)context;
	return 0;
}

static void poll_get(void *context, struct str sid)
{
	struct world *w = context;

	MUST(!w->closed && (sid.n > 0) == w->open);
	w->gets++;
}

static void poll_post(void *context, struct str sid, struct str body)
{
	struct world *w = context;

	MUST(sid.n > 0 && body.n > 0);
	w->posts++;
}

static void on_opened(void *context)
{
	struct world *w = context;

	MUST(!w->open && !w->closed);
	w->open = true;
}

static void on_message(void *context, bool binary, char *p, size_t n)
{
	struct world *w = context;
	struct sio_packet packet;

	MUST(w->open && !w->closed && p);
	if (!binary && text_is_utf8((struct str){ p, n }) &&
		!sio_packet_parse_server((struct str){ p, n }, &w->arena, &packet)) {
		MUST(packet.attachments <= ATTACHMENTS_MAX);
		MUST(packet.namespace.n > 0 && packet.namespace.n <= NAMESPACE_NAME_MAX);
		MUST(packet.type != SIO_PACKET_EVENT || packet.name.p);
	}
	arena_reset(&w->arena);
}

static void on_closed(void *context, enum engine_reason reason)
{
	struct world *w = context;

	MUST(!w->closed && engine_client_reason(reason)[0]);
	w->closed = true;
}

static int64_t now_ms(void *clock)
{
	(void)clock;
	return 0;
}

static void feed(struct world *w, bool polling, struct str in)
{
	while (in.n) {
		const char *at = memchr(in.p, '\n', in.n);
		size_t n = at ? (size_t)(at - in.p) : in.n;
		char *bytes = malloc(n + 1); /* may be changed in place */
		MUST(bytes);
		memcpy(bytes, in.p, n);
		if (polling)
			engine_client_payload(w->client, bytes, n);
		else
			engine_client_message(w->client, n && bytes[0] == '#', bytes, n);
		free(bytes);
		in = str_after(in, at ? n + 1 : n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct engine_client_ops ops = { ws_send, ws_waiting, poll_get, poll_post };
	static const struct engine_client_handler handler = { on_opened, on_message, on_closed };
	struct world w = { .timers = timers_none() };
	bool polling = size && data[0] == 'p';
	struct frame_pool *pool;

	MUST(!frame_pool_new(&pool));
	struct engine_client_source from = {
		.transport = polling ? ENGINE_CLIENT_POLLING : ENGINE_CLIENT_WEBSOCKET,
		.ops = &ops,
		.ops_context = &w,
		.handler = &handler,
		.context = &w,
		.frames = pool,
		.timers = &w.timers,
		.now_ms = now_ms,
		.send_queue_max = 1000,
	};
	MUST(!engine_client_new(&from, &w.client));
	engine_client_begin(w.client);
	if (size)
		feed(&w, polling, (struct str){ (const char *)data + 1, size - 1 });
	MUST(engine_client_is_open(w.client) == (w.open && !w.closed));
	engine_client_free(w.client);
	frame_pool_free(pool);
	arena_done(&w.arena);
	return 0;
}
