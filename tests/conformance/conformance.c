/* SPDX-License-Identifier: MIT
 *
 * conformance - a small program on sio.h alone, for suites and benchmarks that judge a server from outside:
 *
 *     conformance PROFILE ADDRESS:PORT
 *
 * Profiles: `protocol` is what the public Socket.IO 5 protocol suite asks for, `bench` an echo and a broadcast.
 *
 * Layer: tests.  Threads: one.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <sio/sio.h>

#define TEXT(literal) ((struct sio_str){ "" literal, sizeof(literal) - 1 })

static bool is(struct sio_str s, const char *z)
{
	return s.n == strlen(z) && memcmp(s.p, z, s.n) == 0;
}

static struct sio_server *server_of(void *context)
{
	return context;
}

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

	if (is(event->name, "message")) {
		e.event = TEXT("message-back");
		(void)sio_socket_emit(s, &e);
	} else if (is(event->name, "message-with-ack")) {
		(void)sio_server_ack(server_of(context), &event->ack, &event->args);
	} else if (is(event->name, "broadcast")) {
		e.event = TEXT("broadcast-back");
		(void)sio_namespace_emit(sio_socket_namespace(s), &e, NULL);
	}
}

static void bench_event(void *context, struct sio_socket *s, const struct sio_event *event)
{
	struct sio_emit e = { .event = TEXT("broadcast"), .args = event->args };

	if (is(event->name, "echo"))
		(void)sio_server_ack(server_of(context), &event->ack, &event->args);
	else if (is(event->name, "broadcast"))
		(void)sio_namespace_emit(sio_socket_namespace(s), &e, NULL);
}

static const struct sio_namespace_handler protocol_main = { .connect = protocol_connect,
	.event = protocol_event };
static const struct sio_namespace_handler protocol_custom = { .connect = protocol_connect };
static const struct sio_namespace_handler bench_main = { .event = bench_event };

static enum sio_result serve(const char *profile, const char *where)
{
	struct sio_options o;
	struct sio_server *s = NULL;
	const char *address = NULL;
	bool protocol = strcmp(profile, "protocol") == 0;
	static const char *const any[] = { "*" };

	sio_options_init(&o);
	o.cors_origins = any;
	o.cors_origin_count = 1;
	if (protocol) {
		o.ping_interval = 300;
		o.ping_timeout = 200;
		o.connect_timeout = 1000;
	}
	enum sio_result r = sio_server_new(&o, &s);
	if (!r)
		r = sio_server_of(s, "/", protocol ? &protocol_main : &bench_main, s, NULL);
	if (!r && protocol)
		r = sio_server_of(s, "/custom", &protocol_custom, s, NULL);
	if (!r)
		r = sio_server_listen(s, where, &address);
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
	struct rlimit files;

	if (argc != 3 || (strcmp(argv[1], "protocol") != 0 && strcmp(argv[1], "bench") != 0)) {
		fprintf(stderr, "usage: conformance protocol|bench ADDRESS:PORT\n");
		return 64;
	}
	signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	enum sio_result r = serve(argv[1], argv[2]);
	if (r) {
		fprintf(stderr, "conformance: %s\n", sio_result_text(r));
		return 71;
	}
	return 0;
}
