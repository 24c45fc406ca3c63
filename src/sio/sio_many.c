/* SPDX-License-Identifier: MIT
 *
 * sio_many - what is done to all sockets of a target: found first, then acted on, so that each act may end others.
 *
 * Layer: sio.  Threads: the core's.
 */
#include "base/buf.h"
#include "sio/sio_inside.h"

static void gather(void *context, struct sio_socket *s)
{
	struct buf *handles = context;

	buf_append(handles, (struct str){ (const char *)&s->handle, sizeof s->handle });
}

enum sio_result sio_namespace_fetch_sockets(struct sio_namespace *n, const struct sio_target *to,
	void (*fn)(void *context, struct sio_socket *s), void *context)
{
	static const struct sio_target everybody = { .rooms = NULL };
	CLEANUP(buf_done) struct buf handles = { 0 };

	sio_namespace_visit(n, to ? to : &everybody, gather, &handles);
	if (buf_failed(&handles))
		return SIO_NO_MEMORY;
	for (size_t at = 0; at < handles.n; at += sizeof(uint64_t)) {
		uint64_t handle;
		memcpy(&handle, handles.p + at, sizeof handle);
		struct sio_socket *s = sio_core_find(n->core, handle);
		if (s && s->state == SIO_SOCKET_CONNECTED)
			fn(context, s);
	}
	return SIO_OK;
}

static bool is_among(const struct sio_parked *p, const struct sio_target *to)
{
	bool wanted = to->room_count == 0;

	for (size_t i = 0; i < to->room_count && !wanted; i++)
		wanted = sio_lost_is_in(p, sio_inside_str(to->rooms[i]));
	for (size_t i = 0; i < to->except_room_count && wanted; i++)
		wanted = !sio_lost_is_in(p, sio_inside_str(to->except_rooms[i]));
	return wanted && p->handle != to->except_socket;
}

/* The next of the namespace that was lost and is among them, from p on. */
static struct sio_parked *next_lost(
	struct sio_namespace *n, struct sio_parked *p, const struct sio_target *to)
{
	while (p && (p->namespace != n || (to && !is_among(p, to))))
		p = p->next;
	return p;
}

struct room_act {
	struct sio_str room;
	enum sio_result worst;
};

static void join_one(void *context, struct sio_socket *s)
{
	struct room_act *act = context;
	enum sio_result r = sio_socket_join(s, act->room);

	act->worst = r ? r : act->worst;
}

enum sio_result sio_namespace_sockets_join(
	struct sio_namespace *n, const struct sio_target *to, struct sio_str room)
{
	struct room_act act = { .room = room };
	enum sio_result r = sio_namespace_fetch_sockets(n, to, join_one, &act);

	return r ? r : act.worst;
}

static void leave_one(void *context, struct sio_socket *s)
{
	sio_socket_leave(s, ((struct room_act *)context)->room);
}

enum sio_result sio_namespace_sockets_leave(
	struct sio_namespace *n, const struct sio_target *to, struct sio_str room)
{
	struct room_act act = { .room = room };
	struct sio_parked *p = next_lost(n, n->core->parked_first, to);

	for (; p; p = next_lost(n, p->next, to))
		sio_lost_leave(p, sio_inside_str(room));
	return sio_namespace_fetch_sockets(n, to, leave_one, &act);
}

static void disconnect_one(void *context, struct sio_socket *s)
{
	const bool *close = context;

	if (*close)
		sio_socket_disconnect_all(s);
	else
		sio_socket_disconnect(s);
}

enum sio_result sio_namespace_disconnect_sockets(
	struct sio_namespace *n, const struct sio_target *to, bool close)
{
	struct sio_parked *p = next_lost(n, n->core->parked_first, to);

	while (p) {
		struct sio_parked *next = next_lost(n, p->next, to);
		sio_recovery_give_up(p);
		p = next;
	}
	return sio_namespace_fetch_sockets(n, to, disconnect_one, &close);
}
