/* SPDX-License-Identifier: MIT
 *
 * fuzz_json - every text from outside passes the JSON reader first. What is skipped as well-formed is read by the
 * typed calls too; what was written reads back to the same text.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/json_read.h"
#include "base/json_write.h"
#include "fuzz.h"

static enum err copy(struct json_reader *r, struct json_writer *w, struct arena *a);

static enum err copy_scalar(struct json_reader *r, struct json_writer *w, struct arena *a)
{
	struct str s;
	double d;
	bool flag;
	enum err e;

	switch (json_read_peek(r)) {
	case JSON_TYPE_NULL:
		json_write_null(w);
		return json_read_null(r);
	case JSON_TYPE_TRUE:
	case JSON_TYPE_FALSE:
		e = json_read_bool(r, &flag);
		json_write_bool(w, !e && flag);
		return e;
	case JSON_TYPE_NUMBER:
		e = json_read_double(r, &d);
		json_write_double(w, e ? 0 : d);
		return e;
	case JSON_TYPE_STRING:
		e = json_read_string(r, a, &s);
		json_write_string(w, e ? STR("") : s);
		return e;
	default:
		return ERR_BAD_REQUEST;
	}
}

static enum err copy_object(struct json_reader *r, struct json_writer *w, struct arena *a)
{
	struct str key;
	bool more;
	enum err e = json_read_open_object(r);

	json_write_begin_object(w);
	while (!e && !(e = json_read_more_members(r, a, &more, &key)) && more) {
		json_write_key(w, key);
		e = copy(r, w, a);
	}
	json_write_end_object(w);
	return e;
}

static enum err copy(struct json_reader *r, struct json_writer *w, struct arena *a)
{
	bool more;
	enum err e;

	if (json_read_peek(r) == JSON_TYPE_OBJECT)
		return copy_object(r, w, a);
	if (json_read_peek(r) != JSON_TYPE_ARRAY)
		return copy_scalar(r, w, a);
	e = json_read_open_array(r);
	json_write_begin_array(w);
	while (!e && !(e = json_read_more_elements(r, &more)) && more)
		e = copy(r, w, a);
	json_write_end_array(w);
	return e;
}

static enum err copy_text(struct str text, struct buf *out)
{
	struct arena a = { 0 };
	struct json_reader r = json_read_of(text);
	struct json_writer w = json_write_into(out);
	enum err e = copy(&r, &w, &a);

	if (!e)
		e = json_read_end(&r);
	arena_done(&a);
	return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size }, raw;
	struct json_reader r = json_read_of(text);
	struct buf once = { 0 }, twice = { 0 };
	enum err skipped = json_read_raw(&r, &raw);

	if (!skipped)
		skipped = json_read_end(&r);
	if (!copy_text(text, &once)) {
		MUST(!skipped); /* what the typed calls take is well-formed */
		MUST(!copy_text(buf_str(&once), &twice));
		MUST(str_eq(buf_str(&once), buf_str(&twice)));
	}
	buf_done(&once);
	buf_done(&twice);
	return 0;
}
