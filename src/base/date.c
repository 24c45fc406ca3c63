/* SPDX-License-Identifier: MIT
 *
 * date - days and civil dates by counting eras of 400 years, which needs no time zone database.
 *
 * Layer: base.  Threads: any.
 */
#include "base/date.h"

#include <stdbool.h>

enum { DAY_MS = 86400000, ERA_DAYS = 146097, EPOCH_DAYS = 719468 };

struct civil {
	int64_t year, month, day; /* month and day count from 1 */
};

static struct civil civil_of(int64_t days)
{
	days += EPOCH_DAYS;
	int64_t era = (days >= 0 ? days : days - ERA_DAYS + 1) / ERA_DAYS;
	int64_t of_era = days - era * ERA_DAYS;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t shifted = (5 * of_year + 2) / 153; /* months from March */
	int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;

	return (struct civil){ year + era * 400 + (month <= 2), month,
		of_year - (153 * shifted + 2) / 5 + 1 };
}

static int64_t days_of(struct civil c)
{
	int64_t year = c.year - (c.month <= 2);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (c.month > 2 ? c.month - 3 : c.month + 9) + 2) / 5 + c.day - 1;

	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_DAYS;
}

static void digits(int64_t value, int count, char *out)
{
	while (count--) {
		out[count] = (char)('0' + value % 10);
		value /= 10;
	}
}

void date_text(int64_t wall_ms, char out[DATE_TEXT_BYTES])
{
	int64_t first = days_of((struct civil){ 0, 1, 1 }) * DAY_MS;
	int64_t last = days_of((struct civil){ 10000, 1, 1 }) * DAY_MS - 1;

	wall_ms = wall_ms < first ? first : wall_ms > last ? last : wall_ms;
	int64_t days = (wall_ms >= 0 ? wall_ms : wall_ms - DAY_MS + 1) / DAY_MS;
	int64_t ms = wall_ms - days * DAY_MS;
	struct civil c = civil_of(days);

	memcpy(out, "0000-00-00T00:00:00.000Z", DATE_TEXT_BYTES);
	digits(c.year, 4, out);
	digits(c.month, 2, out + 5);
	digits(c.day, 2, out + 8);
	digits(ms / 3600000, 2, out + 11);
	digits(ms / 60000 % 60, 2, out + 14);
	digits(ms / 1000 % 60, 2, out + 17);
	digits(ms % 1000, 3, out + 20);
}

static bool number(struct str s, size_t at, size_t count, int64_t *out)
{
	int64_t n = 0;

	for (size_t i = at; i < at + count; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		n = n * 10 + (s.p[i] - '0');
	}
	*out = n;
	return true;
}

enum err date_parse(struct str text, int64_t *out)
{
	int64_t year, month, day, hour, minute, second, ms;
	char again[DATE_TEXT_BYTES];

	if (text.n != DATE_TEXT_BYTES || !number(text, 0, 4, &year) ||
		!number(text, 5, 2, &month) || !number(text, 8, 2, &day) ||
		!number(text, 11, 2, &hour) || !number(text, 14, 2, &minute) ||
		!number(text, 17, 2, &second) || !number(text, 20, 3, &ms) || month < 1 ||
		month > 12 || day < 1)
		return ERR_BAD_REQUEST;
	int64_t wall_ms = days_of((struct civil){ year, month, day }) * DAY_MS + hour * 3600000 +
	                  minute * 60000 + second * 1000 + ms;
	date_text(wall_ms, again); /* separators, 31 February and hour 25 all show here */
	if (memcmp(again, text.p, sizeof again) != 0)
		return ERR_BAD_REQUEST;
	*out = wall_ms;
	return ERR_OK;
}
