/* SPDX-License-Identifier: MIT
 *
 * sio_server_after - calls that are made after a while.
 *
 * Layer: host.  Threads: the loop's.
 */
#include <stdlib.h>

#include "host/host_inside.h"

/* A call that was promised. */
struct host_after {
	struct timer timer;
	struct sio_server *server;
	void (*fn)(void *context);
	void *context;
	struct host_after *next, **link;
};

static void after_free(struct host_after *a)
{
	loop_timer_stop(a->server->loop, &a->timer);
	*a->link = a->next;
	if (a->next)
		a->next->link = a->link;
	free(a);
}

static void after_due(void *context)
{
	struct host_after a = *(const struct host_after *)context;

	after_free(context);
	a.fn(a.context);
}

enum sio_result sio_server_after(
	struct sio_server *s, int64_t delay, void (*fn)(void *context), void *context)
{
	struct host_after *a = calloc(1, sizeof *a);

	if (!a)
		return SIO_NO_MEMORY;
	*a = (struct host_after){ .timer = { .fn = after_due, .context = a },
		.server = s,
		.fn = fn,
		.context = context,
		.next = s->afters,
		.link = &s->afters };
	if (a->next)
		a->next->link = &a->next;
	s->afters = a;
	loop_timer_start(s->loop, &a->timer, delay);
	return SIO_OK;
}

void sio_server_after_done(struct sio_server *s)
{
	while (s->afters)
		after_free(s->afters);
}
