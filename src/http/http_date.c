/* SPDX-License-Identifier: MIT
 *
 * http_date - the parts of base/date in another order, and the name of the day.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_date.h"

#include <string.h>

#include "base/date.h"

enum { DAY_MS = 86400000 };

void http_date_text(int64_t wall_ms, char out[HTTP_DATE_BYTES])
{
	static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970 began on a Thursday */
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char iso[DATE_TEXT_BYTES]; /* 2026-11-22T09:01:00.000Z */
	int64_t day = (wall_ms >= 0 ? wall_ms : wall_ms - DAY_MS + 1) / DAY_MS;

	date_text(wall_ms, iso);
	int month = (iso[5] - '0') * 10 + (iso[6] - '0') - 1;
	memcpy(out, "Ddd, 00 Mmm 0000 00:00:00 GMT", HTTP_DATE_BYTES);
	memcpy(out, days + (day % 7 + 7) % 7 * 3, 3);
	memcpy(out + 5, iso + 8, 2);
	memcpy(out + 8, months + (ptrdiff_t)month * 3, 3);
	memcpy(out + 12, iso, 4);
	memcpy(out + 17, iso + 11, 8);
}
