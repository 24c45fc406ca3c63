/* SPDX-License-Identifier: MIT
 *
 * echo - a whole Socket.IO server on libsio: each event is acknowledged with what it carried.
 *
 *     echo [ADDRESS:PORT]
 *
 * Layer: examples.  Threads: one.
 */
#include <sio/sio.h>

static void on_event(void *context, struct sio_socket *s, const struct sio_event *e)
{
	(void)s;
	(void)sio_server_ack(context, &e->ack, &e->args);
}

int main(int argc, char **argv)
{
	static const struct sio_namespace_handler handler = { .event = on_event };
	struct sio_options options;
	struct sio_server *server;
	struct sio_namespace *root;

	sio_options_init(&options);
	if (sio_server_new(&options, &server) != SIO_OK)
		return 1;
	if (sio_server_of(server, "/", &handler, server, &root) == SIO_OK &&
		sio_server_listen(server, argc > 1 ? argv[1] : "127.0.0.1:4000", NULL) == SIO_OK)
		sio_server_run(server);
	sio_server_free(server);
	return 1;
}
