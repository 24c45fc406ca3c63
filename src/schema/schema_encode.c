/* SPDX-License-Identifier: MIT
 *
 * schema_encode - see schema_encode.h.
 *
 * Layer: schema.  Threads: any; works on what it is given.
 */
#include "schema/schema_encode.h"

#include "base/date.h"

static void write_uuid(struct json_writer *w, struct uuid u)
{
	char text[UUID_TEXT_BYTES];

	uuid_text(u, text);
	json_write_string(w, (struct str){ text, sizeof text });
}

static void write_date(struct json_writer *w, int64_t wall_ms)
{
	char text[DATE_TEXT_BYTES];

	date_text(wall_ms, text);
	json_write_string(w, (struct str){ text, sizeof text });
}

static void write_placeholder(
	struct json_writer *w, struct str bytes, struct schema_attachments *attachments)
{
	json_write_begin_object(w);
	json_write_key(w, STR("_placeholder"));
	json_write_bool(w, true);
	json_write_key(w, STR("num"));
	json_write_int(w, (int64_t)attachments->n);
	json_write_end_object(w);
	attachments->v[attachments->n++] = bytes;
}

static void write_element(const struct field *f, const void *in, struct json_writer *w,
	struct schema_attachments *attachments)
{
	if (f->type == FIELD_UUIDS)
		write_uuid(w, *(const struct uuid *)in);
	else if (f->type == FIELD_STRINGS)
		json_write_string(w, *(const struct str *)in);
	else
		schema_encode(f->object, in, w, attachments);
}

static void write_list(const struct field *f, const void *in, struct json_writer *w,
	struct schema_attachments *attachments)
{
	size_t size = f->type == FIELD_UUIDS     ? sizeof(struct uuid)
	              : f->type == FIELD_STRINGS ? sizeof(struct str)
	                                         : f->object->size;
	struct uuids list; /* all lists look like this */

	memcpy(&list, in, sizeof list);
	const char *v = (const char *)list.v;
	json_write_begin_array(w);
	for (size_t i = 0; i < list.n; i++)
		write_element(f, v + i * size, w, attachments);
	json_write_end_array(w);
}

static void write_word(const struct field *f, const void *in, struct json_writer *w)
{
	unsigned value; /* every enum of words.def counts from 0 */

	memcpy(&value, in, sizeof value);
	json_write_string(w, str_of(f->words->texts[value]));
}

static void write_value(const struct field *f, const void *in, struct json_writer *w,
	struct schema_attachments *attachments)
{
	switch (f->type) {
	case FIELD_UUID:
		write_uuid(w, *(const struct uuid *)in);
		return;
	case FIELD_STRING:
		json_write_string(w, *(const struct str *)in);
		return;
	case FIELD_INTEGER:
		json_write_int(w, *(const int64_t *)in);
		return;
	case FIELD_NUMBER:
		json_write_double(w, *(const double *)in);
		return;
	case FIELD_BOOLEAN:
		json_write_bool(w, *(const bool *)in);
		return;
	case FIELD_DATE:
		write_date(w, *(const int64_t *)in);
		return;
	case FIELD_WORD:
		write_word(f, in, w);
		return;
	case FIELD_BYTES:
		write_placeholder(w, *(const struct str *)in, attachments);
		return;
	case FIELD_ANY:
		json_write_raw(w, *(const struct str *)in);
		return;
	case FIELD_OBJECT:
		schema_encode(f->object, in, w, attachments);
		return;
	case FIELD_UUIDS:
	case FIELD_STRINGS:
	case FIELD_LIST:
		write_list(f, in, w, attachments);
		return;
	}
}

static void write_member(const struct field *f, const char *base, struct json_writer *w,
	struct schema_attachments *attachments)
{
	bool flags[2] = { true, false }; /* set, null */

	if (f->need != NEED_REQ)
		memcpy(flags, base + f->offset, sizeof flags);
	bool null = flags[1] || (!flags[0] && f->need == NEED_NULLABLE);
	if (!flags[0] && !null)
		return;
	if (f->type == FIELD_BYTES && (!attachments || attachments->n == COUNT_OF(attachments->v)))
		return;
	json_write_key(w, str_of(f->name));
	if (null)
		json_write_null(w);
	else
		write_value(f, base + f->value_offset, w, attachments);
}

void schema_encode_members(const struct payload *p, const void *in, struct json_writer *w,
	struct schema_attachments *attachments)
{
	for (size_t i = 0; i < p->count; i++)
		write_member(&p->fields[i], in, w, attachments);
}

void schema_encode(const struct payload *p, const void *in, struct json_writer *w,
	struct schema_attachments *attachments)
{
	if (p->shape != SHAPE_OBJECT) {
		write_value(&p->fields[0], in, w, attachments);
		return;
	}
	json_write_begin_object(w);
	schema_encode_members(p, in, w, attachments);
	json_write_end_object(w);
}
