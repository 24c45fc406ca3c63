/* SPDX-License-Identifier: MIT
 *
 * sio_socket - one client in one namespace: connecting, sending, ending.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/json_write.h"
#include "base/rng.h"
#include "sio/sio_inside.h"

enum { ID_RANDOM_BYTES = 15, SLOTS_FIRST = 64, SOCKETS_FIRST = 16 };

/* ---- handles ---- */

static enum err slot_take(struct sio_core *core, struct sio_socket *s)
{
	if (!core->slot_free && core->slot_n == core->slot_cap) {
		uint32_t cap = core->slot_cap ? core->slot_cap * 2 : SLOTS_FIRST;
		struct sio_slot *slots = realloc(core->slots, cap * sizeof *slots);
		if (!slots)
			return ERR_NOMEM;
		core->slots = slots;
		core->slot_cap = cap;
	}
	uint32_t i = core->slot_free ? core->slot_free - 1 : core->slot_n++;
	if (core->slot_free)
		core->slot_free = core->slots[i].next_free;
	else
		core->slots[i].generation = 0;
	core->slots[i].generation++;
	core->slots[i].socket = s;
	s->handle = (uint64_t)core->slots[i].generation << 32 | i;
	return ERR_OK;
}

void sio_socket_slot_free(struct sio_core *core, uint64_t handle)
{
	uint32_t i = (uint32_t)handle;

	core->slots[i].socket = NULL;
	if (core->slots[i].generation == UINT32_MAX)
		return; /* worn out: its handles would come again */
	core->slots[i].next_free = core->slot_free;
	core->slot_free = i + 1;
}

struct sio_socket *sio_core_find(const struct sio_core *core, uint64_t handle)
{
	uint32_t i = (uint32_t)handle;

	if (i >= core->slot_n || core->slots[i].generation != handle >> 32)
		return NULL;
	return core->slots[i].socket;
}

/* ---- life ---- */

static enum err new_id(char out[SESSION_ID_BYTES])
{
	CLEANUP(buf_done) struct buf b = { 0 };
	uint8_t bytes[ID_RANDOM_BYTES];
	struct rng rng = rng_system();

	rng_fill(&rng, bytes, sizeof bytes);
	hash_base64(&b, (struct str){ (const char *)bytes, sizeof bytes }, BASE64_URL);
	if (buf_failed(&b) || b.n != SESSION_ID_BYTES)
		return ERR_NOMEM;
	memcpy(out, b.p, SESSION_ID_BYTES);
	return ERR_OK;
}

/* Clients of Socket.IO 2 make their ids themselves, out of the session's. */
static void legacy_id(
	const struct sio_client *c, const struct sio_namespace *n, struct sio_socket *s)
{
	memcpy(s->id, c->session->id, SESSION_ID_BYTES);
	if (n->name_n == 1)
		return;
	memcpy(s->long_id, n->name, n->name_n);
	s->long_id[n->name_n] = '#';
	memcpy(s->long_id + n->name_n + 1, s->id, SESSION_ID_BYTES);
}

/* It is whom it was before. */
static void take_place(struct sio_core *core, struct sio_socket *s, struct sio_parked *p)
{
	memcpy(s->id, p->id, SESSION_ID_BYTES);
	s->parked = p;
	s->user = p->user;
	s->handle = p->handle;
	core->slots[(uint32_t)s->handle].socket = s;
}

/* A new one's id and handle. */
static enum err make_place(struct sio_client *c, struct sio_namespace *n, struct sio_socket *s)
{
	enum err e = ERR_OK;

	if (c->legacy)
		legacy_id(c, n, s);
	else
		e = new_id(s->id);
	return e ? e : slot_take(c->core, s);
}

enum err sio_socket_new(struct sio_client *c, struct sio_namespace *n, struct sio_parked *parked,
	struct sio_socket **out)
{
	size_t long_n = c->legacy && n->name_n > 1 ? n->name_n + 1 + SESSION_ID_BYTES : 0;
	struct sio_socket *s = calloc(1, sizeof *s + long_n);
	enum err e = s ? ERR_OK : ERR_NOMEM;

	if (!e && parked)
		take_place(c->core, s, parked);
	else if (!e)
		e = make_place(c, n, s);
	if (e) {
		free(s);
		return e;
	}
	s->client = c;
	s->namespace = n;
	s->next_of_client = c->sockets;
	c->sockets = s;
	c->socket_count++;
	n->socket_count++;
	*out = s;
	return ERR_OK;
}

static enum err namespace_add(struct sio_namespace *n, struct sio_socket *s)
{
	if (n->n == n->cap) {
		size_t cap = n->cap ? n->cap * 2 : SOCKETS_FIRST;
		struct sio_socket **p = realloc(n->sockets, cap * sizeof(struct sio_socket *));
		if (!p)
			return ERR_NOMEM;
		n->sockets = p;
		n->cap = cap;
	}
	HASH_ADD(hh, n->by_id, id, SESSION_ID_BYTES, s);
	if (!s->hh.tbl)
		return ERR_NOMEM;
	s->index = (uint32_t)n->n;
	n->sockets[n->n++] = s;
	return ERR_OK;
}

static void namespace_remove(struct sio_namespace *n, struct sio_socket *s)
{
	struct sio_socket *last = n->sockets[--n->n];

	n->sockets[s->index] = last;
	last->index = s->index;
	HASH_DEL(n->by_id, s);
}

/* Out of its client's list; its slot may be kept for when it comes back. */
static void bury(struct sio_socket *s, bool keep_slot)
{
	struct sio_client *c = s->client;
	struct sio_socket **at = &c->sockets;

	while (*at != s)
		at = &(*at)->next_of_client;
	*at = s->next_of_client;
	c->socket_count--;
	s->namespace->socket_count--;
	sio_dynamic_check(s->namespace);
	if (keep_slot)
		c->core->slots[(uint32_t)s->handle].socket = NULL;
	else
		sio_socket_slot_free(c->core, s->handle);
	s->state = SIO_SOCKET_GONE;
	s->next_of_client = c->core->gone_sockets;
	c->core->gone_sockets = s;
}

/* It may come back after that. */
static bool is_recoverable(enum sio_reason reason)
{
	return reason <= SIO_FORCED_SERVER_CLOSE && reason != SIO_SERVER_SHUTTING_DOWN;
}

/* One that was waiting for the program's word. Who came back goes on waiting elsewhere. */
static void end_waiting(struct sio_socket *s)
{
	struct sio_parked *p = TAKE(s->parked);

	bury(s, p != NULL);
	if (p)
		sio_recovery_wait(p);
}

void sio_socket_end(struct sio_socket *s, enum sio_reason reason)
{
	struct sio_namespace *n = s->namespace;

	if (s->state == SIO_SOCKET_WAITING)
		end_waiting(s);
	if (s->state == SIO_SOCKET_GONE)
		return;
	s->recoverable = is_recoverable(reason) && sio_recovery_park(s);
	bury(s, s->recoverable);
	n->core->connected--;
	if (n->handler->disconnected)
		n->handler->disconnected(n->context, s, reason);
	if (s->recoverable)
		sio_recovery_set_user(n->core, s->handle, s->user);
	sio_pending_end(s);
	sio_room_leave_all(s);
	namespace_remove(n, s);
}

/* What CONNECT says to the client. */
static void connect_json(const struct sio_socket *s, struct buf *b)
{
	if (s->client->legacy)
		return;
	buf_append(b, STR("{\"sid\":\""));
	buf_append(b, (struct str){ s->id, SESSION_ID_BYTES });
	if (sio_kept_is_on(s->namespace)) {
		buf_append(b, STR("\",\"pid\":\""));
		sio_recovery_secret(s->namespace->core, s->handle, b);
	}
	buf_append(b, STR("\"}"));
}

/* Among the namespace's sockets; who came back gets its rooms, and what it missed. */
static enum sio_result enter(struct sio_socket *s)
{
	struct sio_namespace *n = s->namespace;
	enum sio_result r = SIO_OK;

	if (namespace_add(n, s))
		return SIO_NO_MEMORY;
	struct sio_parked *parked = TAKE(s->parked);
	s->state = SIO_SOCKET_CONNECTED;
	s->first_seq = s->last_seq = n->seq;
	n->core->connected++;
	sio_client_wait_end(s->client);
	if (parked) {
		r = sio_recovery_restore(s, parked);
		sio_recovery_free(parked);
		s->recovered = true;
	}
	return r;
}

enum sio_result sio_socket_accept(struct sio_socket *s, void *user)
{
	struct sio_namespace *n = s->namespace;
	char json[128];
	struct buf b = { .p = json, .cap = sizeof json };

	if (s->state != SIO_SOCKET_WAITING)
		return SIO_INVALID;
	if (s->parked && !sio_recovery_is_whole(s->parked))
		return SIO_TOO_LARGE;
	s->user = user;
	enum sio_result r = enter(s);
	if (r && s->state == SIO_SOCKET_WAITING)
		return r;
	connect_json(s, &b);
	struct sio_packet_source from = {
		.type = SIO_PACKET_CONNECT, .namespace = sio_inside_name(n), .payload = buf_str(&b)
	};
	if (!r)
		r = sio_client_send(s->client, &from);
	if (r) { /* without this packet the client would wait for ever */
		channel_close(s->client->session, ENGINE_FORCED_CLOSE);
		return r;
	}
	if (n->handler->connected)
		n->handler->connected(n->context, s);
	return SIO_OK;
}

enum sio_result sio_socket_start_anew(struct sio_socket *s)
{
	uint64_t before = s->handle;

	if (s->state != SIO_SOCKET_WAITING || !s->parked)
		return SIO_INVALID;
	if (make_place(s->client, s->namespace, s))
		return SIO_NO_MEMORY;
	sio_recovery_free(TAKE(s->parked));
	sio_socket_slot_free(s->namespace->core, before);
	s->user = NULL;
	return SIO_OK;
}

void sio_socket_error_json(struct buf *b, bool legacy, struct str message, struct str data)
{
	struct json_writer w = json_write_into(b);

	if (legacy && data.n) {
		json_write_raw(&w, data);
		return;
	}
	if (legacy) {
		json_write_string(&w, message);
		return;
	}
	json_write_begin_object(&w);
	json_write_key(&w, STR("message"));
	json_write_string(&w, message);
	if (data.n) {
		json_write_key(&w, STR("data"));
		json_write_raw(&w, data);
	}
	json_write_end_object(&w);
}

enum sio_result sio_socket_refuse(
	struct sio_socket *s, struct sio_str message, struct sio_str data_json)
{
	CLEANUP(buf_done) struct buf b = { 0 };

	if (s->state != SIO_SOCKET_WAITING)
		return SIO_INVALID;
	sio_socket_error_json(
		&b, s->client->legacy, sio_inside_str(message), sio_inside_str(data_json));
	if (buf_failed(&b))
		return SIO_NO_MEMORY;
	struct sio_packet_source from = { .type = SIO_PACKET_CONNECT_ERROR,
		.namespace = sio_inside_name(s->namespace),
		.payload = buf_str(&b) };
	enum sio_result r = sio_client_send(s->client, &from);
	if (r)
		return r;
	if (s->parked)
		sio_recovery_free(TAKE(s->parked));
	bury(s, false);
	return SIO_OK;
}

void sio_socket_disconnect(struct sio_socket *s)
{
	struct sio_packet_source from = { .type = SIO_PACKET_DISCONNECT,
		.namespace = sio_inside_name(s->namespace) };

	if (s->state != SIO_SOCKET_CONNECTED)
		return;
	if (sio_client_send(s->client, &from) == SIO_NO_MEMORY)
		channel_close(s->client->session, ENGINE_FORCED_CLOSE);
	sio_socket_end(s, SIO_SERVER_NAMESPACE_DISCONNECT);
}

/* The first of its sockets that is connected, or NULL. */
static struct sio_socket *first_connected(const struct sio_client *c)
{
	struct sio_socket *s = c->sockets;

	while (s && s->state != SIO_SOCKET_CONNECTED)
		s = s->next_of_client;
	return s;
}

void sio_socket_disconnect_all(struct sio_socket *s)
{
	struct sio_client *c = s->client;
	struct sio_socket *next;

	if (s->state == SIO_SOCKET_GONE)
		return;
	while ((next = first_connected(c))) /* each call may end any of them */
		sio_socket_disconnect(next);
	if (c->session)
		channel_close(c->session, ENGINE_FORCED_SERVER_CLOSE);
}

void sio_socket_close_connection(struct sio_socket *s)
{
	if (s->state != SIO_SOCKET_GONE && s->client->session)
		channel_close(s->client->session, ENGINE_FORCED_CLOSE);
}

/* ---- sending ---- */

struct sio_packet_source sio_socket_source(const struct sio_namespace *n, enum sio_packet_type type,
	const struct sio_args *args, struct str *attachments)
{
	struct sio_packet_source from = { .type = type,
		.namespace = sio_inside_name(n),
		.payload = sio_inside_str(args->json),
		.attachments = attachments,
		.attachment_count = args->attachment_count };

	for (size_t i = 0; i < args->attachment_count && i < ATTACHMENTS_MAX; i++)
		attachments[i] = sio_inside_str(args->attachments[i]);
	return from;
}

struct sio_packet_source sio_socket_event_source(
	const struct sio_namespace *n, const struct sio_emit *e, struct str *attachments)
{
	struct sio_packet_source from =
		sio_socket_source(n, SIO_PACKET_EVENT, &e->args, attachments);

	from.name = sio_inside_str(e->event);
	from.uncompressed = e->uncompressed;
	return from;
}

/* Sends it, and keeps it for when it is missed. */
static enum sio_result send_event(
	struct sio_socket *s, const struct sio_packet_source *from, const struct sio_emit *emit)
{
	struct sio_namespace *n = s->namespace;
	struct sio_str own = sio_socket_id(s);
	bool keep = !emit->on_ack && !emit->is_volatile;
	struct frame *f;

	enum err e = sio_client_frame(n->core, from, &f);
	if (e)
		return sio_inside_result(e);
	if (emit->is_volatile)
		channel_send_volatile(s->client->session, f);
	else
		channel_send(s->client->session, f);
	if (from->offset.n)
		s->last_seq = n->seq;
	if (from->offset.n && keep)
		sio_kept_add(n, f, &(struct sio_target){ .rooms = &own, .room_count = 1 });
	frame_unref(f);
	return SIO_OK;
}

enum sio_result sio_socket_emit(struct sio_socket *s, const struct sio_emit *e)
{
	struct str attachments[ATTACHMENTS_MAX];
	struct sio_packet_source from = sio_socket_event_source(s->namespace, e, attachments);
	char number[RECOVERY_OFFSET_BYTES];
	enum sio_result r = SIO_OK;

	if (s->state != SIO_SOCKET_CONNECTED)
		return SIO_GONE;
	if (sio_packet_is_reserved(from.name))
		return SIO_INVALID;
	sio_hooks_outgoing(s->namespace, s, e);
	if (e->is_volatile && !channel_is_writable(s->client->session))
		return SIO_OK;
	if (e->on_ack) {
		from.has_id = true;
		from.id = s->namespace->next_ack++;
		r = sio_pending_add(s, e, from.id);
	} else {
		size_t digits = sio_kept_number(s->namespace, !e->is_volatile, number);
		from.offset = (struct str){ number, digits };
	}
	if (!r)
		r = send_event(s, &from, e);
	if (r && e->on_ack)
		sio_pending_drop(s, from.id);
	return r;
}

enum sio_result sio_core_ack(
	struct sio_core *core, const struct sio_ack *ack, const struct sio_args *args)
{
	struct str attachments[ATTACHMENTS_MAX];
	struct sio_socket *s = ack->wanted ? sio_core_find(core, ack->socket) : NULL;

	if (!s || s->state != SIO_SOCKET_CONNECTED)
		return SIO_GONE;
	struct sio_packet_source from =
		sio_socket_source(s->namespace, SIO_PACKET_ACK, args, attachments);
	from.has_id = true;
	from.id = ack->id;
	return sio_client_send(s->client, &from);
}

/* ---- what it is ---- */

uint64_t sio_socket_handle(const struct sio_socket *s)
{
	return s->handle;
}

struct sio_namespace *sio_socket_namespace(const struct sio_socket *s)
{
	return s->namespace;
}

struct sio_str sio_socket_id(const struct sio_socket *s)
{
	size_t name_n = s->namespace->name_n;

	if (s->client->legacy && name_n > 1)
		return (struct sio_str){ s->long_id, name_n + 1 + SESSION_ID_BYTES };
	return (struct sio_str){ s->id, SESSION_ID_BYTES };
}

void sio_socket_set_user(struct sio_socket *s, void *user)
{
	s->user = user;
}

void *sio_socket_user(const struct sio_socket *s)
{
	return s->user;
}

bool sio_socket_is_connected(const struct sio_socket *s)
{
	return s->state == SIO_SOCKET_CONNECTED;
}

bool sio_socket_is_recovered(const struct sio_socket *s)
{
	return s->recovered || (s->state == SIO_SOCKET_WAITING && s->parked);
}

bool sio_socket_is_recoverable(const struct sio_socket *s)
{
	return s->state == SIO_SOCKET_GONE && s->recoverable;
}

bool sio_socket_is_polling(const struct sio_socket *s)
{
	return s->client->session && channel_is_polling(s->client->session);
}

/* The session's, also inside `disconnected`, when the client has let go of it. */
struct sio_handshake sio_socket_handshake(const struct sio_socket *s)
{
	return sio_handshake_of(s->client->handshake);
}

struct sio_str sio_socket_header(const struct sio_socket *s, const char *name)
{
	return sio_handshake_header(s->client->handshake, name);
}
