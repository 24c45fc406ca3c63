/* SPDX-License-Identifier: MIT
 *
 * json_write - see json_write.h.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_plain.h"
#include "base/json_write.h"

struct json_writer json_write_into(struct buf *b)
{
	return (struct json_writer){ .b = b, .comma = false };
}

/* A comma where one is due; the value that follows asks for one behind it. */
static void separate(struct json_writer *w)
{
	if (w->comma)
		buf_byte(w->b, ',');
	w->comma = true;
}

static void open(struct json_writer *w, char bracket)
{
	separate(w);
	buf_byte(w->b, bracket);
	w->comma = false;
}

static void close(struct json_writer *w, char bracket)
{
	buf_byte(w->b, bracket);
	w->comma = true;
}

void json_write_begin_object(struct json_writer *w)
{
	open(w, '{');
}

void json_write_end_object(struct json_writer *w)
{
	close(w, '}');
}

void json_write_begin_array(struct json_writer *w)
{
	open(w, '[');
}

void json_write_end_array(struct json_writer *w)
{
	close(w, ']');
}

void json_write_key(struct json_writer *w, struct str key)
{
	json_write_string(w, key);
	buf_byte(w->b, ':');
	w->comma = false;
}

void json_write_null(struct json_writer *w)
{
	json_write_raw(w, STR("null"));
}

void json_write_bool(struct json_writer *w, bool value)
{
	json_write_raw(w, value ? STR("true") : STR("false"));
}

void json_write_int(struct json_writer *w, int64_t value)
{
	separate(w);
	buf_i64(w->b, value);
}

void json_write_double(struct json_writer *w, double value)
{
	char text[32];

	if (!isfinite(value)) { /* JSON has no word for these */
		json_write_null(w);
		return;
	}
	/* 15 digits are always kept, 17 always enough; %g drops zeros at the end, so 15 is the shortest where it holds. */
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(text, sizeof text, "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	json_write_raw(w, str_of(text));
}

static void escape(struct buf *b, char c)
{
	static const char short_from[] = "\"\\\b\f\n\r\t", short_to[] = "\"\\bfnrt";
	const char *at = c ? strchr(short_from, c) : NULL;

	if (at) {
		buf_byte(b, '\\');
		buf_byte(b, short_to[at - short_from]);
	} else {
		buf_printf(b, "\\u%04x", (unsigned)(unsigned char)c);
	}
}

void json_write_string(struct json_writer *w, struct str value)
{
	separate(w);
	buf_byte(w->b, '"');
	for (;;) {
		size_t plain = json_plain_count(value);
		buf_append(w->b, (struct str){ value.p, plain });
		if (plain == value.n)
			break;
		escape(w->b, value.p[plain]);
		value = str_after(value, plain + 1);
	}
	buf_byte(w->b, '"');
}

void json_write_raw(struct json_writer *w, struct str text)
{
	separate(w);
	buf_append(w->b, text);
}
