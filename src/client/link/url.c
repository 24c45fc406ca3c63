/* SPDX-License-Identifier: MIT
 *
 * url - see url.h.
 *
 * Layer: client.  Threads: any.
 */
#include "client/link/url.h"

#include "http/http_head.h"

enum { HOST_MAX = 255, PORT_DIGITS_MAX = 5 };

static struct str until_any(struct str s, const char *stops)
{
	size_t n = 0;

	while (n < s.n && !strchr(stops, s.p[n]))
		n++;
	return (struct str){ s.p, n };
}

static bool take_scheme(struct str *rest, struct url *u)
{
	static const struct {
		struct str prefix;
		bool secure;
	} schemes[] = {
		{ { "http://", 7 }, false },
		{ { "https://", 8 }, true },
		{ { "ws://", 5 }, false },
		{ { "wss://", 6 }, true },
	};

	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		struct str prefix = schemes[i].prefix;
		if (rest->n >= prefix.n &&
			http_head_same((struct str){ rest->p, prefix.n }, prefix)) {
			u->secure = schemes[i].secure;
			*rest = str_after(*rest, prefix.n);
			return true;
		}
	}
	for (size_t i = 0; i + 2 < rest->n; i++) {
		if (memcmp(rest->p + i, "://", 3) == 0)
			return false;
	}
	return true;
}

static bool take_port(struct str digits, struct url *u)
{
	unsigned usual = u->secure ? 443 : 80, n = 0;

	u->port = (uint16_t)usual;
	if (digits.n == 0)
		return true;
	if (digits.p[0] != ':' || digits.n > PORT_DIGITS_MAX + 1)
		return false;
	for (size_t i = 1; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
		n = n * 10 + (unsigned)(digits.p[i] - '0');
	}
	if (digits.n > 1 && (n == 0 || n > UINT16_MAX))
		return false;
	if (digits.n > 1)
		u->port = (uint16_t)n;
	u->port_is_own = u->port != usual;
	return true;
}

/* "name:password@[::1]:8080". */
static bool take_authority(struct str s, struct url *u)
{
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == '@') {
			u->user = (struct str){ s.p, i - 1 };
			s = str_after(s, i);
			break;
		}
	}
	if (s.n && s.p[0] == '[') {
		u->host = until_any(str_after(s, 1), "]");
		if (u->host.n + 1 >= s.n)
			return false;
		s = str_after(s, u->host.n + 2);
	} else {
		u->host = until_any(s, ":");
		s = str_after(s, u->host.n);
	}
	for (size_t i = 0; i < u->host.n; i++) {
		if (strchr("[]<>\"%\\^`{|}@", u->host.p[i]))
			return false;
	}
	return u->host.n > 0 && u->host.n <= HOST_MAX && take_port(s, u);
}

enum err url_parse(struct str text, struct url *out)
{
	struct url u = { 0 };

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c <= ' ' || c >= 0x7f)
			return ERR_BAD_REQUEST;
	}
	text = until_any(text, "#");
	if (!take_scheme(&text, &u))
		return ERR_BAD_REQUEST;
	struct str authority = until_any(text, "/?");
	if (!take_authority(authority, &u))
		return ERR_BAD_REQUEST;
	text = str_after(text, authority.n);
	u.path = until_any(text, "?");
	u.query = str_after(text, u.path.n);
	if (u.query.n)
		u.query = str_after(u.query, 1);
	*out = u;
	return ERR_OK;
}

/* ---- the environment ---- */

static struct str variable(char *(*environment)(const char *name), const char *a, const char *b)
{
	struct str s = str_of(environment(a));

	return s.n || !b ? s : str_of(environment(b));
}

/* "example.org" and ".example.org" both stand for example.org and all below it. */
static bool host_ends_with(struct str host, struct str tail)
{
	if (tail.n && tail.p[0] == '.')
		tail = str_after(tail, 1);
	if (tail.n == 0 || host.n < tail.n ||
		!http_head_same(str_after(host, host.n - tail.n), tail))
		return false;
	return host.n == tail.n || host.p[host.n - tail.n - 1] == '.';
}

static bool is_excepted(struct str host, struct str list)
{
	struct str entry;

	while (http_head_element(&list, &entry)) {
		if (str_eq(entry, STR("*")))
			return true;
		if (entry.n && entry.p[0] == '[')
			entry = until_any(str_after(entry, 1), "]");
		if (host_ends_with(host, entry))
			return true;
	}
	return false;
}

bool url_proxy(const struct url *u, char *(*environment)(const char *name), struct str *out)
{
	if (!environment)
		return false;
	struct str proxy = u->secure ? variable(environment, "https_proxy", "HTTPS_PROXY")
	                             : variable(environment, "http_proxy", NULL);
	if (proxy.n == 0)
		proxy = variable(environment, "all_proxy", "ALL_PROXY");
	if (proxy.n == 0 || is_excepted(u->host, variable(environment, "no_proxy", "NO_PROXY")))
		return false;
	*out = proxy;
	return true;
}
