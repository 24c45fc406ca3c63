/* SPDX-License-Identifier: MIT
 *
 * antiphon_request - requests from their making to their end: the program's, the model's own, and messages, which wait for a
 * connection and are sent until the server has answered; their clientId makes the repeat harmless.
 *
 * Layer: client.  Threads: see antiphon.h.
 */
#include <stdlib.h>

#include "base/json_read.h"
#include "base/uuid.h"
#include "client/api/inside.h"
#include "schema/schema_decode.h"

enum { AGAIN_MS = 500 };

/* ---- the end ---- */

static void unlink_request(struct antiphon *c, struct request *r)
{
	struct request **at = &c->requests;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	if (c->requests_end == &r->next)
		c->requests_end = at;
}

static void free_request(struct request *r)
{
	arena_done(&r->arena);
	free(r);
}

/* The answer's struct in its public form, or NULL. */
static const void *typed_answer(struct request *r, struct str json)
{
	const struct payload *p = schema_events[r->id].answer;
	struct form form = form_of(p);
	struct schema_source from = { .json = json };
	struct str sentence;
	void *wire = arena_alloc(&r->arena, p->size);

	if (!wire || schema_decode(p, &from, &r->arena, wire, &sentence))
		return NULL;
	void *out = arena_alloc(&r->arena, form_size(&form, wire));
	if (out)
		form_pack(&form, wire, out);
	return out;
}

/* json: the acknowledgement, or empty. */
static void finish(
	struct request *r, enum antiphon_result result, struct str sentence, struct str json)
{
	struct antiphon *c = r->c;
	struct antiphon_answer a = { .result = result,
		.sentence = arena_dup(&r->arena, sentence).p,
		.json = arena_dup(&r->arena, json).p };

	if (!a.sentence)
		a.sentence = "";
	if (!a.json)
		a.json = "";
	unlink_request(c, r);
	if (r->number)
		cache_drop_message(c->cache, r->number);
	if (r->own || result == ANTIPHON_OK) {
		/* One that cannot be taken in is as if it had not come: the next absence tells. */
		enum err e = model_answer(c->model, &(struct model_answer){ .id = r->id,
							    .request = r->json,
							    .answer = result ? STR("") : json,
							    .own = r->own });
		(void)e;
	}
	if (r->done)
		r->finish(r->done, r->context, &a, result ? NULL : typed_answer(r, json));
	if (r->ticket) {
		c->results[r->ticket % ANTIPHON_RESULTS_MAX].ticket = r->ticket;
		c->results[r->ticket % ANTIPHON_RESULTS_MAX].result = result;
	}
	free_request(r);
	pthread_cond_broadcast(&c->changed);
}

static void finish_err(struct request *r, enum antiphon_result result)
{
	finish(r, result, str_of(antiphon_result_text(result)), STR(""));
}

/* ---- the answer ---- */

struct failure {
	bool ok;
	enum antiphon_result result;
	struct str sentence;
};

static enum err read_error(struct json_reader *r, struct arena *a, struct failure *out)
{
	enum err e = json_read_open_object(r);
	struct str key, text;
	bool more = true;

	while (!e && !(e = json_read_more_members(r, a, &more, &key)) && more) {
		if (str_eq(key, STR("errorMessage"))) {
			e = json_read_string(r, a, &out->sentence);
		} else if (str_eq(key, STR("errorCode"))) {
			e = json_read_string(r, a, &text);
			for (int i = ERR_COUNT - 1; !e && i > ERR_OK; i--)
				if (str_eq(text, str_of(err_wire((enum err)i))))
					out->result = (enum antiphon_result)i;
		} else {
			e = json_read_raw(r, &text);
		}
	}
	return e;
}

/* What { ok, error } of an acknowledgement says. */
static enum err read_answer(struct str json, struct arena *a, struct failure *out)
{
	struct json_reader r = json_read_of(json);
	enum err e = json_read_open_object(&r);
	struct str key, raw;
	bool more = true;

	while (!e && !(e = json_read_more_members(&r, a, &more, &key)) && more) {
		if (str_eq(key, STR("ok")))
			e = json_read_bool(&r, &out->ok);
		else if (str_eq(key, STR("error")))
			e = read_error(&r, a, out);
		else
			e = json_read_raw(&r, &raw);
	}
	return e ? e : json_read_end(&r);
}

/* It is sent again: at the next connection, or after a while. */
static void wait_for_another_try(struct request *r, bool soon)
{
	r->flying = false;
	if (soon)
		loop_timer_start(r->c->loop, &r->c->again, AGAIN_MS);
}

static struct str ns_of(const struct request *r)
{
	return str_of(schema_namespace(schema_events[r->id].ns));
}

static bool changes_something(const struct request *r)
{
	enum event_kind kind = schema_events[r->id].kind;

	return kind == KIND_WRITE || kind == KIND_TURN || kind == KIND_BLOB;
}

static bool is_passing(enum antiphon_result result)
{
	return result == ANTIPHON_RATE_LIMITED || result == ANTIPHON_UNAVAILABLE ||
	       result == ANTIPHON_TIMED_OUT || result == ANTIPHON_NOMEM;
}

static void take_answer(struct request *r, const struct link_answer *a)
{
	struct failure f = { .result = ANTIPHON_INTERNAL,
		.sentence = STR("The server's answer could not be understood.") };
	bool insists = r->own || r->stays;

	if (a->outcome != LINK_ANSWERED) {
		f.result = a->outcome == LINK_LOST ? ANTIPHON_DISCONNECTED : ANTIPHON_TIMED_OUT;
		f.sentence = str_of(antiphon_result_text(f.result));
		if (!insists && a->outcome == LINK_LOST && changes_something(r))
			link_start_anew(
				r->c->link, ns_of(r)); /* no event tells what became of it */
		if (insists && !r->c->ending) {
			wait_for_another_try(r, a->outcome == LINK_TIMED_OUT);
			return;
		}
	} else {
		enum err e = read_answer(a->args, &r->arena, &f);
		if (!e && f.ok) {
			finish(r, ANTIPHON_OK, STR(""), a->args);
			return;
		}
		if (e == ERR_NOMEM)
			f = (struct failure){ .result = ANTIPHON_NOMEM,
				.sentence = str_of(antiphon_result_text(ANTIPHON_NOMEM)) };
	}
	if (insists && is_passing(f.result) && !r->c->ending)
		wait_for_another_try(r, true);
	else
		finish(r, f.result, f.sentence, a->args);
}

static void on_ack(void *context, const struct link_answer *a)
{
	struct request *r = context;
	struct antiphon *c = r->c;

	pthread_mutex_lock(&c->mutex);
	take_answer(r, a);
	pthread_mutex_unlock(&c->mutex);
}

/* ---- sending ---- */

static void send_request(struct request *r)
{
	struct link_message message = { .ns = ns_of(r),
		.name = str_of(schema_events[r->id].name),
		.args = r->json,
		.attachments = r->attachments,
		.attachment_count = r->attachment_count,
		.ack = on_ack,
		.context = r,
		.timeout_ms = r->c->request_timeout_ms };
	bool insists = r->own || r->stays;
	enum err e = link_emit(r->c->link, &message);

	r->flying = !e;
	if (!e || (insists && e == ERR_UNAVAILABLE))
		return; /* the next connection sends it */
	if (insists && (e == ERR_RATE_LIMITED || e == ERR_NOMEM))
		wait_for_another_try(r, true);
	else if (e == ERR_UNAVAILABLE)
		finish(r, ANTIPHON_UNAVAILABLE, STR("There is no connection to the server now."),
			STR(""));
	else
		finish_err(r, (enum antiphon_result)e);
}

void antiphon_request_send_all(struct antiphon *c)
{
	for (struct request *r = c->requests, *next; r; r = next) {
		next = r->next;
		if (r->begun && !r->flying && (r->own || r->stays) &&
			link_is_connected(c->link, ns_of(r)))
			send_request(r);
	}
}

void antiphon_request_connected(struct antiphon *c, enum ns ns, bool recovered)
{
	for (struct request *r = c->requests, *next; r && !recovered; r = next) {
		next = r->next;
		if (!r->own || schema_events[r->id].ns != ns)
			continue;
		unlink_request(c, r); /* the model begins anew */
		free_request(r);
	}
}

void antiphon_request_end_all(struct antiphon *c)
{
	c->ending = true;
	while (c->requests) {
		struct request *r = c->requests;
		r->number = 0; /* the next program sends it */
		if (r->own) {
			unlink_request(c, r);
			free_request(r);
		} else {
			finish_err(r, ANTIPHON_DISCONNECTED);
		}
	}
}

/* ---- the beginning ---- */

static struct request *new_request(struct antiphon *c, enum event_id id)
{
	struct request *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->c = c;
	r->id = id;
	*c->requests_end = r;
	c->requests_end = &r->next;
	return r;
}

static void begin(void *context)
{
	struct request *r = context;
	struct antiphon *c = r->c;

	pthread_mutex_lock(&c->mutex);
	r->begun = true;
	if (r->refused)
		finish(r, r->refused, r->sentence, STR(""));
	else
		send_request(r);
	pthread_mutex_unlock(&c->mutex);
}

static void refuse(struct request *r, enum err e, struct str sentence)
{
	r->refused = (enum antiphon_result)e;
	r->sentence = sentence.n ? sentence : str_of(err_doc(e));
}

/* The request's text: from the public struct, or as it was given; checked like the server does. */
static void compose(struct request *r, const struct antiphon_asked *asked)
{
	const struct payload *p = schema_events[r->id].payload;
	struct form form = form_of(p);
	struct schema_attachments bytes = { .n = 0 };
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);
	struct str sentence = STR("A field that must be there is not.");
	enum err e = ERR_OK;

	if (asked->what)
		e = form_encode(&form, asked->what, &w, &bytes);
	for (; !asked->what && bytes.n < asked->byte_count && bytes.n < ATTACHMENTS_MAX; bytes.n++)
		bytes.v[bytes.n] = (struct str){ asked->bytes[bytes.n].p, asked->bytes[bytes.n].n };
	r->json = arena_dup(&r->arena, asked->what ? buf_str(&json) : asked->json);
	if (buf_failed(&json) || !r->json.p)
		e = ERR_NOMEM;
	buf_done(&json);
	for (size_t i = 0; i < bytes.n && !e; i++) {
		r->attachments[i] = arena_dup(&r->arena, bytes.v[i]);
		e = r->attachments[i].p ? ERR_OK : ERR_NOMEM;
		r->attachment_count = i + 1;
	}
	struct schema_source from = { r->json, r->attachments, r->attachment_count };
	void *wire = arena_alloc(&r->arena, p->size);
	if (!e)
		e = wire ? schema_decode(p, &from, &r->arena, wire, &sentence) : ERR_NOMEM;
	if (e)
		refuse(r, e, e == ERR_NOMEM ? STR("") : sentence);
}

/* A message gets a clientId when it has none, and a place in the file. */
static void keep_message(struct request *r)
{
	const struct payload *p = schema_events[EVENT_message_sent].payload;
	struct schema_source from = { .json = r->json };
	struct message_sent in = { 0 };
	char text[UUID_TEXT_BYTES];
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);
	struct str sentence;

	r->stays = true;
	enum err e = schema_decode(p, &from, &r->arena, &in, &sentence);
	if (!e && !in.clientId.set) {
		uuid_text(uuid_v7(clock_wall_ms(&r->c->clock), &r->c->rng), text);
		in.clientId.set = true;
		in.clientId.v = (struct str){ text, sizeof text };
		schema_encode(p, &in, &w, NULL);
		r->json = arena_dup(&r->arena, buf_str(&json));
		if (buf_failed(&json) || !r->json.p)
			e = ERR_NOMEM;
	}
	buf_done(&json);
	if (e)
		refuse(r, e, STR(""));
	else if (r->c->cache)
		cache_add_message(r->c->cache, r->json, &r->number);
}

uint64_t antiphon_request_new(struct antiphon *c, const struct antiphon_asked *asked)
{
	uint64_t ticket = 0;

	pthread_mutex_lock(&c->mutex);
	struct request *r = new_request(c, asked->id);
	if (r) {
		ticket = r->ticket = ++c->last_ticket;
		r->finish = asked->finish;
		r->done = asked->done;
		r->context = asked->context;
		compose(r, asked);
		if (!r->refused && r->id == EVENT_message_sent)
			keep_message(r);
		r->task = (struct loop_task){ .fn = begin, .context = r };
		loop_post_task(c->loop, &r->task);
	}
	pthread_mutex_unlock(&c->mutex);
	return ticket;
}

void antiphon_request_own(struct antiphon *c, enum event_id id, struct str json)
{
	struct request *r = new_request(c, id);

	if (!r)
		return; /* out of step until the next connection */
	r->own = r->begun = true;
	r->json = arena_dup(&r->arena, json);
	if (json.n && !r->json.p) {
		unlink_request(c, r);
		free_request(r);
		return;
	}
	/* Never from within the event that asks: what fails at once would answer the model in the middle of it. */
	loop_timer_start(c->loop, &c->again, 0);
}

static void load_message(void *context, int64_t number, struct str json)
{
	struct antiphon *c = context;
	struct request *r = new_request(c, EVENT_message_sent);

	if (!r)
		return; /* it stays in the file */
	r->stays = r->begun = true;
	r->number = number;
	r->json = arena_dup(&r->arena, json);
	if (!r->json.p) {
		unlink_request(c, r);
		free_request(r);
	}
}

enum err antiphon_request_load(struct antiphon *c)
{
	return cache_each_message(c->cache, load_message, c);
}

size_t antiphon_waiting_count(const struct antiphon *c)
{
	size_t n = 0;

	for (const struct request *r = c->requests; r; r = r->next)
		n += r->stays && !r->refused;
	return n;
}
