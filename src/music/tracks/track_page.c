/* SPDX-License-Identifier: MIT
 *
 * track_page - see track_page.h.
 *
 * Layer: music.  Threads: the job's.
 */
#include "music/tracks/track_page.h"

#include "base/text.h"
#include "store/search.h"
#include "store/tx.h"

/* ?1 words, ?2 user, ?3 tag: each NULL when it is not asked for. */
#define FILTER                                                                                     \
	"(?1 IS NULL OR pk IN (SELECT rowid FROM track_text WHERE track_text MATCH ?1))"           \
	" AND (?2 IS NULL OR user_id = ?2)"                                                        \
	" AND (?3 IS NULL OR EXISTS (SELECT 1 FROM track_tag WHERE tag = ?3 AND track_pk = pk))"

/* ?4 and ?5 the cursor's numbers, ?6 its text, ?7 how many; ?8 tells the first page. */
#define PAGE(after, order)                                                                         \
	"SELECT " TRACK_ROW_COLUMNS ", title_folded, rating_rank FROM track WHERE " FILTER         \
	" AND (?8 OR " after ") ORDER BY " order " LIMIT ?7"

static const struct query by_sort[] = {
	[TRACK_SORT_NEW] = { PAGE("(pk < ?5 AND ?4 IS NOT NULL AND ?6 IS NOT NULL)", "pk DESC") },
	[TRACK_SORT_TITLE] = { PAGE(
		"((title_folded, pk) > (?6, ?5) AND ?4 IS NOT NULL)", "title_folded, pk") },
	[TRACK_SORT_RATING] = { PAGE(
		"((rating_rank, pk) < (?4, ?5) AND ?6 IS NOT NULL)", "rating_rank DESC, pk DESC") },
	[TRACK_SORT_DOWNLOADS] = { PAGE(
		"((downloads, pk) < (?4, ?5) AND ?6 IS NOT NULL)", "downloads DESC, pk DESC") },
};
static const struct query total = { "SELECT count(*) FROM track WHERE " FILTER };

enum { COLUMN_PK = 0, COLUMN_TITLE = 20, COLUMN_RATING = 21 };

struct filter {
	struct value words, user, tag;
};

static enum err filter_of(
	struct tx *tx, const struct list_tracks *in, struct arena *a, struct filter *out)
{
	struct str text;

	*out = (struct filter){ of_null(), of_null(), of_null() };
	if (in->query.set && !in->query.null && in->query.v.n) {
		enum err e = search_query(in->query.v, a, &text);
		if (e == ERR_BAD_REQUEST)
			return tx_refuse(tx, e, "The field `query` must hold a word.");
		if (e)
			return e;
		out->words = of_str(text);
	}
	if (in->userId.set && !in->userId.null)
		out->user = of_uuid(in->userId.v);
	if (in->tag.set && !in->tag.null) {
		enum err e = text_fold_name(in->tag.v, a, &text);
		if (e == ERR_NOMEM)
			return e;
		out->tag = of_str(e ? STR("") : text);
	}
	return ERR_OK;
}

static enum track_sort sort_of(const struct list_tracks *in)
{
	return in->sort.set && !in->sort.null ? in->sort.v : TRACK_SORT_NEW;
}

/* Cursors tell their order by their kind. */
static char kind_of(enum track_sort sort)
{
	return (char)('A' + (int)sort);
}

static enum err write_cursor(enum track_sort sort, struct row *r, const struct track *t,
	struct arena *a, struct str *out)
{
	struct page_cursor c = { .kind = kind_of(sort), .b = row_int(r, COLUMN_PK) };

	if (sort == TRACK_SORT_TITLE)
		c.text = row_borrow(r, COLUMN_TITLE);
	else if (sort == TRACK_SORT_RATING)
		c.a = row_int(r, COLUMN_RATING);
	else if (sort == TRACK_SORT_DOWNLOADS)
		c.a = t->downloads;
	*out = page_write(&c, a);
	return out->p ? ERR_OK : ERR_NOMEM;
}

/* Reads rows up to max or the end of the room; then there is more. */
static enum err read_rows(struct row *r, enum track_sort sort, size_t max,
	struct track_page_context *c, struct track_page *out)
{
	bool more = false;
	enum err e = row_next(r, &more);

	while (!e && more && out->n < max) {
		struct track *t = &out->v[out->n];
		e = track_row_read(r, c->a, t);
		if (e || (!page_room_take(&c->room, track_row_bytes(t)) && out->n > 0))
			break;
		out->n++;
		e = write_cursor(sort, r, t, c->a, &out->cursor);
		if (!e)
			e = row_next(r, &more);
	}
	out->more = more;
	return e;
}

enum err track_page_read(struct tx *tx, const struct list_tracks *in, struct track_page_context *c,
	struct track_page *out)
{
	size_t max = in->limit.set && !in->limit.null ? (size_t)in->limit.v : PAGE_DEFAULT;
	bool has_cursor = in->cursor.set && !in->cursor.null;
	enum track_sort sort = sort_of(in);
	struct page_cursor at = { .text = STR("") };
	struct filter f;
	struct row *r;
	enum err e = filter_of(tx, in, c->a, &f);

	if (!e && has_cursor)
		e = page_read(tx, in->cursor.v, kind_of(sort), c->a, &at);
	if (e)
		return e;
	*out = (struct track_page){ .v = arena_array(c->a, max, sizeof(struct track)) };
	if (!out->v)
		return ERR_NOMEM;
	e = tx_rows(tx, &by_sort[sort],
		VALUES(f.words, f.user, f.tag, of_int(at.a), of_int(at.b), of_str(at.text),
			of_int((int64_t)max + 1), of_int(!has_cursor)),
		&r);
	return e ? e : read_rows(r, sort, max, c, out);
}

enum err track_page_total(
	struct tx *tx, const struct list_tracks *in, struct arena *a, int64_t *out)
{
	struct filter f;
	struct row *r;
	enum err e = filter_of(tx, in, a, &f);

	if (!e)
		e = tx_one(tx, &total, VALUES(f.words, f.user, f.tag), &r);
	if (!e)
		*out = row_int(r, 0);
	return e;
}
