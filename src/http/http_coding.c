/* SPDX-License-Identifier: MIT
 *
 * http_coding - see http_coding.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_coding.h"

enum { QUALITY_ONE = 1000 };

static struct str until(struct str s, char end)
{
	const char *at = s.n ? memchr(s.p, end, s.n) : NULL;

	return (struct str){ s.p, at ? (size_t)(at - s.p) : s.n };
}

/* "0.25" in thousandths; what is no quality counts as 0. */
static int parse_quality(struct str s)
{
	int value = 0, digit = QUALITY_ONE;

	for (size_t i = 0; i < s.n && digit; i++) {
		if (i == 1 && s.p[i] == '.')
			continue;
		if (s.p[i] < '0' || s.p[i] > '9' || (i == 0 && s.p[i] > '1'))
			return 0;
		value += digit * (s.p[i] - '0');
		digit /= 10;
	}
	return value > QUALITY_ONE ? 0 : value;
}

/* The quality behind the name of an element, as "gzip;q=0.5". */
static int quality(struct str element, size_t name_n)
{
	struct str rest = str_trim(str_after(element, name_n));

	if (rest.n == 0)
		return QUALITY_ONE;
	rest = str_trim(str_after(rest, 1));
	if (rest.n < 2 || (rest.p[0] != 'q' && rest.p[0] != 'Q') || rest.p[1] != '=')
		return 0;
	return parse_quality(str_after(rest, 2));
}

/* What the field says of a coding; -1: nothing. */
static int quality_of(struct str accepted, struct str coding)
{
	struct str element;
	int any = -1;

	while (http_head_element(&accepted, &element)) {
		struct str name = str_trim(until(element, ';'));
		size_t name_n = until(element, ';').n;
		if (http_head_same(name, coding))
			return quality(element, name_n);
		if (str_eq(name, STR("*")))
			any = quality(element, name_n);
	}
	return any;
}

int http_coding_choose(const struct http_head *h, const char *const *codings, size_t count)
{
	struct str accepted = http_head_find(h, STR("Accept-Encoding"));
	int best = -1, best_quality = 0;

	for (size_t i = 0; i < count; i++) {
		int q = quality_of(accepted, str_of(codings[i]));
		if (q > best_quality) {
			best = (int)i;
			best_quality = q;
		}
	}
	return best;
}
