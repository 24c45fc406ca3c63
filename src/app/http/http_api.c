/* SPDX-License-Identifier: MIT
 *
 * http_api - see http_api.h.
 *
 * Layer: app.  Threads: the loop's.
 */
#include "app/http/http_api.h"

#include <stdlib.h>

#include "app/http/api_call.h"
#include "app/http/api_transfer.h"
#include "http/http_problem.h"

static void json_collected(void *context, struct web_request *r, struct str body)
{
	struct http_api *api = context;
	uint32_t allow;
	struct api_call *c = api_call_new(api, r);

	if (!c)
		return;
	c->route = route_find(c->head->method, c->head->path, &c->id, &allow);
	api_json_begin(c, body);
}

/* 404 or 405; or the preflight of another origin's script, which asks what it may. */
static void no_route(struct api_call *c, uint32_t allow)
{
	bool preflight = http_cors_is_preflight(c->head) && c->api->o.config->cors_origin.n > 0;

	if (!allow) {
		api_call_fail(c, ERR_NOT_FOUND, 0, "There is nothing at this address.");
		return;
	}
	api_call_header(c, STR("Allow"), api_call_allow(c, allow));
	if (preflight || c->head->method == HTTP_HEAD_OPTIONS)
		api_call_answer(c, 204, NULL, STR(""));
	else
		api_call_fail(c, ERR_BAD_REQUEST, 405, "The address does not take this method.");
}

/* A proxy of this machine that is not trusted: everybody behind it is this machine, and no limit by address holds. */
static void look_for_proxy(struct http_api *api, struct web_request *r)
{
	const struct http_head *head = web_request_head(r);
	struct conn_address peer = web_request_peer(r);

	if (api->has_warned || !conn_address_is_loopback(&peer) ||
		!(http_head_find(head, api->o.config->proxy_header).p ||
			http_head_find(head, STR("X-Forwarded-For")).p ||
			http_head_find(head, STR("Forwarded")).p))
		return;
	api->has_warned = true;
	log_line(api->o.log, LOG_WARNING,
		"A proxy on this machine says who its clients are, but is not trusted: limits per "
		"address do not hold. Set trust_proxy to its address.");
}

static void on_request(void *context, struct web_request *r)
{
	struct http_api *api = context;
	const struct http_head *head = web_request_head(r);
	uint32_t allow = 0;
	struct str id;
	enum route_id route = route_find(head->method, head->path, &id, &allow);

	look_for_proxy(api, r);
	if (route != ROUTE_COUNT && schema_routes[route].kind != ROUTE_CALL) {
		web_request_collect(r, JSON_BODY_MAX, json_collected, api);
		return;
	}
	struct api_call *c = api_call_new(api, r);
	if (!c)
		return;
	c->route = route;
	c->id = id;
	if (route == ROUTE_COUNT)
		no_route(c, allow);
	else if (route >= ROUTE_ID_upload_options && route <= ROUTE_ID_delete_upload)
		api_upload_begin(c);
	else if (schema_routes[route].who == ROUTE_BEARER_OR_URL)
		api_download_begin(c);
	else if (route >= ROUTE_ID_web_page)
		api_web_begin(c);
	else
		api_status_begin(c);
}

static void error_body(void *context, int status, const char *why, struct buf *body)
{
	(void)context;
	http_problem_write(body, http_problem_of_status(status), status, str_of(why), 0);
}

static const struct web_handler handler = {
	.request = on_request,
	.error_body = error_body,
	.error_type = HTTP_PROBLEM_TYPE,
};

enum err http_api_new(const struct http_api_options *options, struct http_api **out)
{
	struct http_api *api = calloc(1, sizeof *api);

	if (!api)
		return ERR_NOMEM;
	enum err e = parts_new(options->config->data.p, &api->parts);
	if (e) {
		free(api);
		return e;
	}
	api->o = *options;
	api->site = (struct route_site){ options->config->registration, options->attempts };
	api->cors = (struct http_cors){
		.origins = options->config->cors_origin.v,
		.origin_count = options->config->cors_origin.n,
		.methods = STR("GET, HEAD, POST, PATCH, DELETE"),
		.max_age = STR("7200"),
		.headers = STR("Authorization, Content-Type, If-None-Match, If-Range, Range, "
			       "Tus-Resumable,"
			       " Upload-Checksum, Upload-Length, Upload-Metadata, Upload-Offset"),
		.exposed = STR(
			"Content-Disposition, Content-Range, ETag, Location, Retry-After, "
			"Tus-Checksum-Algorithm,"
			" Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Expires,"
			" Upload-Length, Upload-Offset"),
	};
	web_set_handler(options->server, &handler, api);
	api_sweep_start(api);
	*out = api;
	return ERR_OK;
}

void http_api_drain(struct http_api *api)
{
	api->is_draining = true;
	api_transfer_drain(api);
}

void http_api_stop(struct http_api *api)
{
	if (!api)
		return;
	api_json_stop(api);
	api_sweep_stop(api);
}

void http_api_free(struct http_api *api)
{
	if (!api)
		return;
	parts_free(api->parts);
	free(api);
}
