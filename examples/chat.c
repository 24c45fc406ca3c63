/* SPDX-License-Identifier: MIT
 *
 * chat - a chat with rooms on libsio: `join` and `leave` name a room, `say` a room and a text; everybody
 * in the room gets `said` with the sender's id, the room and the text.
 *
 *     chat [ADDRESS:PORT]
 *
 * Layer: examples.  Threads: one.
 */
#include <sio/sio.h>
#include <stdio.h>
#include <string.h>

#define TEXT(literal) ((struct sio_str){ "" literal, sizeof(literal) - 1 })

/* The first argument as it stands, a JSON string: good enough for the name of a room. */
static struct sio_str room_of(const struct sio_event *e)
{
	struct sio_str json = e->args.json;
	const char *comma = json.n ? memchr(json.p, ',', json.n) : NULL;

	return (struct sio_str){ json.p, comma ? (size_t)(comma - json.p) : json.n };
}

static void on_join(void *context, struct sio_socket *s, const struct sio_event *e)
{
	(void)context;
	(void)sio_socket_join(s, room_of(e));
}

static void on_leave(void *context, struct sio_socket *s, const struct sio_event *e)
{
	(void)context;
	sio_socket_leave(s, room_of(e));
}

static void on_say(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct sio_str room = room_of(e), id = sio_socket_id(s);
	struct sio_target target = { .rooms = &room, .room_count = 1 };
	char json[1024];
	int n = snprintf(json, sizeof json, "\"%.*s\",%.*s", (int)id.n, id.p, (int)e->args.json.n,
		e->args.json.p);

	if (sio_socket_is_in(s, room) && n < (int)sizeof json) {
		struct sio_emit said = { .event = TEXT("said"), .args.json = { json, (size_t)n } };
		(void)sio_namespace_emit(context, &said, &target);
	}
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
		sio_namespace_on(root, "join", on_join, root) == SIO_OK &&
		sio_namespace_on(root, "leave", on_leave, root) == SIO_OK &&
		sio_namespace_on(root, "say", on_say, root) == SIO_OK &&
		sio_server_listen(server, argc > 1 ? argv[1] : "127.0.0.1:4000", &address) ==
			SIO_OK) {
		printf("listening on %s\n", address);
		fflush(stdout);
		sio_server_run(server);
	}
	sio_server_free(server);
	return 1;
}
