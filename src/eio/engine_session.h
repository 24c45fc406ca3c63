/* SPDX-License-Identifier: MIT
 *
 * engine_session - what the files of this layer know of a session and the engine.
 *
 * Layer: eio, private to it.  Threads: the engine's.
 */
#ifndef EIO_ENGINE_SESSION_H
#define EIO_ENGINE_SESSION_H

#include <stdatomic.h>

#include "base/table.h"

#include "base/buf.h"
#include "eio/engine.h"

enum session_state { SESSION_OPEN, SESSION_CLOSING, SESSION_CLOSED };

/* What a session has only while it polls. */
struct engine_session_poll {
	struct engine_session *session;
	void *get, *post; /* requests under way */
	void *candidate;  /* a WebSocket that wants to take over */
	struct frame **queue;
	size_t queue_n, queue_cap, queue_bytes;
	bool octets;          /* of the POST under way: its type */
	struct timer upgrade; /* upgrade_timeout of the candidate */
	struct timer noop;    /* the 100 ms look at the pending GET while upgrading */
	struct timer closing; /* poll_close_timeout */
};

struct engine_session {
	struct channel channel; /* the first member */
	struct engine *engine;
	void *ws;                                     /* NULL: polling */
	struct engine_session_poll *poll;             /* NULL: on WebSocket alone */
	struct engine_session *beat_next, *beat_prev; /* in one of the engine's beat lists */
	struct engine_session *next;                  /* in the dirty list */
	int64_t beat_due;
	UT_hash_handle hh; /* by channel.id */
	uint8_t state;     /* enum session_state */
	bool base64;       /* revision 3: the client takes no bytes */
	bool jsonp;        /* polls are answered in JavaScript */
	bool polling;      /* counted as such */
	bool dirty;        /* in the engine's list for the end of the turn */
	bool awaits_pong, traffic, extended, overflowed;
	bool held;               /* its memory stays, even when it has ended */
	atomic_bool polls_still; /* for the thread that holds it */
};

/* Sessions in the order of their beat_due, since each goes to the end with the same delay. */
struct engine_session_list {
	struct engine_session *first, *last;
};

struct engine {
	struct engine_source from;
	const struct engine_handler *handler;
	void *handler_context;
	struct engine_session *by_id;
	struct engine_session_list to_ping, to_time_out;
	struct engine_session_list to_hear; /* revision 3: who pings us */
	struct timer beat;
	struct engine_session *dirty; /* polls to answer, sessions to free */
	struct frame *ping, *pong;    /* one frame each for all */
	struct frame *initial;        /* behind `open`, or NULL */
	struct buf scratch;           /* bodies under construction */
	struct engine_counts counts;
};

/* engine_session.c */
NODISCARD enum err engine_session_new(struct engine *e, struct handshake *take_handshake,
	struct str id, bool polling, struct engine_session **out);
void engine_session_end(
	struct engine_session *s, enum engine_reason reason); /* in an orderly way */
void engine_session_fail(
	struct engine_session *s, enum engine_reason reason); /* at once, what is queued is lost */
/* It is to be ended at the end of the turn: so much of that waits. */
void engine_session_overflow(struct engine_session *s, enum channel_limit limit, size_t n);
void engine_session_touch(struct engine_session *s); /* to the dirty list */
void engine_session_open_packet(const struct engine_session *s, struct buf *out);
NODISCARD enum err engine_session_send_text(struct engine *e, void *ws, struct str text);
size_t engine_session_send_ws(struct engine_session *s, struct frame *f); /* bytes that wait */

/* engine_session_poll.c */
NODISCARD enum err engine_session_poll_new(struct engine_session *s);
void engine_session_poll_free(struct engine_session *s);
void engine_session_poll_push(struct engine_session *s, struct frame *f);
void engine_session_poll_flush(struct engine_session *s);
void engine_session_poll_say(
	struct engine_session *s, struct str packet); /* answers the pending GET, if there is one */
void engine_session_poll_answer(
	struct engine *e, void *poll, int status, const char *type, struct str body);
void engine_session_poll_move(struct engine_session *s); /* what is queued, to the WebSocket */
void engine_session_poll_close(struct engine_session *s);

/* engine_session_upgrade.c */
void engine_session_upgrade_init(struct engine_session_poll *p);
void engine_session_upgrade_drop(
	struct engine_session_poll *p, bool close); /* the candidate, if there is one */
void engine_session_upgrade_message(struct engine_session *s, struct str text);

/* engine_session_beat.c */
void engine_session_beat_start(struct engine_session *s);
void engine_session_beat_stop(struct engine_session *s);
void engine_session_beat_pong(
	struct engine_session *s); /* the other side has shown that it lives */
void engine_session_beat_run(void *engine);

/* engine_session_packet.c: one packet that came, from either transport; false when the session has ended. */
bool engine_session_packet(struct engine_session *s, char *p, size_t n);
/* The same of bytes: a message, of which revision 3 says so in its first byte. */
bool engine_session_octets(struct engine_session *s, char *p, size_t n);

#endif
