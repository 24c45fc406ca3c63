/* SPDX-License-Identifier: MIT
 *
 * antiphon - the client library of Antiphon: a connection to a server, typed requests, and a model that
 * follows what the server says.
 *
 * Strings are UTF-8 and end with NUL; ids are the 36 characters of a UUID; dates are milliseconds since 1970.
 * The structs that travel are made from the tables beside this header: what each field means, and what may
 * be asked, stands in schema/payloads.def, schema/words.def and schema/events.def. Their row macros
 * (STRING, LIST, …) are undefined behind this header: include it before headers that define such names.
 *
 * Lifetimes and threads:
 *  1. A program drives its client in one of three ways. It calls antiphon_next, antiphon_wait or antiphon_call, which
 *     wait inside (scripts); it watches antiphon_fd and calls antiphon_process (an external loop); or it calls
 *     antiphon_start, and a thread of the client's own does everything.
 *  2. Callbacks run in whichever call drives the client, or on its own thread. They may call everything here but
 *     antiphon_next, antiphon_wait, antiphon_call, antiphon_upload, antiphon_download, antiphon_sign_in, antiphon_register, antiphon_http, antiphon_close
 *     and antiphon_free.
 *  3. What a callback is handed is valid until it returns.
 *  4. What is read of the model is valid until the client is driven again; after antiphon_start, outside of
 *     callbacks, read it between antiphon_lock and antiphon_unlock: it is valid in between.
 *  5. After antiphon_start any thread may make requests; before it, one thread at a time uses the client.
 *  6. What a call is given is copied.
 *
 * Layer: client's public face.  Threads: see 1 to 5.
 */
#ifndef ANTIPHON_ANTIPHON_H
#define ANTIPHON_ANTIPHON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* ---- results ---- */

/* What base/errors.def lists, ANTIPHON_OK is 0; then what only a client sees. */
enum antiphon_result {
#define ERR(id, wire, http, title, doc) ANTIPHON_##id,
#include "base/errors.def"
#undef ERR
	ANTIPHON_DISCONNECTED, /* the connection was lost before the answer: it is not known what the server did */
	ANTIPHON_TIMED_OUT, /* no answer came in time: the same */
};

/* The code of a result, as "not_found", "disconnected". Never NULL. */
const char *antiphon_result_code(enum antiphon_result result);

/* One English sentence for it. Never NULL. */
const char *antiphon_result_text(enum antiphon_result result);

/* ---- what travels ---- */

/* enum antiphon_status { ANTIPHON_STATUS_OFFLINE, … }; and so on: a row of words.def each. */
#define WORDS(set, doc)                                                                            \
	enum antiphon_##set                                                                        \
	{
#define WORD(set, id, text) ANTIPHON_##id,
#define END(set)                                                                                   \
	}                                                                                          \
	;
#include "schema/words.def"
#undef WORDS
#undef WORD
#undef END

/* Bytes that travel beside the text. p may be NULL when n is 0. */
struct antiphon_bytes {
	const void *p;
	size_t n;
};

/*
 * struct antiphon_message_sent { const char *message; const char *groupId; … }; and so on: a row of payloads.def each.
 *   texts, ids, any JSON   const char *; one that need not be there is NULL when it is not
 *   numbers, dates, words, objects, bytes, lists   the value; one that need not be there is { set, null, v }
 *   lists                  { v, n }: n elements at v
 *   CLEARABLE              { set, null, v }: set alone: v; set and null: clear it; neither: leave it
 * In C++, which has that word for itself, a member named `new` is named `new_`.
 */
#ifdef __cplusplus
#define new new_
#endif
#define ANTIPHON_MAYBE(type, name)                                                                 \
	struct {                                                                                   \
		bool set, null;                                                                    \
		type v;                                                                            \
	} name;
#define ANTIPHON_VALUE_REQ(type, name)       type name;
#define ANTIPHON_VALUE_OPT(type, name)       ANTIPHON_MAYBE(type, name)
#define ANTIPHON_VALUE_NULLABLE(type, name)  ANTIPHON_MAYBE(type, name)
#define ANTIPHON_VALUE_CLEARABLE(type, name) ANTIPHON_MAYBE(type, name)
#define ANTIPHON_TEXT_REQ(name)              const char *name;
#define ANTIPHON_TEXT_OPT(name)              const char *name;
#define ANTIPHON_TEXT_NULLABLE(name)         const char *name;
#define ANTIPHON_TEXT_CLEARABLE(name)        ANTIPHON_MAYBE(const char *, name)

struct antiphon_texts {
	const char *const *v;
	size_t n;
};

#define PAYLOAD(id, doc) struct antiphon_##id {
#define END(id)                                                                                    \
	}                                                                                          \
	;
#define EMPTY(id, doc)                                                                             \
	struct antiphon_##id {                                                                     \
		char none;                                                                         \
	};
#define BARE_UUID(payload, doc)                                                                    \
	struct antiphon_##payload {                                                                \
		const char *id;                                                                    \
	};
#define BARE_LIST(payload, element, max, doc)                                                      \
	struct antiphon_##payload {                                                                \
		const struct antiphon_##element *v;                                                \
		size_t n;                                                                          \
	};
/* The list of payloads that a LIST column holds. */
#define ANTIPHON_LIST_REQ(element, name)                                                           \
	struct {                                                                                   \
		const struct antiphon_##element *v;                                                \
		size_t n;                                                                          \
	} name;
#define UUID(p, name, need, doc)                  ANTIPHON_TEXT_##need(name)
#define STRING(p, name, min, max, need, doc)      ANTIPHON_TEXT_##need(name)
#define LINE                                      STRING
#define PROSE                                     STRING
#define ANY(p, name, max, need, doc)              ANTIPHON_TEXT_##need(name)
#define INTEGER(p, name, min, max, need, doc)     ANTIPHON_VALUE_##need(int64_t, name)
#define NUMBER(p, name, need, doc)                ANTIPHON_VALUE_##need(double, name)
#define BOOLEAN(p, name, need, doc)               ANTIPHON_VALUE_##need(bool, name)
#define BOOLEAN_NAMED(p, m, name, need, doc)      ANTIPHON_VALUE_##need(bool, m)
#define DATE(p, name, need, doc)                  ANTIPHON_VALUE_##need(int64_t, name)
#define WORD_OF(p, name, set, need, doc)          ANTIPHON_VALUE_##need(enum antiphon_##set, name)
#define BYTES(p, name, max, need, doc)            ANTIPHON_VALUE_##need(struct antiphon_bytes, name)
#define OBJECT(p, name, payload, need, doc)       ANTIPHON_VALUE_##need(struct antiphon_##payload, name)
#define UUIDS(p, name, max, need, doc)            ANTIPHON_VALUE_##need(struct antiphon_texts, name)
#define STRINGS(p, name, max, longest, need, doc) ANTIPHON_VALUE_##need(struct antiphon_texts, name)
#define LINES                                     STRINGS
#define LIST(p, name, payload, max, need, doc)    ANTIPHON_LIST_##need(payload, name)
#include "schema/payloads.def"
#include "schema/undef.h"
#undef ANTIPHON_MAYBE
#undef ANTIPHON_VALUE_REQ
#undef ANTIPHON_VALUE_OPT
#undef ANTIPHON_VALUE_NULLABLE
#undef ANTIPHON_VALUE_CLEARABLE
#undef ANTIPHON_TEXT_REQ
#undef ANTIPHON_TEXT_OPT
#undef ANTIPHON_TEXT_NULLABLE
#undef ANTIPHON_TEXT_CLEARABLE
#undef ANTIPHON_LIST_REQ
#ifdef __cplusplus
#undef new
#endif

/* The word of a value as it travels, as antiphon_status_text(ANTIPHON_STATUS_BUSY): "busy". NULL for none of the set. */
#define WORDS(set, doc) const char *antiphon_##set##_text(enum antiphon_##set value);
#define WORD(set, id, text)
#define END(set)
#include "schema/words.def"
#undef WORDS
#undef WORD
#undef END

/* ---- the client ---- */

struct antiphon;

/* All zero but url is good. A 0 of a number means the default that is named. */
struct antiphon_options {
	const char *url; /* "https://chat.example.org:8443" */
	const char
		*token; /* of a session; NULL: username and password, or antiphon_sign_in later */
	const char *username, *password;
	const char *
		folder; /* where the model, unsent messages and uploads under way are kept, made when it is not there; NULL: in memory alone */
	const char *tls_ca_file; /* PEM file of the authorities to trust instead of the system's */
	int64_t connect_timeout_ms;              /* 20,000 */
	int64_t request_timeout_ms;              /* 20,000: for each answer */
	int64_t backoff_base_ms, backoff_max_ms; /* 1,000 and 30,000: between attempts to connect */
	bool queue_events; /* true: events wait for antiphon_next; false: it is not used, callbacks alone tell */
};

/*
 * A client, not connected yet; its model is what the folder holds. ANTIPHON_BAD_REQUEST for a URL that is none,
 * ANTIPHON_UNAVAILABLE when the folder cannot be used, ANTIPHON_NOMEM.
 */
enum antiphon_result antiphon_new(const struct antiphon_options *options, struct antiphon **out);

/* Ends its thread, closes, lets all requests know (ANTIPHON_DISCONNECTED), frees everything. NULL is taken. */
void antiphon_free(struct antiphon *c);

/*
 * Begins to connect, and reconnects after a loss until antiphon_close. Before antiphon_start. Without a token it signs in first, which waits for
 * the server as antiphon_sign_in does and fails as that does. ANTIPHON_UNAUTHORIZED without token, name and password.
 */
enum antiphon_result antiphon_connect(struct antiphon *c);

/* Ends the connection; requests are told ANTIPHON_DISCONNECTED. Not after antiphon_start: use antiphon_free. */
void antiphon_close(struct antiphon *c);

/* True while both namespaces are connected. To be read as the model is. */
bool antiphon_is_connected(const struct antiphon *c);

/* Signs in (POST /api/v1/sessions) and keeps the token. Waits for the answer. ANTIPHON_UNAUTHORIZED, _UNAVAILABLE, …. */
enum antiphon_result antiphon_sign_in(
	struct antiphon *c, const char *username, const char *password);

/* Makes an account (POST /api/v1/accounts) and keeps its token. Waits. ANTIPHON_CONFLICT when the name is taken, …. */
enum antiphon_result antiphon_register(
	struct antiphon *c, const struct antiphon_register_account *account);

/* The token of the session, to be kept as a secret; NULL when there is none. Valid until the next one. */
const char *antiphon_token(const struct antiphon *c);

/* What the HTTP API has answered. */
struct antiphon_http_answer {
	int status; /* 0: none came */
	char *body; /* NUL-terminated, the caller's: antiphon_text_free; NULL when none came */
};

/*
 * A call of the HTTP API with the session's token, as antiphon_http(c, "GET", "/api/v1/sessions", NULL, &answer). json:
 * the body, or NULL. Waits for the answer; out may be NULL. ANTIPHON_OK when a status of 200 to 299 came; else what
 * the status stands for, or ANTIPHON_UNAVAILABLE when none came.
 */
enum antiphon_result antiphon_http(struct antiphon *c, const char *method, const char *path,
	const char *json, struct antiphon_http_answer *out);

/* Frees a text that a call here has given. NULL is taken. */
void antiphon_text_free(char *take_text);

/* ---- events ---- */

/* Rows of client/model_events.def: each says which struct its callback is handed. */
enum antiphon_event {
#define MODEL(id, payload, doc)     ANTIPHON_##id,
#define CHAT(id, row, payload, doc) ANTIPHON_##id,
#include "client/model_events.def"
#undef MODEL
#undef CHAT
	ANTIPHON_EVENT_COUNT
};

/* "NEW_TRACK" and so on. NULL for none. */
const char *antiphon_event_name(enum antiphon_event event);

/* payload: the struct that the event's row names. */
typedef void antiphon_event_fn(void *context, enum antiphon_event event, const void *payload);

/* callback(context, …) from now on; one an event, a further call replaces it; NULL: none. Before antiphon_start, or in a callback. */
void antiphon_on(
	struct antiphon *c, enum antiphon_event event, antiphon_event_fn *callback, void *context);

/* The same callback for all events. */
void antiphon_on_all(struct antiphon *c, antiphon_event_fn *callback, void *context);

/* An event as it is queued. Valid until the next antiphon_next. */
struct antiphon_occurrence {
	enum antiphon_event event;
	const void *payload; /* the struct that the event's row names */
};

/*
 * The next queued event, waited for at most timeout_ms (-1: for ever). False when none came. With queue_events alone. At most 100,000
 * wait; beyond that the oldest is dropped.
 */
bool antiphon_next(struct antiphon *c, int64_t timeout_ms, struct antiphon_occurrence *out);

/* An event's payload as one line of JSON, the caller's: antiphon_text_free. NULL without memory. */
char *antiphon_event_json(enum antiphon_event event, const void *payload);

/* ---- driving it ---- */

/* Becomes readable when there is something to do; for poll and the like. */
int antiphon_fd(const struct antiphon *c);

/* How long an external loop may sleep before it calls antiphon_process again; -1: until antiphon_fd says so. Ask before each sleep. */
int64_t antiphon_timeout_ms(struct antiphon *c);

/* Does what is to be done, without waiting; callbacks run inside. */
void antiphon_process(struct antiphon *c);

/* From now on a thread of its own drives the client. Once, never undone but by antiphon_free. ANTIPHON_UNAVAILABLE, ANTIPHON_NOMEM. */
enum antiphon_result antiphon_start(struct antiphon *c);

/* After antiphon_start: the model stands still in between. Not in callbacks. */
void antiphon_lock(struct antiphon *c);
void antiphon_unlock(struct antiphon *c);

/* ---- requests ---- */

/* How a request ended. */
struct antiphon_answer {
	enum antiphon_result result;
	const char *sentence; /* what to mend; "" when result is ANTIPHON_OK */
	const char *json;     /* the acknowledgement as it came, { "ok": … }; "" when none came */
};

/*
 * One request a client event of events.def, as antiphon_publish_comment(c, &(struct antiphon_publish_comment){ … }, done, context):
 * what is the struct of the row's payload, done (may be NULL) is called once with the struct of its answer, NULL
 * unless the result is ANTIPHON_OK. Returns the request's ticket for antiphon_wait.
 *
 * A request that cannot be (a field out of its bounds, not connected) ends at the next turn with the reason. But
 * antiphon_message_sent is kept while there is no connection, in the folder when there is one, and sent after the next: with its
 * clientId, which is made when it has none, it is stored exactly once. Should the program end before, the next
 * one sends it; MESSAGE_SENT tells that it is stored.
 */
#define CONNECT(...)
#define EMIT(...)
#define ON(id, name, ns, kind, payload, answer, who, rate, errors, doc)                            \
	uint64_t antiphon_##id(struct antiphon *c, const struct antiphon_##payload *what,          \
		void (*done)(void *context, const struct antiphon_answer *a,                       \
			const struct antiphon_##answer *typed),                                    \
		void *context);
#include "schema/events.def"
#undef CONNECT
#undef EMIT
#undef ON

/* What is called when any request has ended. */
typedef void antiphon_done_fn(void *context, const struct antiphon_answer *a);

/* Any request, by its names: { "/chat", "TYPING", "{}" }. */
struct antiphon_any {
	const char *ns, *event;
	const char *
		json; /* the payload; in it { "_placeholder": true, "num": 0 } stands for the first of bytes */
	const struct antiphon_bytes *bytes; /* may be NULL when byte_count is 0 */
	size_t byte_count;                  /* at most 16 */
};

/* Makes it, as the functions above do. 0 for an event that is none, or without memory. */
uint64_t antiphon_request(
	struct antiphon *c, const struct antiphon_any *what, antiphon_done_fn *done, void *context);

/*
 * Waits, driving the client (or its thread does), until the request has ended and its callback has returned; gives its result.
 * ANTIPHON_TIMED_OUT when it has not within timeout_ms (-1: no limit); it goes on then. ANTIPHON_NOT_FOUND for a ticket that is none,
 * or of a request that ended more than 1,000 requests ago.
 */
enum antiphon_result antiphon_wait(struct antiphon *c, uint64_t ticket, int64_t timeout_ms);

/*
 * antiphon_request and antiphon_wait in one; *answer (may be NULL) is the acknowledgement, the caller's: antiphon_text_free.
 * ANTIPHON_UNKNOWN_EVENT for an event that is none. A MESSAGE_SENT waits for a connection as long as it takes: antiphon_message_sent
 * and antiphon_wait with a limit do not.
 */
enum antiphon_result antiphon_call(
	struct antiphon *c, const struct antiphon_any *what, char **answer);

/*
 * Waits, driving the client, until requests of both namespaces are taken: for programs that ask and do not need the model, which may still be
 * coming. Results as antiphon_synchronise.
 */
enum antiphon_result antiphon_enter(struct antiphon *c, int64_t timeout_ms);

/* Waits, driving the client, until the model is in step with the server. ANTIPHON_TIMED_OUT; the reason when the server refuses. */
enum antiphon_result antiphon_synchronise(struct antiphon *c, int64_t timeout_ms);

/* ---- files ---- */

/* How a transfer goes: bytes that are there, of all. False: cancel it. */
typedef bool antiphon_progress_fn(void *context, int64_t done_bytes, int64_t total_bytes);

/* All zero but path is good. */
struct antiphon_transfer {
	const char *path;               /* the file here */
	antiphon_progress_fn *progress; /* may be NULL; called often */
	void *context;
	int64_t rate_max;    /* bytes a second; 0: no limit */
	int64_t patience_ms; /* 60,000: how long it tries again while nothing moves */
};

/*
 * Uploads the file for a track, a group's file (group_id; else NULL) or a picture: upload_id (36 characters and a NUL) is what
 * events take as uploadId, avatarUploadId or coverUploadId. Waits, driving the client, until it is whole; after a lost connection or
 * a server's restart it goes on where it was. With a data folder a later call, of another program too, goes on with what was
 * cancelled or cut, unless the file has another size or time since. ANTIPHON_NOT_FOUND: no such file here; ANTIPHON_TOO_LARGE, _UNAUTHORIZED: the server
 * refuses; ANTIPHON_CONFLICT: cancelled; ANTIPHON_UNAVAILABLE: out of patience.
 */
enum antiphon_result antiphon_upload(struct antiphon *c, const struct antiphon_transfer *t,
	enum antiphon_upload_purpose purpose, const char *group_id, char upload_id[37]);

/*
 * Downloads a track's audio to the path; waits likewise. Until it is whole it is in PATH.part, where a later call, of another
 * program too, goes on; when its BLAKE2b is the track's it becomes PATH at once and DOWNLOADED_TRACK is raised. ANTIPHON_NOT_FOUND:
 * no such track; ANTIPHON_INTERNAL: the hash does not match (what came is thrown away); ANTIPHON_CONFLICT: cancelled;
 * ANTIPHON_UNAVAILABLE: not connected, out of patience, or the disk refuses.
 */
enum antiphon_result antiphon_download(
	struct antiphon *c, const char *track_id, const struct antiphon_transfer *t);

/* ---- the model ---- */

/* Oneself; NULL before the first connection. */
const struct antiphon_user *antiphon_me(const struct antiphon *c);

/*
 * Those connected, by their id. Where the server tells of presence in digests, as more sockets than its presence_fanout would see each
 * change, those who come later and whose profile was never seen are left out: a client that asked for each would undo the digests.
 */
size_t antiphon_user_count(const struct antiphon *c);
const struct antiphon_user *antiphon_user_at(const struct antiphon *c, size_t index);

/* A user, connected or not, as far as they are known; NULL when they are not. */
const struct antiphon_user *antiphon_user_find(const struct antiphon *c, const char *id);

/* The catalogue, by id: in the order of publication. */
size_t antiphon_track_count(const struct antiphon *c);
const struct antiphon_track *antiphon_track_at(const struct antiphon *c, size_t index);
const struct antiphon_track *antiphon_track_find(const struct antiphon *c, const char *id);

/* A track's comments in the order of time, its ratings by user. */
size_t antiphon_comment_count(const struct antiphon *c, const char *track_id);
const struct antiphon_comment *antiphon_comment_at(
	const struct antiphon *c, const char *track_id, size_t index);
size_t antiphon_rating_count(const struct antiphon *c, const char *track_id);
const struct antiphon_rating *antiphon_rating_at(
	const struct antiphon *c, const char *track_id, size_t index);

/* One's groups, in the order of their making. */
size_t antiphon_group_count(const struct antiphon *c);
const struct antiphon_group *antiphon_group_at(const struct antiphon *c, size_t index);
const struct antiphon_group *antiphon_group_find(const struct antiphon *c, const char *id);

/* How many messages of a group one has not read. */
int64_t antiphon_unread(const struct antiphon *c, const char *group_id);

/*
 * The messages of a group that are known, by seq: those that came while the client ran or was away, and those that
 * antiphon_get_history has fetched; there may be gaps.
 */
size_t antiphon_message_count(const struct antiphon *c, const char *group_id);
const struct antiphon_message *antiphon_message_at(
	const struct antiphon *c, const char *group_id, size_t index);

/* One's settings by name: newValue is JSON. */
size_t antiphon_setting_count(const struct antiphon *c);
const struct antiphon_setting *antiphon_setting_at(const struct antiphon *c, size_t index);
const struct antiphon_setting *antiphon_setting_find(const struct antiphon *c, const char *name);

/* One's unread notifications in the order of time; beyond the newest 100 by antiphon_list_notifications. */
size_t antiphon_notification_count(const struct antiphon *c);
const struct antiphon_notification *antiphon_notification_at(
	const struct antiphon *c, size_t index);

/* How many messages wait to be sent. */
size_t antiphon_waiting_count(const struct antiphon *c);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
