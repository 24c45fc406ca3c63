/* SPDX-License-Identifier: MIT
 *
 * wire_sio - see wire_sio.h.
 *
 * Layer: app.  Threads: the loop's.
 */
#include "app/wire_sio.h"

enum { ROOM_NAME_BYTES = 17 };

/* A room's name for libsio: its kind, then its id. */
struct room_name {
	char bytes[ROOM_NAME_BYTES];
};

static struct room_name name_of(struct room room)
{
	struct room_name name = { .bytes = { (char)room.kind } };

	memcpy(name.bytes + 1, room.id.b, sizeof room.id.b);
	return name;
}

static struct sio_str bytes_of(const struct room_name *name)
{
	return (struct sio_str){ name->bytes, sizeof name->bytes };
}

static struct sio_str to_sio(struct str s)
{
	return (struct sio_str){ s.p, s.n };
}

static struct str from_sio(struct sio_str s)
{
	return (struct str){ s.p, s.n };
}

/* --- from dispatch to libsio --- */

/* Attachments are laid out alike on both sides; `room` is where they are put. */
static struct sio_args args_of(
	const struct wire_packet *packet, struct sio_str room[ATTACHMENTS_MAX])
{
	size_t n = packet->attachment_count;

	for (size_t i = 0; i < n && i < ATTACHMENTS_MAX; i++)
		room[i] = to_sio(packet->attachments[i]);
	return (struct sio_args){
		.json = to_sio(packet->json), .attachments = room, .attachment_count = n
	};
}

static void emit_to_socket(struct wire_sio *w, uint64_t socket, const struct sio_emit *e)
{
	struct sio_socket *s = sio_server_find(w->server, socket);

	if (s)
		(void)sio_socket_emit(
			s, e); /* one that has gone, or overflows, learns by its history */
}

static void emit(void *impl, const struct wire_packet *packet, const struct audience *to)
{
	struct wire_sio *w = impl;
	struct sio_str attachments[ATTACHMENTS_MAX];
	struct sio_emit e = { .event = to_sio(packet->name),
		.args = args_of(packet, attachments),
		.is_volatile = to->is_volatile };
	struct room_name names[2 * AUDIENCE_ROOMS_MAX];
	struct sio_str rooms[2 * AUDIENCE_ROOMS_MAX];

	if (to->socket) {
		emit_to_socket(w, to->socket, &e);
		return;
	}
	for (size_t i = 0; i < to->to_count + to->except_count; i++) {
		names[i] = name_of(i < to->to_count ? to->to[i] : to->except[i - to->to_count]);
		rooms[i] = bytes_of(&names[i]);
	}
	struct sio_target target = { .rooms = rooms,
		.room_count = to->to_count,
		.except_rooms = rooms + to->to_count,
		.except_room_count = to->except_count,
		.except_socket = to->except_socket };
	(void)sio_namespace_emit(w->channels[packet->ns].room_space, &e, &target);
}

static void acknowledge(void *impl, uint64_t socket, uint64_t ack, const struct wire_packet *packet)
{
	struct wire_sio *w = impl;
	struct sio_str attachments[ATTACHMENTS_MAX];
	struct sio_args args = args_of(packet, attachments);
	struct sio_ack right = { .socket = socket, .id = ack - 1, .wanted = true };

	(void)sio_server_ack(w->server, &right, &args); /* who has gone needs no answer */
}

static void join(void *impl, uint64_t socket, struct room room)
{
	struct wire_sio *w = impl;
	struct sio_socket *s = sio_server_find(w->server, socket);
	struct room_name name = name_of(room);

	if (!s || !sio_socket_is_connected(s))
		(void)sio_server_lost_join(
			w->server, socket, bytes_of(&name)); /* or it begins anew */
	else if (sio_socket_join(s, bytes_of(&name)) == SIO_NO_MEMORY)
		sio_socket_close_connection(s); /* it would miss events without knowing it */
}

static void leave(void *impl, uint64_t socket, struct room room)
{
	struct wire_sio *w = impl;
	struct sio_socket *s = sio_server_find(w->server, socket);
	struct room_name name = name_of(room);

	if (!s || !sio_socket_is_connected(s))
		sio_server_lost_leave(w->server, socket, bytes_of(&name));
	else
		sio_socket_leave(s, bytes_of(&name));
}

static size_t count(void *impl, enum ns ns, struct room room)
{
	struct wire_sio *w = impl;
	struct room_name name = name_of(room);

	return sio_namespace_room_size(w->channels[ns].room_space, bytes_of(&name));
}

struct visit {
	void (*fn)(void *context, uint64_t socket);
	void *context;
};

static void visit_one(void *context, struct sio_socket *s)
{
	struct visit *v = context;

	v->fn(v->context, sio_socket_handle(s));
}

static void each(void *impl, enum ns ns, struct room room,
	void (*fn)(void *context, uint64_t socket), void *context)
{
	struct wire_sio *w = impl;
	struct room_name name = name_of(room);
	struct visit v = { fn, context };

	sio_namespace_each(w->channels[ns].room_space, bytes_of(&name), visit_one, &v);
}

/* One that came back and waits will not be what it was. */
static void forget_past(struct wire_sio *w, struct sio_socket *s)
{
	if (!sio_socket_is_connected(s) && sio_socket_is_recovered(s))
		dispatch_expired(w->dispatch, sio_socket_user(s));
}

static uint64_t accept_socket(void *impl, uint64_t connect, void *owner)
{
	struct wire_sio *w = impl;
	struct sio_socket *s = sio_server_find(w->server, connect);
	enum sio_result r = SIO_OK;

	if (!s)
		return 0;
	if (sio_socket_is_recovered(s)) {
		forget_past(w, s);
		r = sio_socket_start_anew(s);
	}
	if (!r)
		r = sio_socket_accept(s, owner);
	if (!r)
		return sio_socket_handle(s);
	sio_socket_set_user(s, NULL);
	return 0;
}

static bool recover(void *impl, uint64_t connect, void *owner)
{
	struct wire_sio *w = impl;
	struct sio_socket *s = sio_server_find(w->server, connect);
	enum sio_result r = s ? sio_socket_accept(s, owner) : SIO_GONE;

	if (r != SIO_TOO_LARGE)
		return r == SIO_OK;
	forget_past(w, s);
	(void)sio_socket_start_anew(s);
	sio_socket_close_connection(s); /* the client comes again at once, as a new one */
	return false;
}

static void end_lost(void *impl, uint64_t socket)
{
	sio_server_lost_end(((struct wire_sio *)impl)->server, socket);
}

static void refuse(void *impl, uint64_t connect, struct str message, struct str data)
{
	struct wire_sio *w = impl;
	struct sio_socket *s = sio_server_find(w->server, connect);

	if (!s)
		return;
	forget_past(w, s);
	(void)sio_socket_refuse(s, to_sio(message), to_sio(data));
}

static void disconnect(void *impl, uint64_t socket)
{
	struct wire_sio *w = impl;
	struct sio_socket *s = sio_server_find(w->server, socket);

	if (s)
		sio_socket_disconnect(s);
}

static void timer_begin(void *impl, struct timer *t, int64_t delay_ms)
{
	loop_timer_start(((struct wire_sio *)impl)->loop, t, delay_ms);
}

static void timer_end(void *impl, struct timer *t)
{
	loop_timer_stop(((struct wire_sio *)impl)->loop, t);
}

const struct wire wire_sio_functions = {
	.emit = emit,
	.acknowledge = acknowledge,
	.join = join,
	.leave = leave,
	.count = count,
	.each = each,
	.accept = accept_socket,
	.recover = recover,
	.end_lost = end_lost,
	.refuse = refuse,
	.disconnect = disconnect,
	.timer_start = timer_begin,
	.timer_stop = timer_end,
};

/* --- from libsio to dispatch --- */

static void on_connect(void *context, struct sio_socket *s, struct sio_str auth)
{
	struct wire_channel *c = context;
	struct sio_handshake handshake = sio_socket_handshake(s);
	struct dispatch_connect connect = { .ns = c->ns,
		.connect = sio_socket_handle(s),
		.auth = from_sio(auth),
		.address = from_sio(handshake.address),
		.recovers = sio_socket_is_recovered(s) };

	dispatch_connect(c->wire->dispatch, &connect);
}

static void on_event(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct wire_channel *c = context;
	struct str attachments[ATTACHMENTS_MAX];
	size_t n = e->args.attachment_count;

	for (size_t i = 0; i < n && i < ATTACHMENTS_MAX; i++)
		attachments[i] = from_sio(e->args.attachments[i]);
	struct dispatch_packet packet = { .socket = sio_socket_handle(s),
		.ack = e->ack.wanted ? e->ack.id + 1 : 0,
		.name = from_sio(e->name),
		.args = from_sio(e->args.json),
		.attachments = attachments,
		.attachment_count = n };
	dispatch_event(c->wire->dispatch, &packet);
}

static void on_disconnected(void *context, struct sio_socket *s, enum sio_reason reason)
{
	struct wire_channel *c = context;
	bool said_so = reason == SIO_CLIENT_NAMESPACE_DISCONNECT ||
	               reason == SIO_SERVER_NAMESPACE_DISCONNECT;
	enum dispatch_parting parting = said_so                        ? PARTING_FOR_GOOD
	                                : sio_socket_is_recoverable(s) ? PARTING_RETURNS
	                                                               : PARTING_LOST;

	if (!dispatch_gone(c->wire->dispatch, sio_socket_handle(s), parting))
		sio_socket_set_user(s, NULL);
}

static void on_expired(void *context, void *user)
{
	struct wire_channel *c = context;

	dispatch_expired(c->wire->dispatch, user);
}

static const struct sio_namespace_handler handler = {
	.connect = on_connect,
	.event = on_event,
	.disconnected = on_disconnected,
	.expired = on_expired,
};

enum err wire_sio_open(struct wire_sio *w)
{
	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct wire_channel *c = &w->channels[ns];
		*c = (struct wire_channel){ .wire = w, .ns = (enum ns)ns };
		if (sio_server_of(w->server, schema_namespace(c->ns), &handler, c, &c->room_space))
			return ERR_NOMEM;
	}
	return ERR_OK;
}
