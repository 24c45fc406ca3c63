/* SPDX-License-Identifier: MIT
 *
 * tx - what a job sees of the database: prepared queries, typed values in, typed columns out.
 *
 * A query is a static const struct; its statement is prepared on first use and kept per connection. A row is
 * borrowed until the same query runs again or the job ends, so a query must not run while its own rows
 * are being read; everything still open is closed when the job ends.
 *
 *     static const struct query user_name = { "SELECT username, created_at FROM user WHERE id = ?1" };
 *     struct row *r;
 *     enum err e = tx_one(tx, &user_name, VALUES(of_uuid(id)), &r);    // ERR_NOT_FOUND without a row
 *
 * Layer: store.  Threads: the job's.
 */
#ifndef STORE_TX_H
#define STORE_TX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "base/uuid.h"
#include "store/row.h"

struct blobs;
struct tx;

struct query {
	const char *sql; /* one statement, parameters ?1 … */
};

enum value_type { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BYTES, VALUE_UUID };

/* One parameter. Bytes are borrowed until the next use of the query. */
struct value {
	enum value_type type;
	int64_t i;
	struct str s;
	struct uuid u;
};

static inline struct value of_null(void)
{
	return (struct value){ .type = VALUE_NULL };
}

static inline struct value of_int(int64_t i)
{
	return (struct value){ .type = VALUE_INT, .i = i };
}

static inline struct value of_str(struct str s)
{
	return (struct value){ .type = VALUE_TEXT, .s = s };
}

static inline struct value of_bytes(struct str s)
{
	return (struct value){ .type = VALUE_BYTES, .s = s };
}

static inline struct value of_uuid(struct uuid u)
{
	return (struct value){ .type = VALUE_UUID, .u = u };
}

/* NULL when `set` is false. */
static inline struct value of_uuid_if(bool set, struct uuid u)
{
	return set ? of_uuid(u) : of_null();
}

static inline struct value of_int_if(bool set, int64_t i)
{
	return set ? of_int(i) : of_null();
}

static inline struct value of_str_if(bool set, struct str s)
{
	return set ? of_str(s) : of_null();
}

/* The digest is borrowed like bytes: it must be an lvalue that lives as long. */
static inline struct value of_digest(const struct digest *d)
{
	return of_bytes((struct str){ (const char *)d->b, sizeof d->b });
}

/* The parameters of a call, in the order of ?1 …; NO_VALUES for none. */
#define VALUES(...)                                                                                \
	(const struct value[]){ __VA_ARGS__ },                                                     \
		sizeof((const struct value[]){ __VA_ARGS__ }) / sizeof(struct value)
#define NO_VALUES NULL, 0

/*
 * Runs a statement to its end; rows are ignored. ERR_CONFLICT when a constraint forbids it, ERR_UNAVAILABLE
 * when the disk does, ERR_NOMEM, ERR_INTERNAL.
 */
NODISCARD enum err tx_run(
	struct tx *tx, const struct query *q, const struct value *values, size_t count);

/* The first row. ERR_NOT_FOUND without one; else as tx_run. */
NODISCARD enum err tx_one(struct tx *tx, const struct query *q, const struct value *values,
	size_t count, struct row **out);

/* Starts reading rows; the first is had by row_next (store/row.h). */
NODISCARD enum err tx_rows(struct tx *tx, const struct query *q, const struct value *values,
	size_t count, struct row **out);

/* Rows that the last tx_run changed; the rowid that it inserted. */
int64_t tx_changes(struct tx *tx);
int64_t tx_rowid(struct tx *tx);

/* Records the sentence that the client is told, and returns e: `return tx_refuse(tx, ERR_CONFLICT, "…");` */
NODISCARD enum err tx_refuse(struct tx *tx, enum err e, const char *sentence);

/* A full-text index: how a row is put in (?1 rowid, ?2 words) and taken out (the same). */
struct text_index {
	struct query add, remove;
};

/* What an index knows of a row. */
struct indexed {
	int64_t rowid;
	int64_t scope; /* whose words they are (search_scope_words), as the group of a message; 0: everybody's */
	struct str text;
};

/*
 * Something for a full-text index, done after the last job of the batch when this one survives. What is stored
 * is search_words(text) within the scope (store/search.h); removing needs the scope and the text that were added. ERR_NOMEM.
 */
NODISCARD enum err tx_index_add(
	struct tx *tx, const struct text_index *index, const struct indexed *row);
NODISCARD enum err tx_index_remove(
	struct tx *tx, const struct text_index *index, const struct indexed *row);

/* The store's files: for reading one that a row refers to, and for opening it. */
struct blobs *tx_blobs(struct tx *tx);

/* The time by the store's clock; the verbs take theirs from the ask. */
int64_t tx_now_ms(struct tx *tx);

#endif
