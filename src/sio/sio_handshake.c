/* SPDX-License-Identifier: MIT
 *
 * sio_handshake - a handshake in its public form, and as JSON in the words of Node's socket.handshake.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <strings.h>

#include "base/date.h"
#include "base/json_write.h"
#include "base/text.h"
#include "eio/engine_query.h"
#include "sio/sio_inside.h"

struct sio_handshake sio_handshake_of(const struct handshake *h)
{
	return (struct sio_handshake){
		.address = sio_inside_out(handshake_address(h)),
		.path = sio_inside_out(handshake_path(h)),
		.query = sio_inside_out(handshake_query(h)),
		.time_ms = handshake_time_ms(h),
		.secure = handshake_is_secure(h),
	};
}

struct sio_str sio_handshake_header(const struct handshake *h, const char *name)
{
	struct handshake_field f;
	size_t at = 0;

	while (handshake_next(h, &at, &f)) {
		if (f.name.n == strlen(name) && strncasecmp(f.name.p, name, f.name.n) == 0)
			return sio_inside_out(f.value);
	}
	return (struct sio_str){ NULL, 0 };
}

static void put_member(struct json_writer *w, struct str key, struct str value)
{
	json_write_key(w, key);
	json_write_string(w, value);
}

/* Header fields with names in small letters; what is no UTF-8 is left out. */
static void put_headers(struct json_writer *w, const struct handshake *h, bool *cross)
{
	struct handshake_field f;
	char name[64];
	size_t at = 0;

	json_write_key(w, STR("headers"));
	json_write_begin_object(w);
	while (handshake_next(h, &at, &f)) {
		if (f.name.n > sizeof name || !text_is_utf8(f.value))
			continue;
		for (size_t i = 0; i < f.name.n; i++) {
			char c = f.name.p[i];
			name[i] = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
		}
		struct str lower = { name, f.name.n };
		*cross = *cross || str_eq(lower, STR("origin"));
		put_member(w, lower, f.value);
	}
	json_write_end_object(w);
}

/* url and query. */
static enum err put_address(struct json_writer *w, const struct handshake *h)
{
	CLEANUP(buf_done) struct buf url = { 0 };
	CLEANUP(buf_done) struct buf query = { 0 };
	enum err e = engine_query_json(handshake_query(h), &query);

	buf_append(&url, handshake_path(h));
	if (handshake_query(h).n) {
		buf_byte(&url, '?');
		buf_append(&url, handshake_query(h));
	}
	if (e || buf_failed(&url))
		return ERR_NOMEM;
	put_member(w, STR("url"), text_is_utf8(buf_str(&url)) ? buf_str(&url) : STR(""));
	json_write_key(w, STR("query"));
	json_write_raw(w, buf_str(&query));
	return ERR_OK;
}

enum sio_result sio_socket_handshake_json(
	const struct sio_socket *s, struct sio_str auth, char **out)
{
	const struct handshake *h = s->client->handshake;
	struct buf b = { 0 };
	struct json_writer w = json_write_into(&b);
	char date[DATE_TEXT_BYTES];
	bool cross = false;

	date_text(handshake_time_ms(h), date);
	json_write_begin_object(&w);
	put_headers(&w, h, &cross);
	put_member(&w, STR("time"), (struct str){ date, sizeof date });
	put_member(&w, STR("address"), handshake_address(h));
	json_write_key(&w, STR("xdomain"));
	json_write_bool(&w, cross);
	json_write_key(&w, STR("secure"));
	json_write_bool(&w, handshake_is_secure(h));
	json_write_key(&w, STR("issued"));
	json_write_int(&w, handshake_time_ms(h));
	enum err e = put_address(&w, h);
	json_write_key(&w, STR("auth"));
	json_write_raw(&w, auth.n ? sio_inside_str(auth) : STR("{}"));
	json_write_end_object(&w);
	buf_byte(&b, '\0');
	if (e || buf_failed(&b)) {
		buf_done(&b);
		return SIO_NO_MEMORY;
	}
	*out = b.p;
	return SIO_OK;
}
