/* SPDX-License-Identifier: MIT
 *
 * connector - see connector.h.
 *
 * Layer: net.  Threads: its loop's.
 */
#include "net/connector.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/loop_inside.h"

enum { HOST_MAX = 255, ATTEMPT_MS = 5000 };

/*
 * The memory goes when neither the look-up nor an attempt's handle is left: libuv calls back for both later
 * than one would like.
 */
struct connector {
	uv_getaddrinfo_t lookup;
	struct loop *loop;
	void (*done)(void *context, struct conn *c, const char *why);
	void *context;
	struct addrinfo *addresses, *next; /* all; the one to be tried next */
	struct attempt *attempt;           /* NULL when none is under way */
	struct timer patience;
	int last_errno;
	bool looking, over;
};

/* One address; outlives the connector until libuv has let go of it. */
struct attempt {
	uv_poll_t poll;
	struct connector *owner;
	int fd;
};

static void free_when_idle(struct connector *c)
{
	if (c->looking || !c->over)
		return;
	uv_freeaddrinfo(c->addresses);
	free(c);
}

static void attempt_closed(uv_handle_t *handle)
{
	free(handle->data);
}

/* Ends the attempt; its descriptor is the caller's then. */
static int attempt_end(struct connector *c)
{
	struct attempt *a = c->attempt;

	c->attempt = NULL;
	loop_timer_stop(c->loop, &c->patience);
	uv_close((uv_handle_t *)&a->poll, attempt_closed);
	return a->fd;
}

static void finish(struct connector *c, struct conn *conn, const char *why)
{
	c->over = true;
	c->done(c->context, conn, why);
	free_when_idle(c);
}

static const char *sentence(int number)
{
	switch (number) {
	case ECONNREFUSED:
		return "Nothing listens at the server's address and port.";
	case ETIMEDOUT:
		return "The server's address does not answer.";
	case EHOSTUNREACH:
	case ENETUNREACH:
		return "There is no way to the server's address in the network.";
	default:
		return "The server's address cannot be connected to.";
	}
}

static struct conn_address address_of(const struct addrinfo *ai)
{
	struct conn_address a = { 0 };

	if (ai->ai_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)ai->ai_addr;
		memcpy(a.ip, &v6->sin6_addr, 16);
		a.port = ntohs(v6->sin6_port);
	} else {
		const struct sockaddr_in *v4 = (const void *)ai->ai_addr;
		a.ip[10] = a.ip[11] = 0xff;
		memcpy(a.ip + 12, &v4->sin_addr, 4);
		a.port = ntohs(v4->sin_port);
	}
	return a;
}

static void try_next(struct connector *c);

static void on_writable(uv_poll_t *handle, int status, int events)
{
	struct attempt *a = handle->data;
	struct connector *c = a->owner;
	struct addrinfo *ai = c->next;
	struct conn *conn;
	int number = 0;
	socklen_t n = sizeof number;

	(void)events;
	int fd = attempt_end(c);
	c->next = ai->ai_next;
	if (status < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &n))
		number = number ? number : ECONNREFUSED;
	if (number) {
		close(fd);
		c->last_errno = number;
		try_next(c);
		return;
	}
	struct conn_address peer = address_of(ai);
	if (conn_new(c->loop, fd, &peer, &conn))
		finish(c, NULL, "There is no memory for a connection.");
	else
		finish(c, conn, NULL);
}

static void out_of_patience(void *context)
{
	struct connector *c = context;

	close(attempt_end(c));
	c->next = c->next->ai_next;
	c->last_errno = ETIMEDOUT;
	try_next(c);
}

/* Begins with the address at c->next. 0, or errno. */
static int attempt_begin(struct connector *c)
{
	struct attempt *a = calloc(1, sizeof *a);

	if (!a)
		return ENOMEM;
	a->fd = socket(c->next->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (a->fd < 0) {
		free(a);
		return errno;
	}
	int number = connect(a->fd, c->next->ai_addr, c->next->ai_addrlen) ? errno : 0;
	if ((number && number != EINPROGRESS) || uv_poll_init(loop_uv(c->loop), &a->poll, a->fd)) {
		close(a->fd);
		free(a);
		return number ? number : ENOMEM;
	}
	a->owner = c;
	a->poll.data = a;
	c->attempt = a;
	uv_poll_start(&a->poll, UV_WRITABLE, on_writable);
	if (c->next->ai_next)
		loop_timer_start(c->loop, &c->patience, ATTEMPT_MS);
	return 0;
}

static void try_next(struct connector *c)
{
	while (c->next) {
		int number = attempt_begin(c);
		if (number == 0)
			return;
		c->last_errno = number;
		c->next = c->next->ai_next;
	}
	finish(c, NULL, sentence(c->last_errno));
}

static void on_lookup(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
	struct connector *c = request->data;

	c->looking = false;
	c->addresses = c->next = found;
	if (c->over)
		free_when_idle(c);
	else if (status)
		finish(c, NULL, "The server's name is not known to the name service.");
	else
		try_next(c);
}

enum err connector_new(struct loop *l, const struct connector_source *from, struct connector **out)
{
	char host[HOST_MAX + 1], port[6];
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC };

	if (from->host.n == 0 || from->host.n > HOST_MAX || memchr(from->host.p, 0, from->host.n))
		return ERR_BAD_REQUEST;
	memcpy(host, from->host.p, from->host.n);
	host[from->host.n] = '\0';
	snprintf(port, sizeof port, "%u", (unsigned)from->port);

	struct connector *c = calloc(1, sizeof *c);
	if (!c)
		return ERR_NOMEM;
	c->loop = l;
	c->done = from->done;
	c->context = from->context;
	c->patience.fn = out_of_patience;
	c->patience.context = c;
	c->lookup.data = c;
	if (uv_getaddrinfo(loop_uv(l), &c->lookup, on_lookup, host, port, &hints)) {
		free(c);
		return ERR_UNAVAILABLE;
	}
	c->looking = true;
	*out = c;
	return ERR_OK;
}

void connector_cancel(struct connector *c)
{
	c->over = true;
	if (c->attempt)
		close(attempt_end(c));
	if (c->looking)
		uv_cancel((uv_req_t *)&c->lookup); /* on_lookup is called in any case */
	free_when_idle(c);
}
