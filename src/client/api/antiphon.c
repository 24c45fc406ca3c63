/* SPDX-License-Identifier: MIT
 *
 * antiphon - a client: its making and end, and what its link tells it.
 *
 * Layer: client.  Threads: see antiphon.h.
 */
#include <stdlib.h>

#include "base/json_read.h"
#include "client/api/inside.h"
#include "schema/schema_decode.h"

enum { TIMEOUT_MS = 20000 };

const char *antiphon_result_code(enum antiphon_result result)
{
	if (result == ANTIPHON_DISCONNECTED)
		return "disconnected";
	return result == ANTIPHON_TIMED_OUT ? "timed_out" : err_wire((enum err)result);
}

const char *antiphon_result_text(enum antiphon_result result)
{
	if (result == ANTIPHON_DISCONNECTED)
		return "The connection was lost before the answer came.";
	if (result == ANTIPHON_TIMED_OUT)
		return "No answer came in time.";
	return err_doc((enum err)result);
}

void antiphon_text_free(char *take_text)
{
	free(take_text);
}

/* ---- what the link tells ---- */

static bool find_ns(struct str name, enum ns *out)
{
	for (int i = 0; i < NS_COUNT; i++)
		if (str_eq(name, str_of(schema_namespace((enum ns)i)))) {
			*out = (enum ns)i;
			return true;
		}
	return false;
}

static bool on_auth(void *context, struct str ns, struct buf *out)
{
	struct antiphon *c = context;
	struct json_writer w = json_write_into(out);

	(void)ns;
	pthread_mutex_lock(&c->mutex);
	json_write_begin_object(&w);
	json_write_key(&w, STR("token"));
	json_write_string(&w, str_of(c->token));
	json_write_end_object(&w);
	pthread_mutex_unlock(&c->mutex);
	return true;
}

static void on_connected(void *context, const struct link_joined *j)
{
	struct antiphon *c = context;
	enum ns ns;

	pthread_mutex_lock(&c->mutex);
	c->refused = ANTIPHON_OK;
	if (find_ns(j->ns, &ns)) {
		c->connected[ns] = true;
		antiphon_request_connected(c, ns, j->recovered);
		model_connected(c->model, ns, j->recovered);
		antiphon_request_send_all(c);
	}
	pthread_mutex_unlock(&c->mutex);
}

static void on_refused(void *context, const struct link_refusal *r)
{
	struct antiphon *c = context;
	struct schema_source from = { .json = r->data_json };
	struct connection_error in = { 0 };
	struct arena a = { 0 };
	struct str sentence;
	enum err code = ERR_UNAVAILABLE;

	pthread_mutex_lock(&c->mutex);
	bool whole =
		!schema_decode(schema_payload(STR("connection_error")), &from, &a, &in, &sentence);
	for (int i = ERR_COUNT - 1; whole && i > ERR_OK; i--)
		if (str_eq(in.errorCode, str_of(err_wire((enum err)i))))
			code = (enum err)i;
	c->refused = (enum antiphon_result)code;
	antiphon_event_error(c, code, whole ? in.errorMessage : r->message);
	antiphon_event_done(c);
	arena_done(&a);
	pthread_mutex_unlock(&c->mutex);
}

/* The payload; what stands behind it is the offset of recovery. */
static struct str first_of(struct str args)
{
	struct json_reader r = json_read_of(args);
	struct str raw;

	return json_read_raw(&r, &raw) ? args : raw;
}

static void on_event(void *context, const struct link_event *e)
{
	struct antiphon *c = context;
	enum ns ns;

	pthread_mutex_lock(&c->mutex);
	if (find_ns(e->ns, &ns)) {
		/* What is unknown or malformed is passed over: a newer server may say more than we know. */
		enum err err = model_event(c->model, ns, e->name,
			&(struct schema_source){
				first_of(e->args), e->attachments, e->attachment_count });
		(void)err;
	}
	pthread_mutex_unlock(&c->mutex);
}

static void on_left(void *context, struct str ns)
{
	struct antiphon *c = context;
	enum ns which;

	pthread_mutex_lock(&c->mutex);
	if (find_ns(ns, &which))
		c->connected[which] = false;
	c->refused = ANTIPHON_UNAUTHORIZED;
	antiphon_event_error(
		c, ERR_UNAUTHORIZED, STR("The server has ended the session; sign in again."));
	antiphon_event_done(c);
	pthread_mutex_unlock(&c->mutex);
}

static void on_disconnected(void *context, struct str reason, int64_t retry_ms)
{
	struct antiphon *c = context;

	(void)reason; /* `error` has told it before, and each request knows */
	(void)retry_ms;
	pthread_mutex_lock(&c->mutex);
	memset(c->connected, 0, sizeof c->connected);
	pthread_mutex_unlock(&c->mutex);
}

static void on_error(void *context, enum err code, struct str sentence, int64_t retry_ms)
{
	struct antiphon *c = context;

	(void)retry_ms;
	pthread_mutex_lock(&c->mutex);
	antiphon_event_error(c, code, sentence);
	pthread_mutex_unlock(&c->mutex);
}

static const struct link_handler link_handler = {
	.connected = on_connected,
	.refused = on_refused,
	.event = on_event,
	.left = on_left,
	.disconnected = on_disconnected,
	.error = on_error,
};

/* ---- what the model tells ---- */

static void on_raise(void *context, enum antiphon_event event, const void *payload)
{
	antiphon_event_raise(context, event, payload);
}

static void on_ask(void *context, enum event_id id, struct str json)
{
	antiphon_request_own(context, id, json);
}

static void on_keep(void *context, const struct model_record *r, bool gone)
{
	struct antiphon *c = context;

	if (c->cache)
		cache_keep(c->cache, r, gone);
}

static const struct model_handler model_handler = { on_raise, on_ask, on_keep };

static void on_turn(void *context)
{
	struct antiphon *c = context;

	pthread_mutex_lock(&c->mutex);
	if (c->cache)
		cache_commit(c->cache);
	pthread_mutex_unlock(&c->mutex);
}

static void on_again(void *context)
{
	struct antiphon *c = context;

	pthread_mutex_lock(&c->mutex);
	antiphon_request_send_all(c);
	pthread_mutex_unlock(&c->mutex);
}

/* ---- making and ending ---- */

static enum err copy(const char *text, char **out)
{
	*out = text ? strdup(text) : NULL;
	return text && !*out ? ERR_NOMEM : ERR_OK;
}

static enum err copy_options(struct antiphon *c, const struct antiphon_options *o)
{
	enum err e = copy(o->url, &c->url);

	if (!e)
		e = copy(o->token, &c->token);
	if (!e)
		e = copy(o->username, &c->username);
	if (!e)
		e = copy(o->password, &c->password);
	if (!e)
		e = copy(o->tls_ca_file, &c->tls_ca_file);
	c->connect_timeout_ms = o->connect_timeout_ms ? o->connect_timeout_ms : TIMEOUT_MS;
	c->request_timeout_ms = o->request_timeout_ms ? o->request_timeout_ms : TIMEOUT_MS;
	c->queue_events = o->queue_events;
	return e;
}

static enum err open_link(struct antiphon *c, const struct antiphon_options *o)
{
	struct link_options options = { .url = str_of(c->url),
		.tls_ca_file = c->tls_ca_file,
		.connect_timeout_ms = c->connect_timeout_ms,
		.backoff_base_ms = o->backoff_base_ms,
		.backoff_max_ms = o->backoff_max_ms,
		.environment = getenv,
		.rng = c->rng,
		.auth = on_auth };
	enum err e = link_new(c->loop, &options, &link_handler, c, &c->link);

	for (int i = 0; i < NS_COUNT && !e; i++)
		e = link_join(c->link, str_of(schema_namespace((enum ns)i)));
	return e;
}

static enum err build(struct antiphon *c, const struct antiphon_options *o)
{
	enum err e = copy_options(c, o);

	if (!e)
		e = loop_new(&c->loop);
	if (e)
		return e;
	c->turn = (struct loop_hook){ .fn = on_turn, .context = c };
	loop_hook_add(c->loop, &c->turn);
	c->again = (struct timer){ .fn = on_again, .context = c };
	e = open_link(c, o);
	if (!e)
		e = model_new(&model_handler, c, &c->model);
	if (e || !o->folder)
		return e;
	e = cache_open(o->folder, c->url, &c->cache);
	if (!e)
		e = cache_load(c->cache, c->model);
	return e ? e : antiphon_request_load(c);
}

enum antiphon_result antiphon_new(const struct antiphon_options *options, struct antiphon **out)
{
	struct antiphon *c = calloc(1, sizeof *c);
	pthread_mutexattr_t recursive;

	if (!c)
		return ANTIPHON_NOMEM;
	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&c->mutex, &recursive);
	pthread_mutexattr_destroy(&recursive);
	pthread_cond_init(&c->changed, NULL);
	c->queue_end = &c->queue;
	c->requests_end = &c->requests;
	c->rng = rng_system();
	c->clock = clock_system();
	enum err e = options->url ? build(c, options) : ERR_BAD_REQUEST;
	if (e) {
		antiphon_free(c);
		return (enum antiphon_result)e;
	}
	*out = c;
	return ANTIPHON_OK;
}

static void stop_loop(void *context)
{
	loop_stop(((struct antiphon *)context)->loop);
}

static void free_texts(struct antiphon *c)
{
	free(c->url);
	free(c->token);
	free(c->username);
	free(c->password);
	free(c->tls_ca_file);
	while (c->queue) {
		struct queued *q = c->queue;
		c->queue = q->next;
		antiphon_event_forget(q);
	}
	arena_done(&c->occurrence);
}

void antiphon_free(struct antiphon *c)
{
	struct loop_task stop = { .fn = stop_loop, .context = c };

	if (!c)
		return;
	if (c->started) {
		loop_post_task(c->loop, &stop);
		pthread_join(c->thread, NULL);
	}
	c->started = false;
	if (c->link)
		link_close(c->link);
	if (c->loop) {
		loop_run_posted(c->loop);
		antiphon_request_end_all(c);
		loop_timer_stop(c->loop, &c->again);
		while (c->link && link_is_leaving(c->link))
			loop_turn(c->loop, -1);
		loop_run_closing(c->loop);
		link_free(c->link);
		loop_run_closing(c->loop);
		loop_hook_remove(c->loop, &c->turn);
	}
	cache_close(c->cache);
	loop_free(c->loop);
	model_free(c->model);
	free_texts(c);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->mutex);
	free(c);
}

enum antiphon_result antiphon_connect(struct antiphon *c)
{
	if (!c->token && !(c->username && c->password))
		return ANTIPHON_UNAUTHORIZED;
	if (!c->token) {
		enum antiphon_result r = antiphon_sign_in(c, c->username, c->password);
		if (r)
			return r;
	}
	c->refused = ANTIPHON_OK;
	link_open(c->link);
	return ANTIPHON_OK;
}

void antiphon_close(struct antiphon *c)
{
	link_close(c->link);
	memset(c->connected, 0, sizeof c->connected);
	loop_turn(c->loop, 0);
}

bool antiphon_is_connected(const struct antiphon *c)
{
	return c->connected[NS_MUSIC] && c->connected[NS_CHAT];
}

const char *antiphon_token(const struct antiphon *c)
{
	return c->token;
}
