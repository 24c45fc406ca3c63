/* SPDX-License-Identifier: MIT
 *
 * http_cors - see http_cors.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_cors.h"

#include "http/http_response.h"

#define PREFLIGHT_AGE_S "7200"

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

size_t http_cors_fields(const struct http_cors *c, const struct http_head *h,
	struct http_header out[HTTP_CORS_FIELDS_MAX])
{
	struct str origin = http_head_find(h, STR("Origin"));
	size_t n = 0;

	if (c->origin_count == 0)
		return 0;
	out[n++] = (struct http_header){ STR("Vary"), STR("Origin") };
	if (!origin.p || !allows(c, origin))
		return n;
	out[n++] = (struct http_header){ STR("Access-Control-Allow-Origin"), origin };
	if (!http_cors_is_preflight(h)) {
		out[n++] = (struct http_header){ STR("Access-Control-Expose-Headers"), c->exposed };
		return n;
	}
	out[n++] = (struct http_header){ STR("Access-Control-Allow-Methods"), c->methods };
	out[n++] = (struct http_header){ STR("Access-Control-Allow-Headers"), c->headers };
	out[n++] = (struct http_header){ STR("Access-Control-Max-Age"), STR(PREFLIGHT_AGE_S) };
	return n;
}

void http_cors_write(struct buf *b, const struct http_cors *c, const struct http_head *h)
{
	struct http_header fields[HTTP_CORS_FIELDS_MAX];
	size_t n = http_cors_fields(c, h, fields);

	for (size_t i = 0; i < n; i++)
		http_response_field(b, fields[i].name, fields[i].value);
}
