/* SPDX-License-Identifier: MIT
 *
 * form - see form.h.
 *
 * Layer: client.  Threads: any; works on what it is given.
 */
#include "client/form.h"

#include <antiphon/antiphon.h>
#include <assert.h>

#include "base/date.h"
#include "base/json_read.h"

#define VALUE_REQ(p, m)       offsetof(struct antiphon_##p, m)
#define VALUE_OPT(p, m)       offsetof(struct antiphon_##p, m.v)
#define VALUE_NULLABLE(p, m)  VALUE_OPT(p, m)
#define VALUE_CLEARABLE(p, m) VALUE_OPT(p, m)
#define TEXT_REQ(p, m)        VALUE_REQ(p, m)
#define TEXT_OPT(p, m)        VALUE_REQ(p, m)
#define TEXT_NULLABLE(p, m)   VALUE_REQ(p, m)
#define TEXT_CLEARABLE(p, m)  VALUE_OPT(p, m)

/* Where each field's member is; closed by a 0 that nobody reads. */
#define PAYLOAD(id, doc)                static const size_t id##_at[] = {
#define EMPTY(id, doc)                  static const size_t id##_at[] = { 0 };
#define BARE_UUID(p, doc)               static const size_t p##_at[] = { 0 };
#define BARE_LIST(p, element, max, doc) static const size_t p##_at[] = { 0 };
#define END(id)                                                                                    \
	0                                                                                          \
	}                                                                                          \
	;
#define UUID(p, m, need, doc)                  VALUE_REQ(p, m),
#define STRING(p, m, min, max, need, doc)      VALUE_REQ(p, m),
#define LINE                                   STRING
#define PROSE                                  STRING
#define INTEGER(p, m, min, max, need, doc)     VALUE_REQ(p, m),
#define NUMBER(p, m, need, doc)                VALUE_REQ(p, m),
#define BOOLEAN(p, m, need, doc)               VALUE_REQ(p, m),
#define BOOLEAN_NAMED(p, m, name, need, doc)   VALUE_REQ(p, m),
#define DATE(p, m, need, doc)                  VALUE_REQ(p, m),
#define WORD_OF(p, m, set, need, doc)          VALUE_REQ(p, m),
#define BYTES(p, m, max, need, doc)            VALUE_REQ(p, m),
#define ANY(p, m, max, need, doc)              VALUE_REQ(p, m),
#define OBJECT(p, m, payload, need, doc)       VALUE_REQ(p, m),
#define UUIDS(p, m, max, need, doc)            VALUE_REQ(p, m),
#define STRINGS(p, m, max, longest, need, doc) VALUE_REQ(p, m),
#define LINES                                  STRINGS
#define LIST(p, m, payload, max, need, doc)    VALUE_REQ(p, m),
#include "schema/payloads.def"
#include "schema/undef.h"

/* Where its value is. */
#define PAYLOAD(id, doc)                static const size_t id##_value_at[] = {
#define EMPTY(id, doc)                  static const size_t id##_value_at[] = { 0 };
#define BARE_UUID(p, doc)               static const size_t p##_value_at[] = { 0 };
#define BARE_LIST(p, element, max, doc) static const size_t p##_value_at[] = { 0 };
#define END(id)                                                                                    \
	0                                                                                          \
	}                                                                                          \
	;
#define UUID(p, m, need, doc)                  TEXT_##need(p, m),
#define STRING(p, m, min, max, need, doc)      TEXT_##need(p, m),
#define LINE                                   STRING
#define PROSE                                  STRING
#define INTEGER(p, m, min, max, need, doc)     VALUE_##need(p, m),
#define NUMBER(p, m, need, doc)                VALUE_##need(p, m),
#define BOOLEAN(p, m, need, doc)               VALUE_##need(p, m),
#define BOOLEAN_NAMED(p, m, name, need, doc)   VALUE_##need(p, m),
#define DATE(p, m, need, doc)                  VALUE_##need(p, m),
#define WORD_OF(p, m, set, need, doc)          VALUE_##need(p, m),
#define BYTES(p, m, max, need, doc)            VALUE_##need(p, m),
#define ANY(p, m, max, need, doc)              TEXT_##need(p, m),
#define OBJECT(p, m, payload, need, doc)       VALUE_##need(p, m),
#define UUIDS(p, m, max, need, doc)            VALUE_##need(p, m),
#define STRINGS(p, m, max, longest, need, doc) VALUE_##need(p, m),
#define LINES                                  STRINGS
#define LIST(p, m, payload, max, need, doc)    VALUE_##need(p, m),
#include "schema/payloads.def"
#include "schema/undef.h"

/* In the order of the schema's own list. */
static const struct {
	const size_t *at, *value_at;
	size_t size;
} layouts[] = {
#define LAYOUT(id)                 { id##_at, id##_value_at, sizeof(struct antiphon_##id) },
#define PAYLOAD(id, doc)           LAYOUT(id)
#define EMPTY(id, doc)             LAYOUT(id)
#define BARE_UUID(id, doc)         LAYOUT(id)
#define BARE_LIST(id, e, max, doc) LAYOUT(id)
#define END(id)
#define UUID(...)
#define STRING(...)
#define LINE  STRING
#define PROSE STRING
#define INTEGER(...)
#define NUMBER(...)
#define BOOLEAN(...)
#define BOOLEAN_NAMED(...)
#define DATE(...)
#define WORD_OF(...)
#define BYTES(...)
#define ANY(...)
#define OBJECT(...)
#define UUIDS(...)
#define STRINGS(...)
#define LINES STRINGS
#define LIST(...)
#include "schema/payloads.def"
#include "schema/undef.h"
};

struct form form_of(const struct payload *p)
{
	size_t i = 0;

	while (schema_payload_at(i) != p)
		i++;
	assert(i < COUNT_OF(layouts));
	return (struct form){ .payload = p,
		.at = layouts[i].at,
		.value_at = layouts[i].value_at,
		.size = layouts[i].size };
}

/* How the two structs hold a field. */
static bool is_text(const struct field *f)
{
	return f->type == FIELD_UUID || f->type == FIELD_STRING || f->type == FIELD_ANY;
}

static bool is_list(const struct field *f)
{
	return f->type == FIELD_UUIDS || f->type == FIELD_STRINGS || f->type == FIELD_LIST;
}

/* Behind the struct, what it points to; p NULL: only counted. */
struct packer {
	char *p;
	size_t n;
};

static void *give(struct packer *to, size_t size)
{
	to->n = (to->n + 7) & ~(size_t)7;
	void *at = to->p ? to->p + to->n : NULL;
	to->n += size;
	return at;
}

static const char *give_text(struct packer *to, enum field_type type, const void *wire)
{
	struct str s = { NULL, UUID_TEXT_BYTES };

	if (type != FIELD_UUID)
		s = *(const struct str *)wire;
	char *at = to->p ? to->p + to->n : NULL;
	to->n += s.n + 1;
	if (!at)
		return NULL;
	if (type == FIELD_UUID)
		uuid_text(*(const struct uuid *)wire, at);
	else if (s.n)
		memcpy(at, s.p, s.n);
	at[s.n] = 0;
	return at;
}

static void pack_object(const struct payload *p, const char *wire, char *out, struct packer *to);

/* All lists look alike in either form: { v, n }. */
static void pack_list(const struct field *f, const char *wire, char *out, struct packer *to)
{
	struct uuids list;
	size_t public_size = f->type == FIELD_LIST ? form_of(f->object).size : sizeof(char *);
	size_t wire_size = f->type == FIELD_LIST    ? f->object->size
	                   : f->type == FIELD_UUIDS ? sizeof(struct uuid)
	                                            : sizeof(struct str);

	memcpy(&list, wire, sizeof list);
	char *v = give(to, list.n * public_size);
	for (size_t i = 0; i < list.n; i++) {
		const char *element = (const char *)list.v + i * wire_size;
		if (f->type == FIELD_LIST) {
			pack_object(f->object, element, v ? v + i * public_size : NULL, to);
			continue;
		}
		const char *text =
			give_text(to, f->type == FIELD_UUIDS ? FIELD_UUID : FIELD_STRING, element);
		if (v)
			memcpy(v + i * public_size, &text, sizeof text);
	}
	if (out)
		memcpy(out,
			&(struct antiphon_texts){ (const char *const *)(const void *)v, list.n },
			sizeof(struct antiphon_texts));
}

static void pack_bytes(const char *wire, char *out, struct packer *to)
{
	struct str s = *(const struct str *)(const void *)wire;
	char *at = give(to, s.n);

	if (at && s.n)
		memcpy(at, s.p, s.n);
	if (out)
		memcpy(out, &(struct antiphon_bytes){ at, s.n }, sizeof(struct antiphon_bytes));
}

static size_t plain_size(enum field_type type)
{
	return type == FIELD_BOOLEAN ? sizeof(bool)
	       : type == FIELD_WORD  ? sizeof(enum role)
	                             : sizeof(int64_t);
}

static void pack_value(const struct field *f, const char *wire, char *out, struct packer *to)
{
	if (is_text(f)) {
		const char *text = give_text(to, f->type, wire);
		if (out)
			memcpy(out, &text, sizeof text);
	} else if (is_list(f)) {
		pack_list(f, wire, out, to);
	} else if (f->type == FIELD_OBJECT) {
		pack_object(f->object, wire, out, to);
	} else if (f->type == FIELD_BYTES) {
		pack_bytes(wire, out, to);
	} else if (out) {
		memcpy(out, wire, plain_size(f->type));
	}
}

/* out: zeroed, or NULL to count alone. */
static void pack_object(const struct payload *p, const char *wire, char *out, struct packer *to)
{
	struct form form = form_of(p);

	for (size_t i = 0; i < p->count; i++) {
		const struct field *f = &p->fields[i];
		bool flags[2] = { true, false }; /* set, null */
		if (f->need != NEED_REQ)
			memcpy(flags, wire + f->offset, sizeof flags);
		if (out && form.at[i] != form.value_at[i])
			memcpy(out + form.at[i], flags, sizeof flags);
		if (flags[0] && !flags[1])
			pack_value(
				f, wire + f->value_offset, out ? out + form.value_at[i] : NULL, to);
	}
}

size_t form_size(const struct form *f, const void *wire)
{
	struct packer count = { NULL, f->size };

	pack_object(f->payload, wire, NULL, &count);
	return (count.n + 7) & ~(size_t)7;
}

void form_pack(const struct form *f, const void *wire, void *out)
{
	struct packer to = { out, f->size };

	memset(out, 0, f->size);
	pack_object(f->payload, wire, out, &to);
}

/* ---- to JSON ---- */

static const char *text_at(const char *in)
{
	const char *text;

	memcpy(&text, in, sizeof text);
	return text;
}

static enum err write_json(struct str text, struct json_writer *w)
{
	struct json_reader r = json_read_of(text);
	struct str raw;
	enum err e = json_read_raw(&r, &raw);

	if (!e)
		e = json_read_end(&r);
	if (!e)
		json_write_raw(w, raw);
	return e;
}

static enum err write_text(const struct field *f, const char *text, struct json_writer *w)
{
	if (!text)
		return ERR_BAD_REQUEST;
	if (f->type == FIELD_ANY)
		return write_json(str_of(text), w);
	json_write_string(w, str_of(text));
	return ERR_OK;
}

static enum err write_list(const struct field *f, const char *in, struct json_writer *w,
	struct schema_attachments *attachments)
{
	struct antiphon_texts list;
	enum err e = ERR_OK;

	memcpy(&list, in, sizeof list);
	const char *v = (const char *)list.v;
	json_write_begin_array(w);
	for (size_t i = 0; i < list.n && !e; i++) {
		if (f->type == FIELD_LIST) {
			struct form of = form_of(f->object);
			e = form_encode(&of, v + i * of.size, w, attachments);
		} else {
			e = write_text(&(struct field){ .type = FIELD_STRING }, list.v[i], w);
		}
	}
	json_write_end_array(w);
	return e;
}

static enum err write_word(const struct field *f, const char *in, struct json_writer *w)
{
	unsigned value;

	memcpy(&value, in, sizeof value);
	if (value >= f->words->count)
		return ERR_BAD_REQUEST;
	json_write_string(w, str_of(f->words->texts[value]));
	return ERR_OK;
}

static void write_bytes(
	const char *in, struct json_writer *w, struct schema_attachments *attachments)
{
	struct antiphon_bytes bytes;

	memcpy(&bytes, in, sizeof bytes);
	json_write_begin_object(w);
	json_write_key(w, STR("_placeholder"));
	json_write_bool(w, true);
	json_write_key(w, STR("num"));
	json_write_int(w, (int64_t)attachments->n);
	json_write_end_object(w);
	attachments->v[attachments->n++] = (struct str){ bytes.p, bytes.n };
}

static void write_plain(const struct field *f, const char *in, struct json_writer *w)
{
	char date[DATE_TEXT_BYTES];
	int64_t integer;
	double number;
	bool boolean;

	switch (f->type) {
	case FIELD_BOOLEAN:
		memcpy(&boolean, in, sizeof boolean);
		json_write_bool(w, boolean);
		return;
	case FIELD_NUMBER:
		memcpy(&number, in, sizeof number);
		json_write_double(w, number);
		return;
	case FIELD_DATE:
		memcpy(&integer, in, sizeof integer);
		date_text(integer, date);
		json_write_string(w, (struct str){ date, sizeof date });
		return;
	default:
		memcpy(&integer, in, sizeof integer);
		json_write_int(w, integer);
		return;
	}
}

static enum err write_value(const struct field *f, const char *in, struct json_writer *w,
	struct schema_attachments *attachments)
{
	if (is_text(f))
		return write_text(f, text_at(in), w);
	if (is_list(f))
		return write_list(f, in, w, attachments);
	if (f->type == FIELD_WORD)
		return write_word(f, in, w);
	if (f->type == FIELD_OBJECT) {
		struct form of = form_of(f->object);
		return form_encode(&of, in, w, attachments);
	}
	if (f->type == FIELD_BYTES)
		write_bytes(in, w, attachments);
	else
		write_plain(f, in, w);
	return ERR_OK;
}

/* Whether a member has a value, and whether it is null. */
static void look(const struct form *form, size_t i, const char *in, bool *set, bool *null)
{
	const struct field *f = &form->payload->fields[i];
	bool flags[2] = { true, false };

	if (form->at[i] != form->value_at[i])
		memcpy(flags, in + form->at[i], sizeof flags);
	else if (f->need != NEED_REQ)
		flags[0] = text_at(in + form->at[i]) != NULL;
	*set = flags[0] && !flags[1];
	*null = flags[1] || (!flags[0] && f->need == NEED_NULLABLE);
}

static enum err encode_members(const struct form *form, const char *in, struct json_writer *w,
	struct schema_attachments *attachments)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < form->payload->count && !e; i++) {
		const struct field *f = &form->payload->fields[i];
		bool set, null;
		look(form, i, in, &set, &null);
		if (!set && !null)
			continue;
		if (f->type == FIELD_BYTES &&
			(!attachments || attachments->n == COUNT_OF(attachments->v)))
			continue;
		json_write_key(w, str_of(f->name));
		if (null)
			json_write_null(w);
		else
			e = write_value(f, in + form->value_at[i], w, attachments);
	}
	return e;
}

enum err form_encode(const struct form *f, const void *in, struct json_writer *w,
	struct schema_attachments *attachments)
{
	if (f->payload->shape != SHAPE_OBJECT)
		return write_value(&f->payload->fields[0], in, w, attachments);
	json_write_begin_object(w);
	enum err e = encode_members(f, in, w, attachments);
	json_write_end_object(w);
	return e;
}

/* ---- comparing ---- */

/* Signatures of addresses change; what stands before them counts. */
static bool equal_texts(const struct field *f, const char *a, const char *b)
{
	size_t n = strlen(f->name);
	bool address = n >= 3 &&
	               (strcmp(f->name + n - 3, "url") == 0 || strcmp(f->name + n - 3, "Url") == 0);

	if (!address)
		return strcmp(a, b) == 0;
	size_t length = strcspn(a, "?");
	return length == strcspn(b, "?") && memcmp(a, b, length) == 0;
}

static bool equal_lists(const struct field *f, const char *a, const char *b)
{
	struct antiphon_texts x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	if (x.n != y.n)
		return false;
	for (size_t i = 0; i < x.n; i++) {
		if (f->type != FIELD_LIST) {
			if (strcmp(x.v[i], y.v[i]) != 0)
				return false;
			continue;
		}
		struct form of = form_of(f->object);
		if (!form_equal(
			    &of, (const char *)x.v + i * of.size, (const char *)y.v + i * of.size))
			return false;
	}
	return true;
}

static bool equal_values(const struct field *f, const char *a, const char *b)
{
	if (is_text(f))
		return equal_texts(f, text_at(a), text_at(b));
	if (is_list(f))
		return equal_lists(f, a, b);
	if (f->type == FIELD_OBJECT) {
		struct form of = form_of(f->object);
		return form_equal(&of, a, b);
	}
	if (f->type == FIELD_BYTES)
		return true; /* they come once and are not kept */
	return memcmp(a, b, plain_size(f->type)) == 0;
}

bool form_equal(const struct form *f, const void *a, const void *b)
{
	for (size_t i = 0; i < f->payload->count; i++) {
		bool set[2], null[2];
		if (strcmp(f->payload->fields[i].name, "rev") == 0)
			continue;
		look(f, i, a, &set[0], &null[0]);
		look(f, i, b, &set[1], &null[1]);
		if (set[0] != set[1])
			return false;
		if (set[0] &&
			!equal_values(&f->payload->fields[i], (const char *)a + f->value_at[i],
				(const char *)b + f->value_at[i]))
			return false;
	}
	return true;
}
