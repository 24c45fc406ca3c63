/* SPDX-License-Identifier: MIT
 *
 * engine - Engine.IO protocol revisions 4 and 3, the server's side: sessions over long polling and WebSocket,
 * the upgrade from the one to the other, heartbeats. No I/O: requests and messages are handed in, answers
 * and frames go out by `engine_ops`, messages by `engine_handler`.
 *
 * Lifetimes: 1. A session lives from handler->opened to handler->closed, each called once; its memory
 * stays until the next engine_turn_end. 2. A `ws` or `poll` handle belongs to the host; the engine
 * forgets it when it has called ws_close or poll_answer with it, or the host has told it that it is gone.
 * 3. No handler or op is called from engine_session_send.
 *
 * A session's revision and form (JSONP, base64 alone) stand in the query of the request that opened it.
 *
 * Layer: eio.  Threads: one owner at a time.
 */
#ifndef EIO_ENGINE_H
#define EIO_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/frame/frame.h"
#include "base/rng.h"
#include "base/str.h"
#include "base/timer.h"
#include "eio/channel.h"
#include "eio/handshake.h"
#include "ws/ws.h"

struct engine;
struct engine_session;

struct engine_options {
	int64_t ping_interval_ms, ping_timeout_ms, upgrade_timeout_ms;
	int64_t poll_close_timeout_ms; /* how long a closing polling session waits for a GET */
	uint32_t max_payload;          /* bytes of a POST body or a WebSocket message */
	size_t send_queue_max;         /* bytes that may wait for one peer; more ends its session */
	size_t volatile_queue_max; /* from so many waiting bytes on, engine_session_is_writable says no */
	bool polling, websocket, upgrades; /* which transports there are */
	bool revision_3;                   /* clients of it are served too */
	char id_mark; /* the first character of every session id: which engine it is; '\0': none */
	struct str
		initial; /* a message that each session gets behind `open`, copied by engine_new; its p NULL: none */
	bool initial_binary;
};

struct engine_answer {
	int status;        /* 0: no answer, the connection is to be closed at once */
	const char *type;  /* Content-Type; NULL without body */
	struct str body;   /* valid during the call */
	struct str sid;    /* of the session that answers a poll; empty for other answers */
	bool uncompressed; /* all that is in it is to travel as it is */
};

/* What the host does for the engine. None of it may call back into the engine. */
struct engine_ops {
	size_t (*ws_send)(
		void *ws, struct frame *f); /* f is borrowed; bytes that now wait to be written */
	size_t (*ws_flush)(void *ws);       /* writes what can be written; bytes that still wait */
	size_t (*ws_waiting)(void *ws);     /* bytes that wait */
	/* Sends what is queued and a close frame, then ends; at once, and without, for WS_STATUS_NONE. */
	void (*ws_close)(void *ws, enum ws_status status);
	void (*poll_answer)(void *poll, const struct engine_answer *answer);
	void (*ws_blame)(void *ws); /* it will be closed, for a fault of the peer's; may be NULL */
};

/* What the engine tells. bytes of a message are valid and may be changed during the call. */
struct engine_handler {
	void (*opened)(void *context, struct channel *c);
	void (*message)(void *context, struct channel *c, bool binary, char *p, size_t n);
	void (*closed)(void *context, struct channel *c, enum engine_reason reason);
};

struct engine_source {
	struct engine_options options;
	struct engine_ops ops;
	struct frame_pool *frames;
	struct timers *timers; /* run by the owner, with the same clock as `now_ms` */
	int64_t (*now_ms)(void *clock);
	void *clock;
	struct rng rng;
};

struct engine_counts {
	uint64_t opened, overflows;       /* sessions so far; those that ended by send_queue_max */
	uint64_t packets_in, packets_out; /* messages, without heartbeats */
	uint64_t bytes_in, bytes_out;     /* of those messages */
	size_t sessions, polling;         /* now; of which not on WebSocket */
};

NODISCARD enum err engine_new(
	const struct engine_source *from, struct engine **out); /* ERR_NOMEM */
void engine_free(struct engine *e); /* its sessions are closed before; NULL is taken */
void engine_set_handler(struct engine *e, const struct engine_handler *handler, void *context);

/* Tell its handler of a session that lives elsewhere. */
void engine_tell_opened(struct engine *e, struct channel *c);
void engine_tell_message(struct engine *e, struct channel *c, bool binary, char *p, size_t n);
void engine_tell_closed(struct engine *e, struct channel *c, enum engine_reason reason);

void engine_close_all(struct engine *e); /* at once: the server ends */
const struct engine_counts *engine_counts(const struct engine *e);
struct frame_pool *engine_frames(const struct engine *e);
int64_t engine_now_ms(const struct engine *e);
struct timers *engine_timers(const struct engine *e);

/* To be called at the end of each turn: answers the polls that have something to carry, frees closed sessions. */
void engine_turn_end(struct engine *e);

/* ---- requests ---- */

enum engine_method { ENGINE_GET, ENGINE_POST, ENGINE_OTHER };

struct engine_request {
	enum engine_method method;
	bool upgrade;      /* it asks for WebSocket */
	bool origin_valid; /* its Origin header, if any, has no control character */
	struct str query;
};

enum engine_route_kind {
	ENGINE_ROUTE_REFUSE,   /* code says why */
	ENGINE_ROUTE_OPEN,     /* engine_open_poll, or engine_open_ws when it was an upgrade */
	ENGINE_ROUTE_POLL,     /* engine_poll */
	ENGINE_ROUTE_POST,     /* engine_post_begin */
	ENGINE_ROUTE_UPGRADE,  /* engine_upgrade */
	ENGINE_ROUTE_NO_METHOD /* 500 without body, as Node */
};

struct engine_route {
	enum engine_route_kind kind;
	unsigned code;       /* of ENGINE_ROUTE_REFUSE, for engine_error_message */
	const char *context; /* and what it is about, in a word */
	struct engine_session *session;
};

/* The protocol revision that a query asks for: 4 when it says so, else 3. */
unsigned engine_revision(struct str query);

/* Decides what a request is for; changes nothing. */
struct engine_route engine_route(const struct engine *e, const struct engine_request *r);

enum {
	ENGINE_BAD_REQUEST = 3,
	ENGINE_FORBIDDEN = 4
}; /* codes of what the host, the program refuses */

/* The text of an error code, as "Session ID unknown". Never NULL. */
const char *engine_error_message(unsigned code);

/* Whether a session can be opened with that id: as long as ours, of the same characters, nobody's. */
bool engine_id_is_free(const struct engine *e, struct str id);

/*
 * A new session; the handshake is the session's. id: of engine_id_is_free, its first character gives way to id_mark; empty:
 * the engine draws one. ERR_NOMEM, ERR_CONFLICT (the id): nothing was called.
 */
NODISCARD enum err engine_open_poll(
	struct engine *e, struct handshake *take_handshake, struct str id, void *poll);
NODISCARD enum err engine_open_ws(struct engine *e, struct handshake *take_handshake, struct str id,
	void *ws, struct engine_session **out);

/* A GET that will be answered when there is something to say, or at once if it overlaps another. */
void engine_poll(struct engine_session *s, void *poll);

/* The GET's connection is gone. */
void engine_poll_gone(struct engine_session *s);

/*
 * A POST begins; octets: its type is application/octet-stream, which revision 3 alone knows. False: it was answered already.
 * Else engine_post follows with its whole body, or engine_post_gone; s stays valid so long.
 */
NODISCARD bool engine_post_begin(struct engine_session *s, void *poll, bool octets);
void engine_post(struct engine_session *s, void *poll, char *body, size_t n);

/* Its body did not come whole; too_large: it was answered 413, and the session goes on. */
void engine_post_gone(struct engine_session *s, void *poll, bool too_large);

/* A WebSocket that may take over a polling session; false: the host closes it. */
NODISCARD bool engine_upgrade(struct engine_session *s, void *ws);

/* What came on a WebSocket, and its end (clean: by a close frame or an orderly end of stream). */
void engine_ws_message(struct engine_session *s, void *ws, bool binary, char *p, size_t n);
void engine_ws_gone(struct engine_session *s, void *ws, bool clean);

/* ---- sessions that another thread holds ---- */

/* From now on its memory, and its handshake, stay until hold_end, even when it has ended. In the `opened` handler. */
void engine_session_hold(struct engine_session *s);
void engine_session_hold_end(struct engine_session *s);

/* From any thread, while it is held. */
bool engine_session_hold_is_polling(const struct engine_session *s);

/* ---- sessions, for the layer above; what channel.h offers does the same ---- */

/* The session of a channel that this engine gave out, and its channel. */
struct engine_session *engine_session_of(struct channel *c);
struct channel *engine_session_channel(struct engine_session *s);

/* As channel_send. */
void engine_session_send(struct engine_session *s, struct frame *f);

/* As channel_is_writable. */
bool engine_session_is_writable(const struct engine_session *s);

/* As channel_close. */
void engine_session_close(struct engine_session *s, enum engine_reason reason);

bool engine_session_is_closed(const struct engine_session *s);
bool engine_session_is_polling(const struct engine_session *s);

#endif
