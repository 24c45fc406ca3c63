/* SPDX-License-Identifier: MIT
 *
 * authenticated - a namespace that asks who comes: /admin lets in who connects with auth {"token":"TOKEN"}, the
 * program's first argument, and refuses others with a reason that the client can read.
 *
 *     authenticated TOKEN [ADDRESS:PORT]
 *
 * Layer: examples.  Threads: one.
 */
#include <sio/sio.h>
#include <stdio.h>
#include <string.h>

#define TEXT(literal) ((struct sio_str){ "" literal, sizeof(literal) - 1 })

/* A real program reads the JSON with a parser, and compares in constant time. */
static int is_welcome(struct sio_str auth, const char *token)
{
	char wanted[256];
	int n = snprintf(wanted, sizeof wanted, "{\"token\":\"%s\"}", token);

	return auth.n == (size_t)n && memcmp(auth.p, wanted, auth.n) == 0;
}

static void on_connect(void *context, struct sio_socket *s, struct sio_str auth)
{
	if (is_welcome(auth, context))
		(void)sio_socket_accept(s, NULL);
	else
		(void)sio_socket_refuse(
			s, TEXT("unauthorized"), TEXT("{\"hint\":\"wrong token\"}"));
}

static void on_connected(void *context, struct sio_socket *s)
{
	struct sio_emit welcome = { .event = TEXT("welcome") };

	(void)context;
	(void)sio_socket_emit(s, &welcome);
}

int main(int argc, char **argv)
{
	static const struct sio_namespace_handler admin = { .connect = on_connect,
		.connected = on_connected };
	struct sio_options options;
	struct sio_server *server;
	const char *address;

	sio_options_init(&options);
	if (argc < 2 || sio_server_new(&options, &server) != SIO_OK)
		return 1;
	if (sio_server_of(server, "/admin", &admin, argv[1], NULL) == SIO_OK &&
		sio_server_listen(server, argc > 2 ? argv[2] : "127.0.0.1:4000", &address) ==
			SIO_OK) {
		printf("listening on %s\n", address);
		fflush(stdout);
		sio_server_run(server);
	}
	sio_server_free(server);
	return 1;
}
