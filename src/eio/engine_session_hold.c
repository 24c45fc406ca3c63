/* SPDX-License-Identifier: MIT
 *
 * engine_session_hold - a session whose channel stands on another thread: that thread may name it until it is let go.
 *
 * Layer: eio.  Threads: the engine's, but for engine_session_hold_is_polling.
 */
#include "eio/engine_session.h"

void engine_session_hold(struct engine_session *s)
{
	s->held = true;
	atomic_store_explicit(&s->polls_still, !s->ws, memory_order_relaxed);
}

void engine_session_hold_end(struct engine_session *s)
{
	s->held = false;
	engine_session_touch(s);
}

bool engine_session_hold_is_polling(const struct engine_session *s)
{
	return atomic_load_explicit(&s->polls_still, memory_order_relaxed);
}
