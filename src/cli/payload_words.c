/* SPDX-License-Identifier: MIT
 *
 * payload_words - see payload_words.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/payload_words.h"

#include <errno.h>
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

/* A payload on its way. */
struct writing {
	struct cli *c;
	struct json_writer *w;
	struct payload_words *out;
};

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

enum { BYTES_MAX = 64 << 20, PIECE_BYTES = 65536 };

static int read_stream(struct cli *c, FILE *from, const char *name, struct antiphon_bytes *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	size_t got = 0;

	do {
		char *room = buf_reserve(&b, PIECE_BYTES);
		got = room ? fread(room, 1, PIECE_BYTES, from) : 0;
		buf_grow(&b, got);
	} while (got && b.n <= BYTES_MAX);
	if (ferror(from))
		return cli_fail(c, EX_NOINPUT, "%s cannot be read: %s.", name, strerror(errno));
	if (b.n > BYTES_MAX)
		return cli_fail(c, EX_DATAERR, "%s is too large to be sent in one piece.", name);
	struct str copy = arena_dup(&c->arena, buf_str(&b));
	*out = (struct antiphon_bytes){ copy.p, copy.n };
	return buf_failed(&b) || !copy.p ? cli_no_memory(c) : EX_OK;
}

/* A placeholder for the bytes of the file that the value names behind an @. */
static int write_bytes(struct writing *w, const struct field *f, struct str value)
{
	struct payload_words *out = w->out;
	struct cli *c = w->c;

	if (value.n < 2 || value.p[0] != '@' || out->byte_count == PAYLOAD_WORDS_BYTES_MAX)
		return cli_fail(c, EX_DATAERR, "`%s` takes bytes: say %s=@FILE.", f->name, f->name);
	const char *path = arena_dup(&c->arena, str_after(value, 1)).p;
	bool standard = path && strcmp(path, "-") == 0;
	FILE *from = standard ? stdin : path ? fopen(path, "rbe") : NULL;
	if (!from)
		return cli_fail(c, EX_NOINPUT, "%s cannot be read: %s.", path, strerror(errno));
	int code = read_stream(c, from, path, &out->bytes[out->byte_count]);
	if (!standard)
		fclose(from);
	json_write_begin_object(w->w);
	json_write_key(w->w, STR("_placeholder"));
	json_write_bool(w->w, true);
	json_write_key(w->w, STR("num"));
	json_write_int(w->w, (int64_t)out->byte_count);
	json_write_end_object(w->w);
	out->byte_count += code == EX_OK;
	return code;
}

static int write_value(struct writing *writing, const struct field *f, struct str value)
{
	struct cli *c = writing->c;
	struct json_writer *w = writing->w;
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
		return write_bytes(writing, f, value);
	default:
		if (!json || !begins_well(f->type, value.p[0]))
			return cli_fail(c, EX_DATAERR, "`%s` does not take `" STR_FMT "`: %s",
				f->name, STR_ARG(value), f->doc);
		json_write_raw(w, value);
		return EX_OK;
	}
}

static int write_pair(struct writing *w, const struct payload *p, const char *word)
{
	struct cli *c = w->c;
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
	json_write_key(w->w, name);
	return write_value(w, f, str_of(equals + 1));
}

int payload_words_read(
	struct cli *c, const struct payload *p, size_t first, struct payload_words *out)
{
	struct buf b;
	struct json_writer w = json_write_into(&b);
	struct writing writing = { c, &w, out };
	int code = EX_OK;

	buf_init(&b);
	*out = (struct payload_words){ .byte_count = 0 };
	if (p->shape == SHAPE_UUID) {
		if (c->argument_count != first + 1)
			code = cli_fail(c, EX_USAGE, "%s Say it alone, without key.", p->doc);
		else
			json_write_string(&w, str_of(cli_argument(c, first)));
	} else {
		json_write_begin_object(&w);
		for (size_t i = first; !code && i < c->argument_count; i++)
			code = write_pair(&writing, p, cli_argument(c, i));
		json_write_end_object(&w);
	}
	if (!code && buf_failed(&b))
		code = cli_no_memory(c);
	if (!code)
		out->json = arena_dup(&c->arena, buf_str(&b));
	buf_done(&b);
	return code;
}
