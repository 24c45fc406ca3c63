/* SPDX-License-Identifier: MIT
 *
 * test_date - moments as text, there and back, and texts that are none.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <time.h>

#include "base/date.h"

static const struct {
	int64_t ms;
	const char *text;
} dates[] = {
	{ 0, "1970-01-01T00:00:00.000Z" },
	{ -1, "1969-12-31T23:59:59.999Z" },
	{ 1795338060000, "2026-11-22T09:01:00.000Z" },
	{ 951782400001, "2000-02-29T00:00:00.001Z" },
	{ -2203891200000, "1900-03-01T00:00:00.000Z" },
	{ -62167219200000, "0000-01-01T00:00:00.000Z" },
	{ 253402300799999, "9999-12-31T23:59:59.999Z" },
};

static void dates_go_there_and_back(void **state)
{
	char text[DATE_TEXT_BYTES];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		date_text(dates[i].ms, text);
		assert_memory_equal(text, dates[i].text, sizeof text);
		assert_int_equal(date_parse(str_of(dates[i].text), &ms), ERR_OK);
		assert_int_equal(ms, dates[i].ms);
	}
}

static void every_day_of_four_centuries_agrees_with_the_c_library(void **state)
{
	char ours[DATE_TEXT_BYTES], theirs[DATE_TEXT_BYTES + 1];

	(void)state;
	for (int64_t day = 0; day < 146097; day++) {
		time_t t = (time_t)day * 86400 + 86399;
		struct tm parts;
		assert_non_null(gmtime_r(&t, &parts));
		strftime(theirs, sizeof theirs, "%Y-%m-%dT%H:%M:%S.000Z", &parts);
		date_text((int64_t)t * 1000, ours);
		assert_memory_equal(ours, theirs, sizeof ours);
	}
}

static void moments_out_of_range_become_the_nearest(void **state)
{
	char text[DATE_TEXT_BYTES];

	(void)state;
	date_text(INT64_MAX, text);
	assert_memory_equal(text, "9999-12-31T23:59:59.999Z", sizeof text);
	date_text(INT64_MIN, text);
	assert_memory_equal(text, "0000-01-01T00:00:00.000Z", sizeof text);
}

static const char *const refused[] = {
	"",
	"2026-11-22T09:01:00Z",
	"2026-11-22T09:01:00.000",
	"2026-11-22t09:01:00.000Z",
	"2026-11-22T09:01:00.000z",
	"2026-11-22 09:01:00.000Z",
	"2026-02-29T00:00:00.000Z",
	"2026-04-31T00:00:00.000Z",
	"2026-00-01T00:00:00.000Z",
	"2026-13-01T00:00:00.000Z",
	"2026-01-00T00:00:00.000Z",
	"2026-01-01T24:00:00.000Z",
	"2026-01-01T00:60:00.000Z",
	"2026-01-01T00:00:60.000Z",
	"2026-01-01T00:00:0x.000Z",
	"2026-11-22T09:01:00.0000Z",
};

static void what_is_no_date_is_refused(void **state)
{
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		if (date_parse(str_of(refused[i]), &ms) != ERR_BAD_REQUEST)
			fail_msg("%s", refused[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_go_there_and_back),
		cmocka_unit_test(every_day_of_four_centuries_agrees_with_the_c_library),
		cmocka_unit_test(moments_out_of_range_become_the_nearest),
		cmocka_unit_test(what_is_no_date_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
