/* SPDX-License-Identifier: MIT
 *
 * binary - bytes both ways on libsio: `upload` with a name and bytes is acknowledged with how many there were, and
 * everybody else gets `uploaded` with the same; `zeros` with a number asks for so many.
 *
 *     binary [ADDRESS:PORT]
 *
 * Layer: examples.  Threads: one.
 */
#include <sio/sio.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT(literal) ((struct sio_str){ "" literal, sizeof(literal) - 1 })

static void on_upload(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct sio_emit uploaded = { .event = TEXT("uploaded"), .args = e->args };
	struct sio_target others = { .except_socket = sio_socket_handle(s) };
	char json[32];

	if (e->args.attachment_count != 1)
		return;
	int n = snprintf(json, sizeof json, "%zu", e->args.attachments[0].n);
	(void)sio_server_ack(context, &e->ack, &(struct sio_args){ .json = { json, (size_t)n } });
	(void)sio_namespace_emit(sio_socket_namespace(s), &uploaded, &others);
}

static void on_zeros(void *context, struct sio_socket *s, const struct sio_event *e)
{
	static const char zeros[4096];
	size_t n = e->args.json.n ? strtoul(e->args.json.p, NULL, 10) : 0;
	struct sio_str bytes = { zeros, n < sizeof zeros ? n : sizeof zeros };
	/* In the JSON a placeholder stands for the bytes. */
	struct sio_args args = { .json = TEXT("{\"_placeholder\":true,\"num\":0}"),
		.attachments = &bytes,
		.attachment_count = 1 };

	(void)s;
	(void)sio_server_ack(context, &e->ack, &args);
}

int main(int argc, char **argv)
{
	static const struct sio_namespace_handler handler = { .event = NULL };
	struct sio_options options;
	struct sio_server *server;
	struct sio_namespace *root;
	const char *address;

	sio_options_init(&options);
	if (sio_server_new(&options, &server) != SIO_OK)
		return 1;
	if (sio_server_of(server, "/", &handler, NULL, &root) == SIO_OK &&
		sio_namespace_on(root, "upload", on_upload, server) == SIO_OK &&
		sio_namespace_on(root, "zeros", on_zeros, server) == SIO_OK &&
		sio_server_listen(server, argc > 1 ? argv[1] : "127.0.0.1:4000", &address) ==
			SIO_OK) {
		printf("listening on %s\n", address);
		fflush(stdout);
		sio_server_run(server);
	}
	sio_server_free(server);
	return 1;
}
