/* SPDX-License-Identifier: MIT
 *
 * http_condition - see http_condition.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_condition.h"

/* Weak comparison drops the W/ of the one that is given; a weak tag never matches strongly. */
enum comparison { STRONG, WEAK };

static bool named(const struct http_head *h, struct str name, struct str etag, enum comparison c)
{
	struct str value, tag;
	size_t at = 0;

	while (http_head_next(h, name, &at, &value)) {
		while (http_head_element(&value, &tag)) {
			if (c == WEAK && str_starts(tag, STR("W/")))
				tag = str_after(tag, 2);
			if (str_eq(tag, etag) || str_eq(tag, STR("*")))
				return true;
		}
	}
	return false;
}

int http_condition_status(const struct http_head *h, struct str etag)
{
	if (http_head_find(h, STR("If-Match")).p && !named(h, STR("If-Match"), etag, STRONG))
		return 412;
	if (!named(h, STR("If-None-Match"), etag, WEAK))
		return 0;
	return h->method == HTTP_HEAD_GET || h->method == HTTP_HEAD_HEAD ? 304 : 412;
}

bool http_condition_range(const struct http_head *h, struct str etag)
{
	struct str value = http_head_find(h, STR("If-Range"));

	return !value.p || str_eq(value, etag);
}
