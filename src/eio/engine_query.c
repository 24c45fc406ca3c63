/* SPDX-License-Identifier: MIT
 *
 * engine_query - see engine_query.h.
 *
 * Layer: eio.  Threads: any.
 */
#include "eio/engine_query.h"

#include "base/json_write.h"
#include "base/text.h"
#include "http/http_query.h"

struct str engine_query_plain(struct str query, struct str key)
{
	struct str k, v, value = { "", 0 };

	while (http_query_next(&query, &k, &v)) {
		if (str_eq(k, key))
			value = v;
	}
	return value;
}

static enum err decode(struct str s, struct arena *a, struct str *out)
{
	enum err e = http_query_decode(s, HTTP_QUERY_FORM, a, out);

	return e ? e : text_is_utf8(*out) ? ERR_OK : ERR_BAD_REQUEST;
}

enum err engine_query_json(struct str query, struct buf *out)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct json_writer w = json_write_into(out);
	struct str key, value;

	json_write_begin_object(&w);
	while (http_query_next(&query, &key, &value)) {
		enum err e = decode(key, &a, &key);
		if (!e)
			e = decode(value, &a, &value);
		if (e == ERR_NOMEM)
			return e;
		if (e)
			continue;
		json_write_key(&w, key);
		json_write_string(&w, value);
	}
	json_write_end_object(&w);
	return buf_failed(out) ? ERR_NOMEM : ERR_OK;
}
