/* SPDX-License-Identifier: MIT
 *
 * http_cors - see http_cors.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_cors.h"

#include "http/http_response.h"

enum { PREFLIGHT_AGE_S = 7200 };

bool http_cors_is_preflight(const struct http_head *h)
{
	return h->method == HTTP_HEAD_OPTIONS && http_head_find(h, STR("Origin")).p &&
	       http_head_find(h, STR("Access-Control-Request-Method")).p;
}

static bool allows(const struct http_cors *c, struct str origin)
{
	for (size_t i = 0; i < c->origin_count; i++) {
		if (str_eq(c->origins[i], STR("*")) || http_head_same(c->origins[i], origin))
			return true;
	}
	return false;
}

void http_cors_write(struct buf *b, const struct http_cors *c, const struct http_head *h)
{
	struct str origin = http_head_find(h, STR("Origin"));

	if (c->origin_count == 0)
		return;
	http_response_field(b, STR("Vary"), STR("Origin"));
	if (!origin.p || !allows(c, origin))
		return;
	http_response_field(b, STR("Access-Control-Allow-Origin"), origin);
	if (!http_cors_is_preflight(h)) {
		http_response_field(b, STR("Access-Control-Expose-Headers"), c->exposed);
		return;
	}
	http_response_field(b, STR("Access-Control-Allow-Methods"), c->methods);
	http_response_field(b, STR("Access-Control-Allow-Headers"), c->headers);
	http_response_number(b, STR("Access-Control-Max-Age"), PREFLIGHT_AGE_S);
}
