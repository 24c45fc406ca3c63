/* SPDX-License-Identifier: MIT
 *
 * sio_websocket - WebSockets without Engine.IO above them: see sio_engine.h. One is its connection's peer.
 *
 * Layer: host.  Threads: the loop's.
 */
#include <sio/sio_engine.h>

#include "host/host_inside.h"

static struct host_peer *peer_of(struct sio_websocket *w)
{
	return (struct host_peer *)w;
}

static struct sio_websocket *of_peer(struct host_peer *p)
{
	return (struct sio_websocket *)p;
}

void sio_server_set_websocket_handler(
	struct sio_server *s, const struct sio_websocket_handler *handler, void *context)
{
	s->websockets = handler;
	s->websocket_context = context;
}

bool sio_websocket_ask(struct web_request *r)
{
	struct sio_server *s = r->server;

	return !s->websockets->request ||
	       s->websockets->request(s->websocket_context, sio_request_of(r));
}

void sio_websocket_open(struct host_peer *p)
{
	struct sio_server *s = p->server;

	p->bare = true;
	if (s->websockets->opened)
		s->websockets->opened(s->websocket_context, of_peer(p));
}

void sio_websocket_message(struct host_peer *p, bool binary, const char *bytes, size_t n)
{
	struct sio_server *s = p->server;

	if (s->websockets->message)
		s->websockets->message(
			s->websocket_context, of_peer(p), binary, (struct sio_str){ bytes, n });
}

void sio_websocket_gone(struct host_peer *p)
{
	struct sio_server *s = p->server;

	p->bare = false;
	if (s->websockets->closed)
		s->websockets->closed(s->websocket_context, of_peer(p));
}

enum sio_result sio_websocket_send(struct sio_websocket *w, bool is_binary, struct sio_str bytes)
{
	struct host_peer *p = peer_of(w);
	size_t max = p->server->options.send_queue_max;
	struct frame *f;

	if (conn_is_closing(p->conn))
		return SIO_GONE;
	if (frame_new(loop_frames(p->thread->loop), WS_HEADER_MAX + bytes.n, &f))
		return SIO_NO_MEMORY;
	ws_write_header(f, is_binary ? WS_BINARY : WS_TEXT, bytes.n);
	frame_put(f, (struct str){ bytes.p, bytes.n });
	conn_send(p->conn, host_deflate_frame(p, f));
	frame_unref(f);
	if (conn_queued(p->conn) <= max)
		return SIO_OK;
	conn_flush(p->conn);
	if (conn_queued(p->conn) <= max)
		return SIO_OK;
	conn_close(p->conn);
	return SIO_TOO_LARGE;
}

void sio_websocket_close(struct sio_websocket *w, unsigned status)
{
	host_ws_end(peer_of(w), (enum ws_status)status);
}

void sio_websocket_set_user(struct sio_websocket *w, void *user)
{
	peer_of(w)->user = user;
}

void *sio_websocket_user(const struct sio_websocket *w)
{
	return ((const struct host_peer *)w)->user;
}
