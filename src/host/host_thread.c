/* SPDX-License-Identifier: MIT
 *
 * host_thread - a loop with its engine: what a connection needs where it lives.
 *
 * Layer: host.  Threads: the loop's; it is made and ended by the server's.
 */
#include "host/host_inside.h"

static int64_t now_ms(void *loop)
{
	return loop_now_ms(loop);
}

static enum err make_engine(struct host_thread *t)
{
	const struct sio_options *o = &t->server->options;
	struct engine_source from = {
		.options = { .ping_interval_ms = o->ping_interval,
			.ping_timeout_ms = o->ping_timeout,
			.upgrade_timeout_ms = o->upgrade_timeout,
			.poll_close_timeout_ms = 30000,
			.max_payload = o->max_http_buffer_size,
			.send_queue_max = o->send_queue_max,
			.volatile_queue_max = o->volatile_queue_max,
			.polling = o->polling,
			.websocket = o->websocket,
			.upgrades = o->allow_upgrades,
			.revision_3 = o->allow_eio3 },
		.ops = host_engine_ops(),
		.frames = loop_frames(t->loop),
		.timers = loop_timers(t->loop),
		.now_ms = now_ms,
		.clock = t->loop,
		.rng = rng_system(),
	};

	return engine_new(&from, &t->engine);
}

enum err host_thread_init(struct host_thread *t, struct sio_server *s, unsigned index)
{
	t->server = s;
	t->index = index;
	enum err e = loop_new(&t->loop);
	if (!e)
		e = deflate_new(&t->deflate);
	if (!e)
		e = make_engine(t);
	return e;
}

void host_thread_close_peers(struct host_thread *t, bool idle_alone)
{
	for (struct host_peer *p = t->peers; p; p = p->next) {
		if (!idle_alone || (p->http && !p->http->current && conn_is_drained(p->conn)))
			conn_close(p->conn);
	}
}

void host_thread_done(struct host_thread *t)
{
	engine_free(t->engine);
	deflate_free(t->deflate);
	loop_free(t->loop);
}
