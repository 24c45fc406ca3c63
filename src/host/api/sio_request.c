/* SPDX-License-Identifier: MIT
 *
 * sio_request - what a program may ask and decide about a request under Socket.IO's path. One is a web_request.
 *
 * Layer: host.  Threads: the loop's.
 */
#include "base/clock.h"
#include "host/host_inside.h"
#include "http/http_response.h"

struct sio_headers {
	struct buf *fields;
};

static struct web_request *web_of(struct sio_request *r)
{
	return (struct web_request *)r;
}

static const struct web_request *web_in(const struct sio_request *r)
{
	return (const struct web_request *)r;
}

struct sio_request *sio_request_of(struct web_request *r)
{
	return (struct sio_request *)r;
}

struct sio_server *sio_request_server(const struct sio_request *r)
{
	return web_in(r)->server;
}

struct sio_handshake sio_request_handshake(struct sio_request *r)
{
	struct web_request *w = web_of(r);
	struct clock clock = clock_system();
	size_t n = conn_address_text(&w->address, w->address_text);

	return (struct sio_handshake){
		.address = { w->address_text, n },
		.path = { w->head.path.p, w->head.path.n },
		.query = { w->head.query.p, w->head.query.n },
		.time_ms = clock_wall_ms(&clock),
		.secure = w->secure,
	};
}

struct sio_str sio_request_method(const struct sio_request *r)
{
	struct str method = web_in(r)->head.method_name;

	return (struct sio_str){ method.p, method.n };
}

struct sio_str sio_request_header(const struct sio_request *r, const char *name)
{
	struct str value = http_head_find(&web_in(r)->head, str_of(name));

	return (struct sio_str){ value.p, value.n };
}

void sio_request_answer(struct sio_request *r, int status, const char *type, struct sio_str body)
{
	host_engine_respond(web_of(r), status, type, (struct str){ body.p, body.n });
}

void sio_request_allow(struct sio_request *r)
{
	host_engine_open(web_of(r));
}

void sio_request_refuse(struct sio_request *r, struct sio_str message)
{
	host_engine_forbid(web_of(r), (struct str){ message.p, message.n });
}

void sio_headers_add(struct sio_headers *h, const char *name, struct sio_str value)
{
	http_response_field(h->fields, str_of(name), (struct str){ value.p, value.n });
}

void sio_request_put_headers(struct web_request *r, struct buf *fields)
{
	const struct sio_request_handler *hooks = r->server->options.request_handler;
	void *context = r->server->options.request_context;
	struct sio_headers out = { fields };

	if (r->asked)
		buf_append(fields, buf_str(&r->fields));
	if (!hooks || r->asked)
		return;
	if (r->opening && hooks->initial_headers)
		hooks->initial_headers(context, sio_request_of(r), &out);
	if (hooks->headers)
		hooks->headers(context, sio_request_of(r), &out);
}
