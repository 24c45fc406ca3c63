/* SPDX-License-Identifier: MIT
 *
 * link_pending - acknowledgements that the client awaits, in the order of asking: answers mostly come in it too.
 *
 * Layer: client.  Threads: its loop's.
 */
#include <stdlib.h>

#include "client/link/link_inside.h"

static void take_out(struct link_pending *p)
{
	struct link *k = p->link;

	loop_timer_stop(k->loop, &p->timer);
	if (p->prev)
		p->prev->next = p->next;
	else
		k->pending = p->next;
	if (p->next)
		p->next->prev = p->prev;
	else
		k->pending_last = p->prev;
	k->pending_count--;
}

/* Tells and forgets; the callback may add and lose others. */
static void conclude(struct link_pending *p, const struct link_answer *a)
{
	void (*ack)(void *context, const struct link_answer *a) = p->ack;
	void *context = p->context;

	take_out(p);
	free(p);
	ack(context, a);
}

static void timed_out(void *context)
{
	conclude(context, &(struct link_answer){ .outcome = LINK_TIMED_OUT });
}

static struct link_pending *find(const struct link *k, uint64_t id)
{
	struct link_pending *p = k->pending;

	while (p && p->id != id)
		p = p->next;
	return p;
}

enum err link_pending_add(
	struct link *k, const struct link_space *s, const struct link_message *m, uint64_t id)
{
	if (k->pending_count >= ACKS_PENDING_MAX)
		return ERR_RATE_LIMITED;
	struct link_pending *p = calloc(1, sizeof *p);
	if (!p)
		return ERR_NOMEM;
	*p = (struct link_pending){ .prev = k->pending_last,
		.link = k,
		.space = s,
		.id = id,
		.ack = m->ack,
		.context = m->context,
		.timer = { .fn = timed_out, .context = p } };
	if (k->pending_last)
		k->pending_last->next = p;
	else
		k->pending = p;
	k->pending_last = p;
	k->pending_count++;
	if (m->timeout_ms > 0)
		loop_timer_start(k->loop, &p->timer, m->timeout_ms);
	return ERR_OK;
}

void link_pending_drop(struct link *k, uint64_t id)
{
	struct link_pending *p = find(k, id);

	if (!p)
		return;
	take_out(p);
	free(p);
}

void link_pending_answer(
	struct link *k, const struct link_space *s, uint64_t id, const struct link_answer *a)
{
	struct link_pending *p = find(k, id);

	if (p && p->space == s)
		conclude(p, a);
}

void link_pending_lost(struct link *k, const struct link_space *s)
{
	uint64_t until = k->next_id; /* what a callback asks for anew is not lost */
	struct link_pending *p = k->pending;

	while (p && p->id < until) {
		if (s && p->space != s) {
			p = p->next;
			continue;
		}
		conclude(p, &(struct link_answer){ .outcome = LINK_LOST });
		p = k->pending; /* the list may be another one by now */
	}
}
