/* SPDX-License-Identifier: MIT
 *
 * sio_room - who is in which room. A room has its members in an array, for broadcasts; one table a
 * namespace, by room and socket, answers whether a socket is in a room and finds the way out.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "sio/sio_inside.h"

enum { MEMBERS_FIRST = 4 };

struct sio_room *sio_room_find(const struct sio_namespace *n, struct str name)
{
	struct sio_room *r;

	HASH_FIND(hh, n->rooms, name.p, name.n, r);
	return r;
}

static void tell(struct sio_room *r, enum sio_room_event event, struct sio_socket *s)
{
	struct sio_namespace *n = r->namespace;

	if (n->handler->room)
		n->handler->room(n->context, event, (struct sio_str){ r->name, r->name_n }, s);
}

static struct sio_room *room_make(struct sio_namespace *n, struct str name)
{
	struct sio_room *r = sio_room_find(n, name);

	if (r)
		return r;
	r = calloc(1, sizeof *r + name.n + 1);
	if (!r)
		return NULL;
	r->namespace = n;
	r->name_n = name.n;
	if (name.n)
		memcpy(r->name, name.p, name.n);
	HASH_ADD_KEYPTR(hh, n->rooms, r->name, r->name_n, r);
	if (!r->hh.tbl) {
		free(r);
		return NULL;
	}
	if (n->adapter->room_created)
		n->adapter->room_created(n->adapter_context, n, name);
	return r;
}

static void room_drop_if_empty(struct sio_room *r)
{
	struct sio_namespace *n = r->namespace;

	if (r->n)
		return;
	if (n->adapter->room_deleted)
		n->adapter->room_deleted(n->adapter_context, n, (struct str){ r->name, r->name_n });
	HASH_DEL(n->rooms, r);
	free(r->members);
	free(r);
}

static struct sio_member *member_find(const struct sio_room *r, const struct sio_socket *s)
{
	struct sio_member_key key = { r, s };
	struct sio_member *m;

	HASH_FIND(hh, r->namespace->members, &key, sizeof key, m);
	return m;
}

static enum err member_add(struct sio_room *r, struct sio_socket *s)
{
	if (r->n == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : MEMBERS_FIRST;
		struct sio_member **p = realloc(r->members, cap * sizeof(struct sio_member *));
		if (!p)
			return ERR_NOMEM;
		r->members = p;
		r->cap = cap;
	}
	struct sio_member *m = calloc(1, sizeof *m);
	if (!m)
		return ERR_NOMEM;
	m->key = (struct sio_member_key){ r, s };
	HASH_ADD(hh, r->namespace->members, key, sizeof m->key, m);
	if (!m->hh.tbl) {
		free(m);
		return ERR_NOMEM;
	}
	m->room = r;
	m->socket = s;
	m->index = r->n;
	r->members[r->n++] = m;
	m->next = s->rooms;
	m->link = &s->rooms;
	if (m->next)
		m->next->link = &m->next;
	s->rooms = m;
	s->room_count++;
	return ERR_OK;
}

static void member_remove(struct sio_member *m)
{
	struct sio_room *r = m->room;
	struct sio_socket *s = m->socket;
	struct sio_member *last = r->members[--r->n];

	r->members[m->index] = last;
	last->index = m->index;
	s->room_count--;
	HASH_DEL(r->namespace->members, m);
	*m->link = m->next;
	if (m->next)
		m->next->link = m->link;
	free(m);
	tell(r, SIO_ROOM_LEFT, s);
	if (!r->n)
		tell(r, SIO_ROOM_DELETED, s);
	room_drop_if_empty(r);
}

enum sio_result sio_socket_join(struct sio_socket *s, struct sio_str room)
{
	if (s->state != SIO_SOCKET_CONNECTED)
		return SIO_GONE;
	if (s->room_count >= ROOMS_PER_SOCKET_MAX)
		sio_excess_count(s->namespace->core, SIO_LIMIT_ROOMS);
	if (room.n > ROOM_NAME_MAX || s->room_count >= ROOMS_PER_SOCKET_MAX)
		return SIO_TOO_LARGE;
	struct sio_room *r = room_make(s->namespace, sio_inside_str(room));
	if (!r)
		return SIO_NO_MEMORY;
	if (member_find(r, s))
		return SIO_OK;
	enum err e = member_add(r, s);
	if (e) {
		room_drop_if_empty(r);
		return sio_inside_result(e);
	}
	if (r->n == 1)
		tell(r, SIO_ROOM_CREATED, s);
	tell(r, SIO_ROOM_JOINED, s);
	return SIO_OK;
}

void sio_socket_leave(struct sio_socket *s, struct sio_str room)
{
	struct sio_room *r = sio_room_find(s->namespace, sio_inside_str(room));
	struct sio_member *m = r ? member_find(r, s) : NULL;

	if (m)
		member_remove(m);
}

bool sio_socket_is_in(const struct sio_socket *s, struct sio_str room)
{
	struct sio_room *r = sio_room_find(s->namespace, sio_inside_str(room));

	return r && member_find(r, s);
}

void sio_socket_each_room(
	const struct sio_socket *s, void (*fn)(void *context, struct sio_str room), void *context)
{
	if (s->state == SIO_SOCKET_CONNECTED)
		fn(context, sio_socket_id(s));
	for (const struct sio_member *m = s->rooms; m; m = m->next)
		fn(context, (struct sio_str){ m->room->name, m->room->name_n });
}

void sio_room_leave_all(struct sio_socket *s)
{
	while (s->rooms)
		member_remove(s->rooms);
}
