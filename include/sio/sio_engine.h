/* SPDX-License-Identifier: MIT
 *
 * sio_engine - what lies under Socket.IO: Engine.IO connections and bare WebSockets, whose messages are bytes instead of
 * events. A program of events needs none of it.
 *
 * Lifetimes and threads are those of sio.h; a connection or WebSocket is valid until its `closed` has returned.
 *
 * Layer: host's public face.  Threads: the server's.
 */
#ifndef SIO_SIO_ENGINE_H
#define SIO_SIO_ENGINE_H

#include <sio/sio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sio_connection;
struct sio_websocket;

/* ---- Engine.IO connections ---- */

/* Any of them may be NULL. */
struct sio_engine_handler {
	void (*opened)(void *context, struct sio_connection *c);
	/* A text is UTF-8. */
	void (*message)(
		void *context, struct sio_connection *c, bool is_binary, struct sio_str bytes);
	void (*closed)(void *context, struct sio_connection *c, enum sio_reason reason);
};

/*
 * Messages of the connections under the server's path go to this handler (a static table) from now on, and no
 * longer to namespaces. Before sio_server_listen.
 */
void sio_server_set_engine_handler(
	struct sio_server *s, const struct sio_engine_handler *handler, void *context);

/* Queues a message; a text is UTF-8. SIO_GONE, SIO_NO_MEMORY. */
enum sio_result sio_connection_send(struct sio_connection *c, bool is_binary, struct sio_str bytes);

/* Ends it: what is queued still goes out; `closed` is called now ("forced close"). */
void sio_connection_close(struct sio_connection *c);

/* Its id, SIO_ID_BYTES characters, which a polling client proves itself by: a secret. */
struct sio_str sio_connection_id(const struct sio_connection *c);

/* The request that opened it, and the value of one of its headers, by its name in any case; p is NULL when there is none. */
struct sio_handshake sio_connection_handshake(const struct sio_connection *c);
struct sio_str sio_connection_header(const struct sio_connection *c, const char *name);

/* True while it uses long polling. */
bool sio_connection_is_polling(const struct sio_connection *c);

void sio_connection_set_user(struct sio_connection *c, void *user);
void *sio_connection_user(const struct sio_connection *c);

/* ---- bare WebSockets ---- */

/* Any of them may be NULL. */
struct sio_websocket_handler {
	/* One that asks to become one: who comes from where, by r. False: it was answered, by sio_request_answer, now. */
	bool (*request)(void *context, struct sio_request *r);
	void (*opened)(void *context, struct sio_websocket *w);
	/* A whole message, at most max_http_buffer_size bytes; a text is UTF-8. */
	void (*message)(
		void *context, struct sio_websocket *w, bool is_binary, struct sio_str bytes);
	void (*closed)(void *context, struct sio_websocket *w);
};

/*
 * WebSockets that ask for any other path than the server's go to this handler (a static table); without one they are
 * requests like others: `other` of the request_handler answers them, or 404 does, and the connection ends. Who opens one is
 * for the handler to judge: the server's origins are not applied. All of them live on the first thread, however many
 * there are. Before sio_server_listen.
 */
void sio_server_set_websocket_handler(
	struct sio_server *s, const struct sio_websocket_handler *handler, void *context);

/* Queues a message; a text is UTF-8. SIO_GONE, SIO_NO_MEMORY; SIO_TOO_LARGE when send_queue_max is exceeded: it is then closed. */
enum sio_result sio_websocket_send(struct sio_websocket *w, bool is_binary, struct sio_str bytes);

/* A close frame behind what is queued, then the end. status: 1000, or 3000 to 4999. `closed` is called later. */
void sio_websocket_close(struct sio_websocket *w, unsigned status);

void sio_websocket_set_user(struct sio_websocket *w, void *user);
void *sio_websocket_user(const struct sio_websocket *w);

#ifdef __cplusplus
}
#endif

#endif
