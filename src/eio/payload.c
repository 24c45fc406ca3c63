/* SPDX-License-Identifier: MIT
 *
 * payload - see payload.h (Engine.IO protocol revision 4, "Packet encoding"; revision 3, "Payload").
 *
 * Layer: eio.  Threads: one owner at a time.
 */
#include "eio/payload.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/json_write.h"
#include "http/http_query.h"

enum { SEPARATOR = 0x1e, LENGTH_END = 0xff, LENGTH_DIGITS_MAX = 9, MESSAGE = 4 };

/* ---- writing ---- */

/* UTF-16 units of a character that begins with this byte; 0 inside a character. */
static size_t units_of(char c)
{
	unsigned char lead = (unsigned char)c;

	return (lead & 0xc0U) == 0x80U ? 0 : lead >= 0xf0 ? 2 : 1;
}

static size_t utf16_units(struct str s)
{
	size_t units = 0;

	for (size_t i = 0; i < s.n; i++)
		units += units_of(s.p[i]);
	return units;
}

static void put_octets_head(struct buf *body, bool binary, size_t n)
{
	char digits[20];
	size_t count = 0;

	do {
		digits[count++] = (char)(n % 10);
		n /= 10;
	} while (n);
	buf_byte(body, binary ? '\1' : '\0');
	while (count > 0)
		buf_byte(body, digits[--count]);
	buf_byte(body, (char)LENGTH_END);
}

void payload_put_text(struct buf *body, enum payload_form form, struct str text)
{
	if (form == PAYLOAD_4) {
		if (body->n)
			buf_byte(body, SEPARATOR);
	} else if (form == PAYLOAD_3) {
		buf_u64(body, utf16_units(text));
		buf_byte(body, ':');
	} else {
		put_octets_head(body, false, text.n);
	}
	buf_append(body, text);
}

/* How long n bytes become in base64. */
static size_t base64_bytes(size_t n)
{
	return (n + 2) / 3 * 4;
}

void payload_put_binary(struct buf *body, enum payload_form form, struct str bytes)
{
	if (form == PAYLOAD_3_OCTETS) {
		put_octets_head(body, true, bytes.n + 1);
		buf_byte(body, MESSAGE);
		buf_append(body, bytes);
		return;
	}
	if (form == PAYLOAD_3) {
		buf_u64(body, base64_bytes(bytes.n) + 2);
		buf_append(body, STR(":b4"));
	} else {
		if (body->n)
			buf_byte(body, SEPARATOR);
		buf_byte(body, 'b');
	}
	hash_base64(body, bytes, BASE64_PADDED);
}

/* ---- reading ---- */

struct payload_reader payload_read(enum payload_form form, char *body, size_t n)
{
	return (struct payload_reader){ form, body, n };
}

static void skip(struct payload_reader *r, size_t n)
{
	r->p += n;
	r->n -= n;
}

/* Takes a length off: digits, of which each is its character minus zero, up to the byte `end`. */
static enum err take_length(struct payload_reader *r, char zero, unsigned char end, size_t *out)
{
	size_t n = 0, i = 0;

	for (; i < r->n && (unsigned char)r->p[i] != end; i++) {
		int digit = r->p[i] - zero;
		if (digit < 0 || digit > 9 || i == LENGTH_DIGITS_MAX)
			return ERR_BAD_REQUEST;
		n = n * 10 + (size_t)digit;
	}
	if (i == 0 || i == r->n)
		return ERR_BAD_REQUEST;
	skip(r, i + 1);
	*out = n;
	return ERR_OK;
}

/* How many bytes so many UTF-16 units take; more than there are: ERR_BAD_REQUEST. */
static enum err bytes_of_units(const struct payload_reader *r, size_t units, size_t *out)
{
	size_t n = 0, got = 0;

	while (n < r->n && got < units)
		got += units_of(r->p[n++]);
	while (n < r->n && units_of(r->p[n]) == 0)
		n++;
	if (got != units)
		return ERR_BAD_REQUEST;
	*out = n;
	return ERR_OK;
}

static enum err next_of_3(struct payload_reader *r, struct payload_packet *out)
{
	size_t length = 0;
	enum err e;

	out->binary = false;
	if (r->form == PAYLOAD_3) {
		e = take_length(r, '0', ':', &length);
		if (!e)
			e = bytes_of_units(r, length, &length);
	} else {
		if (r->n == 0 || (unsigned char)r->p[0] > 1)
			return ERR_BAD_REQUEST;
		out->binary = r->p[0] == 1;
		skip(r, 1);
		e = take_length(r, 0, LENGTH_END, &length);
	}
	if (e || length > r->n)
		return ERR_BAD_REQUEST;
	out->p = r->p;
	out->n = length;
	skip(r, length);
	return ERR_OK;
}

enum err payload_next(struct payload_reader *r, bool *more, struct payload_packet *out)
{
	*more = r->p != NULL;
	if (!r->p)
		return ERR_OK;
	if (r->form != PAYLOAD_4) {
		enum err e = next_of_3(r, out);
		if (r->n == 0)
			r->p = NULL;
		return e;
	}
	char *stop = r->n ? memchr(r->p, SEPARATOR, r->n) : NULL;
	*out = (struct payload_packet){ .p = r->p, .n = stop ? (size_t)(stop - r->p) : r->n };
	if (stop)
		skip(r, out->n + 1);
	else
		r->p = NULL;
	return ERR_OK;
}

/* ---- JSONP ---- */

void payload_jsonp(struct buf *b, struct str index, struct str body)
{
	CLEANUP(buf_done) struct buf quoted = { 0 };
	struct json_writer w = json_write_into(&quoted);

	buf_append(b, STR("___eio["));
	for (size_t i = 0; i < index.n; i++) {
		if (index.p[i] >= '0' && index.p[i] <= '9')
			buf_byte(b, index.p[i]);
	}
	buf_append(b, STR("]("));
	json_write_string(&w, body);
	b->failed = b->failed || quoted.failed;
	for (size_t i = 0; i < quoted.n; i++) { /* U+2028 and U+2029 end a line of JavaScript */
		struct str rest = str_after(buf_str(&quoted), i);
		bool separator = str_starts(rest, STR("\xe2\x80\xa8"));
		if (separator || str_starts(rest, STR("\xe2\x80\xa9"))) {
			buf_append(b, separator ? STR("\\u2028") : STR("\\u2029"));
			i += 2;
		} else {
			buf_byte(b, quoted.p[i]);
		}
	}
	buf_append(b, STR(");"));
}

enum err payload_from_form(struct str form, struct buf *out)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct str key, value, data = { NULL, 0 };

	while (http_query_next(&form, &key, &value)) {
		if (str_eq(key, STR("d")))
			data = value;
	}
	if (!data.p)
		return ERR_BAD_REQUEST;
	enum err e = http_query_decode(data, HTTP_QUERY_FORM, &a, &data);
	if (e)
		return e;
	for (size_t i = 0; i < data.n; i++) {
		struct str rest = str_after(data, i);
		if (str_starts(rest, STR("\\\\n"))) {
			buf_append(out, STR("\\n"));
			i += 2;
		} else if (str_starts(rest, STR("\\n"))) {
			buf_byte(out, '\n');
			i++;
		} else {
			buf_byte(out, data.p[i]);
		}
	}
	buf_reserve(out, 1); /* so that its p is never NULL */
	return buf_failed(out) ? ERR_NOMEM : ERR_OK;
}
