/* SPDX-License-Identifier: MIT
 *
 * tx_state - one connection with its statements, and what the jobs of a batch left to do after them.
 * Private to the store.
 *
 * Layer: store.  Threads: the connection's.
 */
#ifndef STORE_TX_STATE_H
#define STORE_TX_STATE_H

#include <sqlite3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/table.h"
#include "store/blob.h"
#include "store/tx.h"

/* A cached statement, and the row it stands on. */
struct row {
	const struct query *query; /* the key */
	sqlite3_stmt *statement;
	struct tx *tx;
	bool open; /* stepped or bound, not reset; then in tx->open */
	struct row *next_open;
	UT_hash_handle hh;
};

enum after_kind {
	AFTER_INDEX_ADD,
	AFTER_INDEX_REMOVE,
	AFTER_BLOB_REF,
	AFTER_BLOB_DROP,
	AFTER_BLOB_OFFER,   /* nothing, when the job survives */
	AFTER_BLOB_REFUSED, /* what an offer becomes when it does not */
};

/* Something to do when the job has survived: index before the commit, blobs behind it. */
struct after {
	enum after_kind kind;
	const struct text_index *index;
	int64_t rowid;
	struct str text; /* words, in tx->arena */
	struct digest digest;
};

struct tx {
	sqlite3 *db;
	struct row *statements; /* by query */
	struct row *open;
	struct clock clock;
	struct blobs *blobs;
	struct arena arena; /* of the batch */
	const char *sentence;
	struct after *after;
	size_t after_count, after_max;
	char last_error[160];
	/* Of the job at hand: */
	int64_t until_ms; /* then its statement is given up, ERR_UNAVAILABLE; 0: never */
	bool (*is_given_up)(void *context); /* asked now and then too; may be NULL */
	void *give_up_context;
};

enum tx_access { TX_READ, TX_WRITE };

/* Opens a connection with our settings. ERR_UNAVAILABLE, ERR_NOMEM; the reason is in last_error. */
NODISCARD enum err tx_init(
	struct tx *tx, const char *path, enum tx_access access, const struct clock *clock);
void tx_done(struct tx *tx);

/* Statements run for max_ms from now on at most, all together. */
void tx_limit(struct tx *tx, int64_t max_ms);

/* Without a limit. */
void tx_unlimit(struct tx *tx);

/* Resets what is open; a job calls nothing after it. */
void tx_close_rows(struct tx *tx);

/* Runs SQL without values or rows, as "BEGIN". */
NODISCARD enum err tx_exec(struct tx *tx, const char *sql);

/* SQLite's result as ours; remembers the message of a failure. */
NODISCARD enum err tx_result(struct tx *tx, int rc);

/* Forgets what the job since `mark` (an after_count) left to do, since it was refused; blobs that it was offered go. */
void tx_forget_after(struct tx *tx, size_t mark);

/* Does all the index work that was left. As tx_run. */
NODISCARD enum err tx_index_all(struct tx *tx);

/* Adds something to do later. ERR_NOMEM. */
NODISCARD enum err tx_push_after(struct tx *tx, const struct after *what);

/* A batch begins: forgets everything of the one before. */
void tx_reset(struct tx *tx);

#endif
