/* SPDX-License-Identifier: MIT
 *
 * conn - see conn.h: a descriptor that libuv polls; reads, writes and sendfile are our own calls, so that
 * a turn's frames leave in one of them and a file never passes through our memory.
 *
 * Layer: net.  Threads: its loop's.
 */
#include "net/conn.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "net/conn_file.h"
#include "net/conn_queue.h"
#include "net/conn_tls.h"

enum {
	FILE_STEP_BYTES = 256 * 1024,
	SEALED_STEP_BYTES = 64 * 1024,
	FILE_PIECE_BYTES = 16384,
	FINISH_MS = 2000,        /* for the peer to end too */
	FINISH_WRITE_MS = 10000, /* for the peer to read on, while we want to end */
};

struct conn {
	uv_poll_t poll;
	struct loop *loop;
	const struct conn_handler *handler;
	void *context;
	struct conn_tls *tls; /* or NULL */
	struct conn *next_dirty;
	struct timer *finish; /* while we wait for the peer to end too */
	struct conn_queue queue;
	int fd;
	uint64_t sent;
	struct conn_address peer;
	uint8_t end;    /* enum conn_end */
	uint8_t events; /* what libuv polls for */
	bool dirty : 1, paused : 1, blocked : 1, closing : 1, finishing : 1, shut : 1, heavy : 1;
};

/* ---- what libuv polls for ---- */

static void on_poll(uv_poll_t *handle, int status, int events);

static void update_events(struct conn *c)
{
	int want = (c->paused ? 0 : UV_READABLE) | (c->blocked ? UV_WRITABLE : 0);

	if (c->closing || want == c->events)
		return;
	c->events = (uint8_t)want;
	if (want)
		uv_poll_start(&c->poll, want, on_poll);
	else
		uv_poll_stop(&c->poll);
}

static void on_closed(uv_handle_t *handle)
{
	struct conn *c = handle->data;

	conn_queue_drop(&c->queue, c->loop);
	conn_tls_free(c->tls);
	if (c->handler)
		c->handler->closed(c->context, c->end);
	free(c);
}

static void close_because(struct conn *c, enum conn_end end)
{
	if (c->closing)
		return;
	c->closing = true;
	if (c->finish)
		loop_timer_stop(c->loop, c->finish);
	free(c->finish);
	c->finish = NULL;
	c->end = c->finishing ? CONN_ENDED_BY_US : (uint8_t)end;
	uv_close((uv_handle_t *)&c->poll, on_closed);
	close(c->fd);
	c->fd = -1;
}

static void on_detached(uv_handle_t *handle)
{
	free(handle->data);
}

int conn_detach(struct conn *c)
{
	int fd = c->fd;

	assert(!c->closing && !c->finishing && conn_queue_is_empty(&c->queue));
	c->closing = true; /* for who is still inside a call of ours */
	c->fd = -1;
	uv_close((uv_handle_t *)&c->poll, on_detached);
	return fd;
}

void conn_close(struct conn *c)
{
	close_because(c, CONN_ENDED_BY_US);
}

void conn_reset(struct conn *c)
{
	static const struct linger none = { .l_onoff = 1 };

	if (!c->closing)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
	conn_close(c);
}

/* ---- writing ---- */

/* One step of the file range at the front. Returns false when enough was written for this turn. */
static bool write_range(struct conn *c, struct file_range *r)
{
	size_t step = r->left < FILE_STEP_BYTES ? (size_t)r->left : FILE_STEP_BYTES;
	ssize_t n = conn_file_send(r->file, c->fd, r->offset, step);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) { /* an error, or the file has become shorter */
		close_because(c, CONN_ENDED_BY_ERROR);
		return false;
	}
	c->sent += (uint64_t)n;
	r->offset += (uint64_t)n;
	r->left -= (uint64_t)n;
	if (r->left)
		return false;
	conn_queue_pop(&c->queue, c->loop);
	return true;
}

static ssize_t write_frames(struct conn *c)
{
	struct iovec iov[CONN_QUEUE_IOV];
	size_t count = conn_queue_gather(&c->queue, iov), total = 0;
	ssize_t n;

	for (size_t i = 0; i < count; i++)
		total += iov[i].iov_len;
	do {
		if (count == 1) {
			n = send(c->fd, iov[0].iov_base, iov[0].iov_len, MSG_NOSIGNAL);
		} else {
			struct msghdr m = { .msg_iov = iov, .msg_iovlen = count };
			n = sendmsg(c->fd, &m, MSG_NOSIGNAL);
		}
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN)
		close_because(c, CONN_ENDED_BY_ERROR);
	if (n <= 0)
		return -1;
	c->sent += (uint64_t)n;
	conn_queue_written(&c->queue, c->loop, (size_t)n);
	return (size_t)n == total ? 0 : -1;
}

/* Seals what is at the front of the queue, at most a record. */
static bool seal_some(struct conn *c)
{
	struct iovec iov[CONN_QUEUE_IOV];
	char piece[FILE_PIECE_BYTES];
	uintptr_t entry = conn_queue_first(&c->queue);

	if (!conn_queue_is_range(entry)) {
		size_t sealed = conn_tls_seal(c->tls, iov, conn_queue_gather(&c->queue, iov));
		conn_queue_written(&c->queue, c->loop, sealed);
		return sealed;
	}
	struct file_range *r = conn_queue_range(entry);
	size_t want = r->left < sizeof piece ? (size_t)r->left : sizeof piece;
	ssize_t n = conn_file_read(r->file, piece, r->offset, want);
	struct iovec one = { piece, n > 0 ? (size_t)n : 0 };
	if (n <= 0 || conn_tls_seal(c->tls, &one, 1) != one.iov_len)
		return false;
	r->offset += (uint64_t)n;
	r->left -= (uint64_t)n;
	if (r->left == 0)
		conn_queue_pop(&c->queue, c->loop);
	return true;
}

/* As write_range, for a connection with TLS. */
static bool write_sealed(struct conn *c)
{
	bool ok = true;

	while (ok && conn_tls_is_ready(c->tls) && !conn_queue_is_empty(&c->queue) &&
		conn_tls_waiting(c->tls) < SEALED_STEP_BYTES)
		ok = seal_some(c);
	size_t waiting = conn_tls_waiting(c->tls);
	int left = ok ? conn_tls_send(c->tls, c->fd) : -1;
	if (left < 0)
		close_because(c, CONN_ENDED_BY_ERROR);
	else
		c->sent += waiting - conn_tls_waiting(c->tls);
	if (left || conn_queue_is_empty(&c->queue))
		return left == 0;
	return !conn_queue_is_range(
		conn_queue_first(&c->queue)); /* of a file enough for this turn */
}

static bool write_some(struct conn *c)
{
	if (c->tls)
		return write_sealed(c);
	uintptr_t entry = conn_queue_first(&c->queue);
	return conn_queue_is_range(entry) ? write_range(c, conn_queue_range(entry))
	                                  : write_frames(c) == 0;
}

/* True when there is something that can be written now, if the socket takes it. */
static bool has_to_write(const struct conn *c)
{
	if (!c->tls)
		return !conn_queue_is_empty(&c->queue);
	return conn_tls_waiting(c->tls) ||
	       (conn_tls_is_ready(c->tls) && !conn_queue_is_empty(&c->queue));
}

static void finish_expired(void *context)
{
	close_because(context, CONN_ENDED_BY_US);
}

/* While ending: closes when the peer does nothing for so long. */
static void finish_within(struct conn *c, int64_t delay_ms)
{
	if (!c->finish)
		c->finish = calloc(1, sizeof *c->finish);
	if (!c->finish) {
		close_because(c, CONN_ENDED_BY_US);
		return;
	}
	c->finish->fn = finish_expired;
	c->finish->context = c;
	loop_timer_start(c->loop, c->finish, delay_ms);
}

/* Everything is written and the end was asked for: end our side, wait a little for the peer's. */
static void shut_down(struct conn *c)
{
	if (c->shut)
		return;
	c->shut = true;
	if (c->tls)
		conn_tls_end(c->tls, c->fd);
	if (shutdown(c->fd, SHUT_WR)) {
		close_because(c, CONN_ENDED_BY_US);
		return;
	}
	c->paused = false;
	update_events(c);
	finish_within(c, FINISH_MS);
}

void conn_flush(struct conn *c)
{
	bool more = !c->closing;

	while (more && has_to_write(c))
		more = write_some(c);
	if (c->closing)
		return;
	bool was_blocked = c->blocked;
	c->blocked = has_to_write(c);
	update_events(c);
	if (c->blocked) {
		if (c->finishing)
			finish_within(c, FINISH_WRITE_MS);
		return;
	}
	if (c->finishing)
		shut_down(c);
	else if (was_blocked && c->handler->drained)
		c->handler->drained(c->context);
}

struct conn **conn_next_dirty(struct conn *c)
{
	return &c->next_dirty;
}

void conn_flush_dirty(struct conn *c)
{
	c->dirty = false;
	if (!c->blocked || c->finishing)
		conn_flush(c);
}

static void flush_this_turn(struct conn *c)
{
	if (c->dirty)
		return;
	c->dirty = true;
	loop_add_dirty(c->loop, c);
}

/* Something was queued, or there was no memory to. */
static void queued(struct conn *c, bool ok)
{
	if (ok)
		flush_this_turn(c);
	else
		close_because(c, CONN_ENDED_BY_ERROR);
}

void conn_send(struct conn *c, struct frame *f)
{
	if (c->closing || c->finishing || f->n == 0)
		return;
	queued(c, conn_queue_frame(&c->queue, c->loop, f));
}

void conn_send_copy(struct conn *c, struct str s)
{
	struct frame *f;

	if (c->closing || c->finishing || s.n == 0)
		return;
	if (frame_of(loop_frames(c->loop), s, &f)) {
		close_because(c, CONN_ENDED_BY_ERROR);
		return;
	}
	conn_send(c, f);
	frame_unref(f);
}

void conn_send_file(struct conn *c, struct conn_file *f, uint64_t offset, uint64_t length)
{
	if (c->closing || c->finishing || length == 0)
		return;
	struct file_range *r = malloc(sizeof *r);
	if (!r) {
		close_because(c, CONN_ENDED_BY_ERROR);
		return;
	}
	*r = (struct file_range){ .file = conn_file_ref(f), .offset = offset, .left = length };
	queued(c, conn_queue_file(&c->queue, c->loop, r));
}

void conn_finish(struct conn *c)
{
	if (c->closing || c->finishing)
		return;
	c->finishing = true;
	flush_this_turn(c);
}

/* ---- reading ---- */

/* What came on a connection with TLS: its handler gets what that holds, in one piece. */
static void read_sealed(struct conn *c, struct str bytes)
{
	struct buf *plain = loop_plain_buffer(c->loop);
	bool clean = false;

	buf_clear(plain);
	bool goes_on = conn_tls_feed(c->tls, bytes, plain, &clean);
	if (has_to_write(c))
		flush_this_turn(c);
	if (plain->n)
		c->handler->bytes(c->context, plain->p, plain->n);
	if (goes_on || c->closing)
		return;
	(void)conn_tls_send(c->tls, c->fd); /* the alert that says why */
	close_because(c, clean ? CONN_ENDED_BY_PEER : CONN_ENDED_BY_ERROR);
}

/*
 * One read a turn. Those that fill it are heavy: of them a turn serves one, and less, so that who sends much delays the
 * others by no more than a little, however many they are.
 */
static void read_some(struct conn *c)
{
	if (c->heavy && !loop_serves_heavy(c->loop))
		return;
	size_t most = c->heavy ? LOOP_HEAVY_BYTES : LOOP_READ_BYTES;
	char *p = loop_read_buffer(c->loop);
	ssize_t n = recv(c->fd, p, most, 0);

	c->heavy = n > 0 && (size_t)n == most;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		close_because(c, n == 0 ? CONN_ENDED_BY_PEER : CONN_ENDED_BY_ERROR);
	else if (c->tls && !c->finishing)
		read_sealed(c, (struct str){ p, (size_t)n });
	else if (!c->finishing)
		c->handler->bytes(c->context, p, (size_t)n);
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
	struct conn *c = handle->data;

	if (status < 0) { /* an error on the descriptor: reading tells which */
		close_because(c, CONN_ENDED_BY_ERROR);
		return;
	}
	if (events & UV_WRITABLE)
		conn_flush(c);
	if (events & UV_READABLE && !c->closing && !c->paused)
		read_some(c);
}

/* ---- the rest ---- */

enum err conn_new(struct loop *l, int take_fd, const struct conn_address *peer, struct conn **out)
{
	struct conn *c = calloc(1, sizeof *c);
	int one = 1;

	if (!c) {
		close(take_fd);
		return ERR_NOMEM;
	}
	if (uv_poll_init(loop_uv(l), &c->poll, take_fd)) {
		close(take_fd);
		free(c);
		return ERR_UNAVAILABLE;
	}
	setsockopt(take_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	c->poll.data = c;
	c->loop = l;
	c->fd = take_fd;
	c->peer = *peer;
	update_events(c);
	*out = c;
	return ERR_OK;
}

void conn_set_handler(struct conn *c, const struct conn_handler *handler, void *context)
{
	c->handler = handler;
	c->context = context;
}

enum err conn_set_tls(struct conn *c, struct tls *take_tls)
{
	return conn_tls_new(take_tls, &c->tls);
}

struct tls *conn_take_tls(struct conn *c)
{
	struct conn_tls *t = TAKE(c->tls);

	return t ? conn_tls_leave(t) : NULL;
}

bool conn_is_tls(const struct conn *c)
{
	return c->tls;
}

size_t conn_queued(const struct conn *c)
{
	return c->queue.bytes + (c->tls ? conn_tls_waiting(c->tls) : 0);
}

uint64_t conn_sent(const struct conn *c)
{
	return c->sent;
}

bool conn_sends_file(const struct conn *c)
{
	return c->queue.ranges > 0;
}

bool conn_is_drained(const struct conn *c)
{
	return conn_queue_is_empty(&c->queue) && !(c->tls && conn_tls_waiting(c->tls));
}

bool conn_is_closing(const struct conn *c)
{
	return c->closing || c->finishing;
}

void conn_pause(struct conn *c)
{
	c->paused = !c->finishing;
	update_events(c);
}

void conn_resume(struct conn *c)
{
	c->paused = false;
	update_events(c);
}

struct conn_address conn_peer(const struct conn *c)
{
	return c->peer;
}
