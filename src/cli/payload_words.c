/* SPDX-License-Identifier: MIT
 *
 * payload_words - see payload_words.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/payload_words.h"

#include <sysexits.h>

#include "base/json_write.h"
#include "cli/look.h"

static const struct field *find_field(const struct payload *p, struct str name)
{
	for (size_t i = 0; i < p->count; i++) {
		if (str_eq(str_of(p->fields[i].name), name))
			return &p->fields[i];
	}
	return NULL;
}

/* "a,b" as ["a","b"]; an empty value as []. */
static void write_list(struct json_writer *w, struct str value)
{
	json_write_begin_array(w);
	while (value.n) {
		const char *comma = memchr(value.p, ',', value.n);
		struct str one = { value.p, comma ? (size_t)(comma - value.p) : value.n };
		json_write_string(w, one);
		value = str_after(value, one.n + (comma != NULL));
	}
	json_write_end_array(w);
}

/* What a value of JSON for this type begins with. */
static bool begins_well(enum field_type type, char first)
{
	switch (type) {
	case FIELD_INTEGER:
	case FIELD_NUMBER:
		return first == '-' || (first >= '0' && first <= '9');
	case FIELD_BOOLEAN:
		return first == 't' || first == 'f';
	case FIELD_OBJECT:
		return first == '{';
	case FIELD_LIST:
		return first == '[';
	default:
		return true;
	}
}

static int write_value(
	struct cli *c, const struct field *f, struct str value, struct json_writer *w)
{
	bool json = look_is_json(value);

	if (f->need != NEED_REQ && str_eq(value, STR("null"))) {
		json_write_null(w);
		return EX_OK;
	}
	switch (f->type) {
	case FIELD_UUID:
	case FIELD_STRING:
	case FIELD_DATE:
	case FIELD_WORD:
		json_write_string(w, value);
		return EX_OK;
	case FIELD_UUIDS:
	case FIELD_STRINGS:
		if (json && value.p[0] == '[')
			json_write_raw(w, value);
		else
			write_list(w, value);
		return EX_OK;
	case FIELD_ANY:
		if (json)
			json_write_raw(w, value);
		else
			json_write_string(w, value);
		return EX_OK;
	case FIELD_BYTES:
		return cli_fail(
			c, EX_DATAERR, "`%s` takes bytes, which `emit` cannot send.", f->name);
	default:
		if (!json || !begins_well(f->type, value.p[0]))
			return cli_fail(c, EX_DATAERR, "`%s` does not take `" STR_FMT "`: %s",
				f->name, STR_ARG(value), f->doc);
		json_write_raw(w, value);
		return EX_OK;
	}
}

static int write_pair(
	struct cli *c, const struct payload *p, const char *word, struct json_writer *w)
{
	const char *equals = strchr(word, '=');

	if (!equals)
		return cli_fail(c, EX_USAGE, "`%s` is not key=value.", word);
	struct str name = { word, (size_t)(equals - word) };
	const struct field *f = find_field(p, name);
	if (!f)
		return cli_fail(c, EX_DATAERR,
			"The payload %s has no field `" STR_FMT
			"`; `antiphon help %s` lists those there are.",
			p->name, STR_ARG(name), cli_argument(c, 0));
	json_write_key(w, name);
	return write_value(c, f, str_of(equals + 1), w);
}

int payload_words_read(struct cli *c, const struct payload *p, size_t first, struct str *out)
{
	struct buf b;
	struct json_writer w;
	int code = EX_OK;

	buf_init(&b);
	w = json_write_into(&b);
	if (p->shape == SHAPE_UUID) {
		if (c->argument_count != first + 1)
			code = cli_fail(c, EX_USAGE, "%s Say it alone, without key.", p->doc);
		else
			json_write_string(&w, str_of(cli_argument(c, first)));
	} else {
		json_write_begin_object(&w);
		for (size_t i = first; !code && i < c->argument_count; i++)
			code = write_pair(c, p, cli_argument(c, i), &w);
		json_write_end_object(&w);
	}
	if (!code && buf_failed(&b))
		code = cli_no_memory(c);
	if (!code)
		*out = arena_dup(&c->arena, buf_str(&b));
	buf_done(&b);
	return code;
}
