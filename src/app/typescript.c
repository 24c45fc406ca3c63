/* SPDX-License-Identifier: MIT
 *
 * typescript - see typescript.h.
 *
 * Layer: app.  Threads: one.
 */
#include "app/typescript.h"

#include <inttypes.h>
#include <stdio.h>

#include "schema/schema.h"

/* message_sent: MessageSent. */
static void pascal(const char *name)
{
	bool starts = true;

	for (; *name; name++) {
		if (*name != '_')
			putchar(starts && *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
		starts = *name == '_';
	}
}

/* message_sent, groupId: MESSAGE_SENT, GROUP_ID. */
static void constant(const char *name)
{
	for (; *name; name++) {
		if (*name >= 'A' && *name <= 'Z')
			putchar('_');
		putchar(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
	}
}

static void words(const char *name, const char *doc, const char *const *texts, size_t count)
{
	printf("\n/** %s */\nexport const ", doc);
	constant(name);
	printf("_WORDS = [");
	for (size_t i = 0; i < count; i++)
		printf("%s'%s'", i ? ", " : "", texts[i]);
	printf("] as const;\nexport type ");
	pascal(name);
	printf(" = (typeof ");
	constant(name);
	printf("_WORDS)[number];\n");
}

static void all_words(void)
{
#define WORDS(set, doc)                                                                            \
	{                                                                                          \
		static const char name[] = #set, about[] = doc;                                    \
		static const char *const texts[] = {
#define WORD(set, id, text) text,
#define END(set)                                                                                   \
	}                                                                                          \
	;                                                                                          \
	words(name, about, texts, COUNT_OF(texts));                                                \
	}
#include "schema/words.def"
#undef WORDS
#undef WORD
#undef END
}

/* Several errors may share a code: each code once. */
static void error_codes(void)
{
	printf("\n/** What a request may be refused with. */\nexport type ErrorCode =");
	for (unsigned i = ERR_OK + 1; i < ERR_COUNT; i++) {
		bool seen = false;
		for (unsigned k = ERR_OK + 1; k < i; k++)
			seen = seen || strcmp(err_wire((enum err)k), err_wire((enum err)i)) == 0;
		if (!seen)
			printf("\n  /** %s */\n  | '%s'", err_doc((enum err)i),
				err_wire((enum err)i));
	}
	printf(";\n\nexport interface Refusal {\n  errorCode: ErrorCode;\n"
	       "  /** One sentence that says what to mend. */\n  errorMessage: string;\n"
	       "  timestamp: string;\n}\n\n"
	       "/** An acknowledgement. */\n"
	       "export type Answer<T> = ({ ok: true } & T) | { ok: false; error: Refusal };\n");
}

static void type(const struct field *f)
{
	switch (f->type) {
	case FIELD_UUID:
	case FIELD_STRING:
	case FIELD_DATE:
		printf("string");
		return;
	case FIELD_INTEGER:
	case FIELD_NUMBER:
		printf("number");
		return;
	case FIELD_BOOLEAN:
		printf("boolean");
		return;
	case FIELD_WORD:
		pascal(f->words->name);
		return;
	case FIELD_BYTES:
		printf("Uint8Array | ArrayBuffer");
		return;
	case FIELD_ANY:
		printf("unknown");
		return;
	case FIELD_OBJECT:
		pascal(f->object->name);
		return;
	case FIELD_UUIDS:
	case FIELD_STRINGS:
		printf("string[]");
		return;
	case FIELD_LIST:
		pascal(f->object->name);
		printf("[]");
		return;
	}
}

/* What the type does not say of a field's bounds. */
static void bounds(const struct field *f)
{
	if (f->type == FIELD_UUID)
		printf(" A UUID.");
	if (f->type == FIELD_DATE)
		printf(" ISO 8601.");
	if (f->type == FIELD_STRING)
		printf(" %" PRId64 "–%" PRId64 " characters.", f->min, f->max);
	if (f->type == FIELD_INTEGER && f->max != INT64_MAX)
		printf(" %" PRId64 "–%" PRId64 ".", f->min, f->max);
	if (f->type == FIELD_UUIDS || f->type == FIELD_STRINGS || f->type == FIELD_LIST)
		printf(" At most %" PRId64 ".", f->max);
}

static void member(const struct field *f)
{
	bool optional = f->need == NEED_OPT || f->need == NEED_CLEARABLE;
	bool nullable = f->need == NEED_NULLABLE || f->need == NEED_CLEARABLE;

	printf("  /** %s", f->doc);
	bounds(f);
	printf(" */\n  %s%s: ", f->name, optional ? "?" : "");
	type(f);
	printf("%s;\n", nullable && f->type != FIELD_ANY ? " | null" : "");
}

static void payload(const struct payload *p)
{
	bool is_alias = p->shape != SHAPE_OBJECT || p->count == 0;

	printf("\n/** %s */\nexport %s ", p->doc, is_alias ? "type" : "interface");
	pascal(p->name);
	printf(is_alias ? " = " : " {\n");
	if (p->shape == SHAPE_UUID || p->shape == SHAPE_LIST)
		type(&p->fields[0]);
	else if (is_alias)
		printf("object");
	for (size_t i = 0; !is_alias && i < p->count; i++)
		member(&p->fields[i]);
	printf(is_alias ? ";\n" : "}\n");
}

static bool is_sent_by_clients(const struct payload *p)
{
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		if (schema_events[i].kind != KIND_EMIT && schema_events[i].payload == p)
			return true;
	}
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		if (schema_routes[i].payload == p)
			return true;
	}
	return false;
}

/* The bounds of what a person types, for forms: a constant each, so that a bundle has those in use. */
static void text_bounds(const struct payload *p)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct field *f = &p->fields[i];
		const struct {
			const char *name;
			int64_t value;
		} both[] = { { "MIN", f->min }, { "MAX", f->max } };
		for (size_t k = f->min > 1 ? 0 : 1; f->type == FIELD_STRING && k < 2; k++) {
			printf("export const %s_", both[k].name);
			constant(p->name);
			putchar('_');
			constant(f->name);
			printf(" = %" PRId64 ";\n", both[k].value);
		}
	}
}

static void all_payloads(void)
{
	for (size_t i = 0; i < schema_payload_count(); i++)
		payload(schema_payload_at(i));
	printf("\n/* Characters (code points) that the texts of requests may have. */\n");
	for (size_t i = 0; i < schema_payload_count(); i++) {
		if (is_sent_by_clients(schema_payload_at(i)))
			text_bounds(schema_payload_at(i));
	}
}

/* The bounds that nothing changes; those that are set are the server's to tell. */
static void fixed_limits(void)
{
	printf("\n");
#define LIMIT(id, value, unit, doc)                                                                \
	printf("/** %s Unit: %s. */\nexport const %s = %d;\n", doc, unit, #id, (int)(value));
#define SETTABLE(...)
#include "base/limits.def"
#undef LIMIT
#undef SETTABLE
}

static void request(const struct event *e)
{
	printf("  /** %s */\n  %s: { payload: ", e->doc, e->name);
	pascal(e->payload->name);
	printf("; answer: ");
	pascal(e->answer->name);
	printf(" };\n");
}

static void emitted(const struct event *e)
{
	printf("  /** %s */\n  %s: ", e->doc, e->name);
	pascal(e->payload->name);
	printf(";\n");
}

static void namespaces(void)
{
	for (int ns = 0; ns < NS_COUNT; ns++) {
		const char *name = schema_namespace((enum ns)ns) + 1; /* behind its slash */
		for (int out = 0; out < 2; out++) {
			printf("\n/** /%s: %s. */\nexport interface ", name,
				out ? "what the server sends"
				    : "what clients ask and are answered");
			pascal(name);
			printf(out ? "Events {\n" : "Requests {\n");
			for (size_t i = 0; i < EVENT_COUNT; i++) {
				const struct event *e = &schema_events[i];
				if (e->ns != (enum ns)ns || e->kind == KIND_CONNECT)
					continue;
				if (out == (e->kind == KIND_EMIT))
					(out ? emitted : request)(e);
			}
			printf("}\n");
		}
	}
}

static void routes(void)
{
	printf("\n/** The HTTP routes: `:id` is the payload's field `id`. */\n"
	       "export const ROUTES = {\n");
	for (size_t i = 0; i < ROUTE_COUNT; i++)
		printf("  %s: { method: '%s', path: '%s' },\n", schema_routes[i].id,
			schema_routes[i].method, schema_routes[i].path);
	printf("} as const;\n\nexport interface Routes {\n");
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		const struct route *r = &schema_routes[i];
		printf("  /** %s */\n  %s: { method: '%s'; path: '%s'; payload: ", r->doc, r->id,
			r->method, r->path);
		pascal(r->payload->name);
		printf("; answer: ");
		pascal(r->answer->name);
		printf(" };\n");
	}
	printf("}\n");
}

void typescript_print(void)
{
	printf("// SPDX-License-Identifier: MIT\n//\n"
	       "// protocol - what is on the wire. Made from the tables by script/reference; do "
	       "not "
	       "edit.\n");
	all_words();
	error_codes();
	all_payloads();
	fixed_limits();
	namespaces();
	routes();
}
