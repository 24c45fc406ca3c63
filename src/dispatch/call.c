/* SPDX-License-Identifier: MIT
 *
 * call - see call.h.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#include "dispatch/call.h"

#include <stdlib.h>

enum { CALLS_KEPT_MAX = 512 };

struct call *call_new(struct dispatch *d)
{
	struct call *c = d->kept;

	if (c) {
		d->kept = c->next;
		d->kept_count--;
	} else {
		c = calloc(1, sizeof *c);
		if (!c)
			return NULL;
	}
	c->d = d;
	c->job = (struct job){ .arena = &c->arena };
	c->ask =
		(struct ask){ .now_ms = clock_wall_ms(&d->hub.o.clock), .limits = d->hub.o.limits };
	c->ask.fresh = uuid_v7(c->ask.now_ms, &d->hub.o.rng);
	c->in = c->out = NULL;
	c->charge = (struct charge){ .bytes = 0 };
	c->number = 0;
	c->behind = 0;
	c->list_at = NULL;
	d->hub.stats.calls++;
	return c;
}

void call_free(struct call *c)
{
	struct dispatch *d = c->d;

	d->hub.stats.calls--;
	charge_give(&d->hub, &c->charge);
	arena_reset(&c->arena);
	if (d->kept_count >= CALLS_KEPT_MAX) {
		arena_done(&c->arena);
		free(c);
		return;
	}
	c->next = d->kept;
	d->kept = c;
	d->kept_count++;
}

void call_free_kept(struct dispatch *d)
{
	while (d->kept) {
		struct call *c = d->kept;
		d->kept = c->next;
		arena_done(&c->arena);
		free(c);
	}
}

void call_list_add(struct call **list, struct call *c)
{
	c->list_next = *list;
	c->list_at = list;
	if (*list)
		(*list)->list_at = &c->list_next;
	*list = c;
}

void call_list_remove(struct call *c)
{
	if (!c->list_at)
		return;
	*c->list_at = c->list_next;
	if (c->list_next)
		c->list_next->list_at = c->list_at;
	c->list_at = NULL;
}

struct call *call_unpark(struct seat *seat, uint64_t change)
{
	struct call *next, *ready = NULL;

	for (struct call *c = seat->parked; c; c = next) { /* the newest first */
		next = c->list_next;
		if (c->number < change || --c->behind > 0)
			continue;
		call_list_remove(c);
		c->next = ready;
		ready = c;
	}
	return ready;
}

void call_drop_reads(struct seat *seat)
{
	while (seat->parked) {
		struct call *c = seat->parked;
		call_list_remove(c);
		call_free(c);
	}
	while (seat->reads) {
		struct call *c = seat->reads;
		call_list_remove(c);
		atomic_store_explicit(&c->job.abandoned, true, memory_order_relaxed);
	}
}
