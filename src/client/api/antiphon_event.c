/* SPDX-License-Identifier: MIT
 *
 * antiphon_event - callbacks, the queue of antiphon_next, and events as JSON.
 *
 * Layer: client.  Threads: see antiphon.h.
 */
#include <stdlib.h>

#include "client/api/inside.h"
#include "schema/schema_decode.h"

static const struct {
	const char *name, *payload;
} events[] = {
#define MODEL(id, payload, doc)     { #id, #payload },
#define CHAT(id, row, payload, doc) { #id, #payload },
#include "client/model_events.def"
#undef MODEL
#undef CHAT
};

const char *antiphon_event_name(enum antiphon_event event)
{
	return (size_t)event < COUNT_OF(events) ? events[event].name : NULL;
}

const struct payload *antiphon_event_payload(enum antiphon_event event)
{
	return schema_payload(str_of(events[event].payload));
}

void antiphon_on(
	struct antiphon *c, enum antiphon_event event, antiphon_event_fn *callback, void *context)
{
	pthread_mutex_lock(&c->mutex);
	c->on[event].fn = callback;
	c->on[event].context = context;
	pthread_mutex_unlock(&c->mutex);
}

void antiphon_on_all(struct antiphon *c, antiphon_event_fn *callback, void *context)
{
	for (int i = 0; i < ANTIPHON_EVENT_COUNT; i++)
		antiphon_on(c, (enum antiphon_event)i, callback, context);
}

char *antiphon_event_json(enum antiphon_event event, const void *payload)
{
	struct form form = form_of(antiphon_event_payload(event));
	struct buf out = { 0 };
	struct json_writer w = json_write_into(&out);

	enum err e = form_encode(&form, payload, &w, NULL);
	buf_byte(&out, 0);
	if (!e && !buf_failed(&out))
		return out.p;
	buf_done(&out);
	return NULL;
}

/* ---- the queue ---- */

static struct queued *take_first(struct antiphon *c)
{
	struct queued *q = c->queue;

	if (!q)
		return NULL;
	c->queue = q->next;
	if (!c->queue)
		c->queue_end = &c->queue;
	c->queue_count--;
	return q;
}

void antiphon_event_forget(struct queued *take_q)
{
	if (!take_q)
		return;
	for (size_t i = 0; i < take_q->attachment_count; i++)
		buf_done(&take_q->attachments[i]);
	free(take_q->attachments);
	buf_done(&take_q->json);
	free(take_q);
}

/* False without memory. */
static bool pack(struct queued *q, const void *payload)
{
	struct form form = form_of(antiphon_event_payload(q->event));
	struct schema_attachments bytes = { .n = 0 };
	struct json_writer w = json_write_into(&q->json);

	if (form_encode(&form, payload, &w, &bytes) || buf_failed(&q->json))
		return false;
	if (bytes.n)
		q->attachments = calloc(bytes.n, sizeof *q->attachments);
	for (size_t i = 0; i < bytes.n && q->attachments; i++) {
		buf_append(&q->attachments[i], bytes.v[i]);
		q->attachment_count++;
		if (buf_failed(&q->attachments[i]))
			return false;
	}
	return q->attachment_count == bytes.n;
}

static void enqueue(struct antiphon *c, enum antiphon_event event, const void *payload)
{
	struct queued *q = calloc(1, sizeof *q);

	if (!q)
		return;
	q->event = event;
	if (!pack(q, payload)) {
		antiphon_event_forget(q);
		return;
	}
	if (c->queue_count == ANTIPHON_QUEUE_MAX)
		antiphon_event_forget(take_first(c));
	*c->queue_end = q;
	c->queue_end = &q->next;
	c->queue_count++;
}

void antiphon_event_done(struct antiphon *c)
{
	pthread_cond_broadcast(&c->changed);
}

void antiphon_event_raise(struct antiphon *c, enum antiphon_event event, const void *payload)
{
	if (c->on[event].fn)
		c->on[event].fn(c->on[event].context, event, payload);
	if (c->queue_events)
		enqueue(c, event, payload);
	antiphon_event_done(c);
}

void antiphon_event_error(struct antiphon *c, enum err code, struct str sentence)
{
	struct arena a = { 0 };
	struct antiphon_connection_error out = { .errorCode = err_wire(code),
		.errorMessage = arena_dup(&a, sentence).p,
		.timestamp = clock_wall_ms(&c->clock) };

	if (out.errorMessage)
		antiphon_event_raise(c, ANTIPHON_CONNECTION_ERROR, &out);
	arena_done(&a);
}

static bool has_queued(struct antiphon *c, void *context)
{
	(void)context;
	return c->queue != NULL;
}

/* The payload in its public form again, in c->occurrence. */
static const void *unpack(struct antiphon *c, const struct queued *q)
{
	struct form form = form_of(antiphon_event_payload(q->event));
	struct str bytes[ATTACHMENTS_MAX];
	struct schema_source from = { buf_str(&q->json), bytes, q->attachment_count };
	struct str sentence;

	arena_reset(&c->occurrence);
	for (size_t i = 0; i < q->attachment_count; i++)
		bytes[i] = arena_dup(&c->occurrence, buf_str(&q->attachments[i]));
	void *wire = arena_alloc(&c->occurrence, form.payload->size);
	if (!wire || schema_decode(form.payload, &from, &c->occurrence, wire, &sentence))
		return NULL;
	void *out = arena_alloc(&c->occurrence, form_size(&form, wire));
	if (out)
		form_pack(&form, wire, out);
	return out;
}

bool antiphon_next(struct antiphon *c, int64_t timeout_ms, struct antiphon_occurrence *out)
{
	bool got = false;

	pthread_mutex_lock(&c->mutex);
	while (!got && antiphon_drive_until(c, timeout_ms, has_queued, NULL)) {
		struct queued *q = take_first(c);
		*out = (struct antiphon_occurrence){ q->event, unpack(c, q) };
		got = out->payload != NULL;
		antiphon_event_forget(q);
	}
	pthread_mutex_unlock(&c->mutex);
	return got;
}
