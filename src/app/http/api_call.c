/* SPDX-License-Identifier: MIT
 *
 * api_call - see api_call.h.
 *
 * Layer: app.  Threads: the loop's, but for api_call_guard.
 */
#include "app/http/api_call.h"

#include <assert.h>
#include <stdlib.h>

#include "accounts/session.h"
#include "http/http_cookie.h"
#include "http/http_problem.h"
#include "store/tx.h"

enum { RETRY_DEFAULT_MS = 60000, RETRY_UNAVAILABLE_MS = 2000 };

/* RFC 6750 section 2.1; the cookie is good for GET and HEAD alone, where a foreign page can change
 * nothing; and there for the media routes alone (api_call_guard). */
static struct str token_of(const struct http_head *h, bool *is_cookie)
{
	struct str value = http_head_find(h, STR("Authorization"));

	if (value.n > 7 && http_head_same((struct str){ value.p, 7 }, STR("Bearer ")))
		return str_trim(str_after(value, 7));
	if (value.p || (h->method != HTTP_HEAD_GET && h->method != HTTP_HEAD_HEAD))
		return STR("");
	*is_cookie = true;
	return http_cookie_find(h, STR("antiphon"));
}

/* What limits by address count under; empty where none holds. */
static struct str address_of(struct web_request *r, struct arena *a)
{
	struct conn_address key;
	char text[CONN_ADDRESS_MAX];

	if (!web_request_account(r, &key))
		return STR("");
	return arena_dup(a, (struct str){ text, conn_address_text(&key, text) });
}

struct api_call *api_call_new(struct http_api *api, struct web_request *r)
{
	struct api_call *c = calloc(1, sizeof *c);

	if (!c) {
		web_request_answer(r, &(struct web_answer){ .status = 503, .close = true });
		return NULL;
	}
	c->api = api;
	c->request = r;
	c->head = web_request_head(r);
	c->token = token_of(c->head, &c->is_cookie);
	c->job.arena = &c->arena;
	c->ask = (struct route_ask){
		.ask = {
			.address = address_of(r, &c->arena),
			.now_ms = clock_wall_ms(&api->o.clock),
			.limits = &api->o.config->limits,
		},
		.about = http_head_find(c->head, STR("User-Agent")),
		.site = &api->site,
	};
	c->ask.ask.fresh = uuid_v7(c->ask.ask.now_ms, &api->o.rng);
	return c;
}

/* ---- the use of a session that only reads ---- */

struct renewal {
	struct job job; /* first */
	struct arena arena;
	struct uuid session_id;
	int64_t now_ms;
};

static enum err run_renew(struct job *job, struct tx *tx)
{
	struct renewal *r = (struct renewal *)(void *)job;

	return session_renew(tx, r->session_id, r->now_ms);
}

static void renew_done(struct job *job)
{
	struct renewal *r = (struct renewal *)(void *)job;

	arena_done(&r->arena);
	free(r);
}

/* When it fails, the next use will try again. */
static void renew(const struct api_call *c)
{
	struct renewal *r = calloc(1, sizeof *r);

	if (!r)
		return;
	r->session_id = c->ask.ask.session_id;
	r->now_ms = c->ask.ask.now_ms;
	r->job = (struct job){ .run = run_renew, .done = renew_done, .arena = &r->arena };
	if (executor_submit(&c->api->o.executor, PLACE_WRITER, &r->job))
		renew_done(&r->job);
}

static void call_free(struct api_call *c)
{
	if (c->is_stale)
		renew(c);
	arena_done(&c->arena);
	free(c);
}

enum err api_call_guard(struct api_call *c, struct tx *tx, enum api_call_place place)
{
	enum route_who who = schema_routes[c->route].who;
	struct ask *ask = &c->ask.ask;
	struct session s;

	if (who == ROUTE_ANYONE)
		return ERR_OK;
	if (c->is_cookie && who != ROUTE_BEARER_OR_URL)
		return tx_refuse(tx, ERR_UNAUTHORIZED, "The request needs a bearer token.");
	enum err e = session_find(tx, c->token, ask->now_ms, &s);
	if (e)
		return e;
	if (who == ROUTE_ADMIN && s.who.role != ROLE_ADMIN)
		return tx_refuse(tx, ERR_FORBIDDEN, "Only an admin may do that.");
	c->is_stale = s.is_stale && place == API_CALL_READER;
	if (s.is_stale && place == API_CALL_WRITER)
		e = session_renew(tx, s.who.session_id, ask->now_ms);
	ask->user_id = s.who.user_id;
	ask->session_id = s.who.session_id;
	ask->role = s.who.role;
	return e;
}

void api_call_submit(struct api_call *c, enum place place,
	enum err (*run)(struct job *job, struct tx *tx), void (*done)(struct job *job))
{
	c->job.run = run;
	c->job.done = done;
	c->job.sentence = NULL;
	enum err e = executor_submit(&c->api->o.executor, place, &c->job);
	if (!e)
		return;
	c->job.err = e; /* it ends as it would have after its run */
	done(&c->job);
}

void api_call_header(struct api_call *c, struct str name, struct str value)
{
	assert(c->header_count < API_HEADERS_MAX);
	c->headers[c->header_count++] = (struct http_header){ name, value };
}

void api_call_number(struct api_call *c, struct str name, int64_t value)
{
	struct str text = arena_printf(&c->arena, "%lld", (long long)value);

	if (text.p)
		api_call_header(c, name, text);
}

struct str api_call_allow(struct api_call *c, uint32_t allow)
{
	static const struct {
		enum http_head_method method;
		const char *name;
	} names[] = { { HTTP_HEAD_GET, "GET" }, { HTTP_HEAD_HEAD, "HEAD" },
		{ HTTP_HEAD_POST, "POST" }, { HTTP_HEAD_PATCH, "PATCH" },
		{ HTTP_HEAD_DELETE, "DELETE" } };
	struct str list = STR("OPTIONS");

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (allow >> names[i].method & 1)
			list = arena_printf(
				&c->arena, STR_FMT ", %s", STR_ARG(list), names[i].name);
	}
	return list;
}

/* What every answer says: no guessing of types, and who of another origin may read it. */
static struct web_answer dress(struct api_call *c, int status, const char *type)
{
	struct http_header cors[HTTP_CORS_FIELDS_MAX];
	size_t n = http_cors_fields(&c->api->cors, c->head, cors);

	for (size_t i = 0; i < n; i++)
		api_call_header(c, cors[i].name, cors[i].value);
	api_call_header(c, STR("X-Content-Type-Options"), STR("nosniff"));
	if (type)
		api_call_header(c, STR("Content-Type"), str_of(type));
	c->api->answered[status / 100 % API_STATUS_CLASSES]++;
	return (struct web_answer){
		.status = status, .headers = c->headers, .header_count = c->header_count
	};
}

void api_call_answer(struct api_call *c, int status, const char *type, struct str body)
{
	struct web_answer a = dress(c, status, type);

	a.body = body;
	web_request_answer(c->request, &a);
	call_free(c);
}

void api_call_answer_constant(struct api_call *c, const char *type, struct str body)
{
	struct web_answer a = dress(c, 200, type);

	a.body = body;
	a.is_constant = true;
	web_request_answer(c->request, &a);
	call_free(c);
}

void api_call_answer_file(struct api_call *c, int status, const struct api_call_file *file)
{
	struct web_answer a = dress(c, status, NULL);

	a.body = file->tail;
	web_request_answer_file(c->request, &a, file->take_fd, file->segments, file->count);
	call_free(c);
}

void api_call_fail(struct api_call *c, enum err e, int status, const char *sentence)
{
	struct buf body = { 0 };
	int code = status ? status : err_http(e);

	int64_t retry_ms = code == 503       ? RETRY_UNAVAILABLE_MS
	                   : code != 429     ? 0
	                   : c->ask.retry_ms ? c->ask.retry_ms
	                                     : RETRY_DEFAULT_MS;

	http_problem_write(&body, e, status, str_of(sentence), retry_ms);
	if (code == 401)
		api_call_header(c, STR("WWW-Authenticate"), STR("Bearer realm=\"antiphon\""));
	if (retry_ms) /* whole seconds, RFC 9110 section 10.2.3 */
		api_call_number(c, STR("Retry-After"), (retry_ms + 999) / 1000);
	api_call_header(c, STR("Cache-Control"), STR("no-store"));
	api_call_answer(c, code, HTTP_PROBLEM_TYPE, buf_str(&body));
	buf_done(&body);
}

void api_call_fail_job(struct api_call *c)
{
	api_call_fail(c, c->job.err, 0, c->job.sentence);
}
