/* SPDX-License-Identifier: MIT
 *
 * sio_msgpack - the reading half of sio_msgpack.h: MessagePack becomes JSON.
 *
 * Layer: sio.  Threads: one owner at a time.
 */
#include "sio/msgpack/sio_msgpack.h"

#include <math.h>

#include "base/date.h"
#include "base/json_write.h"
#include "base/text.h"

#define EXACT_MAX 9007199254740991 /* 2^53 - 1 */

enum kind { NIL, BOOL, INT, UINT, REAL, STRING, BYTES, ARRAY, MAP, EXT };

/* One item: a whole value, or what stands before the items of an array or map. */
struct item {
	enum kind kind;
	int64_t whole;  /* BOOL, INT; EXT: its type */
	uint64_t count; /* UINT: the number; ARRAY: elements; MAP: pairs */
	double real;
	struct str bytes; /* STRING, BYTES, EXT */
};

struct reader {
	struct str rest;
	struct json_writer json;
	struct str *attachments;
	unsigned attachment_count, depth;
};

/* Takes a number of so many bytes off, the first the highest. */
static enum err take_big(struct str *s, size_t bytes, uint64_t *out)
{
	uint64_t n = 0;

	if (s->n < bytes)
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | (unsigned char)s->p[i];
	*s = str_after(*s, bytes);
	*out = n;
	return ERR_OK;
}

static enum err take_bytes(struct str *s, uint64_t n, struct str *out)
{
	if (n > s->n)
		return ERR_BAD_REQUEST;
	*out = (struct str){ s->p, (size_t)n };
	*s = str_after(*s, (size_t)n);
	return ERR_OK;
}

/* Those whose first byte holds all but the content. */
static bool is_short(struct item *i, unsigned byte, uint64_t *length)
{
	if (byte < 0x80 || byte >= 0xe0)
		*i = (struct item){ .kind = INT, .whole = (int8_t)byte };
	else if (byte < 0x90)
		*i = (struct item){ .kind = MAP, .count = byte & 15U };
	else if (byte < 0xa0)
		*i = (struct item){ .kind = ARRAY, .count = byte & 15U };
	else if (byte < 0xc0)
		*i = (struct item){ .kind = STRING };
	else
		return false;
	*length = byte & 31U;
	return true;
}

/* What follows a first byte from 0xc0 on: the kind, and how many bytes of length or number. */
static const struct form {
	uint8_t kind, bytes;
} forms[32] = {
	[0x00] = { NIL, 0 },
	[0x02] = { BOOL, 0 },
	[0x03] = { BOOL, 0 },
	[0x04] = { BYTES, 1 },
	[0x05] = { BYTES, 2 },
	[0x06] = { BYTES, 4 },
	[0x07] = { EXT, 1 },
	[0x08] = { EXT, 2 },
	[0x09] = { EXT, 4 },
	[0x0a] = { REAL, 4 },
	[0x0b] = { REAL, 8 },
	[0x0c] = { UINT, 1 },
	[0x0d] = { UINT, 2 },
	[0x0e] = { UINT, 4 },
	[0x0f] = { UINT, 8 },
	[0x10] = { INT, 1 },
	[0x11] = { INT, 2 },
	[0x12] = { INT, 4 },
	[0x13] = { INT, 8 },
	[0x14] = { EXT, 0 },
	[0x15] = { EXT, 0 },
	[0x16] = { EXT, 0 },
	[0x17] = { EXT, 0 },
	[0x18] = { EXT, 0 },
	[0x19] = { STRING, 1 },
	[0x1a] = { STRING, 2 },
	[0x1b] = { STRING, 4 },
	[0x1c] = { ARRAY, 2 },
	[0x1d] = { ARRAY, 4 },
	[0x1e] = { MAP, 2 },
	[0x1f] = { MAP, 4 },
};

static double real_of(uint64_t bits, size_t bytes)
{
	uint32_t half = (uint32_t)bits;
	float f;
	double d;

	memcpy(&d, &bits, sizeof d);
	memcpy(&f, &half, sizeof f);
	return bytes == 4 ? (double)f : d;
}

/* n, of so many bytes, as a signed number. */
static int64_t signed_of(uint64_t n, size_t bytes)
{
	unsigned shift = (unsigned)(64 - 8 * bytes);

	return bytes ? (int64_t)(n << shift) >> shift : 0;
}

static enum err take_ext(struct str *s, uint64_t length, struct item *out)
{
	uint64_t type = 0;
	enum err e = take_big(s, 1, &type);

	out->whole = signed_of(type, 1);
	return e ? e : take_bytes(s, length, &out->bytes);
}

static enum err take_item(struct str *s, struct item *out)
{
	uint64_t byte, n = 0;
	enum err e = take_big(s, 1, &byte);

	if (e)
		return e;
	if (is_short(out, (unsigned)byte, &n))
		return out->kind == STRING ? take_bytes(s, n, &out->bytes) : ERR_OK;
	struct form form = forms[byte - 0xc0];
	if (byte == 0xc1 || take_big(s, form.bytes, &n))
		return ERR_BAD_REQUEST;
	*out = (struct item){ .kind = (enum kind)form.kind, .count = n };
	if (form.kind == BOOL)
		out->whole = byte == 0xc3;
	else if (form.kind == INT)
		out->whole = signed_of(n, form.bytes);
	else if (form.kind == REAL)
		out->real = real_of(n, form.bytes);
	else if (form.kind == STRING || form.kind == BYTES)
		return take_bytes(s, n, &out->bytes);
	else if (form.kind == EXT)
		return take_ext(s, form.bytes ? n : 1U << (byte - 0xd4), out);
	return ERR_OK;
}

/* ---- as JSON ---- */

static enum err put_attachment(struct reader *r, struct str bytes)
{
	if (r->attachment_count == ATTACHMENTS_MAX)
		return ERR_BAD_REQUEST;
	r->attachments[r->attachment_count] = bytes;
	json_write_begin_object(&r->json);
	json_write_key(&r->json, STR("_placeholder"));
	json_write_bool(&r->json, true);
	json_write_key(&r->json, STR("num"));
	json_write_int(&r->json, r->attachment_count++);
	json_write_end_object(&r->json);
	return ERR_OK;
}

/* undefined is one byte of type 0, a date eight of it: milliseconds since 1970. */
static enum err put_ext(struct reader *r, const struct item *i)
{
	char date[DATE_TEXT_BYTES];
	struct str rest = i->bytes;
	uint64_t ms;

	if (i->whole != 0 || (i->bytes.n != 1 && i->bytes.n != 8))
		return ERR_BAD_REQUEST;
	if (i->bytes.n == 1) {
		json_write_null(&r->json);
		return ERR_OK;
	}
	enum err e = take_big(&rest, 8, &ms);
	date_text((int64_t)ms, date);
	json_write_string(&r->json, (struct str){ date, sizeof date });
	return e;
}

static enum err put_string(struct reader *r, struct str s)
{
	if (!text_is_utf8(s))
		return ERR_BAD_REQUEST;
	json_write_string(&r->json, s);
	return ERR_OK;
}

/* Numbers are JavaScript's: whole ones beyond 53 bits are not exact. */
static void put_whole(struct reader *r, int64_t n)
{
	if (n >= -EXACT_MAX && n <= EXACT_MAX)
		json_write_int(&r->json, n);
	else
		json_write_double(&r->json, (double)n);
}

static void put_real(struct reader *r, double d)
{
	if (!isfinite(d))
		json_write_null(&r->json);
	else if (fabs(d) <= (double)EXACT_MAX && (double)(int64_t)d == d)
		json_write_int(&r->json, (int64_t)d);
	else
		json_write_double(&r->json, d);
}

static enum err put_value(struct reader *r);

static enum err put_many(struct reader *r, const struct item *i)
{
	enum err e = r->depth == JSON_DEPTH_MAX ? ERR_BAD_REQUEST : ERR_OK;
	struct item key;

	r->depth++;
	if (i->kind == MAP)
		json_write_begin_object(&r->json);
	else
		json_write_begin_array(&r->json);
	for (uint64_t k = 0; k < i->count && !e; k++) {
		if (i->kind == MAP) {
			e = take_item(&r->rest, &key);
			if (e || key.kind != STRING || !text_is_utf8(key.bytes))
				return ERR_BAD_REQUEST;
			json_write_key(&r->json, key.bytes);
		}
		e = put_value(r);
	}
	if (i->kind == MAP)
		json_write_end_object(&r->json);
	else
		json_write_end_array(&r->json);
	r->depth--;
	return e;
}

static enum err put_item(struct reader *r, const struct item *i)
{
	switch (i->kind) {
	case NIL:
		json_write_null(&r->json);
		return ERR_OK;
	case BOOL:
		json_write_bool(&r->json, i->whole);
		return ERR_OK;
	case INT:
		put_whole(r, i->whole);
		return ERR_OK;
	case UINT:
		if (i->count <= INT64_MAX)
			put_whole(r, (int64_t)i->count);
		else
			json_write_double(&r->json, (double)i->count);
		return ERR_OK;
	case REAL:
		put_real(r, i->real);
		return ERR_OK;
	case STRING:
		return put_string(r, i->bytes);
	case BYTES:
		return put_attachment(r, i->bytes);
	case EXT:
		return put_ext(r, i);
	default:
		return put_many(r, i);
	}
}

static enum err put_value(struct reader *r)
{
	struct item i;
	enum err e = take_item(&r->rest, &i);

	return e ? e : put_item(r, &i);
}

/* Steps over a value: its JSON goes nowhere. */
static enum err skip(struct reader *r)
{
	CLEANUP(buf_done) struct buf nowhere = { 0 };
	struct str attachments[ATTACHMENTS_MAX];
	struct reader aside = {
		.rest = r->rest, .json = json_write_into(&nowhere), .attachments = attachments
	};
	enum err e = put_value(&aside);

	r->rest = aside.rest;
	return e;
}

/* ---- packets ---- */

/* What the map says; data stays where it stands. */
struct fields {
	struct str data; /* p is NULL when there is none */
	struct str nsp;
	int64_t type, id; /* -1: not there */
};

static enum err read_number(struct reader *r, int64_t *out)
{
	struct item i;
	enum err e = take_item(&r->rest, &i);

	if (e || (i.kind != INT && i.kind != UINT))
		return ERR_BAD_REQUEST;
	*out = i.kind == INT ? i.whole : i.count <= INT64_MAX ? (int64_t)i.count : -1;
	return *out < 0 ? ERR_BAD_REQUEST : ERR_OK;
}

static enum err read_field(struct reader *r, struct str key, struct fields *out)
{
	struct item i = { .kind = NIL };
	struct str before = r->rest;
	enum err e;

	if (str_eq(key, STR("type")))
		return read_number(r, &out->type);
	if (str_eq(key, STR("nsp"))) {
		e = take_item(&r->rest, &i);
		out->nsp = i.bytes;
		return e || i.kind != STRING ? ERR_BAD_REQUEST : ERR_OK;
	}
	e = take_item(&before, &i);
	bool undefined = !e && i.kind == EXT && i.whole == 0 && i.bytes.n == 1;
	if (str_eq(key, STR("id")) && !undefined)
		return read_number(r, &out->id);
	if (str_eq(key, STR("data")) && !undefined)
		out->data = r->rest;
	return e ? e : skip(r);
}

static enum err read_fields(struct str bytes, struct fields *out)
{
	struct reader r = { .rest = bytes };
	struct item map, key;
	enum err e = take_item(&r.rest, &map);

	if (e || map.kind != MAP)
		return ERR_BAD_REQUEST;
	for (uint64_t i = 0; i < map.count && !e; i++) {
		e = take_item(&r.rest, &key);
		if (!e)
			e = key.kind == STRING ? read_field(&r, key.bytes, out) : ERR_BAD_REQUEST;
	}
	return e ? e : r.rest.n ? ERR_BAD_REQUEST : ERR_OK;
}

/* The name, then what stands between it and the end of the array. */
static enum err read_list(
	struct reader *r, const struct item *list, struct arena *a, struct sio_packet *p)
{
	uint64_t left = list->count;
	struct item name;

	if (p->type == SIO_PACKET_EVENT) {
		if (left-- == 0 || take_item(&r->rest, &name) || name.kind != STRING ||
			!text_is_utf8(name.bytes) || name.bytes.n > EVENT_NAME_MAX ||
			sio_packet_is_reserved(name.bytes))
			return ERR_BAD_REQUEST;
		p->name = name.bytes.n ? name.bytes : STR("");
	}
	struct item rest = { .kind = ARRAY, .count = left };
	enum err e = put_many(r, &rest);
	if (e || buf_failed(r->json.b))
		return e ? e : ERR_NOMEM;
	struct str json = arena_dup(a, buf_str(r->json.b));
	p->args = json.p ? (struct str){ json.p + 1, json.n - 2 } : json;
	return json.p ? ERR_OK : ERR_NOMEM;
}

static enum err read_data(struct reader *r, struct arena *a, struct sio_packet *p)
{
	struct item data;
	enum err e = take_item(&r->rest, &data);
	bool list = p->type == SIO_PACKET_EVENT || p->type == SIO_PACKET_ACK;

	if (e || data.kind != (list ? ARRAY : MAP) || p->type == SIO_PACKET_DISCONNECT)
		return ERR_BAD_REQUEST;
	if (list)
		return read_list(r, &data, a, p);
	e = put_many(r, &data);
	if (e || buf_failed(r->json.b))
		return e ? e : ERR_NOMEM;
	p->payload = arena_dup(a, buf_str(r->json.b));
	return p->payload.p ? ERR_OK : ERR_NOMEM;
}

enum err sio_msgpack_parse(struct str bytes, struct arena *a, struct sio_msgpack_packet *out)
{
	CLEANUP(buf_done) struct buf json = { 0 };
	struct fields f = { .type = -1, .id = -1 };
	struct reader r = { .json = json_write_into(&json), .attachments = out->attachments };
	enum err e = read_fields(bytes, &f);
	bool list = f.type == SIO_PACKET_EVENT || f.type == SIO_PACKET_ACK;

	if (e || f.type < 0 || f.type >= SIO_PACKET_CONNECT_ERROR || (list && !f.data.p) ||
		f.nsp.n == 0 || f.nsp.p[0] != '/' || f.nsp.n > NAMESPACE_NAME_MAX)
		return ERR_BAD_REQUEST;
	out->packet = (struct sio_packet){ .type = (enum sio_packet_type)f.type,
		.namespace = f.nsp,
		.has_id = f.id >= 0,
		.id = f.id >= 0 ? (uint64_t)f.id : 0 };
	r.rest = f.data;
	if (f.data.p)
		e = read_data(&r, a, &out->packet);
	out->packet.attachments = r.attachment_count;
	return e;
}
