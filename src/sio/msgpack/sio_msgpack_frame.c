/* SPDX-License-Identifier: MIT
 *
 * sio_msgpack_frame - the writing half of sio_msgpack.h: JSON becomes MessagePack.
 *
 * Layer: sio.  Threads: one owner at a time.
 */
#include "base/json_read.h"
#include "eio/engine_frame.h"
#include "sio/msgpack/sio_msgpack.h"

/* Where a value of JSON goes. */
struct writer {
	struct buf *out;
	struct arena *arena;
	const struct str *attachments;
	size_t attachment_count;
};

static void put_big(struct buf *b, uint64_t n, size_t bytes)
{
	while (bytes-- > 0)
		buf_byte(b, (char)(n >> (8 * bytes)));
}

/* How a kind's header is written: inside one byte up to short_max, then with 8 (unless 0), 16 and 32 bits of length. */
struct head {
	uint8_t in_one, short_max, with_8, with_16;
};

static const struct head string_head = { 0xa0, 31, 0xd9, 0xda };
static const struct head array_head = { 0x90, 15, 0, 0xdc };
static const struct head map_head = { 0x80, 15, 0, 0xde };

static void put_head(struct buf *b, struct head h, size_t n)
{
	if (n <= h.short_max) {
		buf_byte(b, (char)(h.in_one | n));
	} else if (h.with_8 && n <= UINT8_MAX) {
		buf_byte(b, (char)h.with_8);
		put_big(b, n, 1);
	} else if (n <= UINT16_MAX) {
		buf_byte(b, (char)h.with_16);
		put_big(b, n, 2);
	} else {
		buf_byte(b, (char)(h.with_16 + 1));
		put_big(b, n, 4);
	}
}

static void put_string(struct buf *b, struct str s)
{
	put_head(b, string_head, s.n);
	buf_append(b, s);
}

static void put_bytes(struct buf *b, struct str s)
{
	if (s.n <= UINT8_MAX) {
		buf_byte(b, (char)0xc4);
		put_big(b, s.n, 1);
	} else {
		buf_byte(b, (char)(s.n <= UINT16_MAX ? 0xc5 : 0xc6));
		put_big(b, s.n, s.n <= UINT16_MAX ? 2 : 4);
	}
	buf_append(b, s);
}

static void put_int(struct buf *b, int64_t n)
{
	if (n >= -32 && n <= INT8_MAX) {
		buf_byte(b, (char)n);
	} else if (n >= INT32_MIN && n <= INT32_MAX) {
		buf_byte(b, (char)0xd2);
		put_big(b, (uint64_t)n, 4);
	} else {
		buf_byte(b, (char)0xd3);
		put_big(b, (uint64_t)n, 8);
	}
}

static enum err put_number(struct writer *w, struct json_reader *r)
{
	struct json_reader again = *r;
	int64_t whole;
	double d;
	uint64_t bits;

	if (json_read_int(r, &whole) == ERR_OK) {
		put_int(w->out, whole);
		return ERR_OK;
	}
	*r = again;
	enum err e = json_read_double(r, &d);
	if (e)
		return e;
	memcpy(&bits, &d, sizeof bits);
	buf_byte(w->out, (char)0xcb);
	put_big(w->out, bits, 8);
	return ERR_OK;
}

/* How many members there are; *attachment becomes the one that the object stands for, or stays SIZE_MAX. */
static enum err count_members(
	struct writer *w, struct json_reader r, size_t *count, size_t *attachment)
{
	bool more, placeholder = false;
	int64_t num = -1;
	struct str key, raw;
	enum err e = json_read_open_object(&r);

	while (!e && !(e = json_read_more_members(&r, w->arena, &more, &key)) && more) {
		struct json_reader value = r;
		placeholder = placeholder || (str_eq(key, STR("_placeholder")) &&
						     json_read_peek(&value) == JSON_TYPE_TRUE);
		if (str_eq(key, STR("num")) && json_read_peek(&value) == JSON_TYPE_NUMBER &&
			json_read_int(&value, &num))
			num = -1;
		e = json_read_raw(&r, &raw);
		(*count)++;
	}
	if (placeholder && num >= 0 && (uint64_t)num < w->attachment_count)
		*attachment = (size_t)num;
	return e;
}

static enum err put_value(struct writer *w, struct json_reader *r);

static enum err put_object(struct writer *w, struct json_reader *r)
{
	size_t count = 0, attachment = SIZE_MAX;
	struct str key, raw;
	bool more;
	enum err e = count_members(w, *r, &count, &attachment);

	if (!e && attachment != SIZE_MAX) {
		put_bytes(w->out, w->attachments[attachment]);
		return json_read_raw(r, &raw);
	}
	put_head(w->out, map_head, count);
	if (!e)
		e = json_read_open_object(r);
	while (!e && !(e = json_read_more_members(r, w->arena, &more, &key)) && more) {
		put_string(w->out, key);
		e = put_value(w, r);
	}
	return e;
}

static enum err put_array(struct writer *w, struct json_reader *r)
{
	struct json_reader ahead = *r;
	size_t count = 0;
	struct str raw;
	bool more;
	enum err e = json_read_open_array(&ahead);

	while (!e && !(e = json_read_more_elements(&ahead, &more)) && more) {
		e = json_read_raw(&ahead, &raw);
		count++;
	}
	put_head(w->out, array_head, count);
	if (!e)
		e = json_read_open_array(r);
	while (!e && !(e = json_read_more_elements(r, &more)) && more)
		e = put_value(w, r);
	return e;
}

/* Any value; the depth is the reader's own limit. */
static enum err put_value(struct writer *w, struct json_reader *r)
{
	struct str s;
	bool yes;
	enum err e = ERR_OK;

	switch (json_read_peek(r)) {
	case JSON_TYPE_OBJECT:
		return put_object(w, r);
	case JSON_TYPE_ARRAY:
		return put_array(w, r);
	case JSON_TYPE_NUMBER:
		return put_number(w, r);
	case JSON_TYPE_STRING:
		e = json_read_text(r, w->arena, &s);
		if (!e)
			put_string(w->out, s);
		return e;
	case JSON_TYPE_NULL:
		buf_byte(w->out, (char)0xc0);
		return json_read_null(r);
	case JSON_TYPE_TRUE:
	case JSON_TYPE_FALSE:
		e = json_read_bool(r, &yes);
		buf_byte(w->out, (char)(!e && yes ? 0xc3 : 0xc2));
		return e;
	default:
		return ERR_BAD_REQUEST;
	}
}

enum err sio_msgpack_write(
	struct buf *out, struct str json, const struct str *attachments, size_t attachment_count)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct writer w = { out, &a, attachments, attachment_count };
	struct json_reader r = json_read_of(json);
	enum err e = put_value(&w, &r);

	if (!e)
		e = json_read_end(&r);
	return e ? e : buf_failed(out) ? ERR_NOMEM : ERR_OK;
}

/* The array of an event or acknowledgement: its arguments stand as JSON, with commas between them. */
static enum err put_data(struct buf *b, const struct sio_packet_source *from)
{
	CLEANUP(buf_done) struct buf array = { 0 };
	CLEANUP(buf_done) struct buf args = { 0 };
	struct json_reader r;
	size_t count = 0;
	struct str raw;
	bool more, event = from->type == SIO_PACKET_EVENT;

	buf_byte(&array, '[');
	buf_append(&array, from->payload);
	buf_byte(&array, ']');
	if (buf_failed(&array))
		return ERR_NOMEM;
	r = json_read_of(buf_str(&array));
	enum err e = json_read_open_array(&r);
	while (!e && !(e = json_read_more_elements(&r, &more)) && more) {
		e = json_read_raw(&r, &raw);
		if (!e)
			e = sio_msgpack_write(
				&args, raw, from->attachments, from->attachment_count);
		count++;
	}
	put_head(b, array_head, count + event + (event && from->offset.n));
	if (event)
		put_string(b, from->name);
	buf_append(b, buf_str(&args));
	if (event && from->offset.n)
		put_string(b, from->offset);
	return e ? e : buf_failed(&args) ? ERR_NOMEM : ERR_OK;
}

static enum err put_packet(struct buf *b, const struct sio_packet_source *from)
{
	bool list = from->type == SIO_PACKET_EVENT || from->type == SIO_PACKET_ACK;
	bool data = list || from->payload.n;
	enum err e = ERR_OK;

	put_head(b, map_head, 2U + data + from->has_id);
	put_string(b, STR("type"));
	put_int(b, (int64_t)from->type);
	if (data)
		put_string(b, STR("data"));
	if (list)
		e = put_data(b, from);
	else if (data)
		e = sio_msgpack_write(b, from->payload, NULL, 0);
	put_string(b, STR("nsp"));
	put_string(b, from->namespace);
	if (from->has_id) {
		put_string(b, STR("id"));
		put_int(b, (int64_t)from->id);
	}
	return e;
}

enum err sio_msgpack_frame(
	struct frame_pool *pool, const struct sio_packet_source *from, struct frame **out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct frame *f;

	if (from->attachment_count > ATTACHMENTS_MAX)
		return ERR_TOO_LARGE;
	enum err e = put_packet(&b, from);
	if (!e && buf_failed(&b))
		e = ERR_NOMEM;
	if (!e)
		e = frame_new(pool, ENGINE_FRAME_HEAD_MAX + b.n, &f);
	if (e)
		return e;
	engine_frame_binary(f, b.n);
	frame_put(f, buf_str(&b));
	*out = f;
	return ERR_OK;
}
