/* SPDX-License-Identifier: MIT
 *
 * conformance_hooks - a program that gives ids, is told of refused requests, does to its sockets what they ask for, and
 * says in /watch why each has gone.
 *
 * Layer: tests.  Threads: one.
 */
#include "conformance.h"

#include <stdio.h>

enum { KEPT_MAX = 8192, LONG = 2000 };

/* What was refused, a line each. */
static struct sio_str errors(const char *line, size_t n)
{
	static char kept[KEPT_MAX];
	static size_t used;

	if (line && n < sizeof kept - used) {
		memcpy(kept + used, line, n);
		used += n;
	}
	return (struct sio_str){ kept, used };
}

static void on_connection_error(
	void *context, struct sio_request *r, const struct sio_connection_error *e)
{
	struct sio_handshake h = sio_request_handshake(r);
	struct sio_str method = sio_request_method(r), who = sio_request_header(r, "X-Who");
	char line[512];

	(void)context;
	int n = snprintf(line, sizeof line, "%d %d %s|%s|%.*s|%.*s %.*s?%.*s %.*s\n", e->code,
		e->status, e->context, e->limit ? sio_limit_text(e->limit) : "", (int)e->message.n,
		e->message.p, (int)method.n, method.p, (int)h.path.n, h.path.p, (int)h.query.n,
		h.query.p, (int)who.n, who.p);
	(void)errors(line, n > 0 && (size_t)n < sizeof line ? (size_t)n : 0);
}

static void on_other(void *context, struct sio_request *r)
{
	bool known = conformance_is(sio_request_handshake(r).path, "/errors");

	(void)context;
	sio_request_answer(
		r, known ? 200 : 404, "text/plain", known ? errors(NULL, 0) : TEXT("nothing"));
}

static void on_allow(void *context, struct sio_request *r)
{
	struct sio_str query = sio_request_handshake(r).query;

	(void)context;
	if (memmem(query.p, query.n, "deny", 4))
		sio_request_refuse(r, TEXT("Not you"));
	else
		sio_request_allow(r);
}

/* The one that the query asks for; none: false. A real program draws it at random. */
static bool on_generate_id(void *context, struct sio_request *r, char *id)
{
	struct sio_str query = sio_request_handshake(r).query;
	const char *at = memmem(query.p, query.n, "id=", 3);

	(void)context;
	if (!at || query.n - (size_t)(at - query.p) < 3 + SIO_ID_BYTES)
		return false;
	memcpy(id, at + 3, SIO_ID_BYTES);
	return true;
}

static void send_long(struct sio_socket *s, bool uncompressed, bool to_all)
{
	char json[LONG];
	struct sio_emit e = { .event = TEXT("long"),
		.args = { .json = { json, sizeof json } },
		.uncompressed = uncompressed };

	memset(json, 'a', sizeof json);
	json[0] = json[sizeof json - 1] = '"';
	if (to_all)
		(void)sio_namespace_emit(sio_socket_namespace(s), &e, NULL);
	else
		(void)sio_socket_emit(s, &e);
}

static void on_event(void *context, struct sio_socket *s, const struct sio_event *event)
{
	struct sio_emit e = { .event = event->name, .args = event->args };

	(void)context;
	if (conformance_is(event->name, "disconnect me"))
		sio_socket_disconnect(s);
	else if (conformance_is(event->name, "disconnect all of me"))
		sio_socket_disconnect_all(s);
	else if (conformance_is(event->name, "long"))
		send_long(s, false, false);
	else if (conformance_is(event->name, "long, as it is"))
		send_long(s, true, false);
	else if (conformance_is(event->name, "long, as it is, to all"))
		send_long(s, true, true);
	e.is_volatile = conformance_is(event->name, "volatile");
	if (e.is_volatile || conformance_is(event->name, "echo"))
		(void)sio_socket_emit(s, &e);
}

/* context: the namespace of those who watch. */
static void on_disconnected(void *context, struct sio_socket *s, enum sio_reason reason)
{
	char json[64];
	int n = snprintf(json, sizeof json, "\"%s\"", sio_reason_text(reason));
	struct sio_emit e = { .event = TEXT("gone"), .args = { .json = { json, (size_t)n } } };

	(void)s;
	(void)sio_namespace_emit(context, &e, NULL);
}

void conformance_watched_options(struct sio_options *o)
{
	o->cors_origin_count = 0;
}

void conformance_hooks_options(struct sio_options *o)
{
	static const struct sio_request_handler handler = { .allow = on_allow,
		.generate_id = on_generate_id,
		.connection_error = on_connection_error,
		.other = on_other };

	o->add_trailing_slash = false;
	o->cors_origin_count = 0;
	o->per_message_deflate = true;
	o->max_handshakes_per_second = 20;
	o->max_http_buffer_size = 1000;
	o->request_handler = &handler;
}

enum sio_result conformance_hooks(struct sio_server *s)
{
	static const struct sio_namespace_handler handler = { .event = on_event,
		.disconnected = on_disconnected };
	static const struct sio_namespace_handler quiet = { .event = NULL };
	struct sio_namespace *watch = NULL;
	enum sio_result r = sio_server_of(s, "/watch", &quiet, NULL, &watch);

	if (!r)
		r = sio_server_of(s, "/", &handler, watch, NULL);
	return r ? r : sio_server_of(s, "/custom", &handler, watch, NULL);
}
