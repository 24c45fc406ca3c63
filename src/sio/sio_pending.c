/* SPDX-License-Identifier: MIT
 *
 * sio_pending - acknowledgements that the server awaits.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "sio/sio_inside.h"

static struct sio_pending *find(struct sio_socket *s, uint64_t id)
{
	struct sio_pending_key key = { s->handle, id };
	struct sio_pending *p;

	HASH_FIND(hh, s->namespace->core->pending, &key, sizeof key, p);
	return p;
}

/* Out of all lists; the caller frees it. */
static void take_out(struct sio_pending *p)
{
	struct sio_core *core = p->socket->namespace->core;

	timer_stop(engine_timers(core->engine), &p->timer);
	HASH_DEL(core->pending, p);
	*p->link = p->next;
	if (p->next)
		p->next->link = p->link;
	p->socket->ack_count--;
}

static void conclude(struct sio_pending *p, enum sio_result result, const struct sio_args *answer)
{
	take_out(p);
	struct sio_pending copy = *p;
	free(p);
	copy.fn(copy.context, copy.socket, result, answer);
}

static void timed_out(void *context)
{
	conclude(context, SIO_TIMEOUT, NULL);
}

enum sio_result sio_pending_add(struct sio_socket *s, const struct sio_emit *e, uint64_t id)
{
	struct sio_core *core = s->namespace->core;

	if (s->ack_count >= ACKS_PENDING_MAX) {
		sio_excess_count(core, SIO_LIMIT_ACKS);
		return SIO_TOO_LARGE;
	}
	struct sio_pending *p = calloc(1, sizeof *p);
	if (!p)
		return SIO_NO_MEMORY;
	p->key = (struct sio_pending_key){ s->handle, id };
	HASH_ADD(hh, core->pending, key, sizeof p->key, p);
	if (!p->hh.tbl) {
		free(p);
		return SIO_NO_MEMORY;
	}
	p->socket = s;
	p->fn = e->on_ack;
	p->context = e->ack_context;
	p->timer = (struct timer){ .fn = timed_out, .context = p };
	p->next = s->acks;
	p->link = &s->acks;
	if (p->next)
		p->next->link = &p->next;
	s->acks = p;
	s->ack_count++;
	if (e->ack_timeout > 0)
		timer_start(engine_timers(core->engine), &p->timer,
			engine_now_ms(core->engine) + e->ack_timeout);
	return SIO_OK;
}

void sio_pending_answer(struct sio_socket *s, uint64_t id, const struct sio_args *answer)
{
	struct sio_pending *p = find(s, id);

	if (p)
		conclude(p, SIO_OK, answer);
}

void sio_pending_drop(struct sio_socket *s, uint64_t id)
{
	struct sio_pending *p = find(s, id);

	if (!p)
		return;
	take_out(p);
	free(p);
}

void sio_pending_end(struct sio_socket *s)
{
	while (s->acks)
		conclude(s->acks, SIO_GONE, NULL);
}
