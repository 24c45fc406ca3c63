/* SPDX-License-Identifier: MIT
 *
 * host_move - connections change threads: from the listener to an I/O thread, and from where a request arrived to
 * where it is served. A connection goes as a whole, with its unanswered request and what came behind it, so that
 * nothing that serves a request knows of threads.
 *
 * Layer: host.  Threads: each side its own; in between nobody touches what travels.
 */
#include <unistd.h>

#include "eio/engine_query.h"
#include "host/host_inside.h"

/* The first character of a session's id says on which thread it lives. */
static const char marks[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char host_move_mark(const struct host_thread *t)
{
	return t->server->thread_count > 1 ? marks[t->index] : '\0';
}

struct host_thread *host_move_next(struct sio_server *s)
{
	if (s->thread_count == 1)
		return &s->threads[0];
	s->last_thread = s->last_thread % (s->thread_count - 1) + 1;
	return &s->threads[s->last_thread];
}

/* Where the session of that id would live, or NULL. */
static struct host_thread *home_of(struct sio_server *s, struct str sid)
{
	const char *mark =
		sid.n == SESSION_ID_BYTES ? memchr(marks, sid.p[0], sizeof marks - 1) : NULL;
	size_t index = mark ? (size_t)(mark - marks) : 0;

	return index > 0 && index < s->thread_count ? &s->threads[index] : NULL;
}

/* The thread of its session, or of the one that it opens. */
static struct host_thread *thread_of(const struct web_request *r)
{
	struct host_thread *here = r->http->peer->thread;
	struct host_thread *home =
		home_of(r->server, engine_query_plain(r->head.query, STR("sid")));

	if (home)
		return home;
	return here->index ? here : host_move_next(r->server);
}

struct host_thread *host_move_target(const struct web_request *r)
{
	struct sio_server *s = r->server;

	if (s->thread_count == 1 || !str_starts(r->head.path, s->path) ||
		s->options.request_handler) /* the program's, which is asked first */
		return &s->threads[0];
	return thread_of(r);
}

bool host_move_asked(struct web_request *r)
{
	struct str sid = engine_query_plain(r->head.query, STR("sid"));

	if (r->server->thread_count == 1 || !r->http || r->http->peer->thread->index)
		return false;
	struct host_thread *to = r->opening ? host_move_next(r->server) : home_of(r->server, sid);
	if (!to)
		return false;
	sio_request_put_headers(r, &r->fields);
	r->asked = true;
	r->http->move_to = to;
	if (!r->http->feeding)
		host_move_begin(r->http->peer);
	return true;
}

static void arrive(void *context)
{
	struct host_http *h = context;
	struct host_peer *p = h->peer;
	struct conn *c = NULL;

	h->move_to = NULL;
	bool lost = atomic_load(&p->server->ending);
	if (lost)
		close(h->fd);
	else
		lost = conn_new(p->thread->loop, h->fd, &h->from, &c);
	if (lost)
		host_peer_drop(p);
	else
		host_peer_go_on(p, c);
}

void host_move_send(
	struct host_peer *p, struct host_thread *to, int take_fd, const struct conn_address *from)
{
	struct host_http *h = p->http;

	h->fd = take_fd;
	h->from = *from;
	p->thread = to;
	h->move = (struct loop_task){ .fn = arrive, .context = h };
	loop_post_task(to->loop, &h->move); /* from here on it is theirs */
}

/* Nothing is under way to the peer any more. */
static void leave(struct host_peer *p)
{
	struct conn_address from = conn_peer(p->conn);

	loop_timer_stop(p->thread->loop, &p->http->timer);
	host_peer_unlink(p);
	p->http->tls = conn_take_tls(p->conn);
	int fd = conn_detach(p->conn);
	p->conn = NULL;
	host_move_send(p, p->http->move_to, fd, &from);
}

void host_move_begin(struct host_peer *p)
{
	struct conn *c = p->conn;

	conn_pause(c);
	conn_flush(c);
	if (conn_is_closing(c))
		return;
	if (conn_is_drained(c))
		leave(p);
	else
		p->http->move_waits = true;
}

void host_move_drained(struct host_peer *p)
{
	if (p->http && p->http->move_waits) {
		p->http->move_waits = false;
		leave(p);
	}
}
