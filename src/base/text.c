/* SPDX-License-Identifier: MIT
 *
 * text - see text.h. Properties of characters are utf8proc's.
 *
 * Layer: base.  Threads: any.
 */
#include "base/text.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/buf.h"

enum { DIGITS_MAX = 18 }; /* so many always fit an int64_t */

/* Skips ASCII eight bytes at a time; returns how many bytes of s are plain ASCII. */
static size_t ascii_run(struct str s)
{
	size_t i = 0;

	for (; s.n - i >= 8; i += 8) {
		uint64_t word;
		memcpy(&word, s.p + i, 8);
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i;
}

static utf8proc_ssize_t decode(struct str s, int32_t *code_point)
{
	utf8proc_ssize_t n = s.n > 4 ? 4 : (utf8proc_ssize_t)s.n;

	return utf8proc_iterate((const utf8proc_uint8_t *)s.p, n, code_point);
}

/* Skips whole characters; returns what is left: nothing, or from the first that is not whole or not well-formed. */
static struct str after_utf8(struct str s)
{
	int32_t c;

	for (;;) {
		s = str_after(s, ascii_run(s));
		utf8proc_ssize_t n = s.n ? decode(s, &c) : 0;
		if (n <= 0)
			return s;
		s = str_after(s, (size_t)n);
	}
}

bool text_is_utf8(struct str s)
{
	return after_utf8(s).n == 0;
}

/* Whether s begins a character without being one. From the third byte on any continuation byte will do. */
static bool is_cut_short(struct str s)
{
	char completed[4] = { '\x80', '\x80', '\x80', '\x80' };
	unsigned char lead = (unsigned char)s.p[0];
	size_t n = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	int32_t c;

	if (lead < 0xc2 || lead > 0xf4 || s.n >= n)
		return false;
	memcpy(completed, s.p, s.n);
	return s.n == 1 || decode((struct str){ completed, n }, &c) > 0;
}

bool text_utf8_so_far(struct str s, size_t *whole)
{
	struct str rest = after_utf8(s);

	*whole = s.n - rest.n;
	return rest.n == 0 || is_cut_short(rest);
}

size_t text_length(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return count;
}

struct str text_prefix(struct str s, size_t count)
{
	size_t i = 0;

	for (; i < s.n; i++) {
		if (((unsigned char)s.p[i] & 0xc0) != 0x80 && count-- == 0)
			break;
	}
	return (struct str){ s.p, i };
}

enum err text_fold(struct str s, struct arena *a, struct str *out)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t n =
		utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &folded,
			UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
				UTF8PROC_IGNORE);

	if (n == UTF8PROC_ERROR_NOMEM)
		return ERR_NOMEM;
	if (n <= 0) {
		free(folded);
		return ERR_BAD_REQUEST;
	}
	struct str copy = arena_dup(a, (struct str){ (const char *)folded, (size_t)n });
	free(folded);
	if (!copy.p)
		return ERR_NOMEM;
	*out = copy;
	return ERR_OK;
}

static bool is_space(int32_t c)
{
	enum { NEXT_LINE = 0x85 };
	utf8proc_category_t k = utf8proc_category(c);

	return (c >= '\t' && c <= '\r') || c == NEXT_LINE || k == UTF8PROC_CATEGORY_ZS ||
	       k == UTF8PROC_CATEGORY_ZL || k == UTF8PROC_CATEGORY_ZP;
}

struct str text_trim(struct str s)
{
	struct str rest = s;
	size_t first = s.n, end = 0;

	while (rest.n) {
		size_t at = s.n - rest.n;
		int32_t c = text_next(&rest);
		if (c < 0)
			return s;
		if (is_space(c))
			continue;
		if (first == s.n)
			first = at;
		end = s.n - rest.n;
	}
	return first < end ? (struct str){ s.p + first, end - first } : STR("");
}

bool text_is_line(struct str s)
{
	int32_t c;

	while ((c = text_next(&s)) >= 0) {
		utf8proc_category_t k = utf8proc_category(c);
		bool turns = c == 0x061c || c == 0x200e || c == 0x200f ||
		             (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
		if (turns || k == UTF8PROC_CATEGORY_CC || k == UTF8PROC_CATEGORY_ZL ||
			k == UTF8PROC_CATEGORY_ZP)
			return false;
	}
	return s.n == 0;
}

bool text_is_visible(struct str s)
{
	enum { BRAILLE_BLANK = 0x2800 };
	int32_t c;

	while ((c = text_next(&s)) >= 0) {
		const utf8proc_property_t *p = utf8proc_get_property(c);
		bool mark =
			p->category >= UTF8PROC_CATEGORY_MN && p->category <= UTF8PROC_CATEGORY_ME;
		bool control =
			p->category >= UTF8PROC_CATEGORY_CC && p->category <= UTF8PROC_CATEGORY_CS;
		if (!is_space(c) && !mark && !control && !p->ignorable && c != BRAILLE_BLANK)
			return true;
	}
	return false;
}

static void put_squeezed(struct buf *b, struct str s)
{
	bool after_space = false;

	while (s.n) {
		struct str before = s;
		int32_t c = text_next(&s);
		if (c < 0)
			return;
		if (!is_space(c))
			buf_append(b, (struct str){ before.p, before.n - s.n });
		else if (!after_space)
			buf_byte(b, ' ');
		after_space = is_space(c);
	}
}

enum err text_fold_name(struct str s, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct str folded;
	enum err e = text_fold(s, a, &folded);

	if (e)
		return e;
	put_squeezed(&b, text_trim(folded));
	if (buf_failed(&b))
		return ERR_NOMEM;
	if (!b.n)
		return ERR_BAD_REQUEST;
	struct str copy = arena_dup(a, buf_str(&b));
	if (!copy.p)
		return ERR_NOMEM;
	*out = copy;
	return ERR_OK;
}

int32_t text_next(struct str *s)
{
	int32_t c;
	utf8proc_ssize_t n;

	if (s->n == 0 || (n = decode(*s, &c)) <= 0)
		return -1;
	*s = str_after(*s, (size_t)n);
	return c;
}

bool text_digits(struct str s, int64_t *out)
{
	int64_t n = 0;

	if (s.n == 0 || s.n > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		n = n * 10 + (s.p[i] - '0');
	}
	*out = n;
	return true;
}

bool text_is_word(int32_t code_point)
{
	utf8proc_category_t k = utf8proc_category(code_point);

	return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_ME) ||
	       k == UTF8PROC_CATEGORY_ND;
}

bool text_is_username(struct str s)
{
	int32_t c;

	while ((c = text_next(&s)) >= 0) {
		if (!text_is_word(c) && c != '.' && c != '_' && c != '-')
			return false;
	}
	return s.n == 0;
}

/* A cluster may begin so: a pictograph, or half a flag, or what a keycap is drawn on. */
static bool begins_emoji(int32_t c, bool is_keycap, size_t length)
{
	int kind = utf8proc_get_property(c)->boundclass;

	if (kind == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR)
		return length == 2;
	if ((c >= '0' && c <= '9') || c == '#' || c == '*')
		return is_keycap;
	return kind == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

bool text_is_emoji(struct str s)
{
	static const int32_t keycap = 0x20e3;
	size_t length = text_length(s);
	utf8proc_int32_t state = 0;
	int32_t first = text_next(&s), before = first, c;

	if (first < 0)
		return false;
	while ((c = text_next(&s)) >= 0) {
		if (utf8proc_grapheme_break_stateful(before, c, &state))
			return false;
		before = c;
	}
	return begins_emoji(first, before == keycap, length);
}
