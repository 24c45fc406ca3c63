/* SPDX-License-Identifier: MIT
 *
 * link_held - events that came before the server's CONNECT: a server that recovers a session replays what was missed
 * first, and says that it has recovered then.
 *
 * Layer: client.  Threads: its loop's.
 */
#include <stdlib.h>

#include "client/link/link_inside.h"

/* A copy of the packet's texts in h's arena; args stays a part of payload. */
static bool copy(struct link_held *h, const struct sio_packet *p)
{
	size_t at = p->args.p ? (size_t)(p->args.p - p->payload.p) : 0;

	h->packet = *p;
	h->packet.namespace = arena_dup(&h->arena, p->namespace);
	h->packet.payload = arena_dup(&h->arena, p->payload);
	h->packet.name = arena_dup(&h->arena, p->name);
	if (!h->packet.namespace.p || !h->packet.payload.p || !h->packet.name.p)
		return false;
	h->packet.args = (struct str){ h->packet.payload.p + (p->args.n ? at : 0), p->args.n };
	return true;
}

static bool copy_attachments(struct link_held *h, const struct link_assembly *in)
{
	for (h->count = 0; h->count < in->count; h->count++) {
		h->attachments[h->count] = arena_dup(&h->arena, in->attachments[h->count]);
		if (!h->attachments[h->count].p)
			return false;
	}
	return true;
}

static size_t bytes_of(const struct link_held *h)
{
	size_t n = sizeof *h + h->packet.payload.n;

	for (size_t i = 0; i < h->count; i++)
		n += h->attachments[i].n;
	return n;
}

void link_held_free(struct link_held *h)
{
	if (!h)
		return;
	arena_done(&h->arena);
	free(h);
}

enum err link_held_add(struct link *k, const struct sio_packet *p)
{
	struct link_held *h = calloc(1, sizeof *h);

	if (!h)
		return ERR_NOMEM;
	if (!copy(h, p) || !copy_attachments(h, &k->in)) {
		link_held_free(h);
		return ERR_NOMEM;
	}
	if (k->held_bytes + bytes_of(h) > k->options.message_max) {
		link_held_free(h);
		return ERR_TOO_LARGE;
	}
	k->held_bytes += bytes_of(h);
	*k->held_end = h;
	k->held_end = &h->next;
	return ERR_OK;
}

struct link_held *link_held_take(struct link *k, struct str ns)
{
	struct link_held **at = &k->held;

	while (*at && !str_eq((*at)->packet.namespace, ns))
		at = &(*at)->next;
	struct link_held *h = *at;
	if (!h)
		return NULL;
	*at = h->next;
	if (!*at)
		k->held_end = at;
	k->held_bytes -= bytes_of(h);
	return h;
}

void link_held_clear(struct link *k)
{
	while (k->held) {
		struct link_held *next = k->held->next;
		link_held_free(k->held);
		k->held = next;
	}
	k->held_end = &k->held;
	k->held_bytes = 0;
}
