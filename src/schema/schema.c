/* SPDX-License-Identifier: MIT
 *
 * schema - the rows of the tables as constant arrays, and looking them up.
 *
 * Layer: schema.  Threads: any; everything is constant.
 */
#include "schema/schema.h"

#include <string.h>

/* static const struct words role_words = …; and so on. */
#define WORDS(set, doc)     static const char *const set##_texts[] = {
#define WORD(set, id, text) text,
#define END(set)                                                                                   \
	}                                                                                          \
	;
#include "schema/words.def"
#undef WORDS
#undef WORD
#undef END
#define WORDS(set, doc_)                                                                           \
	static const struct words set##_words = {                                                  \
		.name = #set, .doc = doc_, .texts = set##_texts, .count = COUNT_OF(set##_texts)    \
	};
#define WORD(set, id, text)
#define END(set)
#include "schema/words.def"
#undef WORDS
#undef WORD
#undef END

#define VALUE_REQ(p, m)       offsetof(struct p, m)
#define VALUE_OPT(p, m)       offsetof(struct p, m.v)
#define VALUE_NULLABLE(p, m)  VALUE_OPT(p, m)
#define VALUE_CLEARABLE(p, m) VALUE_OPT(p, m)

/* The columns that every field has; those of its type follow. */
#define FIELD(p, m, ...) FIELD_NAMED(p, m, #m, __VA_ARGS__)
#define FIELD_NAMED(p, m, name_, type_, need_, doc_, ...)                                          \
	{ .name = name_,                                                                           \
		.type = FIELD_##type_,                                                             \
		.need = NEED_##need_,                                                              \
		.offset = offsetof(struct p, m),                                                   \
		.value_offset = VALUE_##need_(p, m),                                               \
		.doc = doc_,                                                                       \
		__VA_ARGS__ },

/* An array a payload, closed by an empty row that nobody counts, then the payload itself. */
#define PAYLOAD(id, doc_)                                                                          \
	static const char id##_doc[] = doc_;                                                       \
	static const struct field id##_fields[] = {
#define END(id)                                                                                    \
	{                                                                                          \
		.name = NULL                                                                       \
	}                                                                                          \
	}                                                                                          \
	;                                                                                          \
	static const struct payload id##_row = { .name = #id,                                      \
		.doc = id##_doc,                                                                   \
		.shape = SHAPE_OBJECT,                                                             \
		.fields = id##_fields,                                                             \
		.count = COUNT_OF(id##_fields) - 1,                                                \
		.size = sizeof(struct id) };
#define EMPTY(id, doc_)                                                                            \
	static const struct payload id##_row = {                                                   \
		.name = #id, .doc = doc_, .shape = SHAPE_OBJECT, .size = sizeof(struct id)         \
	};
#define BARE_UUID(p, doc_)                                                                         \
	static const struct field p##_fields[] = { FIELD(p, id, UUID, REQ, doc_, .min = 0) };      \
	static const struct payload p##_row = { .name = #p,                                        \
		.doc = doc_,                                                                       \
		.shape = SHAPE_UUID,                                                               \
		.fields = p##_fields,                                                              \
		.count = 1,                                                                        \
		.size = sizeof(struct p) };
#define BARE_LIST(p, element, max_, doc_)                                                          \
	static const struct field p##_fields[] = { { .name = "list",                               \
		.type = FIELD_LIST,                                                                \
		.need = NEED_REQ,                                                                  \
		.max = max_,                                                                       \
		.object = &element##_row,                                                          \
		.doc = doc_ } };                                                                   \
	static const struct payload p##_row = { .name = #p,                                        \
		.doc = doc_,                                                                       \
		.shape = SHAPE_LIST,                                                               \
		.fields = p##_fields,                                                              \
		.count = 1,                                                                        \
		.size = sizeof(struct p) };
#define UUID(p, m, need, doc)           FIELD(p, m, UUID, need, doc, .min = 0)
#define STRING(p, m, lo, hi, need, doc) FIELD(p, m, STRING, need, doc, .min = lo, .max = hi)
#define LINE(p, m, lo, hi, need, doc)                                                              \
	FIELD(p, m, STRING, need, doc, .form = FORM_LINE, .min = lo, .max = hi)
#define PROSE(p, m, lo, hi, need, doc)                                                             \
	FIELD(p, m, STRING, need, doc, .form = FORM_PROSE, .min = lo, .max = hi)
#define INTEGER(p, m, lo, hi, need, doc)     FIELD(p, m, INTEGER, need, doc, .min = lo, .max = hi)
#define NUMBER(p, m, need, doc)              FIELD(p, m, NUMBER, need, doc, .min = 0)
#define BOOLEAN(p, m, need, doc)             FIELD(p, m, BOOLEAN, need, doc, .min = 0)
#define BOOLEAN_NAMED(p, m, name, need, doc) FIELD_NAMED(p, m, name, BOOLEAN, need, doc, .min = 0)
#define DATE(p, m, need, doc)                FIELD(p, m, DATE, need, doc, .min = 0)
#define WORD_OF(p, m, set, need, doc)        FIELD(p, m, WORD, need, doc, .words = &set##_words)
#define BYTES(p, m, hi, need, doc)           FIELD(p, m, BYTES, need, doc, .max = hi)
#define ANY(p, m, hi, need, doc)             FIELD(p, m, ANY, need, doc, .max = hi)
#define OBJECT(p, m, payload, need, doc)     FIELD(p, m, OBJECT, need, doc, .object = &payload##_row)
#define UUIDS(p, m, hi, need, doc)           FIELD(p, m, UUIDS, need, doc, .max = hi)
#define STRINGS(p, m, hi, len, need, doc)    FIELD(p, m, STRINGS, need, doc, .max = hi, .longest = len)
#define LINES(p, m, hi, len, need, doc)                                                            \
	FIELD(p, m, STRINGS, need, doc, .form = FORM_LINE, .max = hi, .longest = len)
#define LIST(p, m, payload, hi, need, doc)                                                         \
	FIELD(p, m, LIST, need, doc, .max = hi, .object = &payload##_row)
#include "schema/payloads.def"
#include "schema/undef.h"

static const struct payload *const payloads[] = {
#define PAYLOAD(id, doc)           &id##_row,
#define EMPTY(id, doc)             &id##_row,
#define BARE_UUID(id, doc)         &id##_row,
#define BARE_LIST(id, e, max, doc) &id##_row,
#define END(id)
#define UUID(...)
#define STRING(...)
#define LINE(...)
#define PROSE(...)
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
#define LINES(...)
#define LIST(...)
#include "schema/payloads.def"
#include "schema/undef.h"
};

const struct event schema_events[EVENT_COUNT] = {
#define E(id_) (UINT32_C(1) << ERR_##id_)
#define CONNECT(id_, ns_, payload_, errors_, doc_)                                                 \
	[EVENT_##id_] = { .name = "connect",                                                       \
		.id = #id_,                                                                        \
		.ns = NS_##ns_,                                                                    \
		.kind = KIND_CONNECT,                                                              \
		.payload = &payload_##_row,                                                        \
		.errors = errors_,                                                                 \
		.doc = doc_ },
#define ON(id_, name_, ns_, kind_, payload_, answer_, who_, rate_, errors_, doc_)                  \
	[EVENT_##id_] = { .name = name_,                                                           \
		.id = #id_,                                                                        \
		.ns = NS_##ns_,                                                                    \
		.kind = KIND_##kind_,                                                              \
		.payload = &payload_##_row,                                                        \
		.answer = &answer_##_row,                                                          \
		.who = WHO_##who_,                                                                 \
		.rate = RATE_##rate_,                                                              \
		.errors = errors_,                                                                 \
		.doc = doc_ },
#define EMIT(id_, name_, ns_, payload_, doc_)                                                      \
	[EVENT_##id_] = { .name = name_,                                                           \
		.id = #id_,                                                                        \
		.ns = NS_##ns_,                                                                    \
		.kind = KIND_EMIT,                                                                 \
		.payload = &payload_##_row,                                                        \
		.doc = doc_ },
#include "schema/events.def"
#undef E
#undef CONNECT
#undef ON
#undef EMIT
};

const struct route schema_routes[ROUTE_COUNT] = {
#define E(id_) (UINT32_C(1) << ERR_##id_)
#define ROUTE(id_, method_, path_, kind_, who_, payload_, answer_, status_, errors_, doc_)         \
	[ROUTE_ID_##id_] = { .id = #id_,                                                           \
		.method = #method_,                                                                \
		.path = path_,                                                                     \
		.doc = doc_,                                                                       \
		.kind = ROUTE_##kind_,                                                             \
		.who = ROUTE_##who_,                                                               \
		.payload = &payload_##_row,                                                        \
		.answer = &answer_##_row,                                                          \
		.status = status_,                                                                 \
		.errors = errors_ },
#include "schema/routes.def"
#undef E
#undef ROUTE
};

const struct rate_row schema_rates[RATE_COUNT] = {
#define RATE(id, tokens_, doc_) [RATE_##id] = { .name = #id, .tokens = tokens_, .doc = doc_ },
#include "schema/rates.def"
#undef RATE
};

const char *schema_namespace(enum ns ns)
{
	static const char *const names[NS_COUNT] = { [NS_MUSIC] = "/music", [NS_CHAT] = "/chat" };

	return names[ns];
}

const struct event *schema_find(enum ns ns, struct str name)
{
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		const struct event *e = &schema_events[i];
		if (e->ns == ns && e->kind < KIND_CONNECT && str_eq(str_of(e->name), name))
			return e;
	}
	return NULL;
}

const struct payload *schema_payload(struct str id)
{
	for (size_t i = 0; i < COUNT_OF(payloads); i++) {
		if (str_eq(str_of(payloads[i]->name), id))
			return payloads[i];
	}
	return NULL;
}

size_t schema_payload_count(void)
{
	return COUNT_OF(payloads);
}

const struct payload *schema_payload_at(size_t index)
{
	return payloads[index];
}
