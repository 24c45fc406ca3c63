/* SPDX-License-Identifier: MIT
 *
 * sio_client - one connection: its messages become packets, its packets find their namespaces.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "eio/engine_query.h"
#include "sio/msgpack/sio_msgpack.h"
#include "sio/sio_inside.h"

/* ---- connections that joined no namespace yet ---- */

static void wait_set_timer(struct sio_core *core)
{
	if (core->wait_first)
		timer_start(engine_timers(core->engine), &core->wait, core->wait_first->wait_due);
	else
		timer_stop(engine_timers(core->engine), &core->wait);
}

static void wait_begin(struct sio_client *c)
{
	struct sio_core *core = c->core;

	c->wait_due = engine_now_ms(core->engine) + core->options.connect_timeout_ms;
	c->wait_prev = core->wait_last;
	if (core->wait_last)
		core->wait_last->wait_next = c;
	else
		core->wait_first = c;
	core->wait_last = c;
	if (core->wait_first == c)
		wait_set_timer(core);
}

void sio_client_wait_end(struct sio_client *c)
{
	struct sio_core *core = c->core;
	bool first = core->wait_first == c;

	if (!c->wait_due)
		return;
	c->wait_due = 0;
	if (c->session)
		handshake_joined(c->session->handshake);
	if (c->wait_prev)
		c->wait_prev->wait_next = c->wait_next;
	else
		core->wait_first = c->wait_next;
	if (c->wait_next)
		c->wait_next->wait_prev = c->wait_prev;
	else
		core->wait_last = c->wait_prev;
	c->wait_next = c->wait_prev = NULL;
	if (first)
		wait_set_timer(core);
}

static void client_close(struct sio_client *c, enum engine_reason reason)
{
	if (c->session)
		channel_close(c->session, reason);
}

void sio_client_wait_run(void *context)
{
	struct sio_core *core = context;
	int64_t now = engine_now_ms(core->engine);

	while (core->wait_first && core->wait_first->wait_due <= now) {
		struct sio_client *c = core->wait_first;
		sio_client_wait_end(c);
		client_close(c, ENGINE_FORCED_SERVER_CLOSE);
	}
	wait_set_timer(core);
}

/* ---- packets ---- */

enum err sio_client_frame(
	struct sio_core *core, const struct sio_packet_source *from, struct frame **out)
{
	struct frame_pool *pool = engine_frames(core->engine);

	enum err e = core->options.msgpack ? sio_msgpack_frame(pool, from, out)
	                                   : sio_packet_frame(pool, from, out);
	if (!e)
		(*out)->uncompressed = from->uncompressed;
	return e;
}

enum sio_result sio_client_send(struct sio_client *c, const struct sio_packet_source *from)
{
	struct frame *f;

	if (!c->session)
		return SIO_GONE;
	enum err e = sio_client_frame(c->core, from, &f);
	if (e)
		return sio_inside_result(e);
	channel_send(c->session, f);
	frame_unref(f);
	return SIO_OK;
}

static struct sio_socket *find_socket(const struct sio_client *c, struct str namespace)
{
	struct sio_socket *s = c->sockets;

	while (s && !str_eq(sio_inside_name(s->namespace), namespace))
		s = s->next_of_client;
	return s;
}

static void connect_error(struct sio_client *c, struct str namespace, struct str message)
{
	CLEANUP(buf_done) struct buf json = { 0 };

	sio_socket_error_json(&json, c->legacy, message, STR(""));
	struct sio_packet_source from = {
		.type = SIO_PACKET_CONNECT_ERROR, .namespace = namespace, .payload = buf_str(&json)
	};

	if (buf_failed(&json) || sio_client_send(c, &from) == SIO_NO_MEMORY)
		client_close(c, ENGINE_FORCED_CLOSE);
}

static void on_connect(struct sio_client *c, const struct sio_packet *p)
{
	struct sio_namespace *n;
	struct sio_socket *s;

	HASH_FIND(hh, c->core->namespaces, p->namespace.p, p->namespace.n, n);
	struct str auth = p->payload.n ? p->payload : STR("{}");
	enum sio_result r = n ? SIO_OK : sio_dynamic_open(c->core, p->namespace, auth, &n);
	if (r == SIO_INVALID) {
		connect_error(c, p->namespace, STR("Invalid namespace"));
		return;
	}
	if (r || c->socket_count >= NAMESPACES_PER_CONNECTION_MAX) {
		sio_excess_count(c->core, SIO_LIMIT_NAMESPACES);
		connect_error(c, p->namespace, STR("Too many namespaces"));
		if (!r)
			sio_dynamic_check(n);
		return;
	}
	struct sio_parked *parked = sio_recovery_claim(c->core, n, auth);
	if (sio_socket_new(c, n, parked, &s)) {
		if (parked)
			sio_recovery_wait(parked);
		sio_dynamic_check(n);
		client_close(c, ENGINE_FORCED_CLOSE);
		return;
	}
	if (n->handler->connect && (!parked || c->core->options.recovery_asks_connect)) {
		n->handler->connect(n->context, s, sio_inside_out(auth));
		return;
	}
	if (sio_socket_accept(s, s->user))
		client_close(c, ENGINE_FORCED_CLOSE);
}

static void on_event(
	struct sio_socket *s, const struct sio_packet *p, const struct sio_str *attachments)
{
	struct sio_event event = {
		.name = sio_inside_out(p->name),
		.args = { sio_inside_out(p->args), attachments, p->attachments },
		.ack = { .socket = s->handle, .id = p->id, .wanted = p->has_id },
	};

	if (p->name.p)
		sio_hooks_event(s, &event);
}

/* Clients of Socket.IO 2 say who they are in the namespace's query; there it is not part of the name. */
static enum err split_namespace(struct sio_client *c, struct sio_packet *p, struct buf *auth)
{
	const char *mark = memchr(p->namespace.p, '?', p->namespace.n);

	if (!mark)
		return ERR_OK;
	if (!c->legacy)
		return p->namespace.n > NAMESPACE_NAME_MAX ? ERR_BAD_REQUEST : ERR_OK;
	size_t n = (size_t)(mark - p->namespace.p);
	enum err e = engine_query_json(str_after(p->namespace, n + 1), auth);
	p->namespace.n = n;
	p->payload = buf_str(auth);
	return e;
}

/* A whole packet. */
static void on_packet(
	struct sio_client *c, const struct sio_packet *p, const struct sio_str *attachments)
{
	struct sio_socket *s = find_socket(c, p->namespace);
	bool connect = p->type == SIO_PACKET_CONNECT;

	if (connect && !s) {
		on_connect(c, p);
		return;
	}
	if (connect || !s || s->state != SIO_SOCKET_CONNECTED) {
		client_close(c, ENGINE_FORCED_SERVER_CLOSE);
		return;
	}
	if (p->type == SIO_PACKET_DISCONNECT) {
		sio_socket_end(s, SIO_CLIENT_NAMESPACE_DISCONNECT);
	} else if (p->type == SIO_PACKET_EVENT || p->type == SIO_PACKET_BINARY_EVENT) {
		on_event(s, p, attachments);
	} else if (p->has_id) {
		struct sio_args answer = { sio_inside_out(p->args), attachments, p->attachments };
		sio_pending_answer(s, p->id, &answer);
	}
}

static void assembly_free(struct sio_client *c)
{
	struct sio_assembly *a = c->assembly;

	c->assembly = NULL;
	if (!a)
		return;
	for (unsigned i = 0; i < a->got; i++) {
		void *p;
		memcpy(&p, &a->attachment[i].p, sizeof p);
		free(p);
	}
	free(a);
}

/* Keeps a copy of the text until the attachments are there. */
static enum err assembly_begin(struct sio_client *c, struct str text, unsigned need)
{
	struct sio_assembly *a = malloc(sizeof *a + text.n);

	if (!a)
		return ERR_NOMEM;
	*a = (struct sio_assembly){ .need = need };
	memcpy(a + 1, text.p, text.n);
	a->text = (struct str){ (const char *)(a + 1), text.n };
	c->assembly = a;
	return ERR_OK;
}

static void on_text(struct sio_client *c, struct str text)
{
	CLEANUP(buf_done) struct buf auth = { 0 };
	struct sio_packet p;

	if (c->assembly || sio_packet_parse(text, &c->core->arena, &p) ||
		split_namespace(c, &p, &auth)) {
		sio_excess_packet(c, text);
		client_close(c, ENGINE_FORCED_CLOSE);
		return;
	}
	if (p.attachments == 0) {
		on_packet(c, &p, NULL);
		return;
	}
	struct sio_socket *s = find_socket(c, p.namespace);
	if (!s || s->state != SIO_SOCKET_CONNECTED)
		client_close(c, ENGINE_FORCED_SERVER_CLOSE);
	else if (assembly_begin(c, text, p.attachments))
		client_close(c, ENGINE_FORCED_CLOSE);
}

/* The last attachment has come. */
static void assembly_end(struct sio_client *c)
{
	struct sio_assembly *a = c->assembly;
	struct sio_str attachments[ATTACHMENTS_MAX];
	struct sio_packet p;

	for (unsigned i = 0; i < a->got; i++)
		attachments[i] = sio_inside_out(a->attachment[i]);
	if (sio_packet_parse(a->text, &c->core->arena, &p) == ERR_OK) {
		c->assembly = NULL; /* the handler may end the client */
		on_packet(c, &p, attachments);
		c->assembly = a;
	}
	assembly_free(c);
}

static void on_binary(struct sio_client *c, const char *p, size_t n)
{
	struct sio_assembly *a = c->assembly;
	char *copy = a ? malloc(n ? n : 1) : NULL;

	if (!copy) {
		client_close(c, ENGINE_FORCED_CLOSE);
		return;
	}
	if (n)
		memcpy(copy, p, n);
	a->attachment[a->got++] = (struct str){ copy, n };
	if (a->got == a->need)
		assembly_end(c);
}

/* A whole packet in one message. */
static void on_packed(struct sio_client *c, struct str bytes)
{
	struct sio_str attachments[ATTACHMENTS_MAX];
	struct sio_msgpack_packet m;

	if (sio_msgpack_parse(bytes, &c->core->arena, &m)) {
		client_close(c, ENGINE_FORCED_CLOSE);
		return;
	}
	for (unsigned i = 0; i < m.packet.attachments; i++)
		attachments[i] = sio_inside_out(m.attachments[i]);
	on_packet(c, &m.packet, attachments);
}

/* ---- what the engine tells ---- */

static void on_opened(void *context, struct channel *session)
{
	struct sio_core *core = context;
	struct sio_client *c = calloc(1, sizeof *c);

	session->user = c;
	if (!c) {
		channel_close(session, ENGINE_FORCED_CLOSE);
		return;
	}
	c->core = core;
	c->session = session;
	c->handshake = session->handshake;
	c->next = core->clients;
	if (c->next)
		c->next->prev = c;
	core->clients = c;
	wait_begin(c);
	c->legacy = session->revision == 3;
	if (c->legacy) /* it does not ask for the first namespace */
		on_connect(c, &(struct sio_packet){ .namespace = STR("/") });
}

static void on_message(void *context, struct channel *session, bool binary, char *p, size_t n)
{
	struct sio_core *core = context;
	struct sio_client *c = session->user;

	if (sio_excess_rate(c))
		client_close(c, ENGINE_FORCED_SERVER_CLOSE);
	else if (core->options.msgpack && binary)
		on_packed(c, (struct str){ p, n });
	else if (core->options.msgpack)
		client_close(c, ENGINE_FORCED_CLOSE);
	else if (binary)
		on_binary(c, p, n);
	else
		on_text(c, (struct str){ p, n });
	arena_reset(&core->arena);
}

static void on_closed(void *context, struct channel *session, enum engine_reason reason)
{
	struct sio_core *core = context;
	struct sio_client *c = session->user;

	if (!c)
		return;
	c->session = NULL;
	sio_excess_note(c, (enum sio_limit)session->limit, session->excess);
	sio_client_wait_end(c);
	while (c->sockets)
		sio_socket_end(
			c->sockets, (enum sio_reason)reason); /* the same order, see sio_core.c */
	assembly_free(c);
	if (c->prev)
		c->prev->next = c->next;
	else
		core->clients = c->next;
	if (c->next)
		c->next->prev = c->prev;
	c->next = core->gone_clients;
	core->gone_clients = c;
}

const struct engine_handler *sio_client_handler(void)
{
	static const struct engine_handler handler = {
		.opened = on_opened, .message = on_message, .closed = on_closed
	};

	return &handler;
}
