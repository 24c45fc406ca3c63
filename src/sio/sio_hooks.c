/* SPDX-License-Identifier: MIT
 *
 * sio_hooks - where a namespace's events go: first through its middlewares, then to the function of their name.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "sio/sio_inside.h"

/* A middleware. */
struct sio_use {
	struct sio_use *next;
	sio_middleware_fn *fn;
	void *context;
};

/* The function of one event. */
struct sio_on {
	sio_event_fn *fn;
	void *context;
	UT_hash_handle hh; /* by name */
	size_t name_n;
	char name[];
};

enum sio_result sio_namespace_use(struct sio_namespace *n, sio_middleware_fn *fn, void *context)
{
	struct sio_use **at = &n->uses;
	struct sio_use *use = malloc(sizeof *use);

	if (!use)
		return SIO_NO_MEMORY;
	*use = (struct sio_use){ .fn = fn, .context = context };
	while (*at)
		at = &(*at)->next;
	*at = use;
	return SIO_OK;
}

enum sio_result sio_namespace_on(
	struct sio_namespace *n, const char *event, sio_event_fn *fn, void *context)
{
	struct str name = str_of(event);
	struct sio_on *on;

	if (name.n > EVENT_NAME_MAX)
		return SIO_TOO_LARGE;
	if (name.n == 0 || sio_packet_is_reserved(name))
		return SIO_INVALID;
	HASH_FIND(hh, n->ons, name.p, name.n, on);
	if (!on) {
		on = calloc(1, sizeof *on + name.n);
		if (!on)
			return SIO_NO_MEMORY;
		on->name_n = name.n;
		memcpy(on->name, name.p, name.n);
		HASH_ADD_KEYPTR(hh, n->ons, on->name, on->name_n, on);
		if (!on->hh.tbl) {
			free(on);
			return SIO_NO_MEMORY;
		}
	}
	on->fn = fn;
	on->context = context;
	return SIO_OK;
}

void sio_namespace_on_outgoing(struct sio_namespace *n, sio_outgoing_fn *fn, void *context)
{
	n->outgoing = fn;
	n->outgoing_context = context;
}

void sio_hooks_event(struct sio_socket *s, const struct sio_event *event)
{
	struct sio_namespace *n = s->namespace;
	struct sio_on *on = NULL;

	for (const struct sio_use *use = n->uses; use; use = use->next) {
		if (!use->fn(use->context, s, event) || s->state != SIO_SOCKET_CONNECTED)
			return;
	}
	if (n->ons)
		HASH_FIND(hh, n->ons, event->name.p, event->name.n, on);
	if (on)
		on->fn(on->context, s, event);
	else if (n->handler->event)
		n->handler->event(n->context, s, event);
}

void sio_hooks_done(struct sio_namespace *n)
{
	struct sio_on *on, *next;

	while (n->uses) {
		struct sio_use *use = n->uses;
		n->uses = use->next;
		free(use);
	}
	HASH_ITER(hh, n->ons, on, next)
	{
		HASH_DEL(n->ons, on);
		free(on);
	}
}
