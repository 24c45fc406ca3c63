/* SPDX-License-Identifier: MIT
 *
 * json_write - writes JSON into a buf (RFC 8259).
 *
 * Layer: base.  Threads: one owner at a time.
 */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* Writes; commas are its own affair. Ask buf_failed at the end. */
struct json_writer {
	struct buf *b;
	bool comma; /* the next key or element needs one before it */
};

struct json_writer json_write_into(struct buf *b);

void json_write_begin_object(struct json_writer *w);
void json_write_end_object(struct json_writer *w);
void json_write_begin_array(struct json_writer *w);
void json_write_end_array(struct json_writer *w);
void json_write_key(struct json_writer *w, struct str key);
void json_write_null(struct json_writer *w);
void json_write_bool(struct json_writer *w, bool value);
void json_write_int(struct json_writer *w, int64_t value);
void json_write_double(
	struct json_writer *w, double value); /* shortest text that reads back the same */
void json_write_string(struct json_writer *w, struct str value); /* value is UTF-8 */
void json_write_raw(struct json_writer *w, struct str text);     /* text is one JSON value */

#endif
