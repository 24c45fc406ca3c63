/* SPDX-License-Identifier: MIT
 *
 * host_remote - sessions that live on an I/O thread, and their stand-ins on the first one, where Socket.IO is.
 *
 * A stand-in is made by the I/O thread when a session opens, is the first thread's from then on, and goes back when
 * both have ended it: the I/O thread says HOST_CLOSED exactly once, the first one answers HOST_FORGOTTEN exactly once,
 * and names neither stand-in nor session behind it. Until then the session's memory stays. What a thread has no memory
 * to say waits in a list through the stand-ins themselves, and is said at the end of a later turn.
 *
 * Layer: host.  Threads: each function says on which.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "host/host_inside.h"

enum { POST_AT_BYTES = 256 * 1024, LAG_MS = 5 };

struct host_remote {
	struct channel channel; /* the first member */
	struct host_thread *thread;
	struct engine_session *session;
	/* the first thread's */
	struct host_remote *next; /* in its list of those that have something to say */
	uint8_t reason;           /* of the close that is to be said */
	bool closed;              /* for Socket.IO; nothing more goes there or comes from there */
	bool closing;             /* HOST_CLOSE is to be said */
	bool gone;                /* HOST_CLOSED has come; HOST_FORGOTTEN is to be said */
	bool listed;
	bool lost; /* without memory a packet was lost: nothing more is sent */
	/* the I/O thread's */
	struct host_remote *next_unsaid;
	uint8_t end; /* the reason that is to be said */
	uint8_t end_limit;
	uint32_t end_excess; /* and what it exceeded: the first thread's to read once it is said */
};

/* ---- the first thread's side ---- */

static struct host_remote *of(struct channel *c)
{
	return (struct host_remote *)c;
}

static void post_down(struct host_thread *t);

static void list(struct host_remote *r)
{
	if (r->listed)
		return;
	r->listed = true;
	r->next = r->thread->to_say;
	r->thread->to_say = r;
}

/* Room for one session more behind a record of the frame; NULL without memory. */
static struct engine_session **recipient(
	struct host_thread *t, struct frame *f, enum host_record_kind kind)
{
	struct host_box *b = &t->down;
	struct frame *loan;

	void *at = b->open && b->open->kind == kind && t->lent == f
	                   ? host_parcel_extend(b, sizeof(struct engine_session *))
	                   : NULL;
	if (at)
		return at;
	if (frame_lend(f, &loan))
		return NULL;
	struct host_record *r = host_parcel_add(b, kind, sizeof(struct engine_session *));
	if (!r) {
		frame_settle(loan);
		return NULL;
	}
	r->subject = loan;
	t->lent = f;
	b->last->weight += f->n;
	b->weight += f->n;
	return (struct engine_session **)(void *)host_parcel_bytes(r);
}

static void send_as(struct host_remote *r, struct frame *f, enum host_record_kind kind)
{
	if (r->closed || r->lost)
		return;
	struct engine_session **to = recipient(r->thread, f, kind);
	if (!to) {
		r->lost = r->closing = true;
		r->reason = ENGINE_TRANSPORT_ERROR;
		list(r);
		return;
	}
	*to = r->session;
	if (r->thread->down.weight >= POST_AT_BYTES)
		post_down(r->thread);
}

static void remote_send(struct channel *c, struct frame *f)
{
	send_as(of(c), f, HOST_FRAME);
}

/* Its thread knows whether there is somebody who takes it; here only what waits is looked at. */
static bool remote_is_writable(const struct channel *c)
{
	const struct host_remote *r = (const struct host_remote *)c;

	return !r->closed && !r->lost &&
	       atomic_load_explicit(&r->thread->weight_down, memory_order_relaxed) <
	               THREAD_QUEUE_MAX / 2;
}

static void remote_send_volatile(struct channel *c, struct frame *f)
{
	if (remote_is_writable(c))
		send_as(of(c), f, HOST_VOLATILE);
}

static bool remote_is_polling(const struct channel *c)
{
	return engine_session_hold_is_polling(((const struct host_remote *)c)->session);
}

static void tell_closed(struct host_remote *r, enum engine_reason reason)
{
	r->closed = true;
	engine_tell_closed(r->thread->server->threads[0].engine, &r->channel, reason);
}

static void remote_close(struct channel *c, enum engine_reason reason)
{
	struct host_remote *r = of(c);

	if (r->closed)
		return;
	r->closing = true;
	r->reason = (uint8_t)reason;
	list(r);
	tell_closed(r, reason);
}

static const struct channel_ops ops = { .send = remote_send,
	.send_volatile = remote_send_volatile,
	.is_writable = remote_is_writable,
	.is_polling = remote_is_polling,
	.close = remote_close };

static void up_record(struct host_thread *t, struct host_record *rec)
{
	struct engine *first = t->server->threads[0].engine;
	struct host_remote *r = rec->subject;

	switch ((enum host_record_kind)rec->kind) {
	case HOST_OPENED:
		engine_tell_opened(first, &r->channel);
		break;
	case HOST_TEXT:
	case HOST_BINARY:
		if (!r->closed)
			engine_tell_message(first, &r->channel, rec->kind == HOST_BINARY,
				host_parcel_bytes(rec), rec->n);
		break;
	case HOST_CLOSED:
		r->channel.limit = r->end_limit;
		r->channel.excess = r->end_excess;
		if (!r->closed)
			tell_closed(r, (enum engine_reason)rec->detail);
		r->gone = true;
		list(r);
		break;
	case HOST_RETURNED:
		frame_settle(rec->subject);
		break;
	case HOST_REFUSED:
		host_refusal_land(rec);
		break;
	default:
		memcpy(&t->counts, host_parcel_bytes(rec), sizeof t->counts);
	}
}

/* A parcel has come from an I/O thread. */
static void on_up(void *context)
{
	struct host_parcel *p = context;
	struct host_thread *t = p->thread;
	struct host_record *r;
	size_t at = 0, weight = p->weight;

	while ((r = host_parcel_next(p, &at)))
		up_record(t, r);
	host_parcel_keep(&t->down, p);
	size_t before = atomic_fetch_sub_explicit(&t->weight_up, weight, memory_order_relaxed);
	bool crossed = before > THREAD_QUEUE_MAX / 2 && before - weight <= THREAD_QUEUE_MAX / 2;
	if (crossed && !atomic_exchange(&t->resuming, true))
		loop_post_task(t->loop, &t->resume);
}

/* Says what is to be said of a stand-in; false without memory. */
static bool say_down(struct host_remote *r)
{
	struct host_box *b = &r->thread->down;
	struct host_record *rec;

	if (r->closing && !r->gone) {
		rec = host_parcel_add(b, HOST_CLOSE, 0);
		if (!rec)
			return false;
		rec->subject = r->session;
		rec->detail = r->reason;
	}
	r->closing = false;
	if (!r->gone)
		return true;
	rec = host_parcel_add(b, HOST_FORGOTTEN, 0);
	if (!rec)
		return false;
	rec->subject = r;
	return true;
}

void host_remote_say(struct host_thread *t)
{
	t->lent = NULL; /* the records to come are none of frames */
	while (t->to_say) {
		struct host_remote *r = t->to_say;
		struct host_remote *next = r->next;
		if (!say_down(r))
			break;
		r->listed = false;
		t->to_say = next;
	}
	post_down(t);
}

/* ---- the I/O thread's side ---- */

static void down_record(struct host_thread *t, struct host_record *rec)
{
	struct engine_session **to = (struct engine_session **)(void *)host_parcel_bytes(rec);
	struct host_remote *r = rec->subject;
	struct frame *loan = rec->subject;

	if (rec->kind == HOST_CLOSE) {
		engine_session_close(rec->subject, (enum engine_reason)rec->detail);
	} else if (rec->kind == HOST_FORGOTTEN) {
		engine_session_hold_end(r->session);
		free(r);
	} else {
		frame_land(loop_frames(t->loop), loan);
		for (size_t i = 0; i < rec->n / sizeof *to; i++) {
			if (rec->kind == HOST_FRAME || engine_session_is_writable(to[i]))
				engine_session_send(to[i], loan);
		}
		frame_unref(loan);
	}
}

/* A parcel has come from the first thread. */
static void on_down(void *context)
{
	struct host_parcel *p = context;
	struct host_thread *t = p->thread;
	struct host_record *r;
	size_t at = 0, weight = p->weight;

	while ((r = host_parcel_next(p, &at)))
		down_record(t, r);
	host_parcel_keep(&t->up, p);
	size_t before = atomic_fetch_sub_explicit(&t->weight_down, weight, memory_order_relaxed);
	if (before > THREAD_QUEUE_MAX / 2 && before - weight <= THREAD_QUEUE_MAX / 2) {
		pthread_mutex_lock(&t->mutex);
		pthread_cond_signal(&t->room);
		pthread_mutex_unlock(&t->mutex);
	}
}

/* The first thread's: posts what waits; when the I/O thread is too far behind, it is waited for. */
static void post_down(struct host_thread *t)
{
	if (!t->down.first)
		return;
	t->lent = NULL;
	atomic_fetch_add_explicit(&t->weight_down, t->down.weight, memory_order_relaxed);
	host_parcel_post(&t->down, t->loop, t, on_down);
	if (!t->running ||
		atomic_load_explicit(&t->weight_down, memory_order_relaxed) <= THREAD_QUEUE_MAX)
		return;
	pthread_mutex_lock(&t->mutex);
	while (atomic_load_explicit(&t->weight_down, memory_order_relaxed) > THREAD_QUEUE_MAX / 2)
		pthread_cond_wait(&t->room, &t->mutex);
	pthread_mutex_unlock(&t->mutex);
}

static void post_up(struct host_thread *t)
{
	atomic_fetch_add_explicit(&t->weight_up, t->up.weight, memory_order_relaxed);
	host_parcel_post(&t->up, t->server->loop, t, on_up);
}

static void on_opened(void *context, struct channel *c)
{
	struct host_thread *t = context;
	struct engine_session *s = engine_session_of(c);
	struct host_remote *r = calloc(1, sizeof *r);
	struct host_record *rec = r ? host_parcel_add(&t->up, HOST_OPENED, 0) : NULL;

	if (!rec) {
		free(r);
		engine_session_close(s, ENGINE_FORCED_CLOSE);
		return;
	}
	rec->subject = r;
	r->channel = *c;
	r->channel.ops = &ops;
	r->thread = t;
	r->session = s;
	c->user = r;
	engine_session_hold(s);
}

static void on_message(void *context, struct channel *c, bool binary, char *p, size_t n)
{
	struct host_thread *t = context;

	if (!c->user)
		return;
	struct host_record *rec = host_parcel_add(&t->up, binary ? HOST_BINARY : HOST_TEXT, n);
	if (!rec) {
		engine_session_close(engine_session_of(c), ENGINE_TRANSPORT_ERROR);
		return;
	}
	rec->subject = c->user;
	if (n)
		memcpy(host_parcel_bytes(rec), p, n);
	if (t->up.weight >= POST_AT_BYTES)
		post_up(t);
}

/* Sessions that ended. */
static void say_up(struct host_thread *t)
{
	while (t->unsaid) {
		struct host_record *rec = host_parcel_add(&t->up, HOST_CLOSED, 0);
		if (!rec)
			return;
		rec->subject = t->unsaid;
		rec->detail = t->unsaid->end;
		t->unsaid = t->unsaid->next_unsaid;
	}
}

static void on_closed(void *context, struct channel *c, enum engine_reason reason)
{
	struct host_thread *t = context;
	struct host_remote *r = c->user;

	if (!r)
		return;
	r->end = (uint8_t)reason;
	r->end_limit = c->limit;
	r->end_excess = c->excess;
	r->next_unsaid = t->unsaid;
	t->unsaid = r;
	say_up(t);
}

const struct engine_handler *host_remote_handler(void)
{
	static const struct engine_handler handler = {
		.opened = on_opened, .message = on_message, .closed = on_closed
	};

	return &handler;
}

/* What only keeps the books goes with the next news, or by itself a little later. */
static void say_books(struct host_thread *t)
{
	struct frame_pool *frames = loop_frames(t->loop);
	const struct engine_counts *counts = engine_counts(t->engine);

	if (frame_has_returned(frames)) {
		struct host_record *rec = host_parcel_add(&t->up, HOST_RETURNED, 0);
		if (rec)
			rec->subject = frame_take_returned(frames);
	}
	if (memcmp(counts, &t->counted, sizeof *counts) != 0) {
		struct host_record *rec = host_parcel_add(&t->up, HOST_COUNTS, sizeof *counts);
		if (!rec)
			return;
		memcpy(host_parcel_bytes(rec), counts, sizeof *counts);
		t->counted = *counts;
	}
}

void host_remote_turn_end(void *context)
{
	struct host_thread *t = context;

	engine_turn_end(t->engine);
	say_up(t);
	bool books = frame_has_returned(loop_frames(t->loop)) ||
	             memcmp(engine_counts(t->engine), &t->counted, sizeof t->counted) != 0;
	if (!t->up.first && !t->lagged) {
		if (books && !t->lag.running)
			loop_timer_start(t->loop, &t->lag, LAG_MS);
		return;
	}
	t->lagged = false;
	if (books)
		say_books(t);
	if (t->up.first)
		post_up(t);
}

/* ---- back-pressure: who speaks while the first thread is behind is not read ---- */

void host_remote_throttle(struct host_peer *p)
{
	struct host_thread *t = p->thread;

	if (t->index == 0 || p->throttled ||
		atomic_load_explicit(&t->weight_up, memory_order_relaxed) <= THREAD_QUEUE_MAX)
		return;
	p->throttled = true;
	conn_pause(p->conn);
}

/* The first thread has caught up. */
void host_remote_resume(void *context)
{
	struct host_thread *t = context;

	atomic_store(&t->resuming, false);
	for (struct host_peer *p = t->peers; p; p = p->next) {
		if (!p->throttled)
			continue;
		p->throttled = false;
		if (!p->http || !p->http->rest.n)
			conn_resume(p->conn);
	}
}
