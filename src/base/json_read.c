/* SPDX-License-Identifier: MIT
 *
 * json_read - see json_read.h.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#include <stdlib.h>

#include "base/json_plain.h"
#include "base/json_read.h"
#include "base/text.h"

struct json_reader json_read_of(struct str text)
{
	return (struct json_reader){
		.p = text.p, .end = text.n ? text.p + text.n : text.p, .depth = 0, .first = true
	};
}

static void skip_space(struct json_reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r'))
		r->p++;
}

static bool eat(struct json_reader *r, char c)
{
	skip_space(r);
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

enum json_type json_read_peek(struct json_reader *r)
{
	skip_space(r);
	if (r->p == r->end)
		return JSON_TYPE_NOTHING;
	switch (*r->p) {
	case 'n':
		return JSON_TYPE_NULL;
	case 'f':
		return JSON_TYPE_FALSE;
	case 't':
		return JSON_TYPE_TRUE;
	case '"':
		return JSON_TYPE_STRING;
	case '[':
		return JSON_TYPE_ARRAY;
	case '{':
		return JSON_TYPE_OBJECT;
	default:
		return *r->p == '-' || (*r->p >= '0' && *r->p <= '9') ? JSON_TYPE_NUMBER
		                                                      : JSON_TYPE_NOTHING;
	}
}

static enum err read_word(struct json_reader *r, struct str word)
{
	skip_space(r);
	if (!str_starts((struct str){ r->p, (size_t)(r->end - r->p) }, word))
		return ERR_BAD_REQUEST;
	r->p += word.n;
	return ERR_OK;
}

enum err json_read_null(struct json_reader *r)
{
	return read_word(r, STR("null"));
}

enum err json_read_bool(struct json_reader *r, bool *out)
{
	bool value = json_read_peek(r) == JSON_TYPE_TRUE;
	enum err e = read_word(r, value ? STR("true") : STR("false"));

	if (!e)
		*out = value;
	return e;
}

static size_t skip_digits(struct json_reader *r)
{
	const char *from = r->p;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
		r->p++;
	return (size_t)(r->p - from);
}

/* The text of a number (RFC 8259 section 6), and whether it is digits alone. */
static enum err read_number(struct json_reader *r, struct str *text, bool *whole)
{
	skip_space(r);
	const char *from = r->p;
	if (r->p < r->end && *r->p == '-')
		r->p++;
	if (r->p < r->end && *r->p == '0')
		r->p++;
	else if (!skip_digits(r))
		return ERR_BAD_REQUEST;

	*whole = true;
	if (r->p < r->end && *r->p == '.') {
		r->p++;
		*whole = false;
		if (!skip_digits(r))
			return ERR_BAD_REQUEST;
	}
	if (r->p < r->end && (*r->p == 'e' || *r->p == 'E')) {
		r->p++;
		*whole = false;
		if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
			r->p++;
		if (!skip_digits(r))
			return ERR_BAD_REQUEST;
	}
	*text = (struct str){ from, (size_t)(r->p - from) };
	return ERR_OK;
}

enum err json_read_double(struct json_reader *r, double *out)
{
	struct str text;
	bool whole;
	char stack[64], *z = stack;
	enum err e = read_number(r, &text, &whole);

	if (e)
		return e;
	if (text.n >= sizeof stack) {
		z = malloc(text.n + 1);
		if (!z)
			return ERR_NOMEM;
	}
	memcpy(z, text.p, text.n);
	z[text.n] = '\0';
	*out = strtod(z, NULL);
	if (z != stack)
		free(z);
	return ERR_OK;
}

enum err json_read_int(struct json_reader *r, int64_t *out)
{
	struct json_reader start = *r;
	struct str text;
	bool whole;
	enum err e = read_number(r, &text, &whole);

	if (e)
		return e;
	if (!whole || text.n > 18) {
		const double exact = 9007199254740992.0; /* 2^53: beyond it doubles skip numbers */
		double d;
		e = json_read_double(&start, &d);
		if (e)
			return e;
		if (!(d >= -exact && d <= exact) || d != (double)(int64_t)d)
			return ERR_BAD_REQUEST;
		*out = (int64_t)d;
		return ERR_OK;
	}
	int64_t n = 0;
	for (size_t i = text.p[0] == '-'; i < text.n; i++)
		n = n * 10 + (text.p[i] - '0');
	*out = text.p[0] == '-' ? -n : n;
	return ERR_OK;
}

/* The raw inside of a string, and whether it holds escapes. Control characters are refused here. */
static enum err read_quoted(struct json_reader *r, struct str *inside, bool *escaped)
{
	if (!eat(r, '"'))
		return ERR_BAD_REQUEST;
	const char *from = r->p;
	*escaped = false;
	for (;;) {
		r->p += json_plain_count((struct str){ r->p, (size_t)(r->end - r->p) });
		if (r->p == r->end || (unsigned char)*r->p < 0x20)
			return ERR_BAD_REQUEST;
		if (*r->p == '"')
			break;
		*escaped = true;
		r->p++; /* the backslash */
		if (r->p == r->end || (unsigned char)*r->p < 0x20)
			return ERR_BAD_REQUEST;
		r->p++;
	}
	*inside = (struct str){ from, (size_t)(r->p - from) };
	r->p++;
	return ERR_OK;
}

/* Four hex digits at s, as a number; -1 when they are not. */
static int32_t hex4(struct str s)
{
	int32_t n = 0;

	if (s.n < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		char c = s.p[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
		            : c >= 'a' && c <= 'f' ? c - 'a' + 10
		            : c >= 'A' && c <= 'F' ? c - 'A' + 10
		                                   : -1;
		if (digit < 0)
			return -1;
		n = n * 16 + digit;
	}
	return n;
}

static size_t put_utf8(int32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* One \u escape (two for a pair of surrogates) at the front of s. Returns the code point, or -1. */
static int32_t unicode_escape(struct str *s)
{
	int32_t c = hex4(*s);

	if (c < 0)
		return -1;
	*s = str_after(*s, 4);
	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c > 0xdbff || !str_starts(*s, STR("\\u")))
		return -1;
	int32_t low = hex4(str_after(*s, 2));
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	*s = str_after(*s, 6);
	return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

/* One escape at the front of s, behind its backslash. Returns the code point, or -1. */
static int32_t any_escape(struct str *s)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = s->p[0];

	*s = str_after(*s, 1);
	if (c == 'u')
		return unicode_escape(s);
	const char *at = c ? strchr(from, c) : NULL;
	return at ? to[at - from] : -1;
}

/* Resolves the escapes of s into out, which has room for s.n bytes. Returns the length, or SIZE_MAX. */
static size_t unescape(struct str s, char *out)
{
	size_t n = 0;

	while (s.n) {
		if (s.p[0] != '\\') {
			out[n++] = s.p[0];
			s = str_after(s, 1);
			continue;
		}
		s = str_after(s, 1);
		int32_t c = any_escape(&s);
		if (c < 0)
			return SIZE_MAX;
		n += put_utf8(c, out + n);
	}
	return n;
}

static enum err read_text(struct json_reader *r, struct arena *a, bool with_nul, struct str *out)
{
	struct str s;
	bool escaped;
	enum err e = read_quoted(r, &s, &escaped);

	if (e)
		return e;
	if (escaped) {
		char *to = arena_alloc(a, s.n);
		if (!to)
			return ERR_NOMEM;
		size_t n = unescape(s, to);
		if (n == SIZE_MAX || (!with_nul && memchr(to, '\0', n)))
			return ERR_BAD_REQUEST;
		s = (struct str){ to, n };
	}
	if (!text_is_utf8(s))
		return ERR_BAD_REQUEST;
	*out = s;
	return ERR_OK;
}

enum err json_read_string(struct json_reader *r, struct arena *a, struct str *out)
{
	return read_text(r, a, false, out);
}

enum err json_read_text(struct json_reader *r, struct arena *a, struct str *out)
{
	return read_text(r, a, true, out);
}

enum err json_read_open_array(struct json_reader *r)
{
	if (r->depth >= JSON_DEPTH_MAX || !eat(r, '['))
		return ERR_BAD_REQUEST;
	r->depth++;
	r->first = true;
	return ERR_OK;
}

/* Before an element or a member: closes, or takes the comma that is due. */
static enum err step(struct json_reader *r, char closing, bool *more)
{
	bool first = r->first;

	r->first = false;
	if (eat(r, closing)) {
		r->depth--;
		*more = false;
		return ERR_OK;
	}
	if (!first && !eat(r, ','))
		return ERR_BAD_REQUEST;
	*more = true;
	return ERR_OK;
}

enum err json_read_more_elements(struct json_reader *r, bool *more)
{
	return step(r, ']', more);
}

enum err json_read_open_object(struct json_reader *r)
{
	if (r->depth >= JSON_DEPTH_MAX || !eat(r, '{'))
		return ERR_BAD_REQUEST;
	r->depth++;
	r->first = true;
	return ERR_OK;
}

enum err json_read_more_members(struct json_reader *r, struct arena *a, bool *more, struct str *key)
{
	enum err e = step(r, '}', more);

	if (e || !*more)
		return e;
	e = json_read_string(r, a, key);
	if (e)
		return e;
	return eat(r, ':') ? ERR_OK : ERR_BAD_REQUEST;
}

/* Checks the escapes of a string that nobody asked for; what JSON.parse takes, this takes. */
static enum err skip_string(struct json_reader *r)
{
	struct str s;
	bool escaped;
	enum err e = read_quoted(r, &s, &escaped);

	if (e || !escaped)
		return e;
	while (s.n) {
		const char *at = memchr(s.p, '\\', s.n);
		if (!at)
			break;
		s = str_after(s, (size_t)(at - s.p) + 1);
		if (!strchr("\"\\/bfnrtu", s.p[0]) || (s.p[0] == 'u' && hex4(str_after(s, 1)) < 0))
			return ERR_BAD_REQUEST;
		s = str_after(s, 1);
	}
	return ERR_OK;
}

static enum err skip_scalar(struct json_reader *r, enum json_type type)
{
	struct str text;
	bool flag;

	switch (type) {
	case JSON_TYPE_NULL:
		return json_read_null(r);
	case JSON_TYPE_FALSE:
	case JSON_TYPE_TRUE:
		return json_read_bool(r, &flag);
	case JSON_TYPE_NUMBER:
		return read_number(r, &text, &flag);
	case JSON_TYPE_STRING:
		return skip_string(r);
	default:
		return ERR_BAD_REQUEST;
	}
}

/* Opens what comes next, or skips it when it is a scalar; kinds remembers what is open, a bit a level. */
static enum err skip_value(struct json_reader *r, uint64_t *kinds)
{
	enum json_type type = json_read_peek(r);

	if (type != JSON_TYPE_ARRAY && type != JSON_TYPE_OBJECT)
		return skip_scalar(r, type);
	*kinds = *kinds << 1 | (type == JSON_TYPE_OBJECT);
	return type == JSON_TYPE_OBJECT ? json_read_open_object(r) : json_read_open_array(r);
}

static enum err skip_key(struct json_reader *r)
{
	enum err e = skip_string(r);

	if (e)
		return e;
	return eat(r, ':') ? ERR_OK : ERR_BAD_REQUEST;
}

enum err json_read_raw(struct json_reader *r, struct str *out)
{
	unsigned bottom = r->depth;
	uint64_t kinds = 0; /* JSON_DEPTH_MAX is below 64 */

	skip_space(r);
	const char *from = r->p;
	enum err e = skip_value(r, &kinds);
	while (!e && r->depth > bottom) {
		bool more;
		e = step(r, kinds & 1 ? '}' : ']', &more);
		if (e)
			break;
		if (!more) {
			kinds >>= 1;
			continue;
		}
		if (kinds & 1)
			e = skip_key(r);
		if (!e)
			e = skip_value(r, &kinds);
	}
	if (e)
		return e;
	*out = (struct str){ from, (size_t)(r->p - from) };
	return ERR_OK;
}

enum err json_read_end(struct json_reader *r)
{
	skip_space(r);
	return r->p == r->end && r->depth == 0 ? ERR_OK : ERR_BAD_REQUEST;
}
