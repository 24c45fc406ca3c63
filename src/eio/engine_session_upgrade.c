/* SPDX-License-Identifier: MIT
 *
 * engine_session_upgrade - a WebSocket takes over from polling (Engine.IO protocol revision 4, "Upgrade"), and what
 * comes on WebSockets.
 *
 * Layer: eio.  Threads: the engine's.
 */
#include "eio/engine_session.h"

enum { NOOP_MS = 100 };

void engine_session_upgrade_drop(struct engine_session_poll *p, bool close)
{
	struct engine *e = p->session->engine;
	void *ws = p->candidate;

	timer_stop(e->from.timers, &p->upgrade);
	timer_stop(e->from.timers, &p->noop);
	p->candidate = NULL;
	if (ws && close)
		e->from.ops.ws_close(ws, WS_STATUS_NORMAL);
}

static void upgrade_expired(void *context)
{
	engine_session_upgrade_drop(context, true);
}

/* A pending GET is answered, so that the client can pause polling. */
static void noop_due(void *context)
{
	struct engine_session_poll *p = context;
	struct engine *e = p->session->engine;

	engine_session_poll_say(p->session, STR("6"));
	timer_start(e->from.timers, &p->noop, engine_now_ms(e) + NOOP_MS);
}

void engine_session_upgrade_init(struct engine_session_poll *p)
{
	p->upgrade = (struct timer){ .fn = upgrade_expired, .context = p };
	p->noop = (struct timer){ .fn = noop_due, .context = p };
}

bool engine_upgrade(struct engine_session *s, void *ws)
{
	struct engine *e = s->engine;
	struct engine_session_poll *p = s->poll;

	if (s->ws || !p || p->candidate || !e->from.options.upgrades)
		return false;
	p->candidate = ws;
	timer_start(
		e->from.timers, &p->upgrade, engine_now_ms(e) + e->from.options.upgrade_timeout_ms);
	return true;
}

/* The client has paused its polling: the WebSocket takes over, with what is queued. */
static void take_over(struct engine_session *s)
{
	struct engine *e = s->engine;
	struct engine_session_poll *p = s->poll;

	s->ws = p->candidate;
	engine_session_upgrade_drop(p, false);
	engine_session_poll_say(s, STR("1"));
	engine_session_poll_move(s);
	e->counts.polling -= s->polling;
	s->polling = false;
	atomic_store_explicit(&s->polls_still, false, memory_order_relaxed);
	bool closing = s->state == SESSION_CLOSING;
	if (!p->post)
		engine_session_poll_free(s);
	if (closing)
		engine_session_end(s, ENGINE_FORCED_CLOSE);
}

void engine_session_upgrade_message(struct engine_session *s, struct str m)
{
	struct engine *e = s->engine;
	struct engine_session_poll *p = s->poll;

	if (str_eq(m, STR("2probe")) &&
		engine_session_send_text(e, p->candidate, STR("3probe")) == ERR_OK) {
		timer_start(e->from.timers, &p->noop, engine_now_ms(e) + NOOP_MS);
		return;
	}
	if (str_eq(m, STR("5")))
		take_over(s);
	else
		engine_session_upgrade_drop(p, true);
}

void engine_ws_message(struct engine_session *s, void *ws, bool binary, char *p, size_t n)
{
	if (ws != s->ws) {
		engine_session_upgrade_message(s, binary ? STR("") : (struct str){ p, n });
		return;
	}
	if (!binary) {
		engine_session_packet(s, p, n);
		return;
	}
	engine_session_octets(s, p, n);
}

void engine_ws_gone(struct engine_session *s, void *ws, bool clean)
{
	if (ws != s->ws) {
		if (s->poll && s->poll->candidate == ws)
			engine_session_upgrade_drop(s->poll, false);
		return;
	}
	s->ws = NULL;
	engine_session_end(s, clean ? ENGINE_TRANSPORT_CLOSE : ENGINE_TRANSPORT_ERROR);
}
