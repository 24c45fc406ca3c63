/* SPDX-License-Identifier: MIT
 *
 * host_late - WebSockets of revision 3 open a moment after their upgrade: their clients, and the public suite, begin to
 * listen for messages only then, and miss one that comes in the same segment.
 *
 * Layer: host.  Threads: the loop's.
 */
#include <stdlib.h>

#include "host/host_inside.h"

enum { LATE_MS = 3 };

struct host_late {
	struct timer timer;
	struct host_peer *peer;
	struct handshake *handshake;
	size_t id_n; /* 0: the engine draws it */
	char id[SESSION_ID_BYTES];
};

static void due(void *context)
{
	struct host_late *l = context;
	struct host_peer *p = l->peer;
	struct handshake *h = TAKE(l->handshake);
	char id[SESSION_ID_BYTES];
	struct str given = { id, l->id_n };

	memcpy(id, l->id, sizeof id);
	host_late_drop(p);
	if (engine_open_ws(p->thread->engine, h, given, p, &p->session))
		conn_close(p->conn);
}

enum err host_late_open(struct host_peer *p, struct handshake *take_handshake, struct str id)
{
	struct host_late *l = calloc(1, sizeof *l);

	if (!l) {
		handshake_free(take_handshake);
		return ERR_NOMEM;
	}
	l->peer = p;
	l->handshake = take_handshake;
	l->id_n = id.n;
	if (id.n)
		memcpy(l->id, id.p, sizeof l->id);
	l->timer = (struct timer){ .fn = due, .context = l };
	p->user = l;
	conn_flush(p->conn);
	loop_timer_start(p->thread->loop, &l->timer, LATE_MS);
	return ERR_OK;
}

void host_late_hurry(struct host_peer *p)
{
	struct host_late *l = p->user;

	if (!l || p->bare || p->session)
		return;
	loop_timer_stop(p->thread->loop, &l->timer);
	due(l);
}

void host_late_drop(struct host_peer *p)
{
	struct host_late *l = p->user;

	if (!l || p->bare)
		return;
	p->user = NULL;
	loop_timer_stop(p->thread->loop, &l->timer);
	handshake_free(l->handshake);
	free(l);
}
