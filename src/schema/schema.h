/* SPDX-License-Identifier: MIT
 *
 * schema - what may be said on the wire, as tables that programs can read.
 *
 * The rows stand in events.def, payloads.def, words.def and rates.def; add an event there and nowhere
 * else. schema_decode and schema_encode read these tables, as do the reference and the API documents.
 *
 * Layer: schema.  Threads: any; everything is constant.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include "base/err.h"
#include "schema/payload.h"

enum field_type {
	FIELD_UUID,
	FIELD_STRING,
	FIELD_INTEGER,
	FIELD_NUMBER,
	FIELD_BOOLEAN,
	FIELD_DATE,
	FIELD_WORD,
	FIELD_BYTES,
	FIELD_ANY,
	FIELD_OBJECT,
	FIELD_UUIDS,
	FIELD_STRINGS,
	FIELD_LIST,
};

/* What a text must be besides its length, when it comes from a client. */
enum text_form {
	FORM_ANY, /* for programs: ids, cursors, secrets, what is only searched for */
	FORM_LINE, /* for people, on one line: trimmed; no control or bidirectional control; something visible */
	FORM_PROSE, /* for people: something visible */
};

enum field_need { NEED_REQ, NEED_OPT, NEED_NULLABLE, NEED_CLEARABLE };

struct words {
	const char *name, *doc;
	const char *const *texts; /* in the order of the enum */
	size_t count;
};

struct payload;

struct field {
	const char *name;
	enum field_type type;
	enum field_need need;
	enum text_form form; /* of STRING, and of an element of STRINGS */
	size_t offset;       /* of the member; without need REQ its two flags stand there */
	size_t value_offset; /* of the value itself */
	int64_t min,
		max; /* code points, value, bytes or elements, by the type; max 0 of BYTES and ANY: unbounded here */
	int64_t longest;              /* code points of an element of STRINGS */
	const struct payload *object; /* of OBJECT and LIST */
	const struct words *words;    /* of WORD */
	const char *doc;
};

enum payload_shape { SHAPE_OBJECT, SHAPE_UUID, SHAPE_LIST };

struct payload {
	const char *name, *doc;
	enum payload_shape shape;
	const struct field *fields; /* of a list: one LIST field */
	size_t count;               /* of fields */
	size_t size;                /* of the struct, bytes */
};

enum ns { NS_MUSIC, NS_CHAT, NS_COUNT };

enum event_kind {
	KIND_WRITE,
	KIND_TURN,
	KIND_BLOB,
	KIND_READ,
	KIND_LOOK,
	KIND_LIVE,
	KIND_CONNECT, /* a CONNECT packet */
	KIND_EMIT,    /* from the server */
};

enum who { WHO_CONNECTED, WHO_ENTERED };

enum rate {
#define RATE(id, tokens, doc) RATE_##id,
#include "schema/rates.def"
#undef RATE
	RATE_COUNT
};

enum event_id {
#define CONNECT(id, ...) EVENT_##id,
#define ON(id, ...)      EVENT_##id,
#define EMIT(id, ...)    EVENT_##id,
#include "schema/events.def"
#undef CONNECT
#undef ON
#undef EMIT
	EVENT_COUNT
};

struct event {
	const char *name, *doc; /* the wire name; of a CONNECT row "connect" */
	const char *id;         /* as in events.def */
	enum ns ns;
	enum event_kind kind;
	const struct payload *payload;
	const struct payload
		*answer; /* what the acknowledgement adds to `ok`; NULL for EMIT and CONNECT */
	enum who who;
	enum rate rate;
	uint32_t errors; /* bit 1 << e: the row's functions may refuse with e */
};

struct rate_row {
	const char *name, *doc;
	unsigned tokens;
};

extern const struct event schema_events[EVENT_COUNT];
extern const struct rate_row schema_rates[RATE_COUNT];

enum route_kind { ROUTE_READ, ROUTE_WRITE, ROUTE_SECRET, ROUTE_CALL };

enum route_who { ROUTE_ANYONE, ROUTE_USER, ROUTE_ADMIN, ROUTE_BEARER_OR_URL };

enum route_id {
#define ROUTE(id, ...) ROUTE_ID_##id,
#include "schema/routes.def"
#undef ROUTE
	ROUTE_COUNT
};

/* A row of routes.def. */
struct route {
	const char *id, *method, *path, *doc;
	enum route_kind kind;
	enum route_who who;
	const struct payload *payload, *answer;
	int status;
	uint32_t errors; /* bit 1 << e */
};

extern const struct route schema_routes[ROUTE_COUNT];

/* "/music" and so on. */
const char *schema_namespace(enum ns ns);

/* The row of an event from a client, by namespace and wire name; NULL when there is none. */
const struct event *schema_find(enum ns ns, struct str name);

/* A payload by its id as text; NULL when there is none. For documents and tests. */
const struct payload *schema_payload(struct str id);

/* All payloads, in the order of payloads.def. */
size_t schema_payload_count(void);
const struct payload *schema_payload_at(size_t index);

#endif
