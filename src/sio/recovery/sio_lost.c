/* SPDX-License-Identifier: MIT
 *
 * sio_lost - what a program may still do with a socket that was lost and may come back: its rooms, and its end.
 *
 * Layer: sio.  Threads: the core's.
 */
#include "sio/sio_inside.h"

bool sio_lost_next_room(
	const struct sio_parked *p, size_t *at, struct lost_room *out, struct str *name)
{
	if (*at >= p->rooms.n)
		return false;
	memcpy(out, p->rooms.p + *at, sizeof *out);
	*name = (struct str){ p->rooms.p + *at + sizeof *out, out->name_n };
	*at += sizeof *out + out->name_n;
	return true;
}

static bool is_own(const struct sio_parked *p, struct str room)
{
	return str_eq((struct str){ p->id, SESSION_ID_BYTES }, room);
}

bool sio_lost_was_in(const struct sio_parked *p, struct str room, uint64_t seq)
{
	struct lost_room r;
	struct str name;
	size_t at = 0;

	while (sio_lost_next_room(p, &at, &r, &name)) {
		if (seq > r.since && seq <= r.until && str_eq(name, room))
			return true;
	}
	return is_own(p, room);
}

bool sio_lost_is_in(const struct sio_parked *p, struct str room)
{
	return sio_lost_was_in(p, room, UINT64_MAX);
}

static void put_room(struct sio_parked *p, struct str name, uint64_t since)
{
	struct lost_room r = { .since = since, .until = UINT64_MAX, .name_n = (uint16_t)name.n };
	char *at = buf_reserve(&p->rooms, sizeof r + name.n);

	if (!at)
		return;
	memcpy(at, &r, sizeof r);
	memcpy(at + sizeof r, name.p, name.n);
	buf_grow(&p->rooms, sizeof r + name.n);
}

bool sio_lost_note_rooms(struct sio_parked *p, const struct sio_socket *s)
{
	for (const struct sio_member *m = s->rooms; m; m = m->next)
		put_room(p, (struct str){ m->room->name, m->room->name_n }, 0);
	return !buf_failed(&p->rooms);
}

bool sio_lost_join(struct sio_parked *p, struct str room)
{
	struct sio_namespace *n = p->namespace;
	size_t before = p->rooms.n, bytes = sizeof(struct lost_room) + room.n;

	if (sio_lost_is_in(p, room))
		return true;
	if (!sio_kept_make_room(n, bytes))
		return false;
	put_room(p, room, n->seq);
	if (buf_failed(&p->rooms))
		return false;
	n->recovery_bytes += p->rooms.n - before;
	return true;
}

void sio_lost_leave(struct sio_parked *p, struct str room)
{
	struct lost_room r;
	struct str name;
	size_t at = 0;

	while (sio_lost_next_room(p, &at, &r, &name)) {
		if (r.until != UINT64_MAX || !str_eq(name, room))
			continue;
		r.until = p->namespace->seq;
		memcpy(p->rooms.p + at - sizeof r - r.name_n, &r, sizeof r);
	}
}

/* The lost one of that handle, also while it waits for the program's word; NULL. */
static struct sio_parked *find(const struct sio_core *core, uint64_t handle)
{
	struct sio_parked *p;
	struct sio_socket *s = sio_core_find(core, handle);

	if (s)
		return s->state == SIO_SOCKET_WAITING ? s->parked : NULL;
	HASH_FIND(hh, core->parked, &handle, sizeof handle, p);
	return p;
}

enum sio_result sio_core_lost_join(struct sio_core *core, uint64_t handle, struct sio_str room)
{
	struct sio_parked *p = find(core, handle);

	if (!p)
		return SIO_GONE;
	if (room.n > ROOM_NAME_MAX)
		return SIO_TOO_LARGE;
	if (sio_lost_join(p, sio_inside_str(room)))
		return SIO_OK;
	p->outrun = true; /* it would miss events without knowing it */
	sio_core_lost_end(core, handle);
	return SIO_NO_MEMORY;
}

void sio_core_lost_leave(struct sio_core *core, uint64_t handle, struct sio_str room)
{
	struct sio_parked *p = find(core, handle);

	if (p)
		sio_lost_leave(p, sio_inside_str(room));
}

void sio_core_lost_end(struct sio_core *core, uint64_t handle)
{
	struct sio_parked *p;

	HASH_FIND(hh, core->parked, &handle, sizeof handle, p);
	if (p)
		sio_recovery_give_up(p);
}
