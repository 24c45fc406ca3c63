/* SPDX-License-Identifier: MIT
 *
 * deferred - see deferred.h.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#include "dispatch/deferred.h"

#include <stdlib.h>

#include "dispatch/state.h"

static bool copy(struct deferred *d, const struct dispatch_packet *p)
{
	struct str *attachments = arena_array(&d->arena, p->attachment_count, sizeof *attachments);
	bool whole = attachments != NULL;

	d->packet = *p;
	d->packet.name = arena_dup(&d->arena, p->name);
	d->packet.args = arena_dup(&d->arena, p->args);
	for (size_t i = 0; whole && i < p->attachment_count; i++) {
		attachments[i] = arena_dup(&d->arena, p->attachments[i]);
		whole = attachments[i].p != NULL;
	}
	d->packet.attachments = attachments;
	return whole && d->packet.name.p && d->packet.args.p;
}

enum err deferred_add(struct seat *seat, const struct dispatch_packet *packet,
	struct charge *charge, const char **sentence)
{
	if (seat->deferred_count >= DEFERRED_EVENTS_MAX) {
		*sentence =
			"Too many requests wait for an earlier one of this socket; wait for its "
			"answer.";
		return ERR_RATE_LIMITED;
	}
	struct deferred *d = calloc(1, sizeof *d);
	if (!d)
		return ERR_NOMEM;
	if (!copy(d, packet)) {
		arena_done(&d->arena);
		free(d);
		return ERR_NOMEM;
	}
	d->charge = *charge;
	*charge = (struct charge){ .bytes = 0 };
	if (seat->last)
		seat->last->next = d;
	else
		seat->first = d;
	seat->last = d;
	seat->deferred_count++;
	return ERR_OK;
}

struct deferred *deferred_take(struct seat *seat)
{
	struct deferred *d = seat->first;

	if (!d)
		return NULL;
	seat->first = d->next;
	if (!d->next)
		seat->last = NULL;
	d->next = NULL;
	seat->deferred_count--;
	return d;
}

void deferred_free(struct hub *hub, struct deferred *d)
{
	charge_give(hub, &d->charge);
	arena_done(&d->arena);
	free(d);
}

void deferred_drop(struct hub *hub, struct seat *seat)
{
	struct deferred *d;

	while ((d = deferred_take(seat)) != NULL)
		deferred_free(hub, d);
}
