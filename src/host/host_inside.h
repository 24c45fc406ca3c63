/* SPDX-License-Identifier: MIT
 *
 * host_inside - the structs that the files of this layer share.
 *
 * Layer: host, private to it.  Threads: the loop's.
 */
#ifndef HOST_HOST_INSIDE_H
#define HOST_HOST_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "base/deflate/deflate.h"
#include "base/table.h"
#include "eio/engine.h"
#include "host/host_parcel.h"
#include "host/web.h"
#include "http/http_cors.h"
#include "http/http_request.h"
#include "net/conn.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/tls.h"
#include "sio/sio.h"
#include "sio/sio_core.h"
#include "ws/ws.h"

/* What an address has open. */
struct host_address {
	uint8_t ip[16]; /* its key */
	size_t connections, sessions;
	UT_hash_handle hh;
};

enum { HOST_BLAMED = 256 };

/* An address whose connections ended by faults of theirs. */
struct host_blame {
	uint8_t ip[16];
	int64_t last_ms;
	uint32_t faults;
};

/* A block of addresses. */
struct host_block {
	uint8_t ip[16];
	unsigned bits;
};

struct host_listener {
	struct host_listener *next;
	struct sio_server *server;
	bool secure;               /* its connections speak TLS */
	struct listener *listener; /* NULL when it listens no more */
	char address[LISTENER_ADDRESS_MAX];
};

struct host_after;
struct host_charge;

/* A loop with its connections and their sessions. The first is the program's, where all handlers run. */
struct host_thread {
	struct sio_server *server;
	struct loop *loop;
	struct engine *engine;
	struct deflate *deflate;
	struct host_peer *peers;
	unsigned index;
	/* of I/O threads alone: what is theirs, */
	struct host_box up;           /* for the first thread */
	struct host_remote *unsaid;   /* stand-ins of sessions that ended, for want of memory */
	struct engine_counts counted; /* what was said last */
	struct timer lag;             /* what only keeps the books waits so long */
	bool lagged;
	struct loop_hook hook;
	/* what the first thread has of them, */
	char apart[64]; /* no cache line for both */
	struct host_box down;
	struct frame *lent; /* the last record of down is this frame's */
	struct host_remote *to_say;
	struct engine_counts counts;
	pthread_t id;
	bool running;
	struct loop_task stop, resume;
	/* and what both have. */
	char apart_too[64];
	atomic_size_t weight_up, weight_down; /* posted, and not taken yet */
	atomic_bool resuming;                 /* resume was posted */
	pthread_mutex_t mutex; /* for room: the first thread waits until weight_down falls */
	pthread_cond_t room;
};

struct sio_server {
	struct host_thread *threads;
	size_t thread_count, last_thread; /* last_thread: which got the last new connection */
	struct loop *loop;                /* of the first thread */
	struct sio_core *core;
	struct sio_options options;
	struct str path;     /* owned */
	struct str texts[8]; /* owned: those of the options */
	size_t text_count;
	struct host_block *proxies;
	struct str *origins;       /* owned, and each of them */
	const char **kept_headers; /* owned, and each of them; NULL: all of use */
	struct http_cors cors;
	struct host_listener *listeners;
	struct host_after *afters;
	struct tls_context
		*identity;        /* of those with TLS, or NULL; used by the first thread alone */
	atomic_size_t peer_count; /* of all threads */
	atomic_size_t sessions, waiting; /* Engine.IO's, of all threads; which joined nothing yet */
	pthread_mutex_t mutex; /* of the two below, which change when a connection comes or goes */
	struct host_address *addresses;
	struct host_blame blamed[HOST_BLAMED];
	uint64_t refused_addresses;
	const struct web_handler *web;
	void *web_context;
	struct loop_hook hook;
	struct timer drain;
	int64_t drain_until;
	void (*drained)(void *context);
	void *drained_context;
	const struct sio_engine_handler *raw; /* NULL: connections speak Socket.IO */
	void *raw_context;
	const struct sio_websocket_handler *websockets; /* NULL: none under other paths */
	void *websocket_context;
	atomic_uint handshake_second, handshakes; /* how many there were in it */
	atomic_ulong exceeded[SIO_LIMIT_COUNT];   /* what is limited here; sio counts the rest */
	atomic_bool draining;
	atomic_bool ending; /* connections that change threads are lost */
};

/* What a connection is timed for. READ: that its peer takes the answers that are queued. */
enum host_wait {
	HOST_WAIT_NOTHING,
	HOST_WAIT_REQUEST,
	HOST_WAIT_HEAD,
	HOST_WAIT_BODY,
	HOST_WAIT_READ
};

/* What a connection has while it speaks HTTP. */
struct host_http {
	struct host_peer *peer;
	struct http_request parser;
	struct web_request *current; /* the one to be answered, or NULL */
	struct buf rest;             /* what came behind it */
	struct timer timer;
	uint64_t moved; /* bytes of the body or of the answers, when the timer was set */
	uint8_t wait;   /* enum host_wait */
	bool we_paused; /* since then we have not read for a while: slowness is ours */
	bool stalled;   /* the next request is taken when the answers are sent */
	bool feeding;   /* the parser is at work */
	bool ending;    /* the connection ends behind what was answered */
	bool upgraded;  /* the next byte is WebSocket's */
	/* while it changes threads */
	bool move_waits;             /* for what is under way to the peer */
	struct host_thread *move_to; /* where the current request is served; NULL: here */
	struct loop_task move;
	struct conn_address from;
	struct tls *tls; /* of the connection, or NULL */
	int fd;
};

/* One TCP connection. */
struct host_peer {
	struct sio_server *server;
	struct host_thread *thread; /* where it is now */
	struct conn *conn;
	struct host_http *http;         /* NULL: it speaks WebSocket */
	struct engine_session *session; /* of a WebSocket */
	void *user;                     /* of a bare one; of one of host_late.c's, till it opens */
	struct ws ws;
	struct host_peer *next, *prev;
	struct host_address *address; /* where it is counted, or NULL */
	uint16_t pings;               /* WebSocket's, in the bytes at hand */
	bool bare;                    /* a WebSocket of sio_websocket.c's */
	bool throttled;               /* not read, because the first thread is behind */
};

/* What becomes of a request's body. */
enum web_body_state { WEB_BODY_NONE, WEB_BODY_UNREAD, WEB_BODY_COLLECT, WEB_BODY_STREAM };

struct web_request {
	struct host_http *http; /* NULL when the connection has gone */
	struct sio_server *server;
	struct http_head head;
	void *head_memory;
	void *user;
	struct buf held; /* collected, or came while nobody wanted it */
	uint64_t body_max, body_n;
	const struct web_body *sink;
	void (*done)(void *context, struct web_request *r, struct str body);
	void *context;
	void (*gone)(void *context,
		struct web_request *r); /* the connection has gone; while it waits for its answer */
	int failed_status;              /* why the body did not come whole; 0: the peer has gone */
	uint8_t body;                   /* enum web_body_state */
	uint8_t running;                /* calls of the handler's that have not returned */
	bool secure, paused, complete, failed, answered;
	bool uncompressed; /* the body of its answer is to travel as it is */
	bool opening;      /* it would open a connection */
	bool asked; /* the program was, on its own thread, and fields is what its hooks add */
	char *id; /* what the program gave for the session that it opens: SESSION_ID_BYTES, owned; or NULL */
	struct host_charge *charge; /* of the session that it opens, or NULL; owned */
	struct buf fields;
	char address_text[CONN_ADDRESS_MAX];
	struct conn_address address;
};

static inline void host_count(struct sio_server *s, enum sio_limit limit)
{
	atomic_fetch_add_explicit(&s->exceeded[limit], 1, memory_order_relaxed);
}

/* host_blame.c */
void host_blame(struct host_peer *p); /* its connection ends by a fault of its own */
void host_blame_address(struct sio_server *s, const struct conn_address *a, int64_t now_ms);
bool host_blame_is_shut(
	struct sio_server *s, const struct conn_address *a); /* counts the refusal */

/* host_deflate.c */
/* Agrees on permessage-deflate where client and options allow it; appends the answer's field. */
void host_deflate_accept(struct host_peer *p, const struct http_head *head, struct buf *fields);
struct frame *host_deflate_frame(
	struct host_peer *p, struct frame *f); /* f as p wants it, borrowed from f */
/* True: out has the body compressed as r's client likes it, and fields says so. */
bool host_deflate_body(
	const struct web_request *r, struct str body, struct buf *fields, struct buf *out);

/* host_peer.c */
void host_peer_accept(void *listener, int take_fd, const struct conn_address *from);
void host_peer_answered(
	struct host_http *h, bool close); /* the current request is over: goes on with the next */
void host_peer_upgraded(struct host_http *h); /* what follows is frames; h is gone */
void host_peer_free(struct host_peer *p);
void host_peer_unlink(struct host_peer *p); /* off its thread's list */
void host_peer_go_on(
	struct host_peer *p, struct conn *c); /* it has come to its thread, with http->tls */
void host_peer_drop(
	struct host_peer *p); /* it has neither a connection nor a thread that lists it */
void host_peer_wait(struct host_http *h, enum host_wait wait);

/* web.c */
NODISCARD enum err web_request_new(
	struct host_http *h, const struct http_head *head, struct web_request **out);
void web_request_begin(struct web_request *r, const struct web_handler *handler, void *context);
void web_request_piece(struct web_request *r, struct str piece);
void web_request_end(struct web_request *r);
void web_request_fail(
	struct web_request *r, int status); /* the body will not come; 0: the peer has gone */
bool web_request_is_too_long(
	const struct web_request *r); /* the body that is announced is more than is wanted */
void web_request_lost(struct web_request *r); /* the connection has gone */
void web_request_on_gone(
	struct web_request *r, void (*gone)(void *context, struct web_request *r), void *context);
void web_request_free(struct web_request *r);
NODISCARD enum err web_request_dup(const struct web_request *r,
	struct web_request **out); /* what can be asked of it; ERR_NOMEM */
void web_request_upgraded(
	struct web_request *r); /* it became a WebSocket: r is over without an answer */
void web_request_answer_error(struct web_request *r, int status);
/* As web_request_answer, with fields that are written already, CRLF behind each. */
void web_request_answer_fields(
	struct web_request *r, int status, struct str fields, struct str body);
void web_error(struct host_http *h, int status,
	const char *why); /* without a request, then the connection ends */

/* host_thread.c */
NODISCARD enum err host_thread_init(struct host_thread *t, struct sio_server *s,
	unsigned index);                                     /* ERR_NOMEM, ERR_UNAVAILABLE */
void host_thread_done(struct host_thread *t);                /* its connections are closed before */
NODISCARD enum err host_thread_start(struct host_thread *t); /* as an I/O thread */
void host_thread_stop(struct host_thread *t); /* it has ended; its loop is the caller's now */
void host_thread_close_peers(struct host_thread *t, bool idle_alone);

/* host_remote.c */
const struct engine_handler *host_remote_handler(
	void);                           /* of an I/O thread's engine; its context is the thread */
void host_remote_turn_end(void *thread); /* on an I/O thread */
void host_remote_say(struct host_thread *t);    /* on the first thread, when its turn ends */
void host_remote_throttle(struct host_peer *p); /* after a read */
void host_remote_resume(void *thread);

/* host_move.c */
char host_move_mark(const struct host_thread *t); /* of its sessions' ids */
struct host_thread *host_move_next(
	struct sio_server *s); /* for a new connection; on the first thread */
struct host_thread *host_move_target(const struct web_request *r); /* where it is served */
/* On the first thread, where the program has let it pass: it goes to its session's; false: it stays. */
bool host_move_asked(struct web_request *r);
void host_move_begin(struct host_peer *p); /* to http->move_to; p may be gone */
void host_move_drained(struct host_peer *p);
void host_move_send(struct host_peer *p, struct host_thread *to, int take_fd,
	const struct conn_address *from); /* p, which is nobody's now */

/* host_engine.c */
const struct web_handler *host_engine_handler(
	void); /* of requests for Socket.IO; its context is the server */
struct engine_ops host_engine_ops(void);
void host_engine_respond(struct web_request *r, int status, const char *type, struct str body);
void host_engine_open(struct web_request *r); /* it may open a connection */
void host_engine_forbid(struct web_request *r, struct str message);
void host_engine_bare(struct web_request *r); /* it asks for a WebSocket outside of the path */

void sio_server_after_done(struct sio_server *s); /* those that were promised will not come */

/* host_late.c */
/* id: as engine_open_ws. ERR_NOMEM. */
NODISCARD enum err host_late_open(
	struct host_peer *p, struct handshake *take_handshake, struct str id);
void host_late_hurry(struct host_peer *p); /* it has spoken: opens now */
void host_late_drop(struct host_peer *p);

/* host_refusal.c */
/* Tells the program, on its own thread, that r is refused; message is a literal but on that thread. */
void host_refusal_tell(struct web_request *r, const struct sio_connection_error *e);
void host_refusal_land(struct host_record *rec); /* on the first thread */

/* sio_request.c */
struct sio_request *sio_request_of(struct web_request *r);
void sio_request_put_headers(struct web_request *r, struct buf *fields); /* what the hooks add */

/* sio_websocket.c */
bool sio_websocket_ask(struct web_request *r); /* false: the program answered it */
void sio_websocket_open(struct host_peer *p);
void sio_websocket_message(struct host_peer *p, bool binary, const char *bytes, size_t n);
void sio_websocket_gone(struct host_peer *p);

/* host_ws.c */
const struct conn_handler *host_ws_handler(void);
struct engine_ops host_ws_ops(void); /* those for WebSockets */
void host_ws_end(struct host_peer *p, enum ws_status status);

/* host_proxy.c */
NODISCARD enum err host_proxy_parse(const char *block, struct host_block *out);
bool host_proxy_is_trusted(const struct sio_server *s, const struct conn_address *a);
/* The client behind trusted proxies: *address and *secure as the request's fields say. */
void host_proxy_client(const struct sio_server *s, const struct http_head *head,
	struct conn_address *address, bool *secure);

/* host_address.c */
/* Counts the connection; false when its address has too many already. */
bool host_address_admit(struct host_peer *p, const struct conn_address *a);
void host_address_release(struct host_peer *p);
uint64_t host_address_refused(const struct sio_server *s); /* connections and sessions */
/* Counts a session that is about to open; NULL when *why is exceeded, or without memory (SIO_LIMIT_NONE). */
struct host_charge *host_charge_new(
	struct sio_server *s, const struct conn_address *a, enum sio_limit *why);
void host_charge_joined(void *charge); /* it waits no more */
void host_charge_free(void *charge);   /* gives it back; NULL is taken */

#endif
