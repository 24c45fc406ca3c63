/* SPDX-License-Identifier: MIT
 *
 * listener - see listener.h.
 *
 * Layer: net.  Threads: its loop's.
 */
#include "net/listener.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/loop_inside.h"

enum { BACKLOG = 4096, ACCEPTS_PER_TURN = 256, OUT_OF_FDS_MS = 100 };

struct listener {
	uv_poll_t poll;
	struct loop *loop;
	void (*accepted)(void *context, int take_fd, const struct conn_address *peer);
	void *context;
	struct timer again; /* when the process ran out of descriptors */
	int fd;
	char address[LISTENER_ADDRESS_MAX];
};

static struct conn_address address_of(const struct sockaddr_storage *s)
{
	struct conn_address a = { 0 };

	if (s->ss_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)s;
		memcpy(a.ip, &v6->sin6_addr, 16);
		a.port = ntohs(v6->sin6_port);
	} else if (s->ss_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)s;
		a.ip[10] = a.ip[11] = 0xff;
		memcpy(a.ip + 12, &v4->sin_addr, 4);
		a.port = ntohs(v4->sin_port);
	}
	return a;
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
	struct listener *s = handle->data;

	(void)status;
	(void)events;
	for (int i = 0; i < ACCEPTS_PER_TURN && s->fd >= 0; i++) {
		struct sockaddr_storage from = { 0 };
		socklen_t n = sizeof from;
		int fd = accept4(s->fd, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM)) {
			uv_poll_stop(&s->poll);
			loop_timer_start(s->loop, &s->again, OUT_OF_FDS_MS);
			return;
		}
		if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (fd < 0)
			continue; /* this one is gone already */
		struct conn_address peer = address_of(&from);
		s->accepted(s->context, fd, &peer);
	}
}

static void listen_again(void *context)
{
	struct listener *s = context;

	uv_poll_start(&s->poll, UV_READABLE, on_poll);
}

static void write_address(struct listener *s)
{
	struct sockaddr_storage own = { 0 };
	socklen_t n = sizeof own;
	char host[CONN_ADDRESS_MAX];

	getsockname(s->fd, (struct sockaddr *)&own, &n);
	struct conn_address a = address_of(&own);
	conn_address_text(&a, host);
	snprintf(s->address, sizeof s->address, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host,
		(unsigned)a.port);
}

static enum err bind_first(const struct addrinfo *list, bool v6_only, int *out)
{
	enum err e = ERR_UNAVAILABLE;

	for (const struct addrinfo *i = list; i; i = i->ai_next) {
		int one = 1;
		int fd = socket(i->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
		if (v6_only && i->ai_family == AF_INET6)
			setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
		if (bind(fd, i->ai_addr, i->ai_addrlen) == 0) {
			*out = fd;
			return ERR_OK;
		}
		e = errno == EADDRINUSE ? ERR_CONFLICT
		    : errno == EACCES   ? ERR_FORBIDDEN
		                        : ERR_UNAVAILABLE;
		close(fd);
	}
	return e;
}

/* Splits at the last colon and takes the brackets off. */
static enum err split(struct str address, char host[256], char port[8])
{
	const char *colon = address.n ? memrchr(address.p, ':', address.n) : NULL;

	if (!colon)
		return ERR_BAD_REQUEST;
	struct str h = { address.p, (size_t)(colon - address.p) };
	struct str p = str_after(address, h.n + 1);
	if (h.n >= 2 && h.p[0] == '[' && h.p[h.n - 1] == ']')
		h = (struct str){ h.p + 1, h.n - 2 };
	if (h.n > 255 || p.n == 0 || p.n > 5)
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < p.n; i++) {
		if (p.p[i] < '0' || p.p[i] > '9')
			return ERR_BAD_REQUEST;
	}
	memcpy(host, h.p, h.n);
	host[h.n] = '\0';
	memcpy(port, p.p, p.n);
	port[p.n] = '\0';
	return ERR_OK;
}

static enum err open_socket(struct str address, bool v6_only, int *out)
{
	char host[256], port[8];
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *list = NULL;
	enum err e = split(address, host, port);

	if (e)
		return e;
	if (strtoul(port, NULL, 10) > 65535 ||
		getaddrinfo(host[0] ? host : NULL, port, &hints, &list))
		return ERR_BAD_REQUEST;
	e = bind_first(list, v6_only, out);
	freeaddrinfo(list);
	return e;
}

enum err listener_probe(struct str address)
{
	int fd;
	enum err e = open_socket(address, false, &fd);

	if (!e)
		close(fd);
	return e;
}

enum err listener_new(struct loop *l, const struct listener_options *options, struct listener **out)
{
	int fd = -1;
	enum err e = open_socket(options->address, options->v6_only, &fd);

	if (e)
		return e;
	if (listen(fd, BACKLOG) != 0) {
		e = errno == EADDRINUSE ? ERR_CONFLICT : ERR_UNAVAILABLE;
		close(fd);
		return e;
	}
	struct listener *s = calloc(1, sizeof *s);
	if (!s || uv_poll_init(loop_uv(l), &s->poll, fd)) {
		e = s ? ERR_UNAVAILABLE : ERR_NOMEM;
		close(fd);
		free(s);
		return e;
	}
	s->loop = l;
	s->accepted = options->accepted;
	s->context = options->context;
	s->fd = fd;
	s->poll.data = s;
	s->again = (struct timer){ .fn = listen_again, .context = s };
	write_address(s);
	uv_poll_start(&s->poll, UV_READABLE, on_poll);
	*out = s;
	return ERR_OK;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void listener_free(struct listener *s)
{
	if (!s)
		return;
	loop_timer_stop(s->loop, &s->again);
	uv_close((uv_handle_t *)&s->poll, on_closed);
	close(s->fd);
	s->fd = -1;
}

const char *listener_address(const struct listener *s)
{
	return s->address;
}
