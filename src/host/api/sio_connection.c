/* SPDX-License-Identifier: MIT
 *
 * sio_connection - Engine.IO connections without Socket.IO above them: see sio_engine.h.
 *
 * Layer: host.  Threads: the loop's.
 */
#include <stdlib.h>

#include <sio/sio_engine.h>

#include "eio/engine_frame.h"
#include "host/host_inside.h"

struct sio_connection {
	struct sio_server *server;
	struct channel *channel; /* NULL when it has closed */
	const struct handshake *handshake;
	void *user;
};

static void on_opened(void *context, struct channel *channel)
{
	struct sio_server *s = context;
	struct sio_connection *c = calloc(1, sizeof *c);

	channel->user = c;
	if (!c) {
		channel_close(channel, ENGINE_FORCED_CLOSE);
		return;
	}
	c->server = s;
	c->channel = channel;
	c->handshake = channel->handshake;
	handshake_joined(channel->handshake);
	if (s->raw->opened)
		s->raw->opened(s->raw_context, c);
}

static void on_message(void *context, struct channel *channel, bool binary, char *p, size_t n)
{
	struct sio_server *s = context;

	if (s->raw->message)
		s->raw->message(s->raw_context, channel->user, binary, (struct sio_str){ p, n });
}

static void on_closed(void *context, struct channel *channel, enum engine_reason reason)
{
	struct sio_server *s = context;
	struct sio_connection *c = channel->user;

	if (!c)
		return;
	c->channel = NULL;
	if (s->raw->closed) /* the same order, see sio_core.c */
		s->raw->closed(s->raw_context, c, (enum sio_reason)reason);
	free(c);
}

void sio_server_set_engine_handler(
	struct sio_server *s, const struct sio_engine_handler *handler, void *context)
{
	static const struct engine_handler below = {
		.opened = on_opened, .message = on_message, .closed = on_closed
	};

	s->raw = handler;
	s->raw_context = context;
	engine_set_handler(s->threads[0].engine, &below, s);
}

enum sio_result sio_connection_send(struct sio_connection *c, bool is_binary, struct sio_str bytes)
{
	struct frame *f;

	if (!c->channel)
		return SIO_GONE;
	if (frame_new(loop_frames(c->server->loop), ENGINE_FRAME_HEAD_MAX + bytes.n, &f))
		return SIO_NO_MEMORY;
	if (is_binary)
		engine_frame_binary(f, bytes.n);
	else
		engine_frame_text(f, bytes.n);
	frame_put(f, (struct str){ bytes.p, bytes.n });
	channel_send(c->channel, f);
	frame_unref(f);
	return SIO_OK;
}

void sio_connection_close(struct sio_connection *c)
{
	if (c->channel)
		channel_close(c->channel, ENGINE_FORCED_CLOSE);
}

struct sio_str sio_connection_id(const struct sio_connection *c)
{
	return c->channel ? (struct sio_str){ c->channel->id, SESSION_ID_BYTES }
	                  : (struct sio_str){ NULL, 0 };
}

struct sio_handshake sio_connection_handshake(const struct sio_connection *c)
{
	return sio_handshake_of(c->handshake);
}

struct sio_str sio_connection_header(const struct sio_connection *c, const char *name)
{
	return sio_handshake_header(c->handshake, name);
}

bool sio_connection_is_polling(const struct sio_connection *c)
{
	return c->channel && channel_is_polling(c->channel);
}

void sio_connection_set_user(struct sio_connection *c, void *user)
{
	c->user = user;
}

void *sio_connection_user(const struct sio_connection *c)
{
	return c->user;
}
