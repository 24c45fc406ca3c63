/* SPDX-License-Identifier: MIT
 *
 * tx - see tx.h and tx_state.h.
 *
 * Layer: store.  Threads: the connection's.
 */
#include "store/tx.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/search.h"
#include "store/tx_state.h"

enum {
	BUSY_MS = 10000,
	STEPS_BETWEEN_LOOKS = 20000, /* of SQLite's machine: about a millisecond */
};

enum err tx_result(struct tx *tx, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return ERR_OK;
	snprintf(tx->last_error, sizeof tx->last_error, "%s (%d)",
		tx->db ? sqlite3_errmsg(tx->db) : sqlite3_errstr(rc),
		tx->db ? sqlite3_extended_errcode(tx->db) : rc);
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		return ERR_CONFLICT;
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_INTERRUPT:
		return ERR_UNAVAILABLE;
	default:
		return ERR_INTERNAL;
	}
}

enum err tx_exec(struct tx *tx, const char *sql)
{
	return tx_result(tx, sqlite3_exec(tx->db, sql, NULL, NULL, NULL));
}

static bool is_over(struct tx *tx)
{
	return tx->until_ms && (clock_monotonic_ms(&tx->clock) >= tx->until_ms ||
				       (tx->is_given_up && tx->is_given_up(tx->give_up_context)));
}

/* SQLite asks this while a statement runs; other than 0 ends it. */
static int look(void *context)
{
	return is_over(context);
}

void tx_limit(struct tx *tx, int64_t max_ms)
{
	tx->until_ms = clock_monotonic_ms(&tx->clock) + max_ms;
}

void tx_unlimit(struct tx *tx)
{
	tx->until_ms = 0;
}

enum err tx_init(struct tx *tx, const char *path, enum tx_access access, const struct clock *clock)
{
	static const char *const settings[] = {
		[TX_READ] =
			"PRAGMA query_only=1; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384;",
		[TX_WRITE] =
			"PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
			"PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;"
			"PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32768;"
			"PRAGMA secure_delete=ON;",
	};
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	            (access == TX_READ ? SQLITE_OPEN_READONLY
				       : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);

	*tx = (struct tx){ .clock = *clock };
	enum err e = tx_result(tx, sqlite3_open_v2(path, &tx->db, flags, NULL));
	if (!e) {
		sqlite3_busy_timeout(tx->db, BUSY_MS);
		sqlite3_progress_handler(tx->db, STEPS_BETWEEN_LOOKS, look, tx);
		e = tx_exec(tx, settings[access]);
	}
	if (e)
		tx_done(tx);
	return e;
}

void tx_done(struct tx *tx)
{
	struct row *r, *next;

	HASH_ITER(hh, tx->statements, r, next)
	{
		HASH_DELETE(hh, tx->statements, r);
		sqlite3_finalize(r->statement);
		free(r);
	}
	sqlite3_close(tx->db);
	tx->db = NULL;
	tx->open = NULL;
	free(tx->after);
	tx->after = NULL;
	tx->after_count = tx->after_max = 0;
	arena_done(&tx->arena);
}

static enum err prepare_row(struct tx *tx, const struct query *q, struct row **out)
{
	struct row *r = calloc(1, sizeof *r);

	if (!r)
		return ERR_NOMEM;
	r->query = q;
	r->tx = tx;
	enum err e = tx_result(tx, sqlite3_prepare_v3(tx->db, q->sql, -1, SQLITE_PREPARE_PERSISTENT,
					   &r->statement, NULL));
	if (e) {
		free(r);
		return e;
	}
	HASH_ADD_PTR(tx->statements, query, r);
	if (!r->hh.tbl) {
		sqlite3_finalize(r->statement);
		free(r);
		return ERR_NOMEM;
	}
	*out = r;
	return ERR_OK;
}

static int bind(sqlite3_stmt *s, int at, const struct value *v)
{
	switch (v->type) {
	case VALUE_INT:
		return sqlite3_bind_int64(s, at, v->i);
	case VALUE_TEXT:
		return sqlite3_bind_text64(
			s, at, v->s.p ? v->s.p : "", v->s.n, SQLITE_STATIC, SQLITE_UTF8);
	case VALUE_BYTES:
		return sqlite3_bind_blob64(s, at, v->s.p ? v->s.p : "", v->s.n, SQLITE_STATIC);
	case VALUE_UUID:
		return sqlite3_bind_blob64(s, at, v->u.b, sizeof v->u.b, SQLITE_TRANSIENT);
	case VALUE_NULL:
		break;
	}
	return sqlite3_bind_null(s, at);
}

/* The statement of q with its values, ready to step, in the list of open ones. */
static enum err open_row(struct tx *tx, const struct query *q, const struct value *values,
	size_t count, struct row **out)
{
	struct row *r;
	int rc = SQLITE_OK;

	if (is_over(tx)) /* many short statements are as long as a long one */
		return ERR_UNAVAILABLE;
	HASH_FIND_PTR(tx->statements, &q, r);
	if (!r) {
		enum err e = prepare_row(tx, q, &r);
		if (e)
			return e;
	}
	sqlite3_reset(r->statement);
	if (!r->open) {
		r->open = true;
		r->next_open = tx->open;
		tx->open = r;
	}
	assert((size_t)sqlite3_bind_parameter_count(r->statement) == count);
	for (size_t i = 0; i < count && rc == SQLITE_OK; i++)
		rc = bind(r->statement, (int)i + 1, &values[i]);
	*out = r;
	return tx_result(tx, rc);
}

enum err tx_run(struct tx *tx, const struct query *q, const struct value *values, size_t count)
{
	struct row *r;
	int rc;
	enum err e = open_row(tx, q, values, count, &r);

	if (e)
		return e;
	do
		rc = sqlite3_step(r->statement);
	while (rc == SQLITE_ROW);
	e = tx_result(tx, rc);
	sqlite3_reset(r->statement);
	return e;
}

enum err tx_one(struct tx *tx, const struct query *q, const struct value *values, size_t count,
	struct row **out)
{
	struct row *r;
	enum err e = open_row(tx, q, values, count, &r);

	if (e)
		return e;
	int rc = sqlite3_step(r->statement);
	if (rc == SQLITE_DONE)
		return ERR_NOT_FOUND;
	if (rc != SQLITE_ROW)
		return tx_result(tx, rc);
	*out = r;
	return ERR_OK;
}

enum err tx_rows(struct tx *tx, const struct query *q, const struct value *values, size_t count,
	struct row **out)
{
	return open_row(tx, q, values, count, out);
}

void tx_close_rows(struct tx *tx)
{
	while (tx->open) {
		struct row *r = tx->open;
		tx->open = r->next_open;
		r->open = false;
		sqlite3_reset(r->statement);
	}
}

int64_t tx_changes(struct tx *tx)
{
	return sqlite3_changes64(tx->db);
}

int64_t tx_rowid(struct tx *tx)
{
	return sqlite3_last_insert_rowid(tx->db);
}

enum err tx_refuse(struct tx *tx, enum err e, const char *sentence)
{
	tx->sentence = sentence;
	return e;
}

int64_t tx_now_ms(struct tx *tx)
{
	return clock_wall_ms(&tx->clock);
}

struct blobs *tx_blobs(struct tx *tx)
{
	return tx->blobs;
}

enum err tx_push_after(struct tx *tx, const struct after *what)
{
	if (tx->after_count == tx->after_max) {
		size_t max = tx->after_max ? tx->after_max * 2 : 64;
		struct after *more = realloc(tx->after, max * sizeof *more);
		if (!more)
			return ERR_NOMEM;
		tx->after = more;
		tx->after_max = max;
	}
	tx->after[tx->after_count++] = *what;
	return ERR_OK;
}

static enum err push_index(struct tx *tx, struct after what, const struct indexed *row)
{
	struct str words;
	enum err e = search_words(row->text, &tx->arena, &words);

	if (!e && row->scope)
		e = search_scope_words(row->scope, words, &tx->arena, &words);
	if (e)
		return e;
	what.rowid = row->rowid;
	what.text = words.p == row->text.p ? arena_dup(&tx->arena, words) : words;
	return what.text.p ? tx_push_after(tx, &what) : ERR_NOMEM;
}

enum err tx_index_add(struct tx *tx, const struct text_index *index, const struct indexed *row)
{
	return push_index(tx, (struct after){ .kind = AFTER_INDEX_ADD, .index = index }, row);
}

enum err tx_index_remove(struct tx *tx, const struct text_index *index, const struct indexed *row)
{
	return push_index(tx, (struct after){ .kind = AFTER_INDEX_REMOVE, .index = index }, row);
}

enum err tx_index_all(struct tx *tx)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < tx->after_count && !e; i++) {
		const struct after *w = &tx->after[i];
		if (w->kind == AFTER_INDEX_ADD)
			e = tx_run(tx, &w->index->add, VALUES(of_int(w->rowid), of_str(w->text)));
		else if (w->kind == AFTER_INDEX_REMOVE)
			e = tx_run(
				tx, &w->index->remove, VALUES(of_int(w->rowid), of_str(w->text)));
	}
	return e;
}

void tx_forget_after(struct tx *tx, size_t mark)
{
	size_t kept = mark;

	assert(mark <= tx->after_count);
	for (size_t i = mark; i < tx->after_count; i++) {
		if (tx->after[i].kind != AFTER_BLOB_OFFER)
			continue;
		tx->after[kept] = tx->after[i];
		tx->after[kept++].kind = AFTER_BLOB_REFUSED;
	}
	tx->after_count = kept;
}

void tx_reset(struct tx *tx)
{
	tx->after_count = 0;
	tx->sentence = NULL;
	arena_reset(&tx->arena);
}
