/* SPDX-License-Identifier: MIT
 *
 * api_status - how the server is, and what it speaks: texts that are at hand.
 *
 * Layer: app.  Threads: the loop's.
 */
#include "app/asyncapi.h"
#include "app/http/api_call.h"
#include "app/http/openapi.h"

static void text(struct api_call *c, const char *type, struct buf *b)
{
	api_call_header(c, STR("Cache-Control"), STR("no-store"));
	if (buf_failed(b))
		api_call_fail(c, ERR_NOMEM, 0, NULL);
	else
		api_call_answer(c, 200, type, buf_str(b));
	buf_done(b);
}

static void ready(struct api_call *c)
{
	struct store_stats stats;

	store_stats(c->api->o.store, &stats);
	api_call_header(c, STR("Cache-Control"), STR("no-store"));
	if (c->api->is_draining)
		api_call_fail(c, ERR_UNAVAILABLE, 0, "The server is stopping.");
	else if (stats.writable)
		api_call_answer(c, 200, "text/plain; charset=utf-8", STR("ready\n"));
	else
		api_call_fail(c, ERR_UNAVAILABLE, 0, "The store cannot be written to.");
}

void api_status_begin(struct api_call *c)
{
	struct buf b = { 0 };

	switch (c->route) {
	case ROUTE_ID_healthz:
		buf_append(&b, STR("ok\n"));
		text(c, "text/plain; charset=utf-8", &b);
		return;
	case ROUTE_ID_readyz:
		ready(c);
		return;
	case ROUTE_ID_metrics:
		api_metrics_write(c->api, &b);
		text(c, "text/plain; version=0.0.4; charset=utf-8", &b);
		return;
	case ROUTE_ID_asyncapi:
		asyncapi_write(&b);
		text(c, "application/json", &b);
		return;
	default:
		openapi_write(&b);
		text(c, "application/json", &b);
		return;
	}
}
