/* SPDX-License-Identifier: MIT
 *
 * http_cors - see http_cors.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_cors.h"

#include "http/http_response.h"

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

bool http_cors_is_ours(const struct http_cors *c, const struct http_head *h)
{
	struct str origin = http_head_find(h, STR("Origin"));
	struct str host = http_head_find(h, STR("Host"));

	if (!origin.p || allows(c, origin))
		return true;
	const char *slashes = origin.n ? memchr(origin.p, '/', origin.n) : NULL;
	struct str rest = slashes ? str_after(origin, (size_t)(slashes - origin.p)) : STR("");
	return str_starts(rest, STR("//")) && http_head_same(str_after(rest, 2), host);
}

static size_t add(struct http_header *out, size_t n, struct str name, struct str value)
{
	if (value.p)
		out[n++] = (struct http_header){ name, value };
	return n;
}

static bool allows_all(const struct http_cors *c)
{
	return allows(c, STR("*"));
}

bool http_cors_is_sound(const struct http_cors *c)
{
	return !c->credentials || !allows_all(c);
}

/* What follows the origin. */
static size_t add_rest(const struct http_cors *c, const struct http_head *h, size_t n,
	struct http_header out[HTTP_CORS_FIELDS_MAX])
{
	struct str asked = http_head_find(h, STR("Access-Control-Request-Headers"));

	if (!http_cors_is_preflight(h))
		return add(out, n, STR("Access-Control-Expose-Headers"), c->exposed);
	n = add(out, n, STR("Access-Control-Allow-Methods"), c->methods);
	n = add(out, n, STR("Access-Control-Allow-Headers"), c->headers.p ? c->headers : asked);
	return add(out, n, STR("Access-Control-Max-Age"), c->max_age);
}

size_t http_cors_fields(const struct http_cors *c, const struct http_head *h,
	struct http_header out[HTTP_CORS_FIELDS_MAX])
{
	struct str origin = http_head_find(h, STR("Origin"));
	bool preflight = http_cors_is_preflight(h);
	size_t n = 0;

	if (c->origin_count == 0)
		return 0;
	if (allows_all(c)) { /* the same for everybody, and cacheable so */
		if (preflight && !c->headers.p)
			n = add(out, n, STR("Vary"), STR("Access-Control-Request-Headers"));
		if (!origin.p)
			return n;
		n = add(out, n, STR("Access-Control-Allow-Origin"), STR("*"));
		return add_rest(c, h, n, out);
	}
	n = add(out, n, STR("Vary"),
		preflight && !c->headers.p ? STR("Origin, Access-Control-Request-Headers")
					   : STR("Origin"));
	if (!origin.p || !allows(c, origin))
		return n;
	n = add(out, n, STR("Access-Control-Allow-Origin"), origin);
	if (c->credentials)
		n = add(out, n, STR("Access-Control-Allow-Credentials"), STR("true"));
	return add_rest(c, h, n, out);
}

void http_cors_write(struct buf *b, const struct http_cors *c, const struct http_head *h)
{
	struct http_header fields[HTTP_CORS_FIELDS_MAX];
	size_t n = http_cors_fields(c, h, fields);

	for (size_t i = 0; i < n; i++)
		http_response_field(b, fields[i].name, fields[i].value);
}
