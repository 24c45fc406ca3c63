/* SPDX-License-Identifier: MIT
 *
 * link - a client's connection to a Socket.IO server: WebSocket first, polling when that is refused, TLS,
 * proxies, namespaces, acknowledgements, and the way back after a loss. It knows no event and no model.
 *
 * Lifetimes: 1. All calls and all callbacks are on the loop's thread. 2. What a callback is handed is
 * borrowed: it is valid during the call alone. 3. Callbacks may call every link_ function but link_free.
 * 4. No callback comes from inside link_new, link_open, link_join or link_emit; link_leave and link_close
 * call the `ack` of what waits for one, and nothing else. 5. Nothing is kept for later: what is emitted
 * while its namespace is not connected is refused to the caller.
 *
 * Layer: client.  Threads: its loop's.
 */
#ifndef CLIENT_LINK_H
#define CLIENT_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/rng.h"
#include "base/str.h"
#include "net/loop.h"

struct link;

enum { LINK_NO_RETRY = -1 };

/* All zero but url is good; texts are copied. A 0 of a number means the default that is named. */
struct link_options {
	/* http, https, ws or wss: "https://chat.example.org:8443"; a path stands for "/socket.io/"; a query goes along. */
	struct str url;
	/* PEM file of the authorities to trust instead of the system's; NULL for the system's. */
	const char *tls_ca_file;
	bool websocket_off, polling_off; /* transports not to be used; not both */
	int64_t connect_timeout_ms; /* 20,000: from the first byte to the open session, and from there to each namespace */
	int64_t backoff_base_ms; /* 1,000: before the first attempt after a loss */
	int64_t backoff_max_ms; /* 30,000: doubled each time up to this; then half of it at random */
	uint32_t message_max;   /* 16 MiB: bytes of one message or answer from the server */
	uint32_t send_queue_max; /* 16 MiB: bytes that wait for a slow server */
	/* Where http_proxy, https_proxy, all_proxy and no_proxy are looked up: getenv, or NULL for no proxy. */
	char *(*environment)(const char *name);
	struct rng rng; /* zero: the system's */
	/*
	 * Appends the JSON object that goes with CONNECT to this namespace, as {"token":"…"}; asked at each
	 * connection anew. NULL, or nothing appended: none. False: the namespace is not joined now.
	 */
	bool (*auth)(void *context, struct str ns, struct buf *out);
};

struct link_joined {
	struct str ns;
	struct str sid; /* of this namespace */
	bool recovered; /* the server has restored the state of before; what was missed follows as events */
};

struct link_refusal {
	struct str ns;
	struct str message;   /* as the server sent it, or our own words */
	struct str data_json; /* one JSON value, or empty */
};

struct link_event {
	struct str ns, name;
	struct str
		args; /* JSON values between commas, without brackets; {"_placeholder":true,"num":0} stands for an attachment */
	const struct str *attachments;
	size_t attachment_count;
	bool wants_ack; /* then link_ack with this ack_id is awaited */
	uint64_t ack_id;
};

struct link_handler {
	/* The namespace is connected, from now on link_emit works. */
	void (*connected)(void *context, const struct link_joined *j);
	/* CONNECT_ERROR: not joined again before link_join. */
	void (*refused)(void *context, const struct link_refusal *r);
	void (*event)(void *context, const struct link_event *e);
	/* The server ended this namespace (packet 1): not joined again before link_join. */
	void (*left)(void *context, struct str ns);
	/*
	 * The open session is lost: all namespaces are disconnected, all acks have been told so. retry_ms: when the
	 * next attempt begins; LINK_NO_RETRY when none does: no namespace is left to be joined. reason: as
	 * "ping timeout", "transport close". Not after link_close.
	 */
	void (*disconnected)(void *context, struct str reason, int64_t retry_ms);
	/*
	 * CONNECTION_ERROR of a transport: an attempt failed, or the session was lost (then before
	 * `disconnected`). sentence: one English sentence that says what to mend. retry_ms as above; an attempt that
	 * failed is told by this alone.
	 */
	void (*error)(void *context, enum err code, struct str sentence, int64_t retry_ms);
};

/* handler is a static table, every function there. ERR_BAD_REQUEST for a URL that is none of ours, ERR_NOMEM. */
NODISCARD enum err link_new(struct loop *l, const struct link_options *options,
	const struct link_handler *handler, void *context, struct link **out);

/* Closes; the loop must turn once more (loop_run_closing) before it is freed. NULL is taken. */
void link_free(struct link *k);

/*
 * ns, as "/chat", will be joined whenever there is a connection, now if there is. Joining one that is joined changes
 * nothing. ERR_BAD_REQUEST for a name that is none, ERR_TOO_LARGE above NAMESPACES_PER_CONNECTION_MAX, ERR_NOMEM.
 */
NODISCARD enum err link_join(struct link *k, struct str ns);

/* The next connection joins it as a new socket, even where the server could recover the state of before. */
void link_start_anew(struct link *k, struct str ns);

/* Leaves it, and does not join it again. */
void link_leave(struct link *k, struct str ns);

/* Begins to connect, at the next turn, and goes on until link_close. While it is waiting to retry: at once. */
void link_open(struct link *k);

/* Ends the session, in order when there is one; no further attempt. May be opened again. */
void link_close(struct link *k);

/*
 * True for at most a second after link_close, while the server has not answered the goodbye. Who would be taken for
 * lost otherwise turns the loop until then.
 */
bool link_is_leaving(const struct link *k);

/* True when link_emit to ns would be taken. */
bool link_is_connected(const struct link *k, struct str ns);

/* "websocket" or "polling" while a session is open, else "". */
const char *link_transport(const struct link *k);

enum link_outcome {
	LINK_ANSWERED,
	LINK_TIMED_OUT, /* the answer did not come in time; one that comes later is dropped */
	LINK_LOST,      /* the connection ended: it is not known whether the server has acted */
};

struct link_answer {
	enum link_outcome outcome;
	struct str args; /* of LINK_ANSWERED, as in link_event */
	const struct str *attachments;
	size_t attachment_count;
};

struct link_message {
	struct str ns, name;
	struct str
		args; /* JSON values between commas, without brackets: placeholders for attachments as in link_event */
	const struct str *attachments;
	size_t attachment_count;
	void (*ack)(void *context,
		const struct link_answer *
			a); /* exactly once if link_emit returned ERR_OK; NULL: no ack is asked for */
	void *context;
	int64_t timeout_ms; /* for the ack; 0: as long as the connection stands */
};

/*
 * Sends an event; everything is copied. ERR_UNAVAILABLE: the namespace is not connected. ERR_RATE_LIMITED:
 * send_queue_max or ACKS_PENDING_MAX is reached, wait. ERR_TOO_LARGE: more than the server takes (its maxPayload,
 * text and attachments together) or more than ATTACHMENTS_MAX. ERR_NOMEM.
 */
NODISCARD enum err link_emit(struct link *k, const struct link_message *m);

/* Answers an event that wanted it; of m counts ns, args and attachments. Errors as link_emit. */
NODISCARD enum err link_ack(struct link *k, uint64_t ack_id, const struct link_message *m);

#endif
