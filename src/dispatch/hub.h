/* SPDX-License-Identifier: MIT
 *
 * hub - who gets what: the domain's only way to the sockets.
 *
 * The domain names rooms and sockets and hands over payloads; what carries them is bound in app.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#ifndef DISPATCH_HUB_H
#define DISPATCH_HUB_H

#include "base/clock.h"
#include "base/err.h"
#include "base/timer.h"
#include "dispatch/ask.h"
#include "schema/schema_encode.h"

struct hub;
struct presence; /* of accounts: who is connected */
struct seat;

enum room_kind {
	ROOM_NAMESPACE,  /* all who entered; id is nil */
	ROOM_USER,       /* a user's sockets */
	ROOM_GROUP,      /* sockets of a group's members */
	ROOM_OPEN_GROUP, /* sockets that have the group open */
	ROOM_SESSION,    /* sockets of a session */
};

/* A room of one namespace. */
struct room {
	enum room_kind kind;
	struct uuid id;
};

enum { AUDIENCE_ROOMS_MAX = 2 };

/* Sockets in any room of `to` but those in a room of `except` and the one socket. Unused places: count 0. */
struct audience {
	struct room to[AUDIENCE_ROOMS_MAX];
	size_t to_count;
	struct room except[AUDIENCE_ROOMS_MAX];
	size_t except_count;
	uint64_t except_socket; /* 0: none */
	uint64_t socket;        /* not 0: this one alone; the rooms do not count */
	bool is_volatile;       /* may be dropped where a queue is long */
};

/* Sends one event, encoded once; its row gives namespace, name and payload. */
void hub_emit(struct hub *hub, enum event_id id, const void *payload, const struct audience *to);

/* The usual audiences. */
void hub_emit_all(struct hub *hub, enum event_id id, const void *payload, uint64_t except_socket);
void hub_emit_user(struct hub *hub, enum event_id id, const void *payload, struct uuid user_id,
	uint64_t except_socket);
void hub_emit_group(struct hub *hub, enum event_id id, const void *payload, struct uuid group_id,
	uint64_t except_socket);
void hub_emit_socket(struct hub *hub, enum event_id id, const void *payload, uint64_t socket);

/*
 * Answers a request: { ok: true, …answer } by its acknowledgement. Where none was asked for, a reading row
 * (READ, LOOK) answers by an event as protocol.md section 3 says, and a changing row says nothing.
 * answer is the struct of the row's answer payload; NULL when that is `empty`.
 */
void hub_answer(struct hub *hub, const struct ask *ask, const void *answer);

/* Refuses a request: { ok: false, error }, or ERROR_OCCURED without acknowledgement. sentence NULL: err_doc's. */
void hub_fail(struct hub *hub, const struct ask *ask, enum err e, const char *sentence);

/* A socket enters or leaves a room of its namespace. Nothing happens when it has gone. */
void hub_join(struct hub *hub, uint64_t socket, struct room room);
void hub_leave(struct hub *hub, uint64_t socket, struct room room);

/* All sockets of a user in a namespace do, also lost ones that may come back. */
void hub_join_user(struct hub *hub, enum ns ns, struct uuid user_id, struct room room);
void hub_leave_user(struct hub *hub, enum ns ns, struct uuid user_id, struct room room);

/* How many sockets a room of the namespace has. */
size_t hub_count(struct hub *hub, enum ns ns, struct room room);

/* Whom a CONNECT row has recognised. */
struct identity {
	struct uuid user_id, session_id;
	enum role role;
};

/*
 * In the announce of a CONNECT row: the socket exists from now on, is in its user's and session's rooms,
 * and the client is told so. NULL when the connection has gone meanwhile. ROOM_NAMESPACE is joined by the verb.
 */
struct seat *hub_accept(struct hub *hub, const struct ask *ask, const struct identity *who);

/*
 * In the announce of a CONNECT row with ask->recovers, when who is the same session: the socket is again what it was, what it
 * missed follows. NULL when it is not: the client then connects anew.
 */
struct seat *hub_recover(struct hub *hub, const struct ask *ask, const struct identity *who);

/* What the server remembers of a socket, also of a lost one that may come back; NULL when it has gone. */
struct seat *hub_seat(struct hub *hub, uint64_t socket);

/* A room of the namespace, each seat once: fn(context, seat). fn moves no socket in or out of this room. */
void hub_each(struct hub *hub, enum ns ns, struct room room,
	void (*fn)(void *context, struct seat *seat), void *context);

/* The sockets of a user in a namespace, also lost ones that may come back: fn(context, seat). fn may end the seat. */
void hub_each_of_user(struct hub *hub, enum ns ns, struct uuid user_id,
	void (*fn)(void *context, struct seat *seat), void *context);

/* Disconnects a socket from its namespace (packet 41): the client does not reconnect. */
void hub_disconnect(struct hub *hub, uint64_t socket);

/* ERROR_OCCURED to the sockets of a session, or of a user, in both namespaces, then as hub_disconnect; lost ones do not come back. */
void hub_end_session(struct hub *hub, struct uuid session_id, enum err e, const char *sentence);
void hub_end_user(struct hub *hub, struct uuid user_id, enum err e, const char *sentence);

/*
 * Has the use of a session written down, as soon as the writer can; when that fails, the next use will try again: nobody is
 * kept out because the disk is full.
 */
void hub_note_use(struct hub *hub, const struct ask *ask, struct uuid session_id);

/* What verbs need on the loop besides. */
struct presence *hub_presence(const struct hub *hub);
void hub_timer_start(
	struct hub *hub, struct timer *t, int64_t delay_ms); /* base/timer.h; moves one that runs */
void hub_timer_stop(struct hub *hub, struct timer *t);
const struct clock *hub_clock(const struct hub *hub);

#endif
