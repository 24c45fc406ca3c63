/* SPDX-License-Identifier: MIT
 *
 * conn - see conn.h: a descriptor that libuv polls; reads, writes and sendfile are our own calls, so that
 * a turn's frames leave in one of them and a file never passes through our memory.
 *
 * Queue entries are frames, or file ranges, told apart by the lowest bit of the pointer. The first few
 * stand in the connection, the rest in chunks borrowed from the loop while there is something to send.
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
#include "net/loop_inside.h"

enum {
	ENTRIES_INSIDE = 3,
	IOV_PER_WRITE = 64,
	READS_PER_TURN = 4,
	FILE_STEP_BYTES = 256 * 1024,
	FINISH_MS = 2000,        /* for the peer to end too */
	FINISH_WRITE_MS = 10000, /* for the peer to read on, while we want to end */
};

struct conn {
	uv_poll_t poll;
	struct loop *loop;
	const struct conn_handler *handler;
	void *context;
	struct conn *next_dirty;
	struct timer *finish; /* while we wait for the peer to end too */
	uintptr_t inside[ENTRIES_INSIDE];
	struct loop_chunk *first, *last;
	size_t queued;   /* bytes of frames */
	uint32_t offset; /* bytes of the first frame that are written */
	int fd;
	uint32_t progress;
	struct conn_address peer;
	uint8_t inside_first, inside_end;
	uint8_t end;    /* enum conn_end */
	uint8_t events; /* what libuv polls for */
	bool dirty : 1, paused : 1, blocked : 1, closing : 1, finishing : 1, shut : 1;
};

struct file_range {
	struct conn_file *file;
	uint64_t offset, left;
};

static struct file_range *entry_range(uintptr_t entry)
{
	return (struct file_range *)(entry & ~(uintptr_t)1);
}

static bool entry_is_range(uintptr_t entry)
{
	return entry & 1;
}

static void entry_drop(uintptr_t entry)
{
	if (!entry_is_range(entry)) {
		frame_unref((struct frame *)entry);
		return;
	}
	conn_file_unref(entry_range(entry)->file);
	free(entry_range(entry));
}

/* ---- the queue ---- */

static bool queue_push(struct conn *c, uintptr_t entry)
{
	if (!c->first && c->inside_end < ENTRIES_INSIDE) {
		c->inside[c->inside_end++] = entry;
		return true;
	}
	if (!c->last || c->last->end == LOOP_CHUNK_FRAMES) {
		struct loop_chunk *chunk = loop_take_chunk(c->loop);
		if (!chunk)
			return false;
		if (c->last)
			c->last->next = chunk;
		else
			c->first = chunk;
		c->last = chunk;
	}
	c->last->entry[c->last->end++] = entry;
	return true;
}

static bool queue_is_empty(const struct conn *c)
{
	return c->inside_first == c->inside_end && !c->first;
}

static uintptr_t queue_first(const struct conn *c)
{
	return c->inside_first < c->inside_end ? c->inside[c->inside_first]
	                                       : c->first->entry[c->first->first];
}

static void queue_pop(struct conn *c)
{
	if (c->inside_first < c->inside_end) {
		if (++c->inside_first == c->inside_end)
			c->inside_first = c->inside_end = 0;
		return;
	}
	struct loop_chunk *chunk = c->first;
	if (++chunk->first < chunk->end)
		return;
	c->first = chunk->next;
	if (!c->first)
		c->last = NULL;
	loop_give_chunk(c->loop, chunk);
}

/* Adds the entries to iov while there is room; stops at a file range. Returns the new count. */
static size_t gather_entries(
	const uintptr_t *entry, size_t count, struct iovec *iov, size_t n, bool *stopped)
{
	for (size_t i = 0; i < count && n < IOV_PER_WRITE; i++) {
		if (entry_is_range(entry[i])) {
			*stopped = true;
			break;
		}
		struct frame *f = (struct frame *)entry[i];
		iov[n++] = (struct iovec){ f->p, f->n };
	}
	return n;
}

static size_t gather(const struct conn *c, struct iovec *iov)
{
	bool stopped = false;
	size_t n = gather_entries(c->inside + c->inside_first,
		(size_t)(c->inside_end - c->inside_first), iov, 0, &stopped);

	for (const struct loop_chunk *k = c->first; k && !stopped && n < IOV_PER_WRITE; k = k->next)
		n = gather_entries(
			k->entry + k->first, (size_t)(k->end - k->first), iov, n, &stopped);
	if (n) {
		iov[0].iov_base = (char *)iov[0].iov_base + c->offset;
		iov[0].iov_len -= c->offset;
	}
	return n;
}

/* Lets go of what was written: n bytes from the front. */
static void queue_written(struct conn *c, size_t n)
{
	c->queued -= n;
	c->progress++;
	n += c->offset;
	while (!queue_is_empty(c) && !entry_is_range(queue_first(c))) {
		struct frame *f = (struct frame *)queue_first(c);
		if (n < f->n)
			break;
		n -= f->n;
		queue_pop(c);
		frame_unref(f);
	}
	c->offset = (uint32_t)n;
}

static void queue_drop(struct conn *c)
{
	while (!queue_is_empty(c)) {
		uintptr_t entry = queue_first(c);
		queue_pop(c);
		entry_drop(entry);
	}
	c->queued = 0;
	c->offset = 0;
}

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

	queue_drop(c);
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

	assert(!c->closing && !c->finishing && queue_is_empty(c));
	c->closing = true; /* for who is still inside a call of ours */
	c->fd = -1;
	uv_close((uv_handle_t *)&c->poll, on_detached);
	return fd;
}

void conn_close(struct conn *c)
{
	close_because(c, CONN_ENDED_BY_US);
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
	c->progress++;
	r->offset += (uint64_t)n;
	r->left -= (uint64_t)n;
	if (r->left)
		return false;
	queue_pop(c);
	entry_drop((uintptr_t)r | 1);
	return true;
}

static ssize_t write_frames(struct conn *c)
{
	struct iovec iov[IOV_PER_WRITE];
	size_t count = gather(c, iov), total = 0;
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
	queue_written(c, (size_t)n);
	return (size_t)n == total ? 0 : -1;
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

	while (more && !queue_is_empty(c)) {
		uintptr_t entry = queue_first(c);
		more = entry_is_range(entry) ? write_range(c, entry_range(entry))
		                             : write_frames(c) == 0;
	}
	if (c->closing)
		return;
	bool was_blocked = c->blocked;
	c->blocked = !queue_is_empty(c);
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

static void queue_entry(struct conn *c, uintptr_t entry)
{
	if (!queue_push(c, entry)) {
		entry_drop(entry);
		close_because(c, CONN_ENDED_BY_ERROR);
		return;
	}
	if (!c->dirty) {
		c->dirty = true;
		loop_add_dirty(c->loop, c);
	}
}

void conn_send(struct conn *c, struct frame *f)
{
	if (c->closing || c->finishing || f->n == 0)
		return;
	c->queued += f->n;
	queue_entry(c, (uintptr_t)frame_ref(f));
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
	queue_entry(c, (uintptr_t)r | 1);
}

void conn_finish(struct conn *c)
{
	if (c->closing || c->finishing)
		return;
	c->finishing = true;
	if (!c->dirty) {
		c->dirty = true;
		loop_add_dirty(c->loop, c);
	}
}

/* ---- reading ---- */

static void read_some(struct conn *c)
{
	char *p = loop_read_buffer(c->loop);

	for (int i = 0; i < READS_PER_TURN && !c->closing && !c->paused; i++) {
		ssize_t n = recv(c->fd, p, LOOP_READ_BYTES, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			close_because(c, n == 0 ? CONN_ENDED_BY_PEER : CONN_ENDED_BY_ERROR);
			return;
		}
		if (!c->finishing)
			c->handler->bytes(c->context, p, (size_t)n);
		if (n < LOOP_READ_BYTES)
			return;
	}
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
	if (events & UV_READABLE && !c->closing)
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

size_t conn_queued(const struct conn *c)
{
	return c->queued;
}

uint32_t conn_progress(const struct conn *c)
{
	return c->progress;
}

bool conn_is_drained(const struct conn *c)
{
	return queue_is_empty(c);
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
