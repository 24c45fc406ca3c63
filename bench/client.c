/* SPDX-License-Identifier: MIT
 *
 * client - see client.h.
 *
 * Layer: bench.  Threads: one.
 */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "proc.h"

enum { EVENTS = 1024 };

#define OFFER "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"

void client_init(struct clients *all, size_t count)
{
	all->v = calloc(count, sizeof *all->v);
	all->count = count;
	all->epoll = epoll_create1(0);
	if (!all->v || all->epoll < 0)
		proc_die("clients");
}

/* Masked, as a client's frames must be; the mask is zero, so that the text goes as it is. */
void client_put(struct client *c, const char *text, size_t n)
{
	unsigned char head[8] = { 0x81, (unsigned char)(0x80 | (n < 126 ? n : 126)) };
	size_t head_n = n < 126 ? 6 : 8;

	if (n >= 126) {
		head[2] = (unsigned char)(n >> 8);
		head[3] = (unsigned char)n;
	}
	if (c->out_n + head_n + n > c->out_max) {
		c->out_max = 2 * (c->out_n + head_n + n);
		c->out = realloc(c->out, c->out_max);
		if (!c->out)
			proc_die("client");
	}
	memcpy(c->out + c->out_n, head, head_n);
	memcpy(c->out + c->out_n + head_n, text, n);
	c->out_n += head_n + n;
}

void client_flush(struct client *c)
{
	if (c->out_n == 0)
		return;
	if (send(c->fd, c->out, c->out_n, MSG_NOSIGNAL) != (ssize_t)c->out_n)
		proc_die("send"); /* small enough to fit, always */
	c->out_n = 0;
}

static void on_text(struct clients *all, struct client *c, const char *p, size_t n)
{
	if (all->way ==
		CLIENT_DEFLATE) { /* perhaps compressed: the first opens, the second joins, then come pings */
		if (++c->received == 1)
			client_put(c, all->connect, strlen(all->connect));
		else if (c->received == 2)
			all->ready++;
		else
			client_put(c, "3", 1); /* a ping */
	} else if (all->way == CLIENT_WEBSOCKET) {
		all->on_packet(all->context, c, p, n);
	} else if (n == 1 && p[0] == '2') {
		client_put(c, "3", 1);
	} else if (n > 1 && p[0] == '0') {
		client_put(c, all->connect, strlen(all->connect));
	} else if (n > 1 && p[0] == '4' && p[1] == '0') {
		all->ready++;
	} else if (n > 1 && p[0] == '4') {
		all->on_packet(all->context, c, p, n);
	}
}

/* Takes whole frames off the bytes; returns how many bytes they were. */
static size_t take_frames(struct clients *all, struct client *c, size_t n)
{
	size_t at = 0;

	while (n - at >= 2) {
		const unsigned char *b = (const unsigned char *)all->buffer + at;
		size_t head = (b[1] & 127) == 126 ? 4 : 2, length = b[1] & 127;
		if (n - at < head || length == 127)
			break;
		if (head == 4)
			length = (size_t)b[2] << 8 | b[3];
		if (n - at < head + length)
			break;
		if ((b[0] & 15) == 1)
			on_text(all, c, all->buffer + at + head, length);
		at += head + length;
	}
	return at;
}

static void on_readable(struct clients *all, struct client *c)
{
	if (c->left_n)
		memcpy(all->buffer, c->left, c->left_n);
	ssize_t n = recv(c->fd, all->buffer + c->left_n, CLIENT_READ_BYTES, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		proc_die("the server closed a connection");
	size_t have = c->left_n + (size_t)n, taken = take_frames(all, c, have);
	c->left_n = have - taken;
	if (c->left_n > CLIENT_FRAME_MAX)
		proc_die("a frame is too long");
	if (c->left_n && !c->left)
		c->left = malloc(CLIENT_FRAME_MAX);
	if (c->left_n)
		memcpy(c->left, all->buffer + taken, c->left_n);
	if (c != all->sends)
		client_flush(c);
}

void client_turn(struct clients *all, int wait_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(all->epoll, events, EVENTS, wait_ms);

	for (int i = 0; i < n; i++)
		on_readable(all, events[i].data.ptr);
	if (all->sends)
		client_flush(all->sends);
}

void client_run(struct clients *all, double seconds)
{
	double until = proc_now() + seconds;

	while (proc_now() < until)
		client_turn(all, 100);
}

int client_connect(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
		proc_die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

/* Asks for WebSocket as a browser does, and reads the answer's head and nothing behind it. */
static void upgrade(struct clients *all, int fd)
{
	char request[1024];
	static const char head[] =
		"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
		"Firefox/128.0\r\n"
		"Accept: */*\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, "
		"deflate\r\n"
		"Origin: http://127.0.0.1\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n";
	const char *offer = all->way == CLIENT_DEFLATE ? OFFER : "";
	size_t n = 0;
	int length = snprintf(request, sizeof request, "%s%s\r\n", head, offer);

	if (send(fd, request, (size_t)length, 0) < 0)
		proc_die("send");
	while (n < 4 || memcmp(all->buffer + n - 4, "\r\n\r\n", 4) != 0) {
		if (recv(fd, all->buffer + n++, 1, 0) != 1 || n == CLIENT_READ_BYTES)
			proc_die("upgrade");
	}
}

void client_open(struct clients *all, struct client *c, int port)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

	c->fd = client_connect(port);
	if (all->way != CLIENT_BARE)
		upgrade(all, c->fd);
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	epoll_ctl(all->epoll, EPOLL_CTL_ADD, c->fd, &e);
	if (all->way == CLIENT_BARE || all->way == CLIENT_WEBSOCKET)
		all->ready++;
	else
		for (size_t before = all->ready; all->ready == before;)
			client_turn(all, 1000);
}
