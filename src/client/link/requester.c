/* SPDX-License-Identifier: MIT
 *
 * requester - see requester.h.
 *
 * Layer: client.  Threads: its loop's.
 */
#include "client/link/requester.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "client/link/stream.h"
#include "http/http_answer.h"

/* Servers end connections that were idle for 5 s and more; one that may be ending now is not used again. */
enum { IDLE_MAX_MS = 3000 };

struct requester {
	struct loop *loop;
	struct requester_source from;
	struct stream *stream;
	struct buf request; /* until it is sent */
	bool ready;         /* the stream takes bytes */
	bool busy;          /* a request has no outcome yet */
	bool closed;
	int64_t idle_since_ms;
	struct timer trouble; /* a failure that was found inside requester_send */
	struct http_answer answer;
	int status;
	bool keep_alive, complete;
	const char *fault;
	struct buf body;
};

static const char no_memory[] = "There is no memory for a request.";

static void drop_stream(struct requester *r)
{
	stream_close(r->stream);
	r->stream = NULL;
	r->ready = false;
	http_answer_done(&r->answer);
}

/* The last thing that a function does. */
static void fail(struct requester *r, const char *sentence)
{
	drop_stream(r);
	if (r->closed || !r->busy)
		return;
	r->busy = false;
	r->from.handler->failed(r->from.context, sentence);
}

/* ---- the answer ---- */

static void on_head(void *context, const struct http_answer_head *head)
{
	struct requester *r = context;

	r->status = head->status;
	r->keep_alive = head->fields.keep_alive && head->status != 101;
}

static void on_body(void *context, struct str piece)
{
	struct requester *r = context;

	buf_append(&r->body, piece);
}

static void on_end(void *context)
{
	struct requester *r = context;

	r->complete = true;
}

static void on_error(void *context, const char *why)
{
	struct requester *r = context;

	r->fault = why;
}

static const struct http_answer_sink answer_sink = {
	.head = on_head, .body = on_body, .end = on_end, .error = on_error
};

/* The last thing that a function does. */
static void conclude(struct requester *r)
{
	struct buf body = r->body;

	r->body = (struct buf){ 0 };
	r->busy = r->complete = false;
	r->idle_since_ms = loop_now_ms(r->loop);
	if (!r->keep_alive)
		drop_stream(r);
	if (!buf_failed(&body) && buf_reserve(&body, 1)) /* so that p is never NULL */
		r->from.handler->answered(r->from.context, r->status, body.p, body.n);
	else
		r->from.handler->failed(r->from.context, no_memory);
	buf_done(&body);
}

static void on_bytes(void *context, char *p, size_t n)
{
	struct requester *r = context;

	if (!r->busy || r->complete) {
		fail(r, "The server sent an answer that nobody asked for.");
		return;
	}
	size_t taken = http_answer_feed(&r->answer, (struct str){ p, n });
	if (r->fault)
		fail(r, r->fault);
	else if (r->complete && taken < n)
		fail(r, "The server sent more than its answer.");
	else if (r->complete)
		conclude(r);
	else if (taken < n)
		fail(r, "The server began to speak another protocol.");
}

static void on_closed(void *context, bool clean, const char *sentence)
{
	struct requester *r = context;

	(void)clean;
	if (r->busy && !r->fault) {
		http_answer_gone(&r->answer);
		if (r->complete) {
			r->keep_alive = false;
			conclude(r);
			return;
		}
	}
	fail(r, sentence);
}

/* ---- the request ---- */

static void send_request(struct requester *r)
{
	struct frame *f;

	if (frame_of(loop_frames(r->loop), buf_str(&r->request), &f)) {
		r->fault = no_memory;
		loop_timer_start(r->loop, &r->trouble, 0);
		return;
	}
	buf_done(&r->request);
	stream_send(r->stream, f);
	frame_unref(f);
}

static void on_ready(void *context)
{
	struct requester *r = context;

	r->ready = true;
	send_request(r);
}

static const struct stream_handler stream_handler = {
	.ready = on_ready, .bytes = on_bytes, .closed = on_closed
};

static void in_trouble(void *context)
{
	struct requester *r = context;

	fail(r, r->fault);
}

void requester_send(struct requester *r, struct str head, struct str body)
{
	struct stream_source to = { .to = r->from.to,
		.proxy = r->from.proxy,
		.trust = r->from.trust,
		.handler = &stream_handler,
		.context = r };

	if (r->closed)
		return;
	assert(!r->busy);
	r->busy = true;
	r->fault = NULL;
	buf_clear(&r->request);
	buf_append(&r->request, head);
	buf_append(&r->request, body);
	if (r->stream && loop_now_ms(r->loop) - r->idle_since_ms > IDLE_MAX_MS)
		drop_stream(r);
	if (head.n == 0 || buf_failed(&r->request) ||
		(!r->stream && stream_new(r->loop, &to, &r->stream))) {
		r->fault = no_memory;
		loop_timer_start(r->loop, &r->trouble, 0);
	} else if (r->ready) {
		send_request(r);
	}
}

bool requester_is_busy(const struct requester *r)
{
	return r->busy;
}

void requester_close(struct requester *r)
{
	r->closed = true;
	loop_timer_stop(r->loop, &r->trouble);
	stream_close(r->stream);
	r->stream = NULL;
}

enum err requester_new(struct loop *l, const struct requester_source *from, struct requester **out)
{
	struct requester *r = calloc(1, sizeof *r);

	if (!r)
		return ERR_NOMEM;
	r->loop = l;
	r->from = *from;
	r->trouble.fn = in_trouble;
	r->trouble.context = r;
	http_answer_init(&r->answer, &answer_sink, r, from->body_max);
	*out = r;
	return ERR_OK;
}

void requester_free(struct requester *r)
{
	if (!r)
		return;
	requester_close(r);
	http_answer_done(&r->answer);
	buf_done(&r->request);
	buf_done(&r->body);
	free(r);
}
