/* SPDX-License-Identifier: MIT
 *
 * loop - see loop.h: libuv's loop with one timer, one async and the two handles that stand around the
 * sleep: check runs after the I/O callbacks, prepare after the timers and before the sleep.
 *
 * Layer: net.  Threads: the loop's own, but for loop_post and loop_post_task.
 */
#include "net/loop.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "net/loop_inside.h"

enum { SIGNALS_MAX = 4, FREE_CHUNKS_MAX = 8192 };

struct loop_signal {
	uv_signal_t handle;
	void (*fn)(void *context, int number);
	void *context;
};

struct loop {
	uv_loop_t uv;
	uv_prepare_t prepare;
	uv_check_t check;
	uv_timer_t timer;
	uv_async_t async;
	struct loop_signal signals[SIGNALS_MAX];
	size_t signal_count;
	struct timers timers;
	int64_t timer_due; /* what the libuv timer is set to */
	struct frame_pool *frames;
	struct loop_chunk *chunks; /* free ones */
	size_t chunk_count;
	struct conn *dirty;
	struct loop_hook *hooks;
	char *read_buffer;
	struct buf plain;
	size_t heavy_turn, heavy_seen,
		heavy_before;               /* turns with heavy ones; those of this, of the last */
	_Atomic(struct loop_task *) posted; /* the latest first */
};

uv_loop_t *loop_uv(struct loop *l)
{
	return &l->uv;
}

char *loop_read_buffer(struct loop *l)
{
	return l->read_buffer;
}

/* Heavy ones come in the same order each turn, by and large: so each is served when its place is due. */
bool loop_serves_heavy(struct loop *l)
{
	size_t among = l->heavy_before ? l->heavy_before : 1;

	return l->heavy_seen++ == l->heavy_turn % among;
}

static void end_heavy_turn(struct loop *l)
{
	if (l->heavy_seen == 0)
		return;
	l->heavy_before = l->heavy_seen;
	l->heavy_seen = 0;
	l->heavy_turn++;
}

struct buf *loop_plain_buffer(struct loop *l)
{
	return &l->plain;
}

struct frame_pool *loop_frames(struct loop *l)
{
	return l->frames;
}

struct timers *loop_timers(struct loop *l)
{
	return &l->timers;
}

int64_t loop_now_ms(const struct loop *l)
{
	return (int64_t)uv_now(&l->uv);
}

void loop_add_dirty(struct loop *l, struct conn *c)
{
	*conn_next_dirty(c) = l->dirty;
	l->dirty = c;
}

struct loop_chunk *loop_take_chunk(struct loop *l)
{
	struct loop_chunk *chunk = l->chunks;

	if (chunk) {
		l->chunks = chunk->next;
		l->chunk_count--;
	} else {
		chunk = malloc(sizeof *chunk);
	}
	if (chunk) {
		chunk->next = NULL;
		chunk->first = chunk->end = 0;
	}
	return chunk;
}

void loop_give_chunk(struct loop *l, struct loop_chunk *chunk)
{
	if (l->chunk_count == FREE_CHUNKS_MAX) {
		free(chunk);
		return;
	}
	chunk->next = l->chunks;
	l->chunks = chunk;
	l->chunk_count++;
}

/* Hooks queue frames; a write may call `drained`, which may queue more, into the same list. */
static void turn_end(struct loop *l)
{
	end_heavy_turn(l);
	for (struct loop_hook *h = l->hooks, *next; h; h = next) {
		next = h->next;
		h->fn(h->context);
	}
	while (l->dirty) {
		struct conn *c = l->dirty;
		l->dirty = *conn_next_dirty(c);
		*conn_next_dirty(c) = NULL;
		conn_flush_dirty(c);
	}
}

static void on_timer(uv_timer_t *handle)
{
	struct loop *l = handle->data;

	l->timer_due = INT64_MAX;
	timer_run(&l->timers, loop_now_ms(l));
}

static void set_timer(struct loop *l)
{
	int64_t due = timer_next_due(&l->timers);

	if (due == l->timer_due)
		return;
	l->timer_due = due;
	if (due == INT64_MAX) {
		uv_timer_stop(&l->timer);
		return;
	}
	int64_t delay = due - loop_now_ms(l);
	uv_timer_start(&l->timer, on_timer, delay > 0 ? (uint64_t)delay : 0, 0);
}

static void on_prepare(uv_prepare_t *handle)
{
	turn_end(handle->data);
	set_timer(handle->data);
}

static void on_check(uv_check_t *handle)
{
	turn_end(handle->data);
}

/* All that waits, in the order of posting. */
static struct loop_task *take_posted(struct loop *l)
{
	struct loop_task *latest = atomic_exchange_explicit(&l->posted, NULL, memory_order_acquire);
	struct loop_task *first = NULL;

	while (latest) {
		struct loop_task *before = latest->next;
		latest->next = first;
		first = latest;
		latest = before;
	}
	return first;
}

void loop_run_posted(struct loop *l)
{
	struct loop_task *t = take_posted(l);

	while (t) {
		struct loop_task *next = t->next;
		t->fn(t->context); /* t may be gone after it */
		t = next;
	}
}

static void on_async(uv_async_t *handle)
{
	loop_run_posted(handle->data);
}

void loop_post_task(struct loop *l, struct loop_task *task)
{
	struct loop_task *latest = atomic_load_explicit(&l->posted, memory_order_relaxed);

	do {
		task->next = latest;
	} while (!atomic_compare_exchange_weak_explicit(
		&l->posted, &latest, task, memory_order_release, memory_order_relaxed));
	if (!latest) /* who found others there leaves the wake-up to the first of them */
		uv_async_send(&l->async);
}

struct posted_call {
	struct loop_task task;
	void (*fn)(void *context);
	void *context;
};

static void run_call(void *context)
{
	struct posted_call call = *(struct posted_call *)context;

	free(context);
	call.fn(call.context);
}

enum err loop_post(struct loop *l, void (*fn)(void *context), void *context)
{
	struct posted_call *call = malloc(sizeof *call);

	if (!call)
		return ERR_NOMEM;
	*call = (struct posted_call){
		.task = { .fn = run_call, .context = call }, .fn = fn, .context = context
	};
	loop_post_task(l, &call->task);
	return ERR_OK;
}

void loop_timer_start(struct loop *l, struct timer *t, int64_t delay_ms)
{
	timer_start(&l->timers, t, loop_now_ms(l) + (delay_ms > 0 ? delay_ms : 0));
}

void loop_timer_stop(struct loop *l, struct timer *t)
{
	timer_stop(&l->timers, t);
}

void loop_hook_add(struct loop *l, struct loop_hook *hook)
{
	hook->next = l->hooks;
	l->hooks = hook;
}

void loop_hook_remove(struct loop *l, struct loop_hook *hook)
{
	struct loop_hook **at = &l->hooks;

	while (*at && *at != hook)
		at = &(*at)->next;
	if (*at)
		*at = hook->next;
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct loop_signal *s = handle->data;

	s->fn(s->context, number);
}

enum err loop_on_signal(
	struct loop *l, int number, void (*fn)(void *context, int number), void *context)
{
	if (l->signal_count == SIGNALS_MAX)
		return ERR_UNAVAILABLE;
	struct loop_signal *s = &l->signals[l->signal_count];
	if (uv_signal_init(&l->uv, &s->handle))
		return ERR_UNAVAILABLE;
	l->signal_count++;
	s->fn = fn;
	s->context = context;
	s->handle.data = s;
	if (uv_signal_start(&s->handle, on_signal, number))
		return ERR_UNAVAILABLE;
	uv_unref((uv_handle_t *)&s->handle);
	return ERR_OK;
}

static enum err init_handles(struct loop *l)
{
	if (uv_loop_init(&l->uv))
		return ERR_UNAVAILABLE;
	if (uv_async_init(&l->uv, &l->async, on_async)) {
		uv_loop_close(&l->uv);
		return ERR_UNAVAILABLE;
	}
	uv_prepare_init(&l->uv, &l->prepare); /* these three cannot fail */
	uv_check_init(&l->uv, &l->check);
	uv_timer_init(&l->uv, &l->timer);
	l->prepare.data = l->check.data = l->timer.data = l->async.data = l;
	uv_prepare_start(&l->prepare, on_prepare);
	uv_check_start(&l->check, on_check);
	return ERR_OK;
}

static void release(struct loop *l)
{
	while (l->chunks) {
		struct loop_chunk *next = l->chunks->next;
		free(l->chunks);
		l->chunks = next;
	}
	frame_pool_free(l->frames);
	free(l->read_buffer);
	buf_done(&l->plain);
	free(l);
}

enum err loop_new(struct loop **out)
{
	struct loop *l = calloc(1, sizeof *l);

	if (!l)
		return ERR_NOMEM;
	l->timers = timers_none();
	l->timer_due = INT64_MAX;
	l->read_buffer = malloc(LOOP_READ_BYTES);
	enum err e = l->read_buffer ? frame_pool_new(&l->frames) : ERR_NOMEM;
	if (!e)
		e = init_handles(l);
	if (e) {
		release(l);
		return e;
	}
	*out = l;
	return ERR_OK;
}

void loop_run(struct loop *l)
{
	uv_run(&l->uv, UV_RUN_DEFAULT);
	turn_end(l);
}

static void wake(void *context)
{
	(void)context; /* that time has passed is all */
}

void loop_turn(struct loop *l, int64_t wait_ms)
{
	struct timer limit = { .fn = wake };

	uv_update_time(&l->uv);
	if (wait_ms > 0)
		loop_timer_start(l, &limit, wait_ms);
	uv_run(&l->uv, wait_ms ? UV_RUN_ONCE : UV_RUN_NOWAIT);
	timer_stop(&l->timers, &limit);
	turn_end(l);
}

int loop_fd(const struct loop *l)
{
	return uv_backend_fd(&l->uv);
}

int64_t loop_sleep_ms(struct loop *l)
{
	turn_end(l);
	set_timer(l);
	uv_update_time(&l->uv);
	return uv_backend_timeout(&l->uv);
}

void loop_run_closing(struct loop *l)
{
	turn_end(l);
	uv_run(&l->uv, UV_RUN_NOWAIT); /* the closing callbacks of what is closing now */
	turn_end(l);
}

void loop_stop(struct loop *l)
{
	uv_stop(&l->uv);
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	loop_run_posted(l);
	turn_end(l);
	for (size_t i = 0; i < l->signal_count; i++)
		uv_close((uv_handle_t *)&l->signals[i].handle, NULL);
	uv_close((uv_handle_t *)&l->prepare, NULL);
	uv_close((uv_handle_t *)&l->check, NULL);
	uv_close((uv_handle_t *)&l->timer, NULL);
	uv_close((uv_handle_t *)&l->async, NULL);
	uv_run(&l->uv, UV_RUN_DEFAULT); /* the closing callbacks, connections' among them */
	loop_run_posted(l);
	int busy = uv_loop_close(&l->uv);
	assert(busy == 0); /* a listener or a connection was not closed before */
	(void)busy;
	release(l);
}
