/* SPDX-License-Identifier: MIT
 *
 * floor - what the same bytes cost without any protocol: a libuv loop that counts bytes and writes.
 *
 *     floor each|together echo|broadcast
 *
 * As many bytes as a request has are a request: a frame goes back to its connection (echo), or to everybody
 * (broadcast); at once, or gathered to one write a connection at the end of the turn. The load generator sends what a
 * Socket.IO client would, and gets what a server would send, but for the handshakes.
 *
 * Layer: bench.  Threads: one.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "load_text.h"
#include "proc.h"

enum { READ_BYTES = 65536, GATHERED_MAX = 64, FRAME_MAX = 512 };

struct floor {
	uv_loop_t loop;
	uv_tcp_t listener;
	uv_prepare_t turn_end;
	bool together, echo;
	size_t request_bytes, frame_bytes;
	struct line *first;
	size_t asked; /* broadcasts of this turn */
	char read[READ_BYTES];
	char frames[GATHERED_MAX * FRAME_MAX]; /* the same frame, again and again */
};

struct line {
	uv_tcp_t tcp;
	struct floor *floor;
	struct line *next;
	size_t left; /* bytes of an incomplete request */
};

static void on_alloc(uv_handle_t *h, size_t wanted, uv_buf_t *buf)
{
	struct floor *f = ((struct line *)h->data)->floor;

	(void)wanted;
	*buf = uv_buf_init(f->read, READ_BYTES);
}

static void send_frames(struct line *l, size_t count)
{
	struct floor *f = l->floor;

	while (count) {
		size_t some = count < GATHERED_MAX ? count : GATHERED_MAX;
		uv_buf_t buf = uv_buf_init(f->frames, (unsigned)(some * f->frame_bytes));
		if (uv_try_write((uv_stream_t *)&l->tcp, &buf, 1) != (int)buf.len)
			proc_die("floor: a write was cut short");
		count -= some;
	}
}

static void broadcast(struct floor *f, size_t count)
{
	for (struct line *l = f->first; l; l = l->next)
		send_frames(l, count);
}

static void on_turn_end(uv_prepare_t *h)
{
	struct floor *f = h->data;

	if (f->asked)
		broadcast(f, f->asked);
	f->asked = 0;
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct line *l = stream->data;
	struct floor *f = l->floor;

	(void)buf;
	if (n < 0) {
		uv_stop(&f->loop);
		return;
	}
	l->left += (size_t)n;
	size_t count = l->left / f->request_bytes;
	l->left %= f->request_bytes;
	if (f->echo)
		send_frames(l, count);
	else if (f->together)
		f->asked += count;
	else
		while (count--)
			broadcast(f, 1);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct floor *f = listener->data;
	struct line *l = calloc(1, sizeof *l);

	if (status || !l)
		proc_die("floor: a connection");
	l->floor = f;
	l->next = f->first;
	f->first = l;
	l->tcp.data = l;
	uv_tcp_init(&f->loop, &l->tcp);
	l->tcp.data = l;
	if (uv_accept(listener, (uv_stream_t *)&l->tcp))
		proc_die("floor: accept");
	uv_tcp_nodelay(&l->tcp, 1);
	uv_read_start((uv_stream_t *)&l->tcp, on_alloc, on_read);
}

static void listen_somewhere(struct floor *f)
{
	struct sockaddr_in at;
	int n = sizeof at;

	uv_ip4_addr("127.0.0.1", 0, &at);
	uv_tcp_init(&f->loop, &f->listener);
	f->listener.data = f;
	if (uv_tcp_bind(&f->listener, (const struct sockaddr *)&at, 0) ||
		uv_listen((uv_stream_t *)&f->listener, 1024, on_connection) ||
		uv_tcp_getsockname(&f->listener, (struct sockaddr *)&at, &n))
		proc_die("floor: listen");
	printf("listening on 127.0.0.1:%u\n", (unsigned)ntohs(at.sin_port));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct floor *f = calloc(1, sizeof *f);

	if (!f || argc != 3)
		proc_die("usage: floor each|together echo|broadcast");
	signal(SIGPIPE, SIG_IGN);
	proc_raise_files();
	f->together = strcmp(argv[1], "together") == 0;
	f->echo = strcmp(argv[2], "echo") == 0;
	f->request_bytes = load_request(f->read, f->echo);
	f->frame_bytes = load_frame(f->frames, f->echo);
	for (size_t i = 1; i < GATHERED_MAX; i++)
		memcpy(f->frames + i * f->frame_bytes, f->frames, f->frame_bytes);
	uv_loop_init(&f->loop);
	uv_prepare_init(&f->loop, &f->turn_end);
	f->turn_end.data = f;
	uv_prepare_start(&f->turn_end, on_turn_end);
	listen_somewhere(f);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	return 0;
}
