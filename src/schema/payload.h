/* SPDX-License-Identifier: MIT
 *
 * payload - the structs of everything that travels, and the enums of its words, from the tables.
 *
 * What each field means stands in payloads.def and words.def (and, for reading, in
 * docs/reference/events.md).
 *
 * Layer: schema.  Threads: any; plain values.
 */
#ifndef SCHEMA_PAYLOAD_H
#define SCHEMA_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/uuid.h"

/* enum role { ROLE_USER, … }; and so on. */
#define WORDS(set, doc)     enum set {
#define WORD(set, id, text) id,
#define END(set)                                                                                   \
	}                                                                                          \
	;
#include "schema/words.def"
#undef WORDS
#undef WORD
#undef END

struct uuids {
	const struct uuid *v;
	size_t n;
};

struct strs {
	const struct str *v;
	size_t n;
};

#define MEMBER_REQ(type, name) type name;
#define MEMBER_OPT(type, name)                                                                     \
	struct {                                                                                   \
		bool set, null;                                                                    \
		type v;                                                                            \
	} name;
#define MEMBER_NULLABLE  MEMBER_OPT
#define MEMBER_CLEARABLE MEMBER_OPT

/* struct message_sent { struct str message; … }; and so on. */
#define PAYLOAD(id, doc) struct id {
#define EMPTY(id, doc)                                                                             \
	struct id {                                                                                \
		char none;                                                                         \
	};
#define BARE_UUID(payload, doc)                                                                    \
	struct payload {                                                                           \
		struct uuid id;                                                                    \
	};
#define BARE_LIST(payload, element, max, doc)                                                      \
	struct payload {                                                                           \
		const struct element *v;                                                           \
		size_t n;                                                                          \
	};
#define UUID(p, name, need, doc)                  MEMBER_##need(struct uuid, name)
#define STRING(p, name, min, max, need, doc)      MEMBER_##need(struct str, name)
#define LINE                                      STRING
#define PROSE                                     STRING
#define INTEGER(p, name, min, max, need, doc)     MEMBER_##need(int64_t, name)
#define NUMBER(p, name, need, doc)                MEMBER_##need(double, name)
#define BOOLEAN(p, name, need, doc)               MEMBER_##need(bool, name)
#define BOOLEAN_NAMED(p, m, name, need, doc)      MEMBER_##need(bool, m)
#define DATE(p, name, need, doc)                  MEMBER_##need(int64_t, name)
#define WORD_OF(p, name, set, need, doc)          MEMBER_##need(enum set, name)
#define BYTES(p, name, max, need, doc)            MEMBER_##need(struct str, name)
#define ANY(p, name, max, need, doc)              MEMBER_##need(struct str, name)
#define OBJECT(p, name, payload, need, doc)       MEMBER_##need(struct payload, name)
#define UUIDS(p, name, max, need, doc)            MEMBER_##need(struct uuids, name)
#define STRINGS(p, name, max, longest, need, doc) MEMBER_##need(struct strs, name)
#define LINES                                     STRINGS
#define LIST(p, name, payload, max, need, doc)                                                     \
	MEMBER_##need(                                                                             \
		struct {                                                                           \
			const struct payload *v;                                                   \
			size_t n;                                                                  \
		},                                                                                 \
		name)
#define END(id)                                                                                    \
	}                                                                                          \
	;
#include "schema/payloads.def"
#include "schema/undef.h"

#endif
