/* SPDX-License-Identifier: MIT
 *
 * http_query - see http_query.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_query.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct str until(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return (struct str){ s.p, at ? (size_t)(at - s.p) : s.n };
}

bool http_query_next(struct str *query, struct str *key, struct str *value)
{
	while (query->n) {
		struct str pair = until(*query, '&');
		*query = str_after(*query, pair.n < query->n ? pair.n + 1 : pair.n);
		if (pair.n == 0)
			continue;
		*key = until(pair, '=');
		*value = str_after(pair, key->n < pair.n ? key->n + 1 : key->n);
		return true;
	}
	return false;
}

enum err http_query_decode(
	struct str s, enum http_query_form form, struct arena *a, struct str *out)
{
	bool plus = form == HTTP_QUERY_FORM && until(s, '+').n < s.n;

	if (!plus && until(s, '%').n == s.n) {
		*out = s;
		return ERR_OK;
	}
	char *p = arena_alloc(a, s.n);
	size_t n = 0;
	if (!p)
		return ERR_NOMEM;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '%') {
			int high = s.n - i < 3 ? -1 : hex(s.p[i + 1]);
			int low = high < 0 ? -1 : hex(s.p[i + 2]);
			if (low < 0)
				return ERR_BAD_REQUEST;
			c = (char)(high << 4 | low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		p[n++] = c;
	}
	*out = (struct str){ p, n };
	return ERR_OK;
}

enum err http_query_find(struct str query, struct str key, struct arena *a, struct str *out)
{
	struct str k, v, found = { NULL, 0 };
	bool any = false;

	while (http_query_next(&query, &k, &v)) {
		if (http_query_decode(k, HTTP_QUERY_FORM, a, &k) || !str_eq(k, key))
			continue; /* a key that cannot be read is not this one */
		found = v;
		any = true;
	}
	return any ? http_query_decode(found, HTTP_QUERY_FORM, a, out) : ERR_NOT_FOUND;
}

void http_query_encode(struct buf *b, struct str s)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		             (c >= '0' && c <= '9') || (c && strchr("-._~", c));
		if (plain) {
			buf_byte(b, s.p[i]);
		} else {
			buf_byte(b, '%');
			buf_byte(b, digits[c >> 4]);
			buf_byte(b, digits[c & 15]);
		}
	}
}
