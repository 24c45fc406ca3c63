/* SPDX-License-Identifier: MIT
 *
 * engine_session_packet - Engine.IO packets that came, from whichever transport.
 *
 * Layer: eio.  Threads: the engine's.
 */
#include "base/hash.h"
#include "eio/engine_session.h"

enum { MESSAGE = 4 }; /* revision 3: the type byte before a binary message */

static void give(struct engine_session *s, bool binary, char *p, size_t n)
{
	struct engine *e = s->engine;

	e->counts.packets_in++;
	e->counts.bytes_in += n;
	e->handler->message(e->handler_context, &s->channel, binary, p, n);
}

/* "b" and base64, which stands for a binary message where the transport carries text alone; in revision 3 "b4". */
static void give_base64(struct engine_session *s, struct str text)
{
	CLEANUP(buf_done) struct buf bytes = { 0 };
	bool typed = s->channel.revision == 4 || (text.n && text.p[0] == '4');

	if (s->channel.revision == 3 && typed)
		text = str_after(text, 1);
	if (!typed || hash_parse_base64(text, BASE64_LOOSE, &bytes)) {
		engine_session_fail(s, ENGINE_PARSE_ERROR);
		return;
	}
	buf_reserve(&bytes, 1); /* so that p is never NULL */
	give(s, true, bytes.p, bytes.n);
}

/* A heartbeat, which must come from the right side. */
static void take_beat(struct engine_session *s, bool ping)
{
	if (ping != (s->channel.revision == 3)) {
		engine_session_fail(s, ENGINE_TRANSPORT_ERROR);
		return;
	}
	engine_session_beat_pong(s);
	if (!ping)
		return;
	if (s->ws)
		s->engine->from.ops.ws_send(s->ws, s->engine->pong);
	else
		engine_session_poll_push(s, s->engine->pong);
}

bool engine_session_packet(struct engine_session *s, char *p, size_t n)
{
	s->traffic = true;
	switch (n ? p[0] : '\0') {
	case '4':
		give(s, false, p + 1, n - 1);
		break;
	case 'b':
		give_base64(s, (struct str){ p + 1, n - 1 });
		break;
	case '2':
	case '3':
		take_beat(s, p[0] == '2');
		break;
	case '1':
		if (!s->ws) { /* Node ignores it on a WebSocket, which has a close of its own */
			engine_session_poll_say(s, STR("6"));
			engine_session_end(s, ENGINE_TRANSPORT_CLOSE);
		}
		break;
	case '0':
	case '5':
	case '6':
		break;
	default:
		engine_session_fail(s, ENGINE_PARSE_ERROR);
	}
	return s->state == SESSION_OPEN;
}

bool engine_session_octets(struct engine_session *s, char *p, size_t n)
{
	s->traffic = true;
	if (s->channel.revision == 4)
		give(s, true, p, n);
	else if (n && p[0] == MESSAGE)
		give(s, true, p + 1, n - 1);
	else
		engine_session_fail(s, ENGINE_PARSE_ERROR);
	return s->state == SESSION_OPEN;
}
