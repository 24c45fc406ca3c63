/* SPDX-License-Identifier: MIT
 *
 * search_index - see search_index.h.
 *
 * Layer: store.  Threads: run_step the writer's.
 */
#include "store/search_index.h"

#include <stdio.h>

#include "store/search.h"
#include "store/store.h"

enum { ROWS_PER_STEP = 20000, META_NAME_BYTES = 64 };

static const struct query meta_find = { "SELECT value FROM meta WHERE name = ?1" };
static const struct query meta_put = {
	"INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)"
};

struct step {
	struct store_job job; /* first */
	const struct search_source *source;
	int64_t done, last; /* rowids */
	bool is_over;
};

/* meta NAME_version: the words that it is of; NAME_row: the last row that is in it, -1 when all are. */
static struct str meta_name(const struct step *s, const char *what, char out[META_NAME_BYTES])
{
	int n = snprintf(out, META_NAME_BYTES, "%s_%s", s->source->name, what);

	return (struct str){ out, (size_t)n };
}

static enum err get(struct tx *tx, const struct step *s, const char *what, int64_t *out)
{
	char name[META_NAME_BYTES];
	struct row *r;
	enum err e = tx_one(tx, &meta_find, VALUES(of_str(meta_name(s, what, name))), &r);

	*out = e ? 0 : row_int(r, 0);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err put(struct tx *tx, const struct step *s, const char *what, int64_t value)
{
	char name[META_NAME_BYTES];

	return tx_run(tx, &meta_put, VALUES(of_str(meta_name(s, what, name)), of_int(value)));
}

/* Where the step begins; another version begins with an empty index. */
static enum err find_start(struct tx *tx, struct step *s)
{
	int64_t version;
	struct row *r;
	enum err e = get(tx, s, "version", &version);

	if (!e)
		e = get(tx, s, "row", &s->done);
	if (!e)
		e = tx_one(tx, &s->source->last, NO_VALUES, &r);
	if (e)
		return e;
	s->last = row_int(r, 0);
	if (version == SEARCH_VERSION)
		return ERR_OK;
	s->done = 0;
	e = tx_run(tx, &s->source->clear, NO_VALUES);
	return e ? e : put(tx, s, "version", SEARCH_VERSION);
}

static enum err add_rows(struct tx *tx, struct step *s)
{
	struct row *r;
	bool more = false;
	int n = 0;
	enum err e =
		tx_rows(tx, &s->source->rows, VALUES(of_int(s->done), of_int(ROWS_PER_STEP)), &r);

	if (!e)
		e = row_next(r, &more);
	for (; !e && more; n++) {
		const struct indexed row = { row_int(r, 0), row_int(r, 1), row_borrow(r, 2) };
		s->done = row.rowid;
		e = tx_index_add(tx, s->source->index, &row);
		if (!e)
			e = row_next(r, &more);
	}
	s->is_over = n < ROWS_PER_STEP;
	return e ? e : put(tx, s, "row", s->is_over ? -1 : s->done);
}

static enum err run_step(struct tx *tx, struct store_job *job)
{
	struct step *s = (struct step *)(void *)job;
	enum err e = find_start(tx, s);

	s->is_over = s->done < 0;
	return e || s->is_over ? e : add_rows(tx, s);
}

enum err search_index_renew(struct store *store, const struct search_source *source,
	const struct search_progress *progress)
{
	struct step s = { .job = { .run = run_step }, .source = source };
	enum err e = ERR_OK;

	while (!e && !s.is_over) {
		e = store_run_now(store, &s.job);
		if (!e && !s.is_over)
			progress->fn(progress->context, source->name, s.done, s.last);
	}
	return e;
}
