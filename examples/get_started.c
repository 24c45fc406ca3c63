/* SPDX-License-Identifier: MIT
 *
 * get_started - the chat of Socket.IO's own "get started" page: a page with a form, and every
 * `chat message` goes to everybody. Open http://127.0.0.1:4000/ in two windows.
 *
 *     get_started [ADDRESS:PORT]
 *
 * Layer: examples.  Threads: one.
 */
#include <sio/sio.h>
#include <stdio.h>

static const char page[] =
	"<!doctype html><meta charset=utf-8><title>Chat</title>"
	"<ul id=messages></ul><form id=form><input id=input "
	"autocomplete=off><button>Send</button></form>"
	"<script src=https://cdn.socket.io/4.8.1/socket.io.min.js></script><script>"
	"const socket = io(), field = document.getElementById('input');"
	"document.getElementById('form').onsubmit = (e) => { e.preventDefault();"
	" if (field.value) socket.emit('chat message', field.value); field.value = ''; };"
	"socket.on('chat message', (text) => { const item = document.createElement('li');"
	" item.textContent = text; document.getElementById('messages').append(item); });"
	"</script>";

static void on_other(void *context, struct sio_request *r)
{
	(void)context;
	sio_request_answer(
		r, 200, "text/html; charset=utf-8", (struct sio_str){ page, sizeof page - 1 });
}

static void on_message(void *context, struct sio_socket *s, const struct sio_event *e)
{
	struct sio_emit message = { .event = e->name, .args = e->args };

	(void)s;
	(void)sio_namespace_emit(context, &message, NULL);
}

int main(int argc, char **argv)
{
	static const struct sio_request_handler requests = { .other = on_other };
	static const struct sio_namespace_handler handler = { .event = NULL };
	struct sio_options options;
	struct sio_server *server;
	struct sio_namespace *root;
	const char *address;

	sio_options_init(&options);
	options.request_handler = &requests;
	if (sio_server_new(&options, &server) != SIO_OK)
		return 1;
	if (sio_server_of(server, "/", &handler, NULL, &root) == SIO_OK &&
		sio_namespace_on(root, "chat message", on_message, root) == SIO_OK &&
		sio_server_listen(server, argc > 1 ? argv[1] : "127.0.0.1:4000", &address) ==
			SIO_OK) {
		printf("listening on %s\n", address);
		fflush(stdout);
		sio_server_run(server);
	}
	sio_server_free(server);
	return 1;
}
