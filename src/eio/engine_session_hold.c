/* SPDX-License-Identifier: MIT
 *
 * engine_session_hold - a session whose channel stands on another thread: that thread may name it until it is let go,
 * and asks how it stood at the end of the last turn.
 *
 * Layer: eio.  Threads: the engine's, but for the two questions.
 */
#include "eio/engine_session.h"

enum { SEEN_WRITABLE = 1, SEEN_POLLING = 2 };

bool engine_session_hold_note(struct engine_session *s)
{
	if (!s->held)
		return false;
	bool writable = engine_session_is_writable(s);
	unsigned seen = (writable ? SEEN_WRITABLE : 0U) |
	                (engine_session_is_polling(s) ? SEEN_POLLING : 0U);
	atomic_store_explicit(&s->seen, (unsigned char)seen, memory_order_relaxed);
	return s->ws && !writable && s->state == SESSION_OPEN;
}

void engine_session_hold(struct engine_session *s)
{
	s->held = true;
	engine_session_hold_note(s);
}

void engine_session_hold_end(struct engine_session *s)
{
	s->held = false;
	engine_session_touch(s);
}

bool engine_session_hold_is_writable(const struct engine_session *s)
{
	return atomic_load_explicit(&s->seen, memory_order_relaxed) & SEEN_WRITABLE;
}

bool engine_session_hold_is_polling(const struct engine_session *s)
{
	return atomic_load_explicit(&s->seen, memory_order_relaxed) & SEEN_POLLING;
}
