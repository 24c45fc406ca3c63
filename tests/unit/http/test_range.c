/* SPDX-License-Identifier: MIT
 *
 * test_range - Range headers as a table, and the plan of a body with several parts.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "http/http_range.h"

static const struct {
	const char *what, *value;
	uint64_t total;
	const char *ranges; /* "whole", "none", or first+size … */
} cases[] = {
	{ "no header", "", 100, "whole" },
	{ "the first byte", "bytes=0-0", 100, "0+1 " },
	{ "all of it", "bytes=0-99", 100, "0+100 " },
	{ "beyond the end", "bytes=90-200", 100, "90+10 " },
	{ "open", "bytes=40-", 100, "40+60 " },
	{ "suffix", "bytes=-10", 100, "90+10 " },
	{ "suffix beyond the beginning", "bytes=-200", 100, "0+100 " },
	{ "suffix of nothing", "bytes=-0", 100, "none" },
	{ "behind the end", "bytes=100-", 100, "none" },
	{ "of an empty whole", "bytes=0-", 0, "none" },
	{ "suffix of an empty whole", "bytes=-5", 0, "none" },
	{ "the unit in another case", "Bytes=0-1", 100, "0+2 " },
	{ "several", "bytes=0-1, 10-11 ,-2", 100, "0+2 10+2 98+2 " },
	{ "several, backwards", "bytes=50-51,10-11", 100, "50+2 10+2 " },
	{ "one of them outside", "bytes=0-1,500-", 100, "0+2 " },
	{ "all of them outside", "bytes=200-,500-", 100, "none" },
	{ "two that overlap", "bytes=0-10,5-20", 100, "0+21 " },
	{ "two that touch", "bytes=0-9,10-19", 100, "0+20 " },
	{ "one that joins two", "bytes=0-9,20-29,10-19", 100, "0+30 " },
	{ "one that joins the outer ones", "bytes=0-9,50-59,20-29,5-25", 100, "50+10 0+30 " },
	{ "larger than 64 bits", "bytes=0-99999999999999999999999", 100, "0+100 " },
	{ "the last before the first", "bytes=5-4", 100, "whole" },
	{ "another unit", "lines=0-1", 100, "whole" },
	{ "no digits", "bytes=a-b", 100, "whole" },
	{ "a dash alone", "bytes=-", 100, "whole" },
	{ "no ranges", "bytes=", 100, "whole" },
	{ "one malformed among others", "bytes=0-1,x", 100, "whole" },
	{ "a sign", "bytes=+0-1", 100, "whole" },
	{ "sixteen",
		"bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18,20-20,22-22,24-24,26-26,"
		"28-28,30-30",
		100,
		"0+1 2+1 4+1 6+1 8+1 10+1 12+1 14+1 16+1 18+1 20+1 22+1 24+1 26+1 28+1 30+1 " },
	{ "seventeen", "bytes=0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0",
		100, "none" },
};

static void ranges_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct http_ranges r;
		struct buf b = { 0 };
		http_range_read(str_of(cases[i].value), cases[i].total, &r);
		if (r.kind == HTTP_RANGE_WHOLE)
			buf_append(&b, STR("whole"));
		if (r.kind == HTTP_RANGE_UNSATISFIABLE)
			buf_append(&b, STR("none"));
		for (size_t k = 0; k < r.count; k++)
			buf_printf(&b, "%llu+%llu ", (unsigned long long)r.range[k].first,
				(unsigned long long)r.range[k].size);
		if (!str_eq(buf_str(&b), str_of(cases[i].ranges)))
			fail_msg("%s: %.*s", cases[i].what, STR_ARG(buf_str(&b)));
		buf_done(&b);
	}
}

static void a_body_of_parts_is_as_long_as_it_says(void **state)
{
	static const char file[] = "0123456789";
	struct http_range_parts parts = { STR("text/plain"), STR("B"), 10 };
	struct http_range_segment segments[RANGES_MAX + 1];
	struct http_ranges r;
	struct buf heads = { 0 }, body = { 0 };

	(void)state;
	http_range_read(STR("bytes=0-1,-3"), 10, &r);
	uint64_t length = http_range_multipart(&r, &parts, &heads, segments);
	for (size_t i = 0; i <= r.count; i++) {
		buf_append(&body,
			(struct str){ heads.p + segments[i].text_from, segments[i].text_size });
		buf_append(
			&body, (struct str){ file + segments[i].first, (size_t)segments[i].size });
	}
	assert_int_equal(body.n, length);
	assert_true(str_eq(buf_str(&body),
		STR("--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n01"
		    "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 7-9/10\r\n\r\n789"
		    "\r\n--B--\r\n")));
	buf_done(&heads);
	buf_done(&body);
}

static void an_unsatisfiable_range_tells_the_size(void **state)
{
	struct buf b = { 0 };

	(void)state;
	http_range_content_range(&b, NULL, 12);
	assert_true(str_eq(buf_str(&b), STR("bytes */12")));
	buf_done(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_are_read),
		cmocka_unit_test(a_body_of_parts_is_as_long_as_it_says),
		cmocka_unit_test(an_unsatisfiable_range_tells_the_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
