/* SPDX-License-Identifier: MIT
 *
 * conformance - a small program on libsio's public headers alone, for suites and benchmarks that judge a server from outside:
 *
 *     conformance PROFILE ADDRESS:PORT [THREADS [CERTIFICATE KEY]]
 *
 * It prints one line when it listens. What the profiles are for stands in their table at the end; no limit on
 * addresses or rates is on.
 *
 * Layer: tests.  Threads: one.
 */
#include "conformance.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

/* ---- protocol: the public suite of Socket.IO 5 ---- */

/* `auth` with what the client gave, once it is in. */
static void protocol_connect(void *context, struct sio_socket *s, struct sio_str auth)
{
	struct sio_emit e = { .event = TEXT("auth"), .args = { .json = auth } };

	(void)context;
	if (sio_socket_accept(s, NULL) == SIO_OK)
		(void)sio_socket_emit(s, &e);
}

static void protocol_event(void *context, struct sio_socket *s, const struct sio_event *event)
{
	struct sio_emit e = { .args = event->args };

	if (conformance_is(event->name, "message")) {
		e.event = TEXT("message-back");
		(void)sio_socket_emit(s, &e);
	} else if (conformance_is(event->name, "message-with-ack")) {
		(void)sio_server_ack(context, &event->ack, &event->args);
	} else if (conformance_is(event->name, "broadcast")) {
		e.event = TEXT("broadcast-back");
		(void)sio_namespace_emit(sio_socket_namespace(s), &e, NULL);
	}
}

static enum sio_result protocol(struct sio_server *s)
{
	static const struct sio_namespace_handler root = { .connect = protocol_connect,
		.event = protocol_event };
	static const struct sio_namespace_handler custom = { .connect = protocol_connect };
	enum sio_result r = sio_server_of(s, "/", &root, s, NULL);

	return r ? r : sio_server_of(s, "/custom", &custom, s, NULL);
}

/* ---- bench ---- */

static void bench_event(void *context, struct sio_socket *s, const struct sio_event *event)
{
	struct sio_emit e = { .event = TEXT("broadcast"), .args = event->args };

	if (conformance_is(event->name, "echo"))
		(void)sio_server_ack(context, &event->ack, &event->args);
	else if (conformance_is(event->name, "broadcast"))
		(void)sio_namespace_emit(sio_socket_namespace(s), &e, NULL);
}

static enum sio_result bench(struct sio_server *s)
{
	static const struct sio_namespace_handler root = { .event = bench_event };

	return sio_server_of(s, "/", &root, s, NULL);
}

/* ---- engine-level echoes ---- */

static void echo(void *context, struct sio_connection *c, bool is_binary, struct sio_str bytes)
{
	(void)context;
	(void)sio_connection_send(c, is_binary, bytes);
}

static enum sio_result engine(struct sio_server *s)
{
	static const struct sio_engine_handler handler = { .message = echo };

	sio_server_set_engine_handler(s, &handler, NULL);
	return SIO_OK;
}

static void echo_websocket(
	void *context, struct sio_websocket *w, bool is_binary, struct sio_str bytes)
{
	(void)context;
	(void)sio_websocket_send(w, is_binary, bytes);
}

/* One path is nobody's, and one origin. */
static bool ask_websocket(void *context, struct sio_request *r)
{
	(void)context;
	if (!conformance_is(sio_request_handshake(r).path, "/nobody") &&
		!conformance_is(sio_request_header(r, "Origin"), "http://evil.example"))
		return true;
	sio_request_answer(r, 403, "text/plain", TEXT("not here"));
	return false;
}

static enum sio_result websocket(struct sio_server *s)
{
	static const struct sio_websocket_handler handler = { .request = ask_websocket,
		.message = echo_websocket };

	sio_server_set_websocket_handler(s, &handler, NULL);
	return SIO_OK;
}

/* ---- profiles ---- */

static void protocol_options(struct sio_options *o)
{
	o->ping_interval = 300;
	o->ping_timeout = 200;
	o->connect_timeout = 1000;
}

static void engine4_options(struct sio_options *o)
{
	protocol_options(o);
	o->path = "/engine.io/";
}

static void engine3_options(struct sio_options *o)
{
	engine4_options(o);
	o->allow_eio3 = true;
}

static void legacy_options(struct sio_options *o)
{
	o->allow_eio3 = true;
}

static void strict_options(struct sio_options *o)
{
	static const char *const friends[] = { "https://friend.example" };

	o->cors_origins = friends;
	o->cors_origin_count = 1;
	o->check_origin = true;
	o->cookie = "io";
}

static void limits_options(struct sio_options *o)
{
	o->max_handshakes_per_second = 5;
	o->max_packets_per_second = 20;
}

static void msgpack_options(struct sio_options *o)
{
	o->parser = SIO_PARSER_MSGPACK;
}

static void bench_options(struct sio_options *o)
{
	o->per_message_deflate = true;
}

static void websocket_options(struct sio_options *o)
{
	o->per_message_deflate = true;
	o->max_http_buffer_size = 32 << 20;
	o->send_queue_max = 256 << 20;
}

static const struct profile {
	const char *name;
	void (*options)(struct sio_options *o);
	enum sio_result (*start)(struct sio_server *s);
} profiles[] = {
	{ "protocol", protocol_options, protocol }, /* the public suite of Socket.IO 5 */
	{ "engine4", engine4_options, engine },     /* that of Engine.IO 4, */
	{ "engine3", engine3_options, engine },     /* of Engine.IO 3 */
	{ "client", conformance_client_options, conformance_client }, /* socket.io-client's own */
	{ "engine-client", conformance_engine_options,
		conformance_engine },                  /* engine.io-client's own */
	{ "websocket", websocket_options, websocket }, /* Autobahn's: an echo on any path */
	{ "legacy", legacy_options, protocol }, /* clients of any age: protocol, default timers */
	{ "strict", strict_options, protocol }, /* who may come is checked */
	{ "hooks", conformance_hooks_options, conformance_hooks },       /* ids, refusals, ends */
	{ "watched", conformance_watched_options, conformance_hooks },   /* why sockets go */
	{ "initial", conformance_initial_options, conformance_initial }, /* a first message */
	{ "limits", limits_options, protocol },   /* few handshakes, few packets a second */
	{ "msgpack", msgpack_options, protocol }, /* clients with socket.io-msgpack-parser */
	{ "bench", bench_options, bench },        /* script/bench */
};

/* files: a certificate and its key, or NULL. */
static enum sio_result listen_at(
	struct sio_server *s, const char *where, char **files, const char **address)
{
	if (!files)
		return sio_server_listen(s, where, address);
	enum sio_result r = sio_server_set_certificate(s, files[0], files[1]);
	return r ? r : sio_server_listen_tls(s, where, address);
}

/* arguments: as main's, from ADDRESS:PORT on. */
static enum sio_result serve(const struct profile *profile, char **arguments, int count)
{
	static const char *const any[] = { "*" };
	struct sio_options o;
	struct sio_server *s = NULL;
	const char *address = NULL;

	sio_options_init(&o);
	if (count > 1)
		o.threads = (unsigned)strtoul(arguments[1], NULL, 10);
	o.cors_origins = any;
	o.cors_origin_count = 1;
	profile->options(&o);
	enum sio_result r = sio_server_new(&o, &s);
	if (!r)
		r = profile->start(s);
	if (!r)
		r = listen_at(s, arguments[0], count > 3 ? arguments + 2 : NULL, &address);
	if (!r) {
		printf("listening on %s\n", address);
		fflush(stdout);
		sio_server_run(s);
	}
	sio_server_free(s);
	return r;
}

int main(int argc, char **argv)
{
	const struct profile *profile = NULL;
	struct rlimit files;

	if (argc == 5 && strcmp(argv[3], "--threads") == 0) {
		argv[3] = argv[4];
		argc--;
	}
	for (size_t i = 0;
		argc >= 3 && argc <= 6 && argc != 5 && i < sizeof profiles / sizeof *profiles;
		i++) {
		if (strcmp(argv[1], profiles[i].name) == 0)
			profile = &profiles[i];
	}
	if (!profile) {
		fprintf(stderr,
			"usage: conformance PROFILE ADDRESS:PORT [[--threads] THREADS [CERTIFICATE "
			"KEY]], PROFILE one of");
		for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++)
			fprintf(stderr, " %s", profiles[i].name);
		fprintf(stderr, "\n");
		return 64;
	}
	signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	enum sio_result r = serve(profile, argv + 2, argc - 2);
	if (r) {
		fprintf(stderr, "conformance: %s\n", sio_result_text(r));
		return 71;
	}
	return 0;
}
