/* SPDX-License-Identifier: MIT
 *
 * host_engine - requests under Socket.IO's path: what the engine says to them, in HTTP.
 *
 * Layer: host.  Threads: the loop's.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "host/host_inside.h"
#include "http/http_response.h"

enum { FIELDS_KEPT_MAX = 32 };

/* ---- answers ---- */

static void put_cors(struct buf *fields, const struct web_request *r)
{
	if (r->server->cors.origin_count)
		http_cors_write(fields, &r->server->cors, &r->head);
}

/* Internet Explorer took scripts in answers for an attack. */
static bool is_old_browser(const struct web_request *r)
{
	struct str agent = http_head_find(&r->head, STR("User-Agent"));

	return agent.n &&
	       (memmem(agent.p, agent.n, ";MSIE", 5) || memmem(agent.p, agent.n, "Trident/", 8));
}

static void answer(
	struct web_request *r, int status, const char *type, struct str body, struct str sid)
{
	CLEANUP(buf_done) struct buf fields = { 0 };
	CLEANUP(buf_done) struct buf packed = { 0 };
	CLEANUP(buf_done) struct buf cookie = { 0 };
	const struct sio_options *o = &r->server->options;

	if (type)
		http_response_field(&fields, STR("Content-Type"), str_of(type));
	http_response_field(&fields, STR("Cache-Control"), STR("no-store"));
	if (is_old_browser(r))
		http_response_field(&fields, STR("X-XSS-Protection"), STR("0"));
	if (r->opening && sid.n && o->cookie) {
		buf_printf(&cookie, "%s=" STR_FMT "; %s", o->cookie, STR_ARG(sid),
			o->cookie_attributes);
		http_response_field(&fields, STR("Set-Cookie"), buf_str(&cookie));
	}
	put_cors(&fields, r);
	if (host_deflate_body(r, body, &fields, &packed))
		body = buf_str(&packed);
	sio_request_put_headers(r, &fields);
	web_request_answer_fields(r, status, buf_str(&fields), body);
}

static void respond(struct web_request *r, int status, const char *type, struct str body)
{
	answer(r, status, type, body, STR(""));
}

void host_engine_respond(struct web_request *r, int status, const char *type, struct str body)
{
	respond(r, status, type, body);
}

/* An error of Engine.IO's table; on an upgrade its text alone, as Node. */
static void refuse_saying(
	struct web_request *r, unsigned code, struct str message, const char *context)
{
	CLEANUP(buf_done) struct buf body = { 0 };
	struct json_writer w = json_write_into(&body);
	struct sio_connection_error e = { .code = (int)code,
		.status = code == ENGINE_FORBIDDEN && !r->head.upgrade ? 403 : 400,
		.message = { message.p, message.n },
		.context = context };

	host_refusal_tell(r, &e);
	if (r->head.upgrade) {
		respond(r, e.status, "text/html", message);
		return;
	}
	json_write_begin_object(&w);
	json_write_key(&w, STR("code"));
	json_write_int(&w, code);
	json_write_key(&w, STR("message"));
	json_write_string(&w, message);
	json_write_end_object(&w);
	respond(r, e.status, "application/json", buf_str(&body));
}

static void refuse(struct web_request *r, unsigned code, const char *context)
{
	refuse_saying(r, code, str_of(engine_error_message(code)), context);
}

/* What Engine.IO's table has no code for. */
static void refuse_with(
	struct web_request *r, int status, const char *context, enum sio_limit limit)
{
	struct str body = status == 503 ? STR("Unavailable") : STR("");
	struct sio_connection_error e = { .code = -1,
		.status = status,
		.message = { body.p, body.n },
		.context = context,
		.limit = limit };

	host_refusal_tell(r, &e);
	respond(r, status, body.n ? "text/plain; charset=UTF-8" : NULL, body);
}

/* limit: what was exceeded, or that the server ends or has no memory. */
static void unavailable(struct web_request *r, enum sio_limit limit)
{
	const char *context = limit                 ? "LIMIT_EXCEEDED"
	                      : r->server->draining ? "SERVER_DRAINING"
	                                            : "NO_MEMORY";

	refuse_with(r, 503, context, limit);
}

void host_engine_forbid(struct web_request *r, struct str message)
{
	r->opening = false;
	if (!message.n)
		message = str_of(engine_error_message(ENGINE_FORBIDDEN));
	refuse_saying(r, ENGINE_FORBIDDEN, message, "FORBIDDEN");
}

/* ---- opening ---- */

/* Fields that nobody asks for after the handshake, and that every browser sends. */
static bool is_of_use(struct str name)
{
	static const char *const dropped[] = { "accept", "accept-encoding", "cache-control",
		"connection", "keep-alive", "pragma", "upgrade", "upgrade-insecure-requests" };

	if (name.n > 4 && http_head_same((struct str){ name.p, 4 }, STR("sec-")))
		return false;
	for (size_t i = 0; i < COUNT_OF(dropped); i++) {
		if (http_head_same(name, str_of(dropped[i])))
			return false;
	}
	return true;
}

static bool is_kept(const struct web_request *r, struct str name)
{
	const struct sio_options *o = &r->server->options;

	for (size_t i = 0; i < o->kept_header_count; i++) {
		if (http_head_same(name, str_of(o->kept_headers[i])))
			return true;
	}
	return !o->kept_headers && is_of_use(name);
}

/* The charge of r becomes the handshake's. */
static enum err make_handshake(struct web_request *r, struct handshake **out)
{
	struct handshake_field fields[FIELDS_KEPT_MAX];
	struct clock clock = clock_system();
	char address[CONN_ADDRESS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < r->head.header_count && count < COUNT_OF(fields); i++) {
		if (is_kept(r, r->head.headers[i].name))
			fields[count++] = (struct handshake_field){ r->head.headers[i].name,
				r->head.headers[i].value };
	}
	struct handshake_source from = {
		.address = { address, conn_address_text(&r->address, address) },
		.path = r->head.path,
		.query = r->head.query,
		.fields = fields,
		.field_count = count,
		.time_ms = clock_wall_ms(&clock),
		.secure = r->secure,
		.charge = { r->charge, host_charge_joined, host_charge_free },
	};
	enum err e = handshake_new(&from, out);
	if (!e)
		r->charge = NULL;
	return e;
}

static struct str id_of(const struct web_request *r)
{
	return (struct str){ r->id, r->id ? SESSION_ID_BYTES : 0 };
}

/* The program's id for the session, asked for once, on its own thread; false: it was refused. */
static bool ask_for_id(struct web_request *r)
{
	const struct sio_options *o = &r->server->options;

	if (r->asked || !o->request_handler || !o->request_handler->generate_id)
		return true;
	r->id = malloc(SESSION_ID_BYTES);
	if (!r->id)
		unavailable(r, SIO_LIMIT_NONE);
	else if (o->request_handler->generate_id(o->request_context, sio_request_of(r), r->id))
		return true;
	else
		refuse(r, ENGINE_BAD_REQUEST, "ID_GENERATION_ERROR");
	return false;
}

/* Where the session will live. */
static bool has_bad_id(const struct web_request *r)
{
	return r->id && !engine_id_is_free(r->http->peer->thread->engine, id_of(r));
}

static void open_poll(struct sio_server *s, struct web_request *r)
{
	struct handshake *h = NULL;

	if (has_bad_id(r))
		refuse(r, ENGINE_BAD_REQUEST, "ID_GENERATION_ERROR");
	else if (s->draining || make_handshake(r, &h) ||
		 engine_open_poll(r->http->peer->thread->engine, h, id_of(r), r))
		unavailable(r, SIO_LIMIT_NONE);
}

/* ---- WebSocket ---- */

/* Sec-WebSocket-Accept, when the request is a WebSocket handshake (RFC 6455 section 4.2.1). */
static bool check_handshake(const struct web_request *r, char accept[WS_ACCEPT_BYTES])
{
	const struct http_head *h = &r->head;

	return h->method == HTTP_HEAD_GET && h->minor_version == 1 &&
	       http_head_lists(h, STR("Upgrade"), STR("websocket")) &&
	       str_eq(http_head_find(h, STR("Sec-WebSocket-Version")), STR("13")) &&
	       ws_accept(http_head_find(h, STR("Sec-WebSocket-Key")), accept);
}

static void switch_protocol(struct web_request *r, const char accept[WS_ACCEPT_BYTES])
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct host_http *h = r->http;

	http_response_begin(&b, 101);
	http_response_field(&b, STR("Upgrade"), STR("websocket"));
	http_response_field(&b, STR("Connection"), STR("Upgrade"));
	http_response_field(
		&b, STR("Sec-WebSocket-Accept"), (struct str){ accept, WS_ACCEPT_BYTES });
	put_cors(&b, r);
	host_deflate_accept(h->peer, &r->head, &b);
	sio_request_put_headers(r, &b);
	http_response_end(&b);
	if (buf_failed(&b))
		conn_close(h->peer->conn);
	conn_send_copy(h->peer->conn, buf_str(&b));
	h->upgraded = true;
}

/* The answer is out, and r over. */
static void end_upgrade(struct web_request *r)
{
	struct host_http *h = r->http;

	web_request_upgraded(r);
	host_peer_upgraded(h);
}

static enum err open_session(struct host_peer *p, struct handshake *take_handshake, struct str id)
{
	if (engine_revision(handshake_query(take_handshake)) == 3)
		return host_late_open(p, take_handshake, id);
	return engine_open_ws(p->thread->engine, take_handshake, id, p, &p->session);
}

/* True when it may become a WebSocket, counted for its address; else it was answered. */
static bool admit_ws(struct web_request *r, char accept[WS_ACCEPT_BYTES])
{
	bool draining = r->server->draining;

	if (!check_handshake(r, accept))
		refuse(r, ENGINE_BAD_REQUEST, "TRANSPORT_HANDSHAKE_ERROR");
	else if (draining || !host_address_admit(r->http->peer, &r->address))
		unavailable(r, draining ? SIO_LIMIT_NONE : SIO_LIMIT_ADDRESS);
	else
		return true;
	return false;
}

static void open_ws(struct web_request *r, struct engine_session *session)
{
	struct host_peer *p = r->http->peer;
	struct handshake *h = NULL;
	char accept[WS_ACCEPT_BYTES];

	if (!session && has_bad_id(r)) {
		refuse(r, ENGINE_BAD_REQUEST, "ID_GENERATION_ERROR");
		return;
	}
	if (!admit_ws(r, accept))
		return;
	if (!session && make_handshake(r, &h)) {
		unavailable(r, SIO_LIMIT_NONE);
		return;
	}
	switch_protocol(r, accept);
	p->session = session;
	if (session && !engine_upgrade(session, p))
		host_ws_end(p, WS_STATUS_NORMAL);
	else if (!session && open_session(p, h, id_of(r)))
		conn_close(p->conn);
	end_upgrade(r);
}

void host_engine_bare(struct web_request *r)
{
	struct host_peer *p = r->http->peer;
	char accept[WS_ACCEPT_BYTES];

	if (!sio_websocket_ask(r) || !admit_ws(r, accept))
		return;
	switch_protocol(r, accept);
	end_upgrade(r);
	sio_websocket_open(p);
}

void host_engine_open(struct web_request *r)
{
	if (!r->http) /* the client did not wait */
		web_request_answer(r, &(struct web_answer){ .status = 400 });
	else if (!ask_for_id(r) || host_move_asked(r))
		return;
	else if (r->head.upgrade)
		open_ws(r, NULL);
	else
		open_poll(r->server, r);
}

/* One more handshake in this second is too much. Threads may err by a few at the turn of a second. */
static bool too_many_handshakes(struct sio_server *s, unsigned second)
{
	if (!s->options.max_handshakes_per_second)
		return false;
	if (atomic_exchange_explicit(&s->handshake_second, second, memory_order_relaxed) != second)
		atomic_store_explicit(&s->handshakes, 0, memory_order_relaxed);
	if (atomic_fetch_add_explicit(&s->handshakes, 1, memory_order_relaxed) <
		s->options.max_handshakes_per_second)
		return false;
	host_count(s, SIO_LIMIT_HANDSHAKES);
	return true;
}

/* What a session would keep of r is more than it may. */
static bool keeps_too_much(const struct web_request *r)
{
	size_t n = r->head.path.n + r->head.query.n;

	for (size_t i = 0; i < r->head.header_count; i++) {
		if (is_kept(r, r->head.headers[i].name))
			n += r->head.headers[i].name.n + r->head.headers[i].value.n;
	}
	return r->server->options.max_handshake_bytes && n > r->server->options.max_handshake_bytes;
}

/* One that would open a connection, if the program lets it. Who has too many takes nothing of the others' rate. */
static void ask_to_open(struct web_request *r)
{
	const struct sio_options *o = &r->server->options;
	unsigned second = (unsigned)(loop_now_ms(r->http->peer->thread->loop) / 1000);
	enum sio_limit why;

	r->opening = true;
	if (keeps_too_much(r)) {
		host_count(r->server, SIO_LIMIT_HEADERS);
		refuse_with(r, 431, "LIMIT_EXCEEDED", SIO_LIMIT_HEADERS);
		return;
	}
	r->charge = host_charge_new(r->server, &r->address, &why);
	if (!r->charge)
		unavailable(r, why);
	else if (too_many_handshakes(r->server, second))
		unavailable(r, SIO_LIMIT_HANDSHAKES);
	else if (o->request_handler && o->request_handler->allow)
		o->request_handler->allow(o->request_context, sio_request_of(r));
	else
		host_engine_open(r);
}

/* ---- POST ---- */

/* What a POST has gathered so far. */
struct post {
	struct engine_session *session;
	struct buf body;
};

static void post_free(struct web_request *r)
{
	struct post *post = r->user;

	if (!post)
		return;
	buf_done(&post->body);
	free(post);
	r->user = NULL;
}

static void poll_answer(void *poll, const struct engine_answer *a)
{
	struct web_request *r = poll;

	r->gone = NULL;
	r->uncompressed = a->uncompressed;
	post_free(r);
	if (a->status == 0 && r->http)
		conn_close(r->http->peer->conn);
	answer(r, a->status ? a->status : 400, a->type, a->body, a->sid);
}

struct engine_ops host_engine_ops(void)
{
	struct engine_ops ops = host_ws_ops();

	ops.poll_answer = poll_answer;
	return ops;
}

static void post_piece(void *context, struct web_request *r, struct str piece)
{
	(void)context;
	struct post *post = r->user;

	if (post)
		buf_append(&post->body, piece);
}

static void post_end(void *context, struct web_request *r)
{
	(void)context;
	struct post *post = r->user;

	if (!post)
		return;
	buf_reserve(&post->body, 1); /* so that its p is never NULL */
	struct buf body = post->body;
	struct engine_session *session = post->session;
	post->body = (struct buf){ 0 };
	post_free(r);
	if (buf_failed(&body))
		engine_post_gone(session, r, true);
	else
		engine_post(session, r, body.p, body.n);
	if (buf_failed(&body))
		unavailable(r, SIO_LIMIT_NONE);
	buf_done(&body);
}

static void post_gone(void *context, struct web_request *r)
{
	(void)context;
	struct post *post = r->user;
	bool too_large = r->failed_status == 413;

	if (post)
		engine_post_gone(post->session, r, too_large);
	post_free(r);
	if (too_large)
		refuse_with(r, 413, "LIMIT_EXCEEDED", SIO_LIMIT_BODY);
	else
		respond(r, 400, NULL, STR(""));
}

static void begin_post(struct sio_server *s, struct web_request *r, struct engine_session *session)
{
	static const struct web_body sink = {
		.piece = post_piece, .end = post_end, .gone = post_gone
	};
	struct str type = http_head_find(&r->head, STR("Content-Type"));

	if (!engine_post_begin(session, r, http_head_same(type, STR("application/octet-stream"))))
		return;
	struct post *post = calloc(1, sizeof *post);
	if (!post) {
		engine_post_gone(session, r, true);
		unavailable(r, SIO_LIMIT_NONE);
		return;
	}
	post->session = session;
	r->user = post;
	web_request_stream(r, s->options.max_http_buffer_size, &sink, NULL);
}

/* ---- the rest ---- */

static void poll_gone(void *context, struct web_request *r)
{
	engine_poll_gone(context);
	respond(r, 400, NULL, STR(""));
}

static void begin_poll(struct web_request *r, struct engine_session *session)
{
	web_request_on_gone(r, poll_gone, session);
	engine_poll(session, r);
}

static bool origin_is_valid(struct str origin)
{
	for (size_t i = 0; i < origin.n; i++) {
		unsigned char c = (unsigned char)origin.p[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static void route(struct sio_server *s, struct web_request *r)
{
	struct engine_request request = {
		.method = r->head.method == HTTP_HEAD_GET    ? ENGINE_GET
		          : r->head.method == HTTP_HEAD_POST ? ENGINE_POST
		                                             : ENGINE_OTHER,
		.upgrade = r->head.upgrade,
		.origin_valid = origin_is_valid(http_head_find(&r->head, STR("Origin"))),
		.query = r->head.query,
	};
	struct engine_route route = engine_route(r->http->peer->thread->engine, &request);

	switch (route.kind) {
	case ENGINE_ROUTE_REFUSE:
		refuse(r, route.code, route.context);
		break;
	case ENGINE_ROUTE_OPEN:
		ask_to_open(r);
		break;
	case ENGINE_ROUTE_POLL:
		begin_poll(r, route.session);
		break;
	case ENGINE_ROUTE_POST:
		begin_post(s, r, route.session);
		break;
	case ENGINE_ROUTE_UPGRADE:
		open_ws(r, route.session);
		break;
	default:
		respond(r, 500, NULL, STR(""));
	}
}

static void on_request(void *context, struct web_request *r)
{
	struct sio_server *s = context;
	const struct sio_request_handler *hooks = s->options.request_handler;

	if (r->asked) {
		if (r->opening)
			host_engine_open(r);
		else
			route(s, r);
		return;
	}
	if (hooks && hooks->request &&
		!hooks->request(s->options.request_context, sio_request_of(r)))
		return;
	if (s->cors.origin_count && r->head.method == HTTP_HEAD_OPTIONS)
		respond(r, 204, NULL, STR(""));
	else if (s->options.check_origin && !http_cors_is_ours(&s->cors, &r->head))
		host_engine_forbid(r, STR("Origin not allowed"));
	else if (!host_move_asked(r))
		route(s, r);
}

const struct web_handler *host_engine_handler(void)
{
	static const struct web_handler handler = { .request = on_request };

	return &handler;
}
