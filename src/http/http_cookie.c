/* SPDX-License-Identifier: MIT
 *
 * http_cookie - see http_cookie.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_cookie.h"

static struct str until(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return (struct str){ s.p, at ? (size_t)(at - s.p) : s.n };
}

/* Looks for the cookie in one Cookie field. */
static bool find_in(struct str field, struct str name, struct str *out)
{
	while (field.n) {
		struct str pair = until(field, ';');
		field = str_after(field, pair.n < field.n ? pair.n + 1 : pair.n);
		pair = str_trim(pair);
		struct str key = until(pair, '=');
		if (key.n == pair.n || !str_eq(key, name))
			continue;
		struct str value = str_after(pair, key.n + 1);
		if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = (struct str){ value.p + 1, value.n - 2 };
		*out = value;
		return true;
	}
	return false;
}

struct str http_cookie_find(const struct http_head *h, struct str name)
{
	struct str field, value;
	size_t at = 0;

	while (http_head_next(h, STR("Cookie"), &at, &field)) {
		if (find_in(field, name, &value))
			return value;
	}
	return (struct str){ NULL, 0 };
}

void http_cookie_write(struct buf *b, const struct http_cookie *c)
{
	buf_append(b, c->name);
	buf_byte(b, '=');
	buf_append(b, c->value);
	buf_append(b, STR("; Path="));
	buf_append(b, c->path);
	buf_append(b, STR("; Max-Age="));
	buf_i64(b, c->max_age_s);
	buf_append(b, STR("; HttpOnly; SameSite=Strict"));
	if (c->secure)
		buf_append(b, STR("; Secure"));
}
