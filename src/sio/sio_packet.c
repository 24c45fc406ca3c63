/* SPDX-License-Identifier: MIT
 *
 * sio_packet - see sio_packet.h: the reading half.
 *
 * Layer: sio.  Threads: one owner at a time.
 */
#include "sio/sio_packet.h"

#include "base/json_read.h"

enum { ID_DIGITS_MAX = 18 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes decimal digits off s. More than ID_DIGITS_MAX: out is left alone, false. */
static bool take_number(struct str *s, uint64_t *out)
{
	uint64_t n = 0;
	size_t i = 0;

	while (i < s->n && is_digit(s->p[i])) {
		n = i < ID_DIGITS_MAX ? n * 10 + (uint64_t)(s->p[i] - '0') : n;
		i++;
	}
	*s = str_after(*s, i);
	if (i == 0 || i > ID_DIGITS_MAX)
		return false;
	*out = n;
	return true;
}

/* "<n>-" of the binary types. */
static enum err take_attachments(struct str *s, struct sio_packet *p)
{
	uint64_t n = 0;

	if (p->type != SIO_PACKET_BINARY_EVENT && p->type != SIO_PACKET_BINARY_ACK)
		return ERR_OK;
	if (!take_number(s, &n) || n < 1 || n > ATTACHMENTS_MAX || s->n == 0 || s->p[0] != '-')
		return ERR_BAD_REQUEST;
	*s = str_after(*s, 1);
	p->attachments = (unsigned)n;
	return ERR_OK;
}

static enum err take_namespace(struct str *s, struct sio_packet *p)
{
	p->namespace = STR("/");
	if (s->n == 0 || s->p[0] != '/')
		return ERR_OK;
	const char *comma = memchr(s->p, ',', s->n);
	size_t n = comma ? (size_t)(comma - s->p) : s->n;
	const char *query = memchr(s->p, '?', n);
	if ((query ? (size_t)(query - s->p) : n) > NAMESPACE_NAME_MAX)
		return ERR_BAD_REQUEST;
	p->namespace = (struct str){ s->p, n };
	*s = str_after(*s, comma ? n + 1 : n);
	return ERR_OK;
}

bool sio_packet_is_reserved(struct str name)
{
	static const struct str names[] = { { "connect", 7 }, { "connect_error", 13 },
		{ "disconnect", 10 }, { "disconnecting", 13 }, { "newListener", 11 },
		{ "removeListener", 14 } };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (str_eq(name, names[i]))
			return true;
	}
	return false;
}

/* The first element of an event: a string, or a number, which Node tolerates. */
static enum err read_name(struct json_reader *r, struct arena *a, struct sio_packet *p)
{
	struct json_reader again = *r;
	enum json_type type = json_read_peek(r);

	if (type != JSON_TYPE_NUMBER && type != JSON_TYPE_STRING)
		return ERR_BAD_REQUEST;
	enum err e = type == JSON_TYPE_NUMBER ? json_read_raw(r, &p->name)
	                                      : json_read_string(r, a, &p->name);
	if (e == ERR_BAD_REQUEST &&
		type == JSON_TYPE_STRING) { /* unpaired surrogates or NUL: a name that nobody has, not a fault */
		*r = again;
		e = json_read_raw(r, &p->name);
	}
	if (e)
		return e;
	return p->name.n > EVENT_NAME_MAX || sio_packet_is_reserved(p->name) ? ERR_BAD_REQUEST
	                                                                     : ERR_OK;
}

static enum err check_value(struct json_reader *r, struct arena *a, unsigned attachments);

/* An object: when it is a placeholder, its number must be one of an attachment. */
static enum err check_object(struct json_reader *r, struct arena *a, unsigned attachments)
{
	bool more, placeholder = false, has_num = false;
	int64_t num = -1;
	struct str key;
	enum err e = json_read_open_object(r);

	while (!e && !(e = json_read_more_members(r, a, &more, &key)) && more) {
		enum json_type type = json_read_peek(r);
		if (str_eq(key, STR("_placeholder")) && type == JSON_TYPE_TRUE)
			placeholder = true;
		if (str_eq(key, STR("num")) && type == JSON_TYPE_NUMBER) {
			struct json_reader number = *r;
			has_num = json_read_int(&number, &num) == ERR_OK;
		}
		e = check_value(r, a, attachments);
	}
	if (e || !placeholder)
		return e;
	return has_num && num >= 0 && num < (int64_t)attachments ? ERR_OK : ERR_BAD_REQUEST;
}

static enum err check_array(struct json_reader *r, struct arena *a, unsigned attachments)
{
	bool more;
	enum err e = json_read_open_array(r);

	while (!e && !(e = json_read_more_elements(r, &more)) && more)
		e = check_value(r, a, attachments);
	return e;
}

/* Any value of a binary packet; the depth is the reader's own limit. */
static enum err check_value(struct json_reader *r, struct arena *a, unsigned attachments)
{
	struct str raw;

	switch (json_read_peek(r)) {
	case JSON_TYPE_OBJECT:
		return check_object(r, a, attachments);
	case JSON_TYPE_ARRAY:
		return check_array(r, a, attachments);
	default:
		return json_read_raw(r, &raw);
	}
}

/* The array of an event or acknowledgement. */
static enum err read_array(struct arena *a, struct sio_packet *p)
{
	struct json_reader r = json_read_of(p->payload);
	bool event = p->type == SIO_PACKET_EVENT || p->type == SIO_PACKET_BINARY_EVENT, more;
	const char *args = NULL;
	enum err e = json_read_open_array(&r);

	if (!e && event && !(e = json_read_more_elements(&r, &more)))
		e = more ? read_name(&r, a, p) : ERR_BAD_REQUEST;
	while (!e && !(e = json_read_more_elements(&r, &more)) && more) {
		struct str raw;
		if (!args)
			args = r.p;
		e = p->attachments ? check_value(&r, a, p->attachments) : json_read_raw(&r, &raw);
	}
	if (!e)
		p->args = args ? (struct str){ args, (size_t)(r.p - 1 - args) } : STR("");
	return e ? e : json_read_end(&r);
}

static enum err read_object(struct str json)
{
	struct json_reader r = json_read_of(json);
	struct str raw;

	if (json_read_peek(&r) != JSON_TYPE_OBJECT || json_read_raw(&r, &raw))
		return ERR_BAD_REQUEST;
	return json_read_end(&r);
}

static enum err read_payload(struct arena *a, struct sio_packet *p)
{
	switch (p->type) {
	case SIO_PACKET_CONNECT:
		return p->payload.n ? read_object(p->payload) : ERR_OK;
	case SIO_PACKET_DISCONNECT:
		return p->payload.n ? ERR_BAD_REQUEST : ERR_OK;
	case SIO_PACKET_CONNECT_ERROR: /* never from a client */
		return ERR_BAD_REQUEST;
	default:
		if (p->payload.n == 0)
			return p->attachments ? ERR_BAD_REQUEST : ERR_OK;
		return read_array(a, p);
	}
}

/* What a server sends beyond what a client may, or must where a client need not. */
static enum err read_server_payload(struct arena *a, struct sio_packet *p)
{
	struct json_reader r = json_read_of(p->payload);
	struct str raw;

	switch (p->type) {
	case SIO_PACKET_CONNECT:
		return read_object(p->payload);
	case SIO_PACKET_CONNECT_ERROR:
		if (json_read_peek(&r) != JSON_TYPE_STRING)
			return read_object(p->payload);
		return json_read_raw(&r, &raw) ? ERR_BAD_REQUEST : json_read_end(&r);
	case SIO_PACKET_DISCONNECT:
		return read_payload(a, p);
	default:
		return p->payload.n ? read_array(a, p) : ERR_BAD_REQUEST;
	}
}

/* All before the payload. */
static enum err take_head(struct str text, struct sio_packet *out)
{
	struct sio_packet p = { 0 };

	if (text.n == 0 || text.p[0] < '0' || text.p[0] > '6')
		return ERR_BAD_REQUEST;
	p.type = (enum sio_packet_type)(text.p[0] - '0');
	text = str_after(text, 1);
	enum err e = take_attachments(&text, &p);
	if (!e)
		e = take_namespace(&text, &p);
	if (e)
		return e;
	if (text.n && is_digit(text.p[0]))
		p.has_id = take_number(&text, &p.id);
	p.payload = text;
	*out = p;
	return ERR_OK;
}

enum err sio_packet_parse(struct str text, struct arena *a, struct sio_packet *out)
{
	struct sio_packet p;
	enum err e = take_head(text, &p);

	if (!e)
		e = read_payload(a, &p);
	if (!e)
		*out = p;
	return e;
}

enum err sio_packet_parse_server(struct str text, struct arena *a, struct sio_packet *out)
{
	struct sio_packet p;
	enum err e = take_head(text, &p);

	if (!e)
		e = read_server_payload(a, &p);
	if (!e)
		*out = p;
	return e;
}
