/* SPDX-License-Identifier: MIT
 *
 * log - one line, one write, on standard error.
 *
 * Layer: base.  Threads: any: a line is written by a single call.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/json_write.h"

enum { LOG_LINE_BYTES = 1024 };

void log_line(const struct log *l, enum log_level level, const char *format, ...)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };
	struct clock clock = clock_system();
	char text[LOG_LINE_BYTES], date[DATE_TEXT_BYTES];
	struct buf line = { 0 };
	va_list args;

	if (level > l->level)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	date_text(clock_wall_ms(&clock), date);

	struct str when = { date, sizeof date };
	if (l->format == LOG_JSON) {
		struct json_writer w = json_write_into(&line);
		json_write_begin_object(&w);
		json_write_key(&w, STR("time"));
		json_write_string(&w, when);
		json_write_key(&w, STR("level"));
		json_write_string(&w, str_of(names[level]));
		json_write_key(&w, STR("message"));
		json_write_string(&w, str_of(text));
		json_write_end_object(&w);
	} else {
		buf_append(&line, when);
		buf_printf(&line, " %-7s %s", names[level], text);
	}
	buf_byte(&line, '\n');
	fwrite(line.p, 1, line.n, stderr);
	buf_done(&line);
}
