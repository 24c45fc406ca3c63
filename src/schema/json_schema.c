/* SPDX-License-Identifier: MIT
 *
 * json_schema - see json_schema.h.
 *
 * Layer: schema.  Threads: any; works on what it is given.
 */
#include "schema/json_schema.h"

static void pair(struct json_writer *w, struct str key, struct str value)
{
	json_write_key(w, key);
	json_write_string(w, value);
}

static void number(struct json_writer *w, struct str key, int64_t value)
{
	json_write_key(w, key);
	json_write_int(w, value);
}

void json_schema_ref(struct json_writer *w, const struct payload *p)
{
	char path[128] = "#/components/schemas/";
	size_t n = strlen(path), length = strlen(p->name);

	memcpy(path + n, p->name, length < sizeof path - n ? length : 0);
	json_write_begin_object(w);
	pair(w, STR("$ref"), (struct str){ path, n + length });
	json_write_end_object(w);
}

static void text_bounds(struct json_writer *w, int64_t min, int64_t max)
{
	pair(w, STR("type"), STR("string"));
	number(w, STR("minLength"), min);
	number(w, STR("maxLength"), max);
}

static void uuid_schema(struct json_writer *w)
{
	pair(w, STR("type"), STR("string"));
	pair(w, STR("format"), STR("uuid"));
}

static void words_schema(struct json_writer *w, const struct words *words)
{
	pair(w, STR("type"), STR("string"));
	json_write_key(w, STR("enum"));
	json_write_begin_array(w);
	for (size_t i = 0; i < words->count; i++)
		json_write_string(w, str_of(words->texts[i]));
	json_write_end_array(w);
}

static void items_schema(struct json_writer *w, const struct field *f)
{
	pair(w, STR("type"), STR("array"));
	number(w, STR("maxItems"), f->max);
	json_write_key(w, STR("items"));
	if (f->type == FIELD_LIST) {
		json_schema_ref(w, f->object);
		return;
	}
	json_write_begin_object(w);
	if (f->type == FIELD_UUIDS)
		uuid_schema(w);
	else
		text_bounds(w, 1, f->longest);
	json_write_end_object(w);
}

static void integer_schema(struct json_writer *w, const struct field *f)
{
	pair(w, STR("type"), STR("integer"));
	number(w, STR("minimum"), f->min);
	if (f->max != INT64_MAX)
		number(w, STR("maximum"), f->max);
}

/* The keywords of a field's type, into an object that has been begun. */
static void type_schema(struct json_writer *w, const struct field *f)
{
	switch (f->type) {
	case FIELD_UUID:
		uuid_schema(w);
		return;
	case FIELD_STRING:
		text_bounds(w, f->min, f->max);
		return;
	case FIELD_INTEGER:
		integer_schema(w, f);
		return;
	case FIELD_NUMBER:
		pair(w, STR("type"), STR("number"));
		return;
	case FIELD_BOOLEAN:
		pair(w, STR("type"), STR("boolean"));
		return;
	case FIELD_DATE:
		pair(w, STR("type"), STR("string"));
		pair(w, STR("format"), STR("date-time"));
		return;
	case FIELD_WORD:
		words_schema(w, f->words);
		return;
	case FIELD_BYTES:
		pair(w, STR("description"), STR("A binary attachment of the Socket.IO packet."));
		return;
	case FIELD_ANY:
	case FIELD_OBJECT: /* is a reference: see bare_schema */
		return;
	case FIELD_UUIDS:
	case FIELD_STRINGS:
	case FIELD_LIST:
		items_schema(w, f);
		return;
	}
}

static void bare_schema(struct json_writer *w, const struct field *f)
{
	if (f->type == FIELD_OBJECT) {
		json_schema_ref(w, f->object);
		return;
	}
	json_write_begin_object(w);
	type_schema(w, f);
	if (f->type != FIELD_BYTES)
		pair(w, STR("description"), str_of(f->doc));
	json_write_end_object(w);
}

static void field_schema(struct json_writer *w, const struct field *f)
{
	if (f->need != NEED_NULLABLE && f->need != NEED_CLEARABLE) {
		bare_schema(w, f);
		return;
	}
	json_write_begin_object(w);
	json_write_key(w, STR("anyOf"));
	json_write_begin_array(w);
	bare_schema(w, f);
	json_write_begin_object(w);
	pair(w, STR("type"), STR("null"));
	json_write_end_object(w);
	json_write_end_array(w);
	json_write_end_object(w);
}

static void required(struct json_writer *w, const struct payload *p)
{
	json_write_key(w, STR("required"));
	json_write_begin_array(w);
	for (size_t i = 0; i < p->count; i++) {
		if (p->fields[i].need == NEED_REQ)
			json_write_string(w, str_of(p->fields[i].name));
	}
	json_write_end_array(w);
}

static void object_schema(struct json_writer *w, const struct payload *p)
{
	json_write_begin_object(w);
	pair(w, STR("type"), STR("object"));
	pair(w, STR("description"), str_of(p->doc));
	json_write_key(w, STR("properties"));
	json_write_begin_object(w);
	for (size_t i = 0; i < p->count; i++) {
		json_write_key(w, str_of(p->fields[i].name));
		field_schema(w, &p->fields[i]);
	}
	json_write_end_object(w);
	required(w, p);
	json_write_end_object(w);
}

void json_schema_write(struct json_writer *w, const struct payload *p)
{
	if (p->shape == SHAPE_OBJECT)
		object_schema(w, p);
	else
		bare_schema(w, &p->fields[0]);
}

void json_schema_all(struct json_writer *w)
{
	for (size_t i = 0; i < schema_payload_count(); i++) {
		json_write_key(w, str_of(schema_payload_at(i)->name));
		json_schema_write(w, schema_payload_at(i));
	}
}
