/* SPDX-License-Identifier: MIT
 *
 * engine_client - see engine_client.h.
 *
 * Layer: eio.  Threads: one owner at a time.
 */
#include "eio/engine_client.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/json_read.h"
#include "base/text.h"

enum { SEPARATOR = 0x1e, SID_MAX = 256, DEFAULT_PAYLOAD_MAX = 1000000 };
static const int64_t beat_max_ms = 86400000; /* a day */

enum state { OPENING, OPEN, CLOSED };

struct engine_client {
	struct engine_client_source from;
	enum state state;
	char sid[SID_MAX];
	size_t sid_n;
	int64_t beat_ms; /* pingInterval and pingTimeout: without a ping for so long, the server is gone */
	size_t max_payload;
	struct timer beat;
	struct timer flush; /* polling: what is said in one turn goes in one POST */
	struct buf queue;   /* polling: packets between separators */
	bool posting;
};

static void end(struct engine_client *c, enum engine_reason reason)
{
	if (c->state == CLOSED)
		return;
	c->state = CLOSED;
	timer_stop(c->from.timers, &c->beat);
	timer_stop(c->from.timers, &c->flush);
	c->from.handler->closed(c->from.context, reason);
}

static void beat_missed(void *context)
{
	end(context, ENGINE_PING_TIMEOUT);
}

static void beat_wait(struct engine_client *c)
{
	timer_start(c->from.timers, &c->beat, c->from.now_ms(c->from.clock) + c->beat_ms);
}

static void post(struct engine_client *c);

static void flush_due(void *context)
{
	post(context);
}

enum err engine_client_new(const struct engine_client_source *from, struct engine_client **out)
{
	struct engine_client *c = calloc(1, sizeof *c);

	if (!c)
		return ERR_NOMEM;
	c->from = *from;
	c->beat.fn = beat_missed;
	c->beat.context = c;
	c->flush.fn = flush_due;
	c->flush.context = c;
	*out = c;
	return ERR_OK;
}

void engine_client_free(struct engine_client *c)
{
	if (!c)
		return;
	timer_stop(c->from.timers, &c->beat);
	timer_stop(c->from.timers, &c->flush);
	buf_done(&c->queue);
	free(c);
}

static struct str sid(const struct engine_client *c)
{
	return (struct str){ c->sid, c->sid_n };
}

static bool is_polling(const struct engine_client *c)
{
	return c->from.transport == ENGINE_CLIENT_POLLING;
}

static void get(struct engine_client *c)
{
	c->from.ops->poll_get(c->from.ops_context, sid(c));
}

void engine_client_begin(struct engine_client *c)
{
	if (is_polling(c))
		get(c);
}

/* ---- what goes out ---- */

/* How many bytes of the queue, in whole packets, fit into one POST; a single packet goes whatever its size. */
static size_t post_bytes(const struct engine_client *c)
{
	struct str q = buf_str(&c->queue);

	if (q.n <= c->max_payload)
		return q.n;
	for (size_t n = c->max_payload; n > 0; n--) {
		if (q.p[n] == SEPARATOR)
			return n;
	}
	const char *first = memchr(q.p, SEPARATOR, q.n);
	return first ? (size_t)(first - q.p) : q.n;
}

static void post(struct engine_client *c)
{
	if (c->posting || c->queue.n == 0)
		return;
	size_t n = post_bytes(c);
	c->posting = true;
	c->from.ops->poll_post(c->from.ops_context, sid(c), (struct str){ c->queue.p, n });
	buf_drop(&c->queue, n < c->queue.n ? n + 1 : n);
}

static void post_soon(struct engine_client *c)
{
	if (!c->posting && !c->flush.running)
		timer_start(c->from.timers, &c->flush, c->from.now_ms(c->from.clock));
}

static void queue_packet(struct buf *b, enum ws_opcode opcode, struct str payload)
{
	if (b->n)
		buf_byte(b, SEPARATOR);
	if (opcode == WS_BINARY) {
		buf_byte(b, 'b');
		hash_base64(b, payload, BASE64_PADDED);
	} else {
		buf_append(b, payload);
	}
}

static enum err queue_frame(struct engine_client *c, const struct frame *f)
{
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;
	size_t before = c->queue.n;

	while (ws_next_written(&rest, &opcode, &payload))
		queue_packet(&c->queue, opcode, payload);
	if (!buf_failed(&c->queue))
		return ERR_OK;
	c->queue.n = before; /* what was queued before is still whole */
	c->queue.failed = false;
	return ERR_NOMEM;
}

/* What a message costs of maxPayload: its payload, in base64 by polling. */
static size_t cost(const struct engine_client *c, const struct frame *f)
{
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;
	size_t sum = 0;

	while (ws_next_written(&rest, &opcode, &payload)) {
		bool base64 = opcode == WS_BINARY && is_polling(c);
		sum += base64 ? 2 + (payload.n + 2) / 3 * 4 : payload.n;
	}
	return sum;
}

enum err engine_client_send(struct engine_client *c, struct frame *f)
{
	if (c->state != OPEN)
		return ERR_UNAVAILABLE;
	if (cost(c, f) > c->max_payload)
		return ERR_TOO_LARGE;
	if (!is_polling(c)) {
		if (c->from.ops->ws_waiting(c->from.ops_context) + f->n > c->from.send_queue_max)
			return ERR_RATE_LIMITED;
		return c->from.ops->ws_send(c->from.ops_context, f);
	}
	if (c->queue.n + f->n > c->from.send_queue_max)
		return ERR_RATE_LIMITED;
	enum err e = queue_frame(c, f);
	if (!e)
		post_soon(c);
	return e;
}

/* A packet of one character: 1 or 3. */
static void say(struct engine_client *c, char type)
{
	struct frame *f;

	if (is_polling(c)) {
		queue_packet(&c->queue, WS_TEXT, (struct str){ &type, 1 });
		if (buf_failed(&c->queue))
			end(c, ENGINE_TRANSPORT_ERROR);
		else
			post_soon(c);
		return;
	}
	if (frame_new(c->from.frames, WS_HEADER_MAX + 1, &f)) {
		end(c, ENGINE_TRANSPORT_ERROR);
		return;
	}
	ws_write_header(f, WS_TEXT, 1);
	frame_put_byte(f, type);
	enum err e = c->from.ops->ws_send(c->from.ops_context, f);
	frame_unref(f);
	if (e)
		end(c, ENGINE_TRANSPORT_ERROR);
}

void engine_client_close(struct engine_client *c)
{
	bool was_open = c->state == OPEN;

	timer_stop(c->from.timers, &c->beat);
	timer_stop(c->from.timers, &c->flush);
	c->state = CLOSED;
	if (!was_open || !is_polling(c))
		return;
	queue_packet(&c->queue, WS_TEXT, STR("1"));
	if (!buf_failed(&c->queue))
		post(c);
}

/* ---- what comes in ---- */

struct hello {
	struct str sid;
	int64_t interval_ms, timeout_ms, max_payload;
};

static enum err hello_member(
	struct json_reader *r, struct arena *a, struct str key, struct hello *h)
{
	struct str raw;

	if (str_eq(key, STR("sid")))
		return json_read_string(r, a, &h->sid);
	if (str_eq(key, STR("pingInterval")))
		return json_read_int(r, &h->interval_ms);
	if (str_eq(key, STR("pingTimeout")))
		return json_read_int(r, &h->timeout_ms);
	if (str_eq(key, STR("maxPayload")))
		return json_read_int(r, &h->max_payload);
	return json_read_raw(r, &raw);
}

static enum err hello_read(struct str json, struct arena *a, struct hello *h)
{
	struct json_reader r = json_read_of(json);
	struct str key;
	bool more;
	enum err e = json_read_open_object(&r);

	while (!e && !(e = json_read_more_members(&r, a, &more, &key)) && more)
		e = hello_member(&r, a, key, h);
	return e ? e : json_read_end(&r);
}

/* Only what can stand in a query as it is. */
static bool sid_is_sane(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= ' ' || c >= 0x7f || c == '&' || c == '#' || c == '%' || c == '+')
			return false;
	}
	return s.n > 0 && s.n <= SID_MAX;
}

static void on_open(struct engine_client *c, struct str json)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct hello h = { .max_payload = DEFAULT_PAYLOAD_MAX };
	enum err e = hello_read(json, &a, &h);

	bool sane = !e && sid_is_sane(h.sid) && h.interval_ms > 0 && h.timeout_ms > 0 &&
	            h.interval_ms <= beat_max_ms && h.timeout_ms <= beat_max_ms &&
	            h.max_payload > 0;
	if (!sane) {
		end(c, e == ERR_NOMEM ? ENGINE_TRANSPORT_ERROR : ENGINE_PARSE_ERROR);
		return;
	}
	memcpy(c->sid, h.sid.p, h.sid.n);
	c->sid_n = h.sid.n;
	c->beat_ms = h.interval_ms + h.timeout_ms;
	c->max_payload = (size_t)h.max_payload;
	c->state = OPEN;
	beat_wait(c);
	c->from.handler->opened(c->from.context);
}

/* "b" and base64: a binary message where the transport carries text alone. */
static void give_base64(struct engine_client *c, struct str text)
{
	CLEANUP(buf_done) struct buf bytes = { 0 };
	enum err e = hash_parse_base64(text, BASE64_PADDED, &bytes);

	if (!e && !buf_reserve(&bytes, 1)) /* so that p is never NULL */
		e = ERR_NOMEM;
	if (e)
		end(c, e == ERR_NOMEM ? ENGINE_TRANSPORT_ERROR : ENGINE_PARSE_ERROR);
	else
		c->from.handler->message(c->from.context, true, bytes.p, bytes.n);
}

static void packet_in_session(struct engine_client *c, char *p, size_t n)
{
	switch (p[0]) {
	case '4':
		c->from.handler->message(c->from.context, false, p + 1, n - 1);
		break;
	case 'b':
		give_base64(c, (struct str){ p + 1, n - 1 });
		break;
	case '2':
		beat_wait(c);
		say(c, '3');
		break;
	case '1':
		end(c, ENGINE_TRANSPORT_CLOSE);
		break;
	case '6':
		break;
	default: /* a second open, a pong, an upgrade: none of them is a server's to send */
		end(c, ENGINE_PARSE_ERROR);
	}
}

static void packet(struct engine_client *c, char *p, size_t n)
{
	if (n && c->state == OPEN)
		packet_in_session(c, p, n);
	else if (n && p[0] == '0')
		on_open(c, (struct str){ p + 1, n - 1 });
	else
		end(c, ENGINE_PARSE_ERROR);
}

void engine_client_message(struct engine_client *c, bool binary, char *p, size_t n)
{
	if (c->state == CLOSED)
		return;
	if (!binary)
		packet(c, p, n);
	else if (c->state == OPEN)
		c->from.handler->message(c->from.context, true, p, n);
	else
		end(c, ENGINE_PARSE_ERROR);
}

void engine_client_payload(struct engine_client *c, char *p, size_t n)
{
	char *at = p, *stop = p + n;

	if (c->state != CLOSED && (n == 0 || !text_is_utf8((struct str){ p, n })))
		end(c, ENGINE_PARSE_ERROR);
	while (c->state != CLOSED && at <= stop) {
		char *separator = at < stop ? memchr(at, SEPARATOR, (size_t)(stop - at)) : NULL;
		char *packet_end = separator ? separator : stop;
		packet(c, at, (size_t)(packet_end - at));
		at = packet_end + 1;
	}
	if (c->state == OPEN)
		get(c);
}

void engine_client_posted(struct engine_client *c)
{
	c->posting = false;
	post(c);
}

void engine_client_gone(struct engine_client *c, bool clean)
{
	end(c, clean ? ENGINE_TRANSPORT_CLOSE : ENGINE_TRANSPORT_ERROR);
}

bool engine_client_is_open(const struct engine_client *c)
{
	return c->state == OPEN;
}

const char *engine_client_reason(enum engine_reason reason)
{
	switch (reason) {
	case ENGINE_TRANSPORT_CLOSE:
		return "transport close";
	case ENGINE_PING_TIMEOUT:
		return "ping timeout";
	case ENGINE_PARSE_ERROR:
		return "parse error";
	default:
		return "transport error";
	}
}
