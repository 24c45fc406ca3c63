/* SPDX-License-Identifier: MIT
 *
 * http_range - see http_range.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_range.h"

#include <stdbool.h>

#include "http/http_head.h"

/* Digits alone; what is larger than 63 bits is as good as the largest. */
static bool number(struct str s, uint64_t *out)
{
	uint64_t n = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		n = n > INT64_MAX / 10 - 1 ? INT64_MAX : n * 10 + (uint64_t)(s.p[i] - '0');
	}
	*out = n;
	return true;
}

enum outcome { TAKEN, OUTSIDE, MALFORMED };

/* first-last, first-, or -suffix (RFC 9110 section 14.1.1). */
static enum outcome range_of(struct str spec, uint64_t total, struct http_range *out)
{
	const char *dash = memchr(spec.p, '-', spec.n);
	uint64_t first, last;

	if (!dash)
		return MALFORMED;
	struct str before = { spec.p, (size_t)(dash - spec.p) };
	struct str after = str_after(spec, before.n + 1);
	if (before.n == 0) {
		if (!number(after, &last))
			return MALFORMED;
		if (last == 0 || total == 0)
			return OUTSIDE;
		last = last < total ? last : total;
		*out = (struct http_range){ total - last, last };
		return TAKEN;
	}
	last = INT64_MAX;
	if (!number(before, &first) || (after.n && !number(after, &last)) || last < first)
		return MALFORMED;
	if (first >= total)
		return OUTSIDE;
	last = last < total ? last : total - 1;
	*out = (struct http_range){ first, last - first + 1 };
	return TAKEN;
}

static bool touch(struct http_range a, struct http_range b)
{
	return a.first <= b.first + b.size && b.first <= a.first + a.size;
}

/* Adds a range; while it touches another one, the two become one at the earlier place. */
static void add(struct http_ranges *r, struct http_range range)
{
	size_t i = 0;

	r->range[r->count++] = range;
	while (i + 1 < r->count) {
		struct http_range *a = &r->range[i], *b = &r->range[r->count - 1];
		if (!touch(*a, *b)) {
			i++;
			continue;
		}
		uint64_t end_a = a->first + a->size, end_b = b->first + b->size;
		uint64_t first = a->first < b->first ? a->first : b->first;
		struct http_range both = { first, (end_a > end_b ? end_a : end_b) - first };
		memmove(a, a + 1, (r->count - i - 1) * sizeof *a);
		r->range[--r->count - 1] =
			both; /* last, to be compared with the others once more */
		i = 0;
	}
}

void http_range_read(struct str value, uint64_t total, struct http_ranges *out)
{
	struct str spec;
	size_t asked = 0;

	*out = (struct http_ranges){ .kind = HTTP_RANGE_WHOLE };
	if (value.n < 6 || !http_head_same((struct str){ value.p, 6 }, STR("bytes=")))
		return;
	struct http_ranges r = { .kind = HTTP_RANGE_UNSATISFIABLE };
	value = str_after(value, 6);
	while (http_head_element(&value, &spec)) {
		struct http_range range;
		enum outcome o = range_of(spec, total, &range);
		if (o == MALFORMED)
			return;
		if (++asked > RANGES_MAX) {
			*out = (struct http_ranges){ .kind = HTTP_RANGE_UNSATISFIABLE };
			return;
		}
		if (o == TAKEN) {
			add(&r, range);
			r.kind = HTTP_RANGE_PARTS;
		}
	}
	if (asked)
		*out = r;
}

void http_range_content_range(struct buf *b, const struct http_range *range, uint64_t total)
{
	buf_append(b, STR("bytes "));
	if (range) {
		buf_u64(b, range->first);
		buf_byte(b, '-');
		buf_u64(b, range->first + range->size - 1);
	} else {
		buf_byte(b, '*');
	}
	buf_byte(b, '/');
	buf_u64(b, total);
}

uint64_t http_range_multipart(const struct http_ranges *r, const struct http_range_parts *parts,
	struct buf *heads, struct http_range_segment out[RANGES_MAX + 1])
{
	uint64_t length = 0;

	for (size_t i = 0; i <= r->count; i++) {
		size_t from = heads->n;
		buf_append(heads, i ? STR("\r\n--") : STR("--"));
		buf_append(heads, parts->boundary);
		if (i < r->count) {
			buf_append(heads, STR("\r\nContent-Type: "));
			buf_append(heads, parts->mime);
			buf_append(heads, STR("\r\nContent-Range: "));
			http_range_content_range(heads, &r->range[i], parts->total);
			buf_append(heads, STR("\r\n\r\n"));
			out[i] = (struct http_range_segment){ from, heads->n - from,
				r->range[i].first, r->range[i].size };
		} else {
			buf_append(heads, STR("--\r\n"));
			out[i] = (struct http_range_segment){ from, heads->n - from, 0, 0 };
		}
		length += out[i].text_size + out[i].size;
	}
	return length;
}
