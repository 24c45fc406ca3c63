/* SPDX-License-Identifier: MIT
 *
 * engine_session_beat - heartbeats: a ping every interval, a pong within the timeout (Engine.IO protocol revision 4);
 * in revision 3 the client pings, and must within both together.
 *
 * All sessions wait equally long, so a session that goes to the end of a list keeps it ordered: one
 * list of those to ping, one of those that owe a pong, one of those that ping us, one timer at the earliest head.
 *
 * Layer: eio.  Threads: the engine's.
 */
#include "eio/engine_session.h"

enum { BEAT_GRAIN_MS = 5 }; /* beats closer together than this are served together */

static void list_add(struct engine_session_list *l, struct engine_session *s)
{
	s->beat_prev = l->last;
	s->beat_next = NULL;
	if (l->last)
		l->last->beat_next = s;
	else
		l->first = s;
	l->last = s;
}

static void list_remove(struct engine_session_list *l, struct engine_session *s)
{
	if (s->beat_prev)
		s->beat_prev->beat_next = s->beat_next;
	else
		l->first = s->beat_next;
	if (s->beat_next)
		s->beat_next->beat_prev = s->beat_prev;
	else
		l->last = s->beat_prev;
	s->beat_prev = s->beat_next = NULL;
}

static struct engine_session_list *list_of(struct engine_session *s)
{
	if (s->channel.revision == 3)
		return &s->engine->to_hear;
	return s->awaits_pong ? &s->engine->to_time_out : &s->engine->to_ping;
}

/* Sets the timer to the first beat, unless it comes early enough already. */
static void set_timer(struct engine *e)
{
	const struct engine_session *const heads[] = { e->to_ping.first, e->to_time_out.first,
		e->to_hear.first };
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		if (heads[i] && heads[i]->beat_due < due)
			due = heads[i]->beat_due;
	}
	if (due != INT64_MAX && (!e->beat.running || e->beat.due_ms > due))
		timer_start(e->from.timers, &e->beat, due);
}

static void wait_for(struct engine_session *s, bool pong)
{
	struct engine *e = s->engine;
	const struct engine_options *o = &e->from.options;

	s->awaits_pong = pong;
	s->beat_due = engine_now_ms(e) + (pong ? o->ping_timeout_ms : o->ping_interval_ms);
	if (s->channel.revision == 3)
		s->beat_due += o->ping_timeout_ms;
	list_add(list_of(s), s);
	if (!e->beat.running)
		set_timer(e);
}

void engine_session_beat_start(struct engine_session *s)
{
	wait_for(s, false);
}

void engine_session_beat_stop(struct engine_session *s)
{
	if (s->beat_due == 0)
		return;
	list_remove(list_of(s), s);
	s->beat_due = 0;
}

void engine_session_beat_pong(struct engine_session *s)
{
	engine_session_beat_stop(s);
	wait_for(s, false);
}

static void ping(struct engine_session *s)
{
	engine_session_beat_stop(s);
	s->traffic = s->extended = false;
	wait_for(s, true);
	if (s->ws)
		s->engine->from.ops.ws_send(s->ws, s->engine->ping);
	else
		engine_session_poll_push(s, s->engine->ping);
}

/* The pong is late: one more timeout when something else came meanwhile (engine.io 6.6.12). */
static void time_out(struct engine_session *s)
{
	if (s->traffic && !s->extended) {
		engine_session_beat_stop(s);
		wait_for(s, true);
		s->extended = true;
		return;
	}
	engine_session_fail(s, ENGINE_PING_TIMEOUT);
}

void engine_session_beat_run(void *engine)
{
	struct engine *e = engine;
	int64_t until = engine_now_ms(e) + BEAT_GRAIN_MS;

	while (e->to_time_out.first && e->to_time_out.first->beat_due <= engine_now_ms(e))
		time_out(e->to_time_out.first);
	while (e->to_ping.first && e->to_ping.first->beat_due <= until)
		ping(e->to_ping.first);
	while (e->to_hear.first && e->to_hear.first->beat_due <= engine_now_ms(e))
		engine_session_fail(e->to_hear.first, ENGINE_PING_TIMEOUT);
	set_timer(e);
}
