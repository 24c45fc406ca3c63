/* SPDX-License-Identifier: MIT
 *
 * sio_namespace - namespaces and their broadcasts: encoded once, each recipient gets a reference.
 *
 * Who was counted in or out already bears the broadcast's mark, so that unions and exceptions cost one
 * comparison a socket and no memory.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "sio/sio_inside.h"

static enum sio_result memory_emit(void *context, struct sio_namespace *n, const struct sio_emit *e,
	const struct sio_target *to)
{
	(void)context;
	return sio_namespace_deliver(n, e, to);
}

static const struct sio_adapter memory_adapter = { .emit = memory_emit };

enum sio_result sio_core_of(struct sio_core *core, struct str name,
	const struct sio_namespace_handler *handler, void *context, struct sio_namespace **out)
{
	struct sio_namespace *n;

	if (name.n == 0 || name.p[0] != '/' || memchr(name.p, ',', name.n))
		return SIO_INVALID;
	if (name.n > NAMESPACE_NAME_MAX)
		return SIO_TOO_LARGE;
	HASH_FIND(hh, core->namespaces, name.p, name.n, n);
	if (!n) {
		n = calloc(1, sizeof *n + name.n + 1);
		if (!n)
			return SIO_NO_MEMORY;
		n->core = core;
		n->adapter = &memory_adapter;
		n->name_n = name.n;
		memcpy(n->name, name.p, name.n);
		HASH_ADD_KEYPTR(hh, core->namespaces, n->name, n->name_n, n);
		if (!n->hh.tbl) {
			free(n);
			return SIO_NO_MEMORY;
		}
	}
	if (n->dynamic) { /* the program wants it now */
		n->dynamic = NULL;
		core->dynamic_count--;
	}
	n->handler = handler;
	n->context = context;
	if (out)
		*out = n;
	return SIO_OK;
}

void sio_namespace_free(struct sio_namespace *n)
{
	HASH_DEL(n->core->namespaces, n);
	sio_kept_expire(n, INT64_MAX);
	sio_hooks_done(n);
	free(n->sockets);
	free(n);
}

void sio_adapter_set(struct sio_namespace *n, const struct sio_adapter *adapter, void *context)
{
	n->adapter = adapter;
	n->adapter_context = context;
}

struct sio_str sio_namespace_name(const struct sio_namespace *n)
{
	return (struct sio_str){ n->name, n->name_n };
}

size_t sio_namespace_socket_count(const struct sio_namespace *n)
{
	return n->n;
}

/* The socket whose own room that is, or NULL. */
static struct sio_socket *own_room(const struct sio_namespace *n, struct str room)
{
	struct sio_socket *s = NULL;

	if (room.n < SESSION_ID_BYTES)
		return NULL;
	HASH_FIND(hh, n->by_id, room.p + room.n - SESSION_ID_BYTES, SESSION_ID_BYTES, s);
	return s && str_eq(sio_inside_str(sio_socket_id(s)), room) ? s : NULL;
}

size_t sio_namespace_room_size(const struct sio_namespace *n, struct sio_str room)
{
	struct sio_room *r = sio_room_find(n, sio_inside_str(room));

	return (r ? r->n : 0) + (own_room(n, sio_inside_str(room)) ? 1 : 0);
}

void sio_namespace_each(struct sio_namespace *n, struct sio_str room,
	void (*fn)(void *context, struct sio_socket *s), void *context)
{
	struct str name = sio_inside_str(room);

	if (!name.p) { /* from the end: who leaves is replaced by one that was visited */
		for (size_t i = n->n; i-- > 0;) {
			if (i < n->n)
				fn(context, n->sockets[i]);
		}
		return;
	}
	struct sio_socket *own = own_room(n, name);
	if (own)
		fn(context, own);
	struct sio_room *r = sio_room_find(n, name);
	for (size_t i = r ? r->n : 0; i-- > 0;) {
		fn(context, r->members[i]->socket);
		r = sio_room_find(n, name); /* gone when its last member has left */
		if (!r)
			return;
		if (i > r->n)
			i = r->n;
	}
}

/* One broadcast on its way. */
struct delivery {
	struct frame *frame;
	bool is_volatile;
	bool numbered; /* it bears the namespace's number */
};

static void deliver_to(void *context, struct sio_socket *s)
{
	const struct delivery *d = context;
	struct channel *session = s->client->session;

	if (!session)
		return;
	if (d->is_volatile)
		channel_send_volatile(session, d->frame);
	else
		channel_send(session, d->frame);
	if (d->numbered)
		s->last_seq = s->namespace->seq;
}

/* A mark that no socket bears. */
static uint32_t new_mark(struct sio_namespace *n)
{
	if (++n->mark == 0) { /* once in 4 billion broadcasts */
		for (size_t i = 0; i < n->n; i++)
			n->sockets[i]->mark = 0;
		n->mark = 1;
	}
	return n->mark;
}

static void mark_exceptions(struct sio_namespace *n, const struct sio_target *to, uint32_t mark)
{
	struct sio_socket *s = to->except_socket ? sio_core_find(n->core, to->except_socket) : NULL;

	if (s)
		s->mark = mark;
	for (size_t i = 0; i < to->except_room_count; i++) {
		struct str name = sio_inside_str(to->except_rooms[i]);
		struct sio_room *r = sio_room_find(n, name);
		for (size_t k = 0; r && k < r->n; k++)
			r->members[k]->socket->mark = mark;
		s = own_room(n, name);
		if (s)
			s->mark = mark;
	}
}

/* Calls fn for who does not bear the mark yet. */
struct visit {
	void (*fn)(void *context, struct sio_socket *s);
	void *context;
	uint32_t mark;
};

static void visit_one(const struct visit *v, struct sio_socket *s)
{
	if (s->mark == v->mark || s->state != SIO_SOCKET_CONNECTED)
		return;
	s->mark = v->mark;
	v->fn(v->context, s);
}

static void visit_room(struct sio_namespace *n, struct str name, const struct visit *v)
{
	struct sio_room *r = sio_room_find(n, name);
	struct sio_socket *s = own_room(n, name);

	for (size_t i = 0; r && i < r->n; i++)
		visit_one(v, r->members[i]->socket);
	if (s)
		visit_one(v, s);
}

void sio_namespace_visit(struct sio_namespace *n, const struct sio_target *to,
	void (*fn)(void *context, struct sio_socket *s), void *context)
{
	struct visit v = { .fn = fn, .context = context, .mark = new_mark(n) };

	mark_exceptions(n, to, v.mark);
	for (size_t i = 0; i < to->room_count; i++)
		visit_room(n, sio_inside_str(to->rooms[i]), &v);
	for (size_t i = 0; i < n->n && !to->room_count; i++)
		visit_one(&v, n->sockets[i]);
}

enum sio_result sio_namespace_deliver(
	struct sio_namespace *n, const struct sio_emit *e, const struct sio_target *to)
{
	struct str attachments[ATTACHMENTS_MAX];
	struct delivery d = { .is_volatile = e->is_volatile };
	struct sio_packet_source from = sio_socket_event_source(n, e, attachments);
	char number[RECOVERY_OFFSET_BYTES];
	from.offset = (struct str){ number, sio_kept_number(n, !e->is_volatile, number) };
	d.numbered = from.offset.n != 0;
	enum err err = sio_client_frame(n->core, &from, &d.frame);
	if (err)
		return sio_inside_result(err);
	sio_namespace_visit(n, to, deliver_to, &d);
	if (d.numbered && !e->is_volatile)
		sio_kept_add(n, d.frame, to);
	frame_unref(d.frame);
	return SIO_OK;
}

enum sio_result sio_namespace_emit(
	struct sio_namespace *n, const struct sio_emit *e, const struct sio_target *to)
{
	static const struct sio_target everybody = { .rooms = NULL };

	if (e->on_ack || sio_packet_is_reserved(sio_inside_str(e->event)))
		return SIO_INVALID;
	sio_hooks_outgoing(n, NULL, e);
	return n->adapter->emit(n->adapter_context, n, e, to ? to : &everybody);
}
