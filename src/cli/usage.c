/* SPDX-License-Identifier: MIT
 *
 * usage - see usage.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/usage.h"

#include <inttypes.h>

#include "schema/schema.h"

enum { LINE = 78 }; /* columns of a paragraph */

static const char bold[] = "\x1b[1m", plain[] = "\x1b[0m";

/* A heading or a name, bold where there is colour. */
static void strong(struct cli *c, const char *text)
{
	fprintf(c->out, "%s%s%s", c->colour ? bold : "", text, c->colour ? plain : "");
}

/* Prints a text in lines of at most LINE columns, each behind `indent` spaces; at: the column where it begins. */
static void paragraph(struct cli *c, const char *text, int indent, int at)
{
	for (int column = at; *text; text += strspn(text, " ")) {
		size_t n = strcspn(text, " ");
		if (column > indent && column + 1 + (int)n > LINE) {
			fputc('\n', c->out);
			column = 0;
		}
		if (column < indent)
			column += fprintf(c->out, "%*s", indent - column, "");
		else if (column > indent)
			column += fprintf(c->out, " ");
		column += fprintf(c->out, "%.*s", (int)n, text);
		text += n;
	}
	fputc('\n', c->out);
}

static void print_options(struct cli *c, const struct command_option *options)
{
	for (; options->name; options++) {
		int n = fprintf(c->out, "  --%s%s%s", options->name, options->value ? " " : "",
			options->value ? options->value : "");
		if (n > 20) {
			fputc('\n', c->out);
			n = 0;
		}
		paragraph(c, options->doc, 22, n);
	}
}

void usage_print(struct cli *c)
{
	fputs("Usage: antiphon [OPTION]... COMMAND [ARGUMENT]...\n"
	      "Talks to an Antiphon server: chat, groups, tracks.\n\n",
		c->out);
	strong(c, "Commands\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		int n = fprintf(c->out, "  %s", commands[i].name);
		if (*commands[i].arguments)
			n += fprintf(c->out, " %s", commands[i].arguments);
		if (n > 28) {
			fputc('\n', c->out);
			n = 0;
		}
		paragraph(c, commands[i].summary, 30, n);
	}
	fputc('\n', c->out);
	strong(c, "Options of all commands\n");
	print_options(c, commands_globals);
	fputs("\n`antiphon help COMMAND` explains a command, `antiphon help EVENT` an event.\n",
		c->out);
}

void usage_print_command(struct cli *c, const struct command *command)
{
	fprintf(c->out, "Usage: antiphon %s%s%s%s\n", command->name,
		command->options->name ? " [OPTION]..." : "", *command->arguments ? " " : "",
		command->arguments);
	paragraph(c, command->summary, 0, 0);
	if (*command->doc) {
		fputc('\n', c->out);
		paragraph(c, command->doc, 0, 0);
	}
	if (command->options->name) {
		fputc('\n', c->out);
		strong(c, "Options\n");
		print_options(c, command->options);
	}
}

/* "text, 1 to 200 characters"; into out. */
static void describe(const struct field *f, char *out, size_t room)
{
	static const char *const plain_types[] = { [FIELD_UUID] = "UUID",
		[FIELD_NUMBER] = "number",
		[FIELD_BOOLEAN] = "true or false",
		[FIELD_DATE] = "date",
		[FIELD_BYTES] = "bytes",
		[FIELD_ANY] = "any JSON" };
	size_t n = 0;

	switch (f->type) {
	case FIELD_STRING:
		snprintf(out, room, "text, %" PRId64 " to %" PRId64 " characters", f->min, f->max);
		return;
	case FIELD_INTEGER:
		if (f->max == INT64_MAX)
			snprintf(out, room, "whole number from %" PRId64, f->min);
		else
			snprintf(
				out, room, "whole number, %" PRId64 " to %" PRId64, f->min, f->max);
		return;
	case FIELD_WORD:
		for (size_t i = 0; i < f->words->count && n < room; i++)
			n += (size_t)snprintf(
				out + n, room - n, "%s%s", i ? " or " : "", f->words->texts[i]);
		return;
	case FIELD_OBJECT:
		snprintf(out, room, "%s", f->object->name);
		return;
	case FIELD_LIST:
		snprintf(out, room, "list of %s", f->object->name);
		return;
	case FIELD_UUIDS:
		snprintf(out, room, "list of UUIDs, at most %" PRId64, f->max);
		return;
	case FIELD_STRINGS:
		snprintf(out, room, "list of texts, at most %" PRId64, f->max);
		return;
	default:
		snprintf(out, room, "%s", plain_types[f->type]);
	}
}

static void print_payload(struct cli *c, const struct payload *p)
{
	char type[160];

	if (p->shape == SHAPE_UUID)
		fprintf(c->out, "  a UUID\n");
	else if (p->shape == SHAPE_LIST)
		fprintf(c->out, "  a list of %s\n", p->fields[0].object->name);
	else if (!p->count)
		fprintf(c->out, "  nothing\n");
	for (size_t i = 0; p->shape == SHAPE_OBJECT && i < p->count; i++) {
		const struct field *f = &p->fields[i];
		describe(f, type, sizeof type);
		fprintf(c->out, "  %s (%s%s)\n", f->name, type,
			f->need == NEED_REQ        ? ""
			: f->need == NEED_NULLABLE ? ", or null"
			: f->need == NEED_OPT      ? "; may be left out"
						   : "; may be left out; null clears it");
		paragraph(c, f->doc, 6, 0);
	}
}

static void print_event(struct cli *c, const struct event *e)
{
	bool from_server = e->kind == KIND_EMIT;

	strong(c, e->name);
	fprintf(c->out, " in %s, from %s\n", schema_namespace(e->ns),
		from_server ? "the server" : "a client");
	paragraph(c, e->doc, 2, 0);
	fprintf(c->out, "\nPayload: %s\n", e->payload->doc);
	print_payload(c, e->payload);
	if (from_server)
		return;
	fprintf(c->out, "\nAnswer: %s\n", e->answer->doc);
	print_payload(c, e->answer);
	fprintf(c->out, "\nMay be refused with:");
	for (unsigned i = 0; i < ERR_COUNT; i++) {
		if (e->errors >> i & 1)
			fprintf(c->out, " %s", err_wire((enum err)i));
	}
	fprintf(c->out, "%sbad_request unauthorized rate_limited unavailable internal\n",
		e->errors ? ", as all " : " ");
}

bool usage_print_event(struct cli *c, struct str name)
{
	bool any = false;

	for (size_t i = 0; i < EVENT_COUNT; i++) {
		const struct event *e = &schema_events[i];
		if (e->kind == KIND_CONNECT || !str_eq(str_of(e->name), name))
			continue;
		if (any)
			fputc('\n', c->out);
		print_event(c, e);
		any = true;
	}
	return any;
}
