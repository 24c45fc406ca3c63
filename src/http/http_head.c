/* SPDX-License-Identifier: MIT
 *
 * http_head - finding fields, and reading those that are lists.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_head.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool http_head_same(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	}
	return true;
}

bool http_head_next(const struct http_head *h, struct str name, size_t *at, struct str *out)
{
	for (size_t i = *at; i < h->header_count; i++) {
		if (http_head_same(h->headers[i].name, name)) {
			*at = i + 1;
			*out = h->headers[i].value;
			return true;
		}
	}
	return false;
}

struct str http_head_find(const struct http_head *h, struct str name)
{
	struct str value = { NULL, 0 };
	size_t at = 0;

	(void)http_head_next(h, name, &at, &value);
	return value;
}

/* Where the first element of the list ends: at a comma outside quotes, or at the end. */
static size_t element_end(struct str list)
{
	bool quoted = false;

	for (size_t i = 0; i < list.n; i++) {
		if (quoted && list.p[i] == '\\')
			i++;
		else if (list.p[i] == '"')
			quoted = !quoted;
		else if (list.p[i] == ',' && !quoted)
			return i;
	}
	return list.n;
}

bool http_head_element(struct str *list, struct str *out)
{
	while (list->n) {
		size_t end = element_end(*list);
		struct str element = str_trim((struct str){ list->p, end });

		*list = str_after(*list, end < list->n ? end + 1 : end);
		if (element.n) {
			*out = element;
			return true;
		}
	}
	return false;
}

bool http_head_lists(const struct http_head *h, struct str name, struct str token)
{
	struct str value, element;
	size_t at = 0;

	while (http_head_next(h, name, &at, &value)) {
		while (http_head_element(&value, &element)) {
			if (http_head_same(element, token))
				return true;
		}
	}
	return false;
}

bool http_head_is_token(char c)
{
	if ((c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'))
		return true;
	return c && strchr("!#$%&'*+-.^_`|~", c);
}
