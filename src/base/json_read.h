/* SPDX-License-Identifier: MIT
 *
 * json_read - a pull reader of JSON over borrowed text (RFC 8259).
 *
 * The reader accepts what JavaScript's JSON.parse accepts, up to JSON_DEPTH_MAX levels; it never copies
 * but where a string holds escapes, and then into an arena. Numbers stay text until they are asked for.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

enum json_type {
	JSON_TYPE_NULL,
	JSON_TYPE_FALSE,
	JSON_TYPE_TRUE,
	JSON_TYPE_NUMBER,
	JSON_TYPE_STRING,
	JSON_TYPE_ARRAY,
	JSON_TYPE_OBJECT,
	JSON_TYPE_NOTHING, /* neither: the text ends here, or is malformed */
};

/*
 * Reads one text from front to back. Each function returns ERR_BAD_REQUEST for malformed text or a
 * value of another type; nothing may be read after a failure.
 */
struct json_reader {
	const char *p, *end; /* what has not been read yet */
	unsigned depth;      /* arrays and objects that are open */
	bool first;          /* no element of the innermost one has been read */
};

struct json_reader json_read_of(struct str text);

/* The type of the value that comes next, which stays unread. */
enum json_type json_read_peek(struct json_reader *r);

NODISCARD enum err json_read_null(struct json_reader *r);
NODISCARD enum err json_read_bool(struct json_reader *r, bool *out);

/* A number without fraction or exponent, or with ones that leave a whole number (1.0, 1e3), in int64. */
NODISCARD enum err json_read_int(struct json_reader *r, int64_t *out);
NODISCARD enum err json_read_double(struct json_reader *r, double *out);

/*
 * A string, its escapes resolved: borrowed from the text when it has none, else in the arena.
 * ERR_BAD_REQUEST also for an unpaired surrogate, for NUL, and for bytes that are not UTF-8. ERR_NOMEM.
 */
NODISCARD enum err json_read_string(struct json_reader *r, struct arena *a, struct str *out);

/* The same, but it may hold NUL. */
NODISCARD enum err json_read_text(struct json_reader *r, struct arena *a, struct str *out);

/* Any value as it stands, checked throughout, without the white space around it. Borrowed from the text. */
NODISCARD enum err json_read_raw(struct json_reader *r, struct str *out);

/*
 * Array: json_read_open_array, then json_read_more_elements before each value until it says false; it closes the array.
 * Object: json_read_open_object, then json_read_more_members before each value; the key is as from json_read_string.
 */
NODISCARD enum err json_read_open_array(struct json_reader *r);
NODISCARD enum err json_read_more_elements(struct json_reader *r, bool *more);
NODISCARD enum err json_read_open_object(struct json_reader *r);
NODISCARD enum err json_read_more_members(
	struct json_reader *r, struct arena *a, bool *more, struct str *key);

/* After the outermost value: ERR_OK when nothing but white space is left. */
NODISCARD enum err json_read_end(struct json_reader *r);

#endif
