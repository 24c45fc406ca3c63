/* SPDX-License-Identifier: MIT
 *
 * reference - prints a page of docs/reference, or web/src/lib/protocol.ts, from the tables: reference PAGE, or
 * reference --list.
 * A program of its own, for script/reference and tests/tree; not part of antiphond.
 *
 * Layer: app.  Threads: one.
 */
#include <inttypes.h>
#include <stdio.h>

#include "app/config.h"
#include "app/typescript.h"
#include "schema/schema.h"

static const char made[] = "<!-- Made from the tables by script/reference; do not edit. -->\n\n";

static const char *const needs[] = { [NEED_REQ] = "yes",
	[NEED_OPT] = "no",
	[NEED_NULLABLE] = "yes, or null",
	[NEED_CLEARABLE] = "no; null clears it" };

static void bounds(const struct field *f)
{
	switch (f->type) {
	case FIELD_UUID:
		printf("UUID");
		return;
	case FIELD_STRING:
		printf("string, %" PRId64 "–%" PRId64 " characters", f->min, f->max);
		return;
	case FIELD_INTEGER:
		if (f->max == INT64_MAX)
			printf("integer, at least %" PRId64, f->min);
		else
			printf("integer, %" PRId64 "–%" PRId64, f->min, f->max);
		return;
	case FIELD_NUMBER:
		printf("number");
		return;
	case FIELD_BOOLEAN:
		printf("boolean");
		return;
	case FIELD_DATE:
		printf("date");
		return;
	case FIELD_WORD:
		printf("one of");
		for (size_t i = 0; i < f->words->count; i++)
			printf(" `%s`", f->words->texts[i]);
		return;
	case FIELD_BYTES:
		printf("bytes (attachment)");
		return;
	case FIELD_ANY:
		printf("any JSON");
		if (f->max)
			printf(", %" PRId64 " bytes", f->max);
		return;
	case FIELD_OBJECT:
		printf("[%s](#%s)", f->object->name, f->object->name);
		return;
	case FIELD_UUIDS:
		printf("list of UUIDs, at most %" PRId64, f->max);
		return;
	case FIELD_STRINGS:
		printf("list of strings of 1–%" PRId64 " characters, at most %" PRId64, f->longest,
			f->max);
		return;
	case FIELD_LIST:
		printf("list of [%s](#%s), at most %" PRId64, f->object->name, f->object->name,
			f->max);
		return;
	}
}

static void payload_link(const struct payload *p)
{
	printf("[%s](#%s)", p->name, p->name);
}

static void error_names(uint32_t errors)
{
	for (unsigned i = 0; i < ERR_COUNT; i++) {
		if (errors >> i & 1)
			printf(" `%s`", err_wire((enum err)i));
	}
}

static void from_clients(enum ns ns)
{
	printf("\n### From clients\n\n"
	       "| event | payload | acknowledgement: `ok` and | cost | may refuse with | what "
	       "happens |\n"
	       "| --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		const struct event *e = &schema_events[i];
		if (e->ns != ns || e->kind == KIND_EMIT)
			continue;
		printf("| %s | ", e->name);
		payload_link(e->payload);
		printf(" | ");
		if (e->answer)
			payload_link(e->answer);
		printf(" | %u |", e->kind == KIND_CONNECT ? 0 : schema_rates[e->rate].tokens);
		error_names(e->errors);
		printf(" | %s |\n", e->doc);
	}
}

static void from_the_server(enum ns ns)
{
	printf("\n### From the server\n\n| event | payload | when |\n| --- | --- | --- |\n");
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		const struct event *e = &schema_events[i];
		if (e->ns != ns || e->kind != KIND_EMIT)
			continue;
		printf("| %s | ", e->name);
		payload_link(e->payload);
		printf(" | %s |\n", e->doc);
	}
}

static void payload_table(const struct payload *p)
{
	printf("\n### %s\n\n%s", p->name, p->doc);
	if (p->shape == SHAPE_UUID)
		printf(" A UUID string in place of an object.");
	if (p->shape == SHAPE_LIST)
		printf(" A list of [%s](#%s) in place of an object.", p->fields[0].object->name,
			p->fields[0].object->name);
	printf("\n");
	if (p->shape != SHAPE_OBJECT || p->count == 0)
		return;
	printf("\n| field | type | there | meaning |\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < p->count; i++) {
		const struct field *f = &p->fields[i];
		printf("| %s | ", f->name);
		bounds(f);
		printf(" | %s | %s |\n", needs[f->need], f->doc);
	}
}

static void events_page(void)
{
	printf("# Events\n\n%sEvery request may also be refused with `bad_request` `unknown_event` "
	       "`unauthorized` `rate_limited` `unavailable` `internal`.\n"
	       "Cost: tokens of the allowances `socket_rate` and `user_rate` (limits.md).\n",
		made);
	for (int ns = 0; ns < NS_COUNT; ns++) {
		printf("\n## Namespace %s\n", schema_namespace((enum ns)ns));
		from_clients((enum ns)ns);
		from_the_server((enum ns)ns);
	}
	printf("\n## Payloads\n");
	for (size_t i = 0; i < schema_payload_count(); i++)
		payload_table(schema_payload_at(i));
}

static void routes_page(void)
{
	printf("# HTTP routes\n\n%sErrors are RFC 9457 problem details with `errorCode`. Payloads: "
	       "see events.md.\n\n"
	       "| method | path | who | body | answer | status | may refuse with | what |\n"
	       "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
		made);
#define E(id) (UINT32_C(1) << ERR_##id)
#define ROUTE(id, method, path, kind, who, payload, answer, status, errors, doc)                   \
	printf("| %s | `%s` | %s | %s | %s | %d |", #method, path, #who, #payload, #answer,        \
		status);                                                                           \
	error_names(errors);                                                                       \
	printf(" | %s |\n", doc);
#include "schema/routes.def"
#undef ROUTE
#undef E
}

static void errors_page(void)
{
	printf("# Errors\n\n%s| errorCode | HTTP | meaning |\n| --- | --- | --- |\n", made);
	for (unsigned i = ERR_OK + 1; i < ERR_COUNT; i++)
		printf("| `%s` | %d | %s |\n", err_wire((enum err)i), err_http((enum err)i),
			err_doc((enum err)i));
}

static void limits_page(void)
{
	printf("# Limits\n\n%s## Set by configuration\n\n"
	       "| key | default | from | to | unit | what |\n| --- | --- | --- | --- | --- | --- "
	       "|\n",
		made);
#define LIMIT(...)
#define SETTABLE(id, value, least, most, unit, doc)                                                \
	printf("| `%s` | %" PRId64 " | %" PRId64 " | %" PRId64 " | %s | %s |\n", #id,              \
		INT64_C(value), INT64_C(least), INT64_C(most), unit, doc);
#include "base/limits.def"
#undef LIMIT
#undef SETTABLE
	printf("\n## Fixed\n\n| name | value | unit | what |\n| --- | --- | --- | --- |\n");
#define SETTABLE(...)
#define LIMIT(id, value, unit, doc) printf("| %s | %d | %s | %s |\n", #id, value, unit, doc);
#include "base/limits.def"
#undef LIMIT
#undef SETTABLE
}

static void config_page(void)
{
	printf("# Configuration\n\n%sThe same keys stand in the file (`key = value`), in the "
	       "environment "
	       "(`ANTIPHON_KEY`) and on the command line (`--key VALUE`, underscores as dashes); "
	       "the later of these wins. Limits are keys too: see limits.md.\n\n"
	       "| key | value | default | what |\n| --- | --- | --- | --- |\n",
		made);
	for (size_t i = 0; i < config_row_count(); i++) {
		struct config_row row = config_row_at(i);
		if (!row.is_number)
			printf("| `%s` | %s | %s | %s |\n", row.key, row.value, row.fallback,
				row.doc);
	}
}

static void metrics_page(void)
{
	printf("# Metrics\n\n%s`GET /metrics`, in Prometheus' text format.\n\n"
	       "| name | type | label | what |\n| --- | --- | --- | --- |\n",
		made);
#define METRIC(id, name, type, label, doc)                                                         \
	printf("| `%s` | %s | %s | %s |\n", name, #type, label, doc);
#include "app/metrics.def"
#undef METRIC
}

static const struct {
	const char *name;
	void (*print)(void);
} pages[] = {
	{ "events.md", events_page },
	{ "routes.md", routes_page },
	{ "errors.md", errors_page },
	{ "limits.md", limits_page },
	{ "config.md", config_page },
	{ "metrics.md", metrics_page },
	{ "protocol.ts", typescript_print },
};

int main(int argc, char **argv)
{
	struct str wanted = str_of(argc == 2 ? argv[1] : "--list");

	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		if (str_eq(wanted, STR("--list")))
			puts(pages[i].name);
		else if (str_eq(wanted, str_of(pages[i].name)))
			pages[i].print();
	}
	return 0;
}
