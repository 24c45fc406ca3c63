/* SPDX-License-Identifier: MIT
 *
 * api_json - routes that take JSON and give JSON: their rows' functions, one after the other.
 *
 * Layer: app.  Threads: the loop's; run_… where the jobs run.
 */
#include "app/http/api_call.h"
#include "http/http_cookie.h"
#include "schema/schema_decode.h"
#include "schema/schema_encode.h"

enum { COOKIE_AGE_S = 30 * 24 * 3600 };

static const struct route_functions *functions(const struct api_call *c)
{
	return &route_functions[c->route];
}

static const struct route *row(const struct api_call *c)
{
	return &schema_routes[c->route];
}

/* ---- the answer ---- */

/* The session's token also becomes a cookie, with which a browser can show media; it is good for
 * GET alone. */
static void set_cookie(struct api_call *c, struct str token, int64_t age_s)
{
	struct buf b = { 0 };

	http_cookie_write(&b, &(struct http_cookie){ STR("antiphon"), token, STR("/"), age_s,
				      web_request_is_secure(c->request) });
	struct str value = buf_failed(&b) ? STR("") : arena_dup(&c->arena, buf_str(&b));
	if (value.n)
		api_call_header(c, STR("Set-Cookie"), value);
	buf_done(&b);
}

static void cookies(struct api_call *c)
{
	if (row(c)->answer == schema_payload(STR("session_begun")))
		set_cookie(c, ((const struct session_begun *)c->answer)->token, COOKIE_AGE_S);
	if (c->route == ROUTE_ID_list_sessions) /* a browser that has kept the token alone */
		set_cookie(c, c->token, COOKIE_AGE_S);
	if (c->route == ROUTE_ID_end_session &&
		str_eq(((const struct session_ref *)c->in)->id, STR("current")))
		set_cookie(c, STR(""), 0);
}

static void answer(struct api_call *c)
{
	struct buf body = { 0 };
	struct json_writer w = json_write_into(&body);

	cookies(c);
	api_call_header(c, STR("Cache-Control"), STR("no-store"));
	if (row(c)->status == 204) {
		api_call_answer(c, 204, NULL, STR(""));
		return;
	}
	schema_encode(row(c)->answer, c->answer, &w, NULL);
	if (buf_failed(&body))
		api_call_fail(c, ERR_NOMEM, 0, NULL);
	else
		api_call_answer(c, row(c)->status, "application/json", buf_str(&body));
	buf_done(&body);
}

/* ---- the steps ---- */

static enum err run_read(struct job *job, struct tx *tx)
{
	struct api_call *c = api_call_of(job);
	enum err e = api_call_guard(c, tx, API_CALL_READER);

	return e ? e : functions(c)->read(tx, &c->ask, c->in, &c->arena, c->answer);
}

static void read_done(struct job *job)
{
	struct api_call *c = api_call_of(job);

	if (job->err)
		api_call_fail_job(c);
	else
		answer(c);
}

static enum err run_apply(struct job *job, struct tx *tx)
{
	struct api_call *c = api_call_of(job);
	enum err e = api_call_guard(c, tx, API_CALL_WRITER);

	return e ? e : functions(c)->apply(tx, &c->ask, c->in, &c->arena, &c->out);
}

static void refuse(struct api_call *c)
{
	if (functions(c)->refused)
		functions(c)->refused(&c->ask, c->in, c->job.err);
	api_call_fail_job(c);
}

static void apply_done(struct job *job)
{
	struct api_call *c = api_call_of(job);

	if (job->err) {
		refuse(c);
		return;
	}
	functions(c)->announce(c->api->o.hub, &c->ask, c->in, c->out, c->answer);
	answer(c);
}

static enum err run_prepare(struct job *job, struct tx *tx)
{
	struct api_call *c = api_call_of(job);

	(void)tx;
	return functions(c)->prepare(&c->ask, c->in, c->found, &c->arena, &c->out);
}

static void prepare_done(struct job *job)
{
	struct api_call *c = api_call_of(job);

	if (job->err) {
		refuse(c);
		return;
	}
	c->ask.ask.prepared = c->out;
	api_call_submit(c, PLACE_WRITER, run_apply, apply_done);
}

static enum err run_find(struct job *job, struct tx *tx)
{
	struct api_call *c = api_call_of(job);
	enum err e = api_call_guard(c, tx, API_CALL_READER);

	return e ? e : functions(c)->find(tx, &c->ask, c->in, &c->arena, &c->found);
}

static void find_done(struct job *job)
{
	struct api_call *c = api_call_of(job);

	if (job->err)
		refuse(c);
	else
		api_call_submit(c, PLACE_WORKER, run_prepare, prepare_done);
}

static void delay_over(void *context)
{
	struct api_call *c = context;
	struct api_call **at = &c->api->delayed;

	while (*at != c)
		at = &(*at)->next_delayed;
	*at = c->next_delayed;
	api_call_submit(c, PLACE_READER, run_find, find_done);
}

void api_json_stop(struct http_api *api)
{
	while (api->delayed) {
		struct api_call *c = api->delayed;
		api->delayed = c->next_delayed;
		loop_timer_stop(web_loop(api->o.server), &c->delay);
		api_call_fail(c, ERR_UNAVAILABLE, 0, NULL);
	}
}

static void secret_begin(struct api_call *c)
{
	const char *sentence = NULL;
	enum err e = functions(c)->admit(&c->ask, c->in, &sentence);

	if (e) {
		api_call_fail(c, e, 0, sentence);
		return;
	}
	if (!c->ask.delay_ms) {
		api_call_submit(c, PLACE_READER, run_find, find_done);
		return;
	}
	c->next_delayed = c->api->delayed;
	c->api->delayed = c;
	c->delay = (struct timer){ .fn = delay_over, .context = c };
	loop_timer_start(web_loop(c->api->o.server), &c->delay, c->ask.delay_ms);
}

/* ---- what came ---- */

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!strchr(" \t\r\n", s.p[i]) || !s.p[i])
			return false;
	}
	return true;
}

/*
 * The body with the path's id as its last member, so that one decoder checks both: { …, "id": "…"
 * }. A body that is no object stays none: one brace is taken away and one put on.
 */
static struct str with_id(struct api_call *c, struct str body)
{
	while (body.n && is_blank((struct str){ body.p + body.n - 1, 1 }))
		body.n--;
	while (body.n && is_blank((struct str){ body.p, 1 }))
		body = str_after(body, 1);
	if (body.n == 0)
		body = STR("{}");
	if (c->id.n == 0 || body.n < 2 || body.p[0] != '{' || body.p[body.n - 1] != '}')
		return body;
	struct str members = { body.p, body.n - 1 };
	const char *comma = is_blank(str_after(members, 1)) ? "" : ",";
	for (size_t i = 0; i < c->id.n;
		i++) { /* a path holds no control characters; a quote would end the string */
		if (c->id.p[i] == '"' || c->id.p[i] == '\\')
			return STR("{\"id\":\"\"}");
	}
	return arena_printf(&c->arena, STR_FMT "%s\"id\":\"" STR_FMT "\"}", STR_ARG(members), comma,
		STR_ARG(c->id));
}

static bool is_json(const struct http_head *h)
{
	struct str type = http_head_find(h, STR("Content-Type"));
	const char *end = type.n ? memchr(type.p, ';', type.n) : NULL;
	struct str essence = { type.p, end ? (size_t)(end - type.p) : type.n };

	return !type.p || http_head_same(str_trim(essence), STR("application/json"));
}

static enum err take(struct api_call *c, struct str body, struct str *sentence)
{
	const struct route *r = row(c);
	struct schema_source source = { .json = with_id(c, body) };

	c->in = arena_alloc(&c->arena, r->payload->size);
	c->answer = arena_alloc(&c->arena, r->answer->size);
	if (!c->in || !c->answer || !source.json.p)
		return ERR_NOMEM;
	if (r->payload->count == 0)
		return ERR_OK;
	return schema_decode(r->payload, &source, &c->arena, c->in, sentence);
}

void api_json_begin(struct api_call *c, struct str body)
{
	struct str sentence = { NULL, 0 };

	if (row(c)->who != ROUTE_ANYONE && c->token.n == 0) {
		api_call_fail(c, ERR_UNAUTHORIZED, 0, "The request needs a bearer token.");
		return;
	}
	if (body.n && !is_json(c->head)) {
		api_call_fail(c, ERR_BAD_REQUEST, 415, "The body must be application/json.");
		return;
	}
	enum err e = take(c, body, &sentence);
	if (e) {
		struct str copy = arena_dup(&c->arena, sentence); /* for its NUL */
		api_call_fail(c, e, 0, sentence.p ? copy.p : NULL);
	} else if (row(c)->kind == ROUTE_READ) {
		api_call_submit(c, PLACE_READER, run_read, read_done);
	} else if (row(c)->kind == ROUTE_WRITE) {
		api_call_submit(c, PLACE_WRITER, run_apply, apply_done);
	} else {
		secret_begin(c);
	}
}
