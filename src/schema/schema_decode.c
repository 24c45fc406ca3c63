/* SPDX-License-Identifier: MIT
 *
 * schema_decode - see schema_decode.h. One function a field type.
 *
 * Layer: schema.  Threads: any; works on what it is given.
 */
#include "schema/schema_decode.h"

#include <assert.h>
#include <inttypes.h>

#include "base/date.h"
#include "base/json_read.h"
#include "base/text.h"

struct decoder {
	struct json_reader r;
	const struct schema_source *from;
	struct arena *a;
	const struct field *wrong; /* the field at fault, NULL: the value as a whole */
};

enum { SEEN_MAX = 64 }; /* fields of a payload, by the bits of a word */

static enum err decode_object(struct decoder *d, const struct payload *p, void *out);

static enum err read_uuid(struct decoder *d, struct uuid *out)
{
	struct str s;
	enum err e = json_read_string(&d->r, d->a, &s);

	return e ? e : uuid_parse(s, out);
}

struct bounds {
	enum text_form form;
	int64_t min, max; /* code points */
};

/* Whether the text is one that people can see, as its form asks; a line loses what surrounds it. */
static bool is_of_form(enum text_form form, struct str *s)
{
	if (form == FORM_LINE) {
		*s = text_trim(*s);
		if (!text_is_line(*s))
			return false;
	}
	return form == FORM_ANY || s->n == 0 || text_is_visible(*s);
}

static enum err read_string(struct decoder *d, struct bounds b, struct str *out)
{
	struct str s;
	enum err e = json_read_string(&d->r, d->a, &s);

	if (e)
		return e;
	if ((s.n && memchr(s.p, '\0', s.n)) || !is_of_form(b.form, &s))
		return ERR_BAD_REQUEST;
	size_t n = text_length(s);
	if (n < (size_t)b.min || n > (size_t)b.max)
		return ERR_BAD_REQUEST;
	*out = s;
	return ERR_OK;
}

static enum err read_integer(struct decoder *d, const struct field *f, int64_t *out)
{
	int64_t n;
	enum err e = json_read_int(&d->r, &n);

	if (e)
		return e;
	if (n < f->min || n > f->max)
		return ERR_BAD_REQUEST;
	*out = n;
	return ERR_OK;
}

static enum err read_date(struct decoder *d, int64_t *out)
{
	struct str s;
	enum err e = json_read_string(&d->r, d->a, &s);

	return e ? e : date_parse(s, out);
}

static enum err read_word(struct decoder *d, const struct words *words, void *out)
{
	struct str s;
	enum err e = json_read_string(&d->r, d->a, &s);

	if (e)
		return e;
	for (size_t i = 0; i < words->count; i++) {
		if (str_eq(str_of(words->texts[i]), s)) {
			unsigned value = (unsigned)i; /* every enum of words.def counts from 0 */
			memcpy(out, &value, sizeof value);
			return ERR_OK;
		}
	}
	return ERR_BAD_REQUEST;
}

/* { "_placeholder": true, "num": n }, as socket.io-parser writes it. */
static enum err read_bytes(struct decoder *d, const struct field *f, struct str *out)
{
	bool more, is_placeholder = false;
	int64_t num = -1;
	struct str key, raw;
	enum err e = json_read_open_object(&d->r);

	while (!e && !(e = json_read_more_members(&d->r, d->a, &more, &key)) && more) {
		if (str_eq(key, STR("_placeholder")))
			e = json_read_bool(&d->r, &is_placeholder);
		else if (str_eq(key, STR("num")))
			e = json_read_int(&d->r, &num);
		else
			e = json_read_raw(&d->r, &raw);
	}
	if (e)
		return e;
	if (!is_placeholder || num < 0 || (uint64_t)num >= d->from->attachment_count)
		return ERR_BAD_REQUEST;
	struct str bytes = d->from->attachments[num];
	if (f->max && bytes.n > (size_t)f->max)
		return ERR_BAD_REQUEST;
	*out = bytes;
	return ERR_OK;
}

static enum err read_any(struct decoder *d, const struct field *f, struct str *out)
{
	struct str raw;
	enum err e = json_read_raw(&d->r, &raw);

	if (e)
		return e;
	if ((f->max && raw.n > (size_t)f->max) || !text_is_utf8(raw))
		return ERR_BAD_REQUEST;
	*out = raw;
	return ERR_OK;
}

/* How many elements the array has that comes next, which stays unread. */
static enum err count_elements(const struct decoder *d, size_t *count)
{
	struct json_reader r = d->r;
	struct str raw;
	bool more;
	size_t n = 0;
	enum err e = json_read_open_array(&r);

	while (!e && !(e = json_read_more_elements(&r, &more)) && more) {
		e = json_read_raw(&r, &raw);
		n++;
	}
	if (!e)
		*count = n;
	return e;
}

static enum err read_element(struct decoder *d, const struct field *f, void *out)
{
	switch (f->type) {
	case FIELD_UUIDS:
		return read_uuid(d, out);
	case FIELD_STRINGS:
		return read_string(d, (struct bounds){ f->form, 1, f->longest }, out);
	default:
		return decode_object(d, f->object, out);
	}
}

static enum err read_list(struct decoder *d, const struct field *f, void *out)
{
	size_t size = f->type == FIELD_UUIDS     ? sizeof(struct uuid)
	              : f->type == FIELD_STRINGS ? sizeof(struct str)
	                                         : f->object->size;
	size_t count, i = 0;
	bool more;
	enum err e = count_elements(d, &count);

	if (e)
		return e;
	if (count > (size_t)f->max)
		return ERR_BAD_REQUEST;
	char *v = arena_array(d->a, count, size);
	if (!v)
		return ERR_NOMEM;
	e = json_read_open_array(&d->r);
	while (!e && !(e = json_read_more_elements(&d->r, &more)) && more)
		e = read_element(d, f, v + size * i++);
	if (e)
		return e;
	struct uuids list = { (const struct uuid *)(const void *)v,
		count }; /* all lists look like this */
	memcpy(out, &list, sizeof list);
	return ERR_OK;
}

static enum err read_value(struct decoder *d, const struct field *f, void *out)
{
	switch (f->type) {
	case FIELD_UUID:
		return read_uuid(d, out);
	case FIELD_STRING:
		return read_string(d, (struct bounds){ f->form, f->min, f->max }, out);
	case FIELD_INTEGER:
		return read_integer(d, f, out);
	case FIELD_NUMBER:
		return json_read_double(&d->r, out);
	case FIELD_BOOLEAN:
		return json_read_bool(&d->r, out);
	case FIELD_DATE:
		return read_date(d, out);
	case FIELD_WORD:
		return read_word(d, f->words, out);
	case FIELD_BYTES:
		return read_bytes(d, f, out);
	case FIELD_ANY:
		return read_any(d, f, out);
	case FIELD_OBJECT:
		return decode_object(d, f->object, out);
	case FIELD_UUIDS:
	case FIELD_STRINGS:
	case FIELD_LIST:
		return read_list(d, f, out);
	}
	return ERR_BAD_REQUEST;
}

/* The flags { set, null } of a member that is not REQ. */
static void mark(const struct field *f, char *base, bool set, bool null)
{
	bool flags[2] = { set, null };

	if (f->need != NEED_REQ)
		memcpy(base + f->offset, flags, sizeof flags);
}

static enum err read_member(struct decoder *d, const struct field *f, char *base)
{
	enum err e;

	if (f->need != NEED_REQ && f->type != FIELD_ANY &&
		json_read_peek(&d->r) == JSON_TYPE_NULL) {
		mark(f, base, f->need == NEED_CLEARABLE, f->need == NEED_CLEARABLE);
		return json_read_null(&d->r);
	}
	e = read_value(d, f, base + f->value_offset);
	if (e) {
		if (!d->wrong)
			d->wrong = f;
		return e;
	}
	mark(f, base, true, false);
	return ERR_OK;
}

static const struct field *find_field(const struct payload *p, struct str name)
{
	for (size_t i = 0; i < p->count; i++) {
		if (str_eq(str_of(p->fields[i].name), name))
			return &p->fields[i];
	}
	return NULL;
}

static enum err missing_field(struct decoder *d, const struct payload *p, uint64_t seen)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->fields[i].need == NEED_REQ && !(seen >> i & 1)) {
			d->wrong = &p->fields[i];
			return ERR_BAD_REQUEST;
		}
	}
	return ERR_OK;
}

static enum err decode_object(struct decoder *d, const struct payload *p, void *out)
{
	uint64_t seen = 0;
	struct str key, raw;
	bool more;
	enum err e = json_read_open_object(&d->r);

	assert(p->count <= SEEN_MAX);
	while (!e && !(e = json_read_more_members(&d->r, d->a, &more, &key)) && more) {
		const struct field *f = find_field(p, key);
		if (!f) {
			e = json_read_raw(&d->r, &raw);
			continue;
		}
		e = read_member(d, f, out);
		seen |= UINT64_C(1) << (f - p->fields);
	}
	return e ? e : missing_field(d, p, seen);
}

/* What a field must be, as the end of a sentence. */
static struct str must_be(const struct field *f, struct arena *a)
{
	switch (f->type) {
	case FIELD_UUID:
		return STR("a UUID in lower-case text");
	case FIELD_STRING:
		return arena_printf(a, "%s of %" PRId64 " to %" PRId64 " characters, %s",
			f->form == FORM_LINE ? "one line" : "text", f->min, f->max,
			f->form == FORM_ANY    ? "without NUL"
			: f->form == FORM_LINE ? "with a visible one and without control characters"
					       : "with a visible one");
	case FIELD_INTEGER:
		if (f->max == INT64_MAX)
			return arena_printf(a, "a whole number of at least %" PRId64, f->min);
		return arena_printf(
			a, "a whole number from %" PRId64 " to %" PRId64, f->min, f->max);
	case FIELD_NUMBER:
		return STR("a number");
	case FIELD_BOOLEAN:
		return STR("true or false");
	case FIELD_DATE:
		return STR("a date such as 2026-11-22T09:01:00.000Z");
	case FIELD_WORD:
		return arena_printf(a, "a word of the set `%s`", f->words->name);
	case FIELD_BYTES:
		return STR("binary data");
	case FIELD_ANY:
		return arena_printf(a, "a JSON value of at most %" PRId64 " bytes", f->max);
	case FIELD_OBJECT:
		return STR("an object");
	case FIELD_UUIDS:
		return arena_printf(a, "a list of at most %" PRId64 " UUIDs", f->max);
	case FIELD_STRINGS:
		return arena_printf(a,
			"a list of at most %" PRId64 " texts of 1 to %" PRId64 " characters",
			f->max, f->longest);
	case FIELD_LIST:
		return arena_printf(a, "a list of at most %" PRId64 " objects", f->max);
	}
	return STR("something else");
}

static struct str explain(const struct decoder *d, const struct payload *p)
{
	if (p->shape == SHAPE_UUID)
		return STR("The argument must be a UUID in lower-case text.");
	if (!d->wrong)
		return STR("The argument must be a well-formed JSON object.");
	struct str what = must_be(d->wrong, d->a);
	return arena_printf(d->a, "The field `%s` must be %.*s.", d->wrong->name, STR_ARG(what));
}

enum err schema_decode(const struct payload *p, const struct schema_source *from, struct arena *a,
	void *out, struct str *sentence)
{
	struct decoder d = { .r = json_read_of(from->json), .from = from, .a = a, .wrong = NULL };
	enum err e = p->shape == SHAPE_OBJECT ? decode_object(&d, p, out)
	                                      : read_value(&d, &p->fields[0], out);

	if (!e)
		e = json_read_end(&d.r);
	if (e == ERR_BAD_REQUEST)
		*sentence = explain(&d, p);
	return e;
}
