/* SPDX-License-Identifier: MIT
 *
 * sio - a Socket.IO server in C: Engine.IO 4 and 3 over WebSocket, long polling and JSONP, Socket.IO 5.
 *
 * Lifetimes and threads:
 *  1. Everything of the program's runs on the thread that calls sio_server_run, however many threads the server has;
 *     other threads may call sio_server_post alone.
 *  2. A struct sio_socket is valid from the handler that first names it until `disconnected` has returned;
 *     one that never connected, until the turn in which it was refused or lost. What lasts longer (a job
 *     on another thread, a database) keeps its handle, a number that is never used again, and asks
 *     sio_server_find for it.
 *  3. Bytes that a handler gets are valid until it returns. Bytes that a call takes are copied.
 *  4. JSON goes out as it is given: it must be valid. JSON that comes in has been checked throughout,
 *     as UTF-8 too, but a string in it may hold escaped unpaired surrogates, as JavaScript's may.
 *
 * Layer: host's public face.  Threads: see 1.
 */
#ifndef SIO_SIO_H
#define SIO_SIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sio_server;
struct sio_namespace;
struct sio_socket;
struct sio_dynamic;
struct sio_request;
struct sio_headers;

/* Borrowed bytes; p may be NULL when n is 0. */
struct sio_str {
	const char *p;
	size_t n;
};

enum sio_result {
	SIO_OK,
	SIO_NO_MEMORY,
	SIO_GONE,        /* the socket is not connected (any more) */
	SIO_INVALID,     /* an argument that cannot be */
	SIO_TOO_LARGE,   /* a limit: attachments, pending acknowledgements, length of a name */
	SIO_TIMEOUT,     /* no acknowledgement came in time */
	SIO_IN_USE,      /* the address is taken */
	SIO_FORBIDDEN,   /* the system does not allow it */
	SIO_UNAVAILABLE, /* the system cannot do it now */
};

/* The library's version, as "1.2.3" (Semantic Versioning). Never NULL. */
const char *sio_version(void);

/* A few words for a result, as "address in use". Never NULL. */
const char *sio_result_text(enum sio_result result);

/* ---- the server ---- */

/* How packets are written. All clients must use the same. */
enum sio_parser {
	SIO_PARSER_JSON, /* Socket.IO's own */
	/*
	 * socket.io-msgpack-parser's; programs see JSON and attachments all the same. What is sent must not hold unpaired
	 * surrogates, nor an object's key NUL (SIO_INVALID).
	 */
	SIO_PARSER_MSGPACK,
};

/* The names and defaults are Socket.IO's where it has the option. Times are milliseconds, sizes bytes. */
struct sio_options {
	const char *path;        /* "/socket.io/": requests whose path begins with it are ours */
	bool add_trailing_slash; /* true: it ends with a slash, given or not; false: it ends without */
	int64_t ping_interval;   /* 25000 */
	int64_t ping_timeout;    /* 20000 */
	int64_t upgrade_timeout; /* 10000 */
	int64_t connect_timeout; /* 45000: a connection that joined no namespace by then is closed */
	uint32_t max_http_buffer_size; /* 1000000: a POST body, or a WebSocket message */
	enum sio_parser parser;        /* SIO_PARSER_JSON */
	/* p NULL: none; a message that each connection gets right behind `open`, before any packet. Copied. */
	struct sio_str initial_packet;
	bool initial_packet_is_binary;           /* false: UTF-8 */
	bool polling, websocket, allow_upgrades; /* true: which transports there are */
	bool allow_eio3; /* false: clients of Socket.IO 2 (Engine.IO 3) are served too */
	bool per_message_deflate; /* false: WebSocket messages are compressed for clients that offer it (RFC 7692) */
	size_t per_message_deflate_threshold; /* 1024: shorter messages are not */
	bool http_compression; /* true: so are the answers of long polling (gzip, deflate) */
	size_t http_compression_threshold; /* 1024 */
	size_t send_queue_max;     /* 4 MiB may wait for one connection; then it is closed */
	size_t volatile_queue_max; /* 256 KiB: from so much on volatile packets are dropped */
	/*
	 * Connection state recovery. recovery_time: 0; so many milliseconds (Node's default is 120000) a socket that was
	 * lost may come back as it was: handle, id, rooms, user; events that it missed follow it. Each event of the server
	 * that asks for no acknowledgement then ends with one more argument, a string, as in Node.
	 */
	int64_t recovery_time;
	size_t recovery_buffer; /* 16 MiB, a namespace: kept events and lost sockets; the oldest events go first */
	bool recovery_asks_connect;    /* false: who comes back is let in without `connect` */
	size_t max_dynamic_namespaces; /* 10000: those that sio_server_of_dynamic makes */
	uint32_t
		max_packets_per_second; /* 0: no limit; of a connection, what comes; more ends it */
	uint32_t max_handshakes_per_second; /* 0: no limit; of the server; more are answered 503 */
	/*
	 * 0: no limit. Of one address (IPv6: of one /64): TCP connections, and as many Engine.IO connections, whatever their
	 * transport; more of them are answered 503. Peers of this very machine are not counted without trusted_proxies.
	 */
	size_t max_connections_per_address;
	size_t max_connections; /* 0: no limit; Engine.IO connections of the server; more are answered 503 */
	size_t max_waiting_connections; /* 0: no limit; those of them that have joined no namespace yet */
	/*
	 * What a connection keeps of the request that opened it, to be asked for by sio_socket_header: NULL: all fields that
	 * are not every browser's; else these alone.
	 */
	const char *const *kept_headers;
	size_t kept_header_count;
	size_t max_handshake_bytes; /* 0: no limit; of path, query and kept headers; more is answered 431 */
	/* A body that comes, or answers that wait to be read, at less than so many bytes a second end; 256; 0: never. */
	uint32_t min_transfer_rate;
	int64_t transfer_window; /* 30000: how long it is measured */
	const char *const
		*trusted_proxies; /* "10.0.0.0/8", "::1": whose proxy_header is believed */
	/*
	 * "X-Forwarded-For": the one field that says who the client is: addresses, or elements of Forwarded (RFC 7239) when that is
	 * its name. Its last element that is no trusted proxy counts. Set one that your proxies overwrite or append to: what the
	 * client sends of others is not looked at. An address that cannot be read, or is this machine's, becomes "::", and all
	 * clients with it count as one.
	 */
	const char *proxy_header;
	size_t trusted_proxy_count;
	/*
	 * 1: the thread of sio_server_run does all; at most 64. With more, the others read and write the connections (TLS,
	 * compression, heartbeats are theirs too), and that thread has the handlers alone. They begin with sio_server_new.
	 */
	unsigned threads;
	const char *const *cors_origins; /* "https://example.org", or "*"; none: no CORS headers */
	size_t cors_origin_count;
	const char *cors_methods;         /* "GET,HEAD,PUT,PATCH,POST,DELETE" */
	const char *cors_allowed_headers; /* NULL: those that a preflight asks for */
	const char *cors_exposed_headers; /* NULL: none but the usual */
	const char *cors_max_age;         /* NULL; seconds, as "7200" */
	bool cors_credentials;            /* false: cookies do not come along */
	/*
	 * false: as in Node, an origin that is not named is not refused, it gets no CORS headers. True: a request with an
	 * Origin that is neither the asked host's nor among cors_origins is refused, a WebSocket upgrade too.
	 */
	bool check_origin;
	const char *
		cookie; /* NULL: none; the name of a cookie that the handshake of a poll sets to the session's id */
	const char *cookie_attributes;                     /* "Path=/; HttpOnly; SameSite=Lax" */
	const struct sio_request_handler *request_handler; /* NULL; a static table */
	void *request_context;                             /* of request_handler */
};

/* Fills in the defaults. */
void sio_options_init(struct sio_options *options);

/* A server that listens nowhere yet. Options are copied. SIO_INVALID for a proxy that is none, SIO_NO_MEMORY, SIO_UNAVAILABLE. */
enum sio_result sio_server_new(const struct sio_options *options, struct sio_server **out);

/* Runs what was posted, ends every connection ("server shutting down"), frees everything. Not from a handler. NULL is taken. */
void sio_server_free(struct sio_server *s);

/*
 * Listens on "HOST:PORT", "[IPV6]:PORT" or ":PORT"; port 0 is chosen by the kernel. May be called several
 * times: on 0.0.0.0 and [::] of one port in this order, since [::] alone takes IPv4 connections too.
 * *address (may be NULL) becomes where it listens, with the real port, as long as the server lives.
 * SIO_INVALID, SIO_IN_USE, SIO_FORBIDDEN, SIO_UNAVAILABLE, SIO_NO_MEMORY.
 */
enum sio_result sio_server_listen(struct sio_server *s, const char *where, const char **address);

/*
 * Who listeners with TLS are: PEM files of the certificate with its chain, and of its key. May be called again, as on
 * SIGHUP: connections from then on get the new one, sessions of the old are resumed. SIO_UNAVAILABLE when a file cannot be
 * read; SIO_INVALID when it does not hold what it should, or the key is another certificate's: the old one then stays.
 */
enum sio_result sio_server_set_certificate(
	struct sio_server *s, const char *chain_file, const char *key_file);

/* As sio_server_listen, with TLS 1.2 or 1.3. SIO_INVALID before sio_server_set_certificate. */
enum sio_result sio_server_listen_tls(
	struct sio_server *s, const char *where, const char **address);

/* Runs until sio_server_stop. */
void sio_server_run(struct sio_server *s);

/* sio_server_run returns at the end of this turn. From a handler, or by sio_server_post. */
void sio_server_stop(struct sio_server *s);

/*
 * Stops listening and refuses new sessions at once; closes the connections that there are, without
 * packet 41 so that clients reconnect elsewhere, evenly over so many milliseconds. drained (may be NULL) is called
 * when the last has gone.
 */
void sio_server_drain(
	struct sio_server *s, int64_t over, void (*drained)(void *context), void *context);

/* From any thread: fn(context) runs on the server's thread. SIO_NO_MEMORY. */
enum sio_result sio_server_post(struct sio_server *s, void (*fn)(void *context), void *context);

/* fn(context) runs once, so many milliseconds from now or later; when the server goes before, never. SIO_NO_MEMORY. */
enum sio_result sio_server_after(
	struct sio_server *s, int64_t delay, void (*fn)(void *context), void *context);

/* What can be too much. The first ones end a connection, the others refuse what was one too many. */
enum sio_limit {
	SIO_LIMIT_NONE,
	SIO_LIMIT_QUEUE_BYTES,   /* send_queue_max */
	SIO_LIMIT_QUEUE_PACKETS, /* 65,536 that wait for a poll */
	SIO_LIMIT_PACKET_RATE,   /* max_packets_per_second */
	SIO_LIMIT_ATTACHMENTS,   /* 10 */
	SIO_LIMIT_EVENT_NAME,    /* 128 bytes */
	SIO_LIMIT_JSON_DEPTH,    /* 32 */
	SIO_LIMIT_NAMESPACES,    /* 16 of a connection; max_dynamic_namespaces */
	SIO_LIMIT_ROOMS,         /* 131,072 of a socket */
	SIO_LIMIT_ACKS,          /* 1,024 awaited from a socket */
	SIO_LIMIT_ADDRESS,       /* max_connections_per_address */
	SIO_LIMIT_HANDSHAKES,    /* max_handshakes_per_second */
	SIO_LIMIT_HEADERS,       /* 16,384 bytes, 100 fields: 431 */
	SIO_LIMIT_BODY,          /* max_http_buffer_size: 413, or 1009 of a WebSocket */
	SIO_LIMIT_SLOWNESS,      /* 10 s for the headers (408); min_transfer_rate */
	SIO_LIMIT_PINGS,         /* 256 of WebSocket's in one read: 1008 */
	SIO_LIMIT_CONNECTIONS,   /* max_connections, max_waiting_connections */
	SIO_LIMIT_FAULTS, /* 4 of an address within 10 s: it opens no connection for so long */
	SIO_LIMIT_COUNT,
};

/* A few words for a limit, as "bytes waiting to be sent". Never NULL. */
const char *sio_limit_text(enum sio_limit limit);

struct sio_counts {
	size_t connections; /* Engine.IO sessions, now */
	size_t polling;     /* of which not on WebSocket */
	size_t sockets;     /* namespace sockets, now */
	uint64_t connections_total;
	uint64_t packets_in, packets_out;   /* without heartbeats */
	uint64_t bytes_in, bytes_out;       /* of those packets */
	uint64_t overflows;                 /* connections closed by send_queue_max */
	uint64_t exceeded[SIO_LIMIT_COUNT]; /* how often each limit was */
	uint64_t refused_addresses;         /* connections refused by max_connections_per_address */
};

struct sio_counts sio_server_counts(const struct sio_server *s);

/* ---- HTTP requests under the path ---- */

/* The request that opened a connection, or would. Texts live as long as the request, the socket. */
struct sio_handshake {
	struct sio_str address; /* the client's, as text; behind a trusted proxy the one it names */
	struct sio_str path, query;
	int64_t time_ms; /* since 1970 */
	bool secure;     /* as far as a trusted proxy says */
};

/* Why a request was refused. */
struct sio_connection_error {
	int code;               /* Engine.IO's, 0 to 5; -1: none of them, `status` says it */
	int status;             /* of the answer */
	struct sio_str message; /* that the client gets, as "Session ID unknown" */
	/*
	 * A word more: UNKNOWN_TRANSPORT, UNKNOWN_SESSION, BAD_HANDSHAKE_METHOD, INVALID_ORIGIN, TRANSPORT_MISMATCH,
	 * PROTOCOL_MISMATCH, TRANSPORT_HANDSHAKE_ERROR, ID_GENERATION_ERROR, FORBIDDEN, UNSUPPORTED_PROTOCOL_VERSION,
	 * LIMIT_EXCEEDED, SERVER_DRAINING, NO_MEMORY.
	 */
	const char *context;
	enum sio_limit limit; /* which was exceeded */
};

enum { SIO_ID_BYTES = 20 };

/* Any of them may be NULL. r is valid until it has been answered, allowed or refused. */
struct sio_request_handler {
	/* Each request, before anything else looks at it. False: it was answered, by sio_request_answer, now. */
	bool (*request)(void *context, struct sio_request *r);
	/*
	 * One that would open a connection. Decide now or later, exactly once, by sio_request_allow or
	 * sio_request_refuse; also when the client has gone meanwhile.
	 */
	void (*allow)(void *context, struct sio_request *r);
	/*
	 * Fills in the id of the session that r, allowed, opens: SIO_ID_BYTES of A-Z a-z 0-9 - _ that nobody can guess. With more
	 * than one thread the first is replaced by its thread's. False, other characters, an id that is in use: r is
	 * refused, 400 with code 3. NULL: 120 random bits.
	 */
	bool (*generate_id)(void *context, struct sio_request *r, char *id);
	/*
	 * The server refused r, or you did; it answers it, and r can be asked about until this returns. What ends before the whole
	 * head of a request has come is counted alone (sio_server_counts).
	 */
	void (*connection_error)(
		void *context, struct sio_request *r, const struct sio_connection_error *e);
	/*
	 * Each request outside of the path, but WebSockets that sio_engine.h has a handler for: to be answered by sio_request_answer,
	 * now or later. NULL: 404. Other upgrades end with the answer: Node's destroyUpgrade, without its second of waiting.
	 */
	void (*other)(void *context, struct sio_request *r);
	/* Adds fields to the answer that opens a connection; to each answer. */
	void (*initial_headers)(void *context, struct sio_request *r, struct sio_headers *h);
	void (*headers)(void *context, struct sio_request *r, struct sio_headers *h);
};

struct sio_server *sio_request_server(const struct sio_request *r);
struct sio_handshake sio_request_handshake(struct sio_request *r);

/* Its method, as "GET". */
struct sio_str sio_request_method(const struct sio_request *r);

/* The value of a header field, by its name in any case; p is NULL when there is none. */
struct sio_str sio_request_header(const struct sio_request *r, const char *name);

/* Answers what `request` or `other` got. type is a Content-Type, NULL without body. */
void sio_request_answer(struct sio_request *r, int status, const char *type, struct sio_str body);

void sio_request_allow(struct sio_request *r);

/* Refuses: status 403 (400 for a WebSocket) with this message; UTF-8, empty for "Forbidden". */
void sio_request_refuse(struct sio_request *r, struct sio_str message);

/* Adds a field: name is a token; control characters in the value become spaces. */
void sio_headers_add(struct sio_headers *h, const char *name, struct sio_str value);

/* ---- namespaces ---- */

/* What an event or an acknowledgement carries. */
struct sio_args {
	/* JSON of the arguments, separated by commas, without the brackets; empty when there are none. A binary
	 * argument is an object {"_placeholder":true,"num":N}, N an index of attachments. */
	struct sio_str json;
	const struct sio_str *attachments;
	size_t attachment_count;
};

/* The right to acknowledge one event: a value, good after the socket has gone. */
struct sio_ack {
	uint64_t socket;
	uint64_t id;
	bool wanted; /* the client asked for one */
};

struct sio_event {
	struct sio_str name; /* UTF-8; of a numeric name its digits */
	struct sio_args args;
	struct sio_ack ack;
};

enum sio_reason {
	SIO_TRANSPORT_ERROR,
	SIO_TRANSPORT_CLOSE,
	SIO_FORCED_CLOSE,
	SIO_PING_TIMEOUT,
	SIO_SERVER_SHUTTING_DOWN,
	SIO_FORCED_SERVER_CLOSE,
	SIO_PARSE_ERROR,
	SIO_CLIENT_NAMESPACE_DISCONNECT,
	SIO_SERVER_NAMESPACE_DISCONNECT,
};

/* Socket.IO's name for it, as "transport close". Never NULL. */
const char *sio_reason_text(enum sio_reason reason);

enum sio_room_event {
	SIO_ROOM_CREATED, /* and then joined, by its first socket */
	SIO_ROOM_JOINED,
	SIO_ROOM_LEFT,
	SIO_ROOM_DELETED, /* its last socket has left */
};

/* Any of them may be NULL. */
struct sio_namespace_handler {
	/*
	 * A client wants to connect. Decide now or later, by sio_socket_accept or sio_socket_refuse; auth is
	 * the JSON that it sent, "{}" when none. NULL: everybody is accepted.
	 */
	void (*connect)(void *context, struct sio_socket *s, struct sio_str auth);
	/* It is connected: called inside sio_socket_accept, or without it when connect is NULL. */
	void (*connected)(void *context, struct sio_socket *s);
	void (*event)(void *context, struct sio_socket *s, const struct sio_event *e);
	/* It has gone, but is still in its rooms, which it leaves behind this call. */
	void (*disconnected)(void *context, struct sio_socket *s, enum sio_reason reason);
	/*
	 * A socket that was recoverable when it disconnected will not come back: what its user points to is the
	 * program's again. Between the two calls sio_server_find does not find it.
	 */
	void (*expired)(void *context, void *user);
	/* Of sio_server_of_dynamic: n was made for the client that connects next. Here it gets its sio_namespace_use and _on. */
	void (*created)(void *context, struct sio_namespace *n);
	/*
	 * A room came, went, was joined or left, by s; nothing is told of sockets' own rooms. The call itself changes no room and
	 * ends nobody. Behind `disconnected` s leaves all its rooms.
	 */
	void (*room)(void *context, enum sio_room_event event, struct sio_str room,
		struct sio_socket *s);
};

/*
 * The namespace of that name, made when it is not there; its handler is set anew (a static table).
 * name begins with "/". SIO_INVALID, SIO_TOO_LARGE, SIO_NO_MEMORY. It lives as long as the server.
 */
enum sio_result sio_server_of(struct sio_server *s, const char *name,
	const struct sio_namespace_handler *handler, void *context, struct sio_namespace **out);

/* Whether a namespace of that name is to be; auth is what the first client to name it sent, "{}" when nothing. */
typedef bool sio_match_fn(void *context, struct sio_str name, struct sio_str auth);

/*
 * Namespaces that are made when a client connects to a name that there is not and `match` says yes; the first
 * that does has it. They share handler (a static table) and context. One is freed at the end of the turn in which
 * its last socket has gone, unless a lost one may come back. *out (may be NULL) is for sio_dynamic_emit. SIO_NO_MEMORY.
 */
enum sio_result sio_server_of_dynamic(struct sio_server *s, sio_match_fn *match,
	const struct sio_namespace_handler *handler, void *context, struct sio_dynamic **out);

/* Called for an event; false: it goes no further. */
typedef bool sio_middleware_fn(void *context, struct sio_socket *s, const struct sio_event *e);

/* Adds a middleware: each event that comes passes them in the order in which they were added. SIO_NO_MEMORY. */
enum sio_result sio_namespace_use(struct sio_namespace *n, sio_middleware_fn *fn, void *context);

typedef void sio_event_fn(void *context, struct sio_socket *s, const struct sio_event *e);

/*
 * Events of that name go to fn; those of names without one to the handler's `event`. Again: replaces.
 * SIO_INVALID for a name that no event may have, SIO_TOO_LARGE, SIO_NO_MEMORY.
 */
enum sio_result sio_namespace_on(
	struct sio_namespace *n, const char *event, sio_event_fn *fn, void *context);

/* Its name, as "/chat". */
struct sio_str sio_namespace_name(const struct sio_namespace *n);

/* How many sockets are connected. */
size_t sio_namespace_socket_count(const struct sio_namespace *n);

/* How many sockets are in the room. */
size_t sio_namespace_room_size(const struct sio_namespace *n, struct sio_str room);

/* Calls fn for each socket of the room, of the namespace when room.p is NULL. fn may disconnect the socket that it gets. */
void sio_namespace_each(struct sio_namespace *n, struct sio_str room,
	void (*fn)(void *context, struct sio_socket *s), void *context);

/* ---- sending ---- */

/* answer is NULL unless result is SIO_OK; else SIO_TIMEOUT or SIO_GONE. s is valid but for SIO_GONE, then it may be on its way out. */
typedef void sio_ack_fn(
	void *context, struct sio_socket *s, enum sio_result result, const struct sio_args *answer);

struct sio_emit {
	struct sio_str event; /* UTF-8 */
	struct sio_args args;
	bool is_volatile;  /* dropped when the client cannot take it at once */
	bool uncompressed; /* compress(false): it goes as it is where others are compressed */
	sio_ack_fn *
		on_ack; /* sio_socket_emit alone: called once; NULL: no acknowledgement is asked for */
	void *ack_context;
	int64_t ack_timeout; /* ms; 0: none, until the socket goes */
};

/*
 * SIO_GONE, SIO_NO_MEMORY; SIO_TOO_LARGE for more than 10 attachments or too many pending acknowledgements; SIO_INVALID for
 * a name that clients take for a fault, as "connect". on_ack is then not called.
 */
enum sio_result sio_socket_emit(struct sio_socket *s, const struct sio_emit *e);

/* s is NULL for a broadcast. */
typedef void sio_outgoing_fn(
	void *context, struct sio_namespace *n, struct sio_socket *s, const struct sio_emit *e);

/* fn sees each event that the program sends in the namespace, before it goes; it sends none itself. NULL: no more. */
void sio_namespace_on_outgoing(struct sio_namespace *n, sio_outgoing_fn *fn, void *context);

/* Who gets a broadcast. Zeroed: everybody in the namespace. A socket in several of the rooms gets it once. */
struct sio_target {
	const struct sio_str *rooms; /* any bytes; a socket's id is a room of its own */
	size_t room_count;
	const struct sio_str *except_rooms;
	size_t except_room_count;
	uint64_t except_socket; /* its handle; 0: nobody */
};

/* Encodes once, whoever gets it. As sio_socket_emit; SIO_INVALID with on_ack. */
enum sio_result sio_namespace_emit(
	struct sio_namespace *n, const struct sio_emit *e, const struct sio_target *to);

/* A broadcast to all namespaces of the kind. The worst result. */
enum sio_result sio_dynamic_emit(
	struct sio_dynamic *d, const struct sio_emit *e, const struct sio_target *to);

struct sio_broadcast_ack {
	/* Each answer as it comes; may be NULL. */
	void (*answer)(void *context, struct sio_socket *s, const struct sio_args *answer);
	/*
	 * Once, when nobody's answer is awaited any more: SIO_OK when all have answered, SIO_TIMEOUT when somebody did
	 * not in time, SIO_GONE or SIO_TOO_LARGE when somebody could not. Called at once when nobody was asked.
	 */
	void (*done)(void *context, enum sio_result result, size_t asked, size_t answered);
	void *context;
	int64_t timeout; /* ms, above 0 */
};

/* A broadcast that each recipient is to acknowledge; volatile is ignored. SIO_INVALID, SIO_NO_MEMORY, SIO_TOO_LARGE. */
enum sio_result sio_namespace_emit_with_ack(struct sio_namespace *n, const struct sio_emit *e,
	const struct sio_target *to, const struct sio_broadcast_ack *ack);

/* ---- many sockets at once; `to` NULL: all of the namespace ---- */

/* Calls fn for each socket of the target that is still connected then. fn may disconnect any socket. SIO_NO_MEMORY. */
enum sio_result sio_namespace_fetch_sockets(struct sio_namespace *n, const struct sio_target *to,
	void (*fn)(void *context, struct sio_socket *s), void *context);

/* All of them join the room; lost ones that may come back do not. The worst result. */
enum sio_result sio_namespace_sockets_join(
	struct sio_namespace *n, const struct sio_target *to, struct sio_str room);

/* All of them leave the room, also those that were lost and may come back. SIO_NO_MEMORY. */
enum sio_result sio_namespace_sockets_leave(
	struct sio_namespace *n, const struct sio_target *to, struct sio_str room);

/*
 * All of them are disconnected, also from coming back when they were lost. close: by sio_socket_disconnect_all,
 * else by sio_socket_disconnect. SIO_NO_MEMORY.
 */
enum sio_result sio_namespace_disconnect_sockets(
	struct sio_namespace *n, const struct sio_target *to, bool close);

/* Acknowledges, once. SIO_GONE when the socket has gone or wants none; SIO_NO_MEMORY, SIO_TOO_LARGE. */
enum sio_result sio_server_ack(
	struct sio_server *s, const struct sio_ack *ack, const struct sio_args *args);

/* ---- sockets ---- */

/* The socket of a handle, waiting to connect or connected; NULL when it has gone. */
struct sio_socket *sio_server_find(const struct sio_server *s, uint64_t handle);

/*
 * Lets a waiting socket in; user is what sio_socket_user will return. SIO_INVALID when it is not waiting. SIO_TOO_LARGE, and it
 * waits on, when it came back and a part of what it missed has been dropped since: only sio_socket_start_anew helps.
 */
enum sio_result sio_socket_accept(struct sio_socket *s, void *user);

/*
 * One that waits in `connect` and came back becomes a new socket: another handle, id and secret, no rooms, no user (the
 * former one is the program's), nothing of what it missed. SIO_INVALID for any other; SIO_NO_MEMORY.
 */
enum sio_result sio_socket_start_anew(struct sio_socket *s);

/*
 * A socket that was lost and may come back, by its handle, also while it waits in `connect`: it joins or leaves a room, and
 * gets what was sent to the room while it was in it. SIO_GONE when there is no such one; SIO_TOO_LARGE; SIO_NO_MEMORY
 * when recovery_buffer is full: it cannot come back then, `expired` may have been called.
 */
enum sio_result sio_server_lost_join(struct sio_server *s, uint64_t handle, struct sio_str room);
void sio_server_lost_leave(struct sio_server *s, uint64_t handle, struct sio_str room);

/* It will not come back: `expired` is called. Nothing happens to one that waits in `connect`, is connected, or is none. */
void sio_server_lost_end(struct sio_server *s, uint64_t handle);

/* Sends CONNECT_ERROR {message, data}; data_json is JSON, or empty for none. s is gone with this turn. SIO_INVALID when it is not waiting. */
enum sio_result sio_socket_refuse(
	struct sio_socket *s, struct sio_str message, struct sio_str data_json);

/* Sends packet 41 and leaves the namespace: clients do not reconnect by themselves. `disconnected` is called now. */
void sio_socket_disconnect(struct sio_socket *s);

/* The same for all namespaces of its connection, which then ends: Node's disconnect(true). s may be waiting. */
void sio_socket_disconnect_all(struct sio_socket *s);

/* Closes the connection under it, without packet 41: clients reconnect. `disconnected` is called now ("forced close"), for all its namespaces. */
void sio_socket_close_connection(struct sio_socket *s);

uint64_t sio_socket_handle(const struct sio_socket *s);
struct sio_namespace *sio_socket_namespace(const struct sio_socket *s);

/*
 * Its id, also the name of its own room once it is connected: 20 characters; of a client of Socket.IO 2 what that
 * client makes of it, outside of "/" "NAMESPACE#" before them.
 */
struct sio_str sio_socket_id(const struct sio_socket *s);

void sio_socket_set_user(struct sio_socket *s, void *user);
void *sio_socket_user(const struct sio_socket *s);
bool sio_socket_is_connected(const struct sio_socket *s);

struct sio_excess {
	enum sio_limit limit; /* SIO_LIMIT_NONE: it did nothing too much */
	uint64_t value, max;  /* what there was, what there may be */
};

/* Inside `disconnected`: which limit its connection was closed for. */
struct sio_excess sio_socket_excess(const struct sio_socket *s);

/* Inside `disconnected`: it may come back, with its user; else that is the program's now. */
bool sio_socket_is_recoverable(const struct sio_socket *s);

/* It was lost and has come back, or (inside `connect`) will have when it is accepted; it has its former user. */
bool sio_socket_is_recovered(const struct sio_socket *s);

/* SIO_GONE when not connected, SIO_NO_MEMORY, SIO_TOO_LARGE for a name of more than 256 bytes. Joining twice, or leaving a room where one is not, changes nothing. */
enum sio_result sio_socket_join(struct sio_socket *s, struct sio_str room);
void sio_socket_leave(struct sio_socket *s, struct sio_str room);
bool sio_socket_is_in(const struct sio_socket *s, struct sio_str room);

/* Calls fn for each room that it is in, its own first; fn joins and leaves none. */
void sio_socket_each_room(
	const struct sio_socket *s, void (*fn)(void *context, struct sio_str room), void *context);

/* The request that opened its connection. */
struct sio_handshake sio_socket_handshake(const struct sio_socket *s);

/*
 * The same as JSON with a NUL behind it, in the words of Node's socket.handshake: headers, time, address, xdomain,
 * secure, issued, url, query (decoded), auth, of which the caller brings the last. *out is the caller's, to be freed
 * by free(). SIO_NO_MEMORY.
 */
enum sio_result sio_socket_handshake_json(
	const struct sio_socket *s, struct sio_str auth, char **out);

/* The value of a header of that request, by its name in any case; p is NULL when there is none. */
struct sio_str sio_socket_header(const struct sio_socket *s, const char *name);

/* True when the connection uses long polling now. */
bool sio_socket_is_polling(const struct sio_socket *s);

#ifdef __cplusplus
}
#endif

#endif
