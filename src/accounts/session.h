/* SPDX-License-Identifier: MIT
 *
 * session - who is signed in where: made, found by token, renewed by use, listed, ended.
 *
 * Layer: accounts.  Threads: the job's.
 */
#ifndef ACCOUNTS_SESSION_H
#define ACCOUNTS_SESSION_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"
#include "dispatch/ask.h"
#include "dispatch/hub.h"

struct tx;

/* SESSION_RENEW_MS: how often, at most, use is written down. */
enum { SESSION_DAYS = 30, SESSION_RENEW_MS = 3600000, SESSION_ABOUT_MAX = 200 };

/* What a new session is made from. */
struct session_new {
	struct digest token_hash; /* token_hash() of a token_new() */
	struct str about;         /* what the client calls itself; cut at SESSION_ABOUT_MAX bytes */
	struct uuid user_id;      /* whose it is; registration and login say it themselves */
	uint32_t nth;             /* its id is ask_id(ask, nth) */
};

/* Ids of sessions that have ended: their sockets must go (hub_end_session, session_ended). */
struct session_ids {
	struct uuid *v; /* in the arena */
	size_t n;
};

/* A session as its token tells; for the guard of HTTP requests and CONNECT rows. */
struct session {
	struct identity who;
	int64_t expires_ms;
	bool has_turned; /* to a group, ever: see session_turn */
	bool is_stale; /* used and not written down for SESSION_RENEW_MS: call session_renew on the writer */
};

/*
 * On the writer. A session more; above limits->sessions_per_user the longest unused of the user go, into *ended.
 * As tx_run.
 */
NODISCARD enum err session_open(struct tx *tx, const struct ask *ask, const struct session_new *in,
	struct arena *a, struct session_ids *ended);

/* When a session that is used now will end. */
int64_t session_expiry(int64_t now_ms);

/*
 * Writer or reader. Refuses with ERR_UNAUTHORIZED, one sentence: no such token, expired, suspended.
 */
NODISCARD enum err session_find(
	struct tx *tx, struct str token, int64_t now_ms, struct session *out);

/*
 * On the writer, before a change that may have waited: whether the session is still there and its user not suspended;
 * ask->role becomes the user's of now. Refuses with ERR_UNAUTHORIZED, ERR_FORBIDDEN; else as tx_one.
 */
NODISCARD enum err session_recheck(struct tx *tx, struct ask *ask);

/* The same for a session that a signed address names, with its user. */
NODISCARD enum err session_find_named(struct tx *tx, const struct identity *named, int64_t now_ms);

/* On the writer: notes the use; the session lives SESSION_DAYS from now. As tx_run. */
NODISCARD enum err session_renew(struct tx *tx, struct uuid session_id, int64_t now_ms);

/* On the writer: the session has turned to a group. As tx_run. */
NODISCARD enum err session_turn(struct tx *tx, struct uuid session_id);

struct session_listed {
	struct uuid id;
	struct str about;
	int64_t created_ms, used_ms, expires_ms;
};

struct session_list {
	struct session_listed *v;
	size_t n;
};

/* Those of the asker that have not expired, the last used first. As tx_rows. */
NODISCARD enum err session_list(
	struct tx *tx, const struct ask *ask, struct arena *a, struct session_list *out);

/* On the writer: ends one of the asker's sessions. Refuses with ERR_NOT_FOUND. */
NODISCARD enum err session_end(struct tx *tx, const struct ask *ask, struct uuid id);

/* On the writer: ends all of a user's but `keep` (nil: none is kept), into *ended. As tx_run. */
NODISCARD enum err session_end_all(struct tx *tx, struct uuid user_id, struct uuid keep,
	struct arena *a, struct session_ids *ended);

/* On the writer: removes expired ones. As tx_run. */
NODISCARD enum err session_expire(struct tx *tx, int64_t now_ms);

/* On the loop, after the commit: the sockets of ended sessions are told and disconnected. */
void session_ended(struct hub *hub, const struct session_ids *ended);

#endif
