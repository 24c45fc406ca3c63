/* SPDX-License-Identifier: MIT
 *
 * host_thread - a loop with its engine: what a connection needs where it lives.
 *
 * Layer: host.  Threads: the loop's; it is made and ended by the server's.
 */
#include <signal.h>

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
			.revision_3 = o->allow_eio3,
			.id_mark = host_move_mark(t),
			.initial = { o->initial_packet.p, o->initial_packet.n },
			.initial_binary = o->initial_packet_is_binary },
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
	pthread_mutex_init(&t->mutex, NULL);
	pthread_cond_init(&t->room, NULL);
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
	if (t->loop) {
		if (t->hook.fn)
			loop_hook_remove(t->loop, &t->hook);
		loop_timer_stop(t->loop, &t->lag);
		frame_settle(frame_take_returned(loop_frames(t->loop)));
	}
	loop_free(t->loop);
	host_parcel_done(&t->up);
	host_parcel_done(&t->down);
	pthread_mutex_destroy(&t->mutex);
	pthread_cond_destroy(&t->room);
}

/* ---- I/O threads ---- */

static void lag_over(void *context)
{
	((struct host_thread *)context)->lagged = true;
}

static void stop(void *context)
{
	loop_stop(((struct host_thread *)context)->loop);
}

static void *run(void *context)
{
	loop_run(((struct host_thread *)context)->loop);
	return NULL;
}

enum err host_thread_start(struct host_thread *t)
{
	sigset_t all, before;

	engine_set_handler(t->engine, host_remote_handler(), t);
	t->lag = (struct timer){ .fn = lag_over, .context = t };
	t->stop = (struct loop_task){ .fn = stop, .context = t };
	t->resume = (struct loop_task){ .fn = host_remote_resume, .context = t };
	t->hook = (struct loop_hook){ .fn = host_remote_turn_end, .context = t };
	loop_hook_add(t->loop, &t->hook);
	sigfillset(&all); /* signals are the first thread's */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	t->running = pthread_create(&t->id, NULL, run, t) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return t->running ? ERR_OK : ERR_UNAVAILABLE;
}

void host_thread_stop(struct host_thread *t)
{
	if (!t->running)
		return;
	loop_post_task(t->loop, &t->stop);
	pthread_join(t->id, NULL);
	t->running = false;
}
