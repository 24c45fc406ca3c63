/* SPDX-License-Identifier: MIT
 *
 * feedback_row - see feedback_row.h.
 *
 * Layer: music.  Threads: the job's.
 */
#include "music/feedback/feedback_row.h"

#include "music/tracks/track_row.h"
#include "store/tx.h"

enum { COMMENT_BYTES = 320, RATING_BYTES = 220 };

static const struct query comments_before = {
	"SELECT " FEEDBACK_ROW_COMMENT " FROM comment JOIN track ON track.pk = comment.track_pk"
	" WHERE comment.track_pk = ?1 AND comment.pk < ?2 ORDER BY comment.pk DESC LIMIT ?3"
};
static const struct query ratings_before = {
	"SELECT " FEEDBACK_ROW_RATING " FROM rating JOIN track ON track.pk = rating.track_pk"
	" WHERE rating.track_pk = ?1 AND rating.pk < ?2 ORDER BY rating.pk DESC LIMIT ?3"
};

enum err feedback_row_comment(struct row *r, struct arena *a, struct comment *out)
{
	*out = (struct comment){
		.id = row_uuid(r, 1),
		.trackId = row_uuid(r, 2),
		.userId = row_uuid(r, 3),
		.positionMs = { .set = true, .null = row_is_null(r, 5), .v = row_int(r, 5) },
		.timestamp = row_int(r, 6),
	};
	return row_str(r, 4, a, &out->text);
}

void feedback_row_rating(struct row *r, struct rating *out)
{
	*out = (struct rating){ .trackId = row_uuid(r, 1),
		.userId = row_uuid(r, 2),
		.value = row_int(r, 3),
		.timestamp = row_int(r, 4) };
}

static enum err cursor_at(struct row *r, char kind, struct arena *a, struct str *out)
{
	const struct page_cursor c = { .kind = kind, .b = row_int(r, 0) };

	*out = page_write(&c, a);
	return out->p ? ERR_OK : ERR_NOMEM;
}

/* Asks for the rows of a page; more: the first one is there. */
static enum err begin(struct tx *tx, const struct query *query,
	const struct feedback_row_page *page, struct row **r, bool *more)
{
	enum err e = tx_rows(tx, query,
		VALUES(of_int(page->track_pk), of_int(page->before_pk),
			of_int((int64_t)page->max + 1)),
		r);

	return e ? e : row_next(*r, more);
}

enum err feedback_row_comments(
	struct tx *tx, const struct feedback_row_page *page, struct feedback_comments *out)
{
	struct row *r;
	bool more = false;

	*out = (struct feedback_comments){ .v = arena_array(page->a, page->max, sizeof *out->v) };
	enum err e = out->v ? begin(tx, &comments_before, page, &r, &more) : ERR_NOMEM;
	while (!e && more && out->n < page->max) {
		struct comment *c = &out->v[out->n];
		e = feedback_row_comment(r, page->a, c);
		if (e ||
			(!page_room_take(page->room, COMMENT_BYTES + page_text(c->text)) && out->n))
			break;
		out->n++;
		e = cursor_at(r, 'c', page->a, &out->cursor);
		if (!e)
			e = row_next(r, &more);
	}
	out->more = more;
	return e;
}

enum err feedback_row_ratings(
	struct tx *tx, const struct feedback_row_page *page, struct feedback_ratings *out)
{
	struct row *r;
	bool more = false;

	*out = (struct feedback_ratings){ .v = arena_array(page->a, page->max, sizeof *out->v) };
	enum err e = out->v ? begin(tx, &ratings_before, page, &r, &more) : ERR_NOMEM;
	while (!e && more && out->n < page->max) {
		if (!page_room_take(page->room, RATING_BYTES) && out->n)
			break;
		feedback_row_rating(r, &out->v[out->n++]);
		e = cursor_at(r, 'r', page->a, &out->cursor);
		if (!e)
			e = row_next(r, &more);
	}
	out->more = more;
	return e;
}

enum err feedback_row_page_of(
	struct tx *tx, const struct list_feedback *in, char kind, struct feedback_row_page *page)
{
	struct page_cursor at = { .b = INT64_MAX };
	struct track_owned track;
	enum err e = track_row_owner(tx, in->trackId, &track);

	if (e)
		return e;
	page->track_pk = track.pk;
	page->max = in->limit.set && !in->limit.null ? (size_t)in->limit.v : PAGE_DEFAULT;
	if (in->cursor.set && !in->cursor.null)
		e = page_read(tx, in->cursor.v, kind, page->a, &at);
	page->before_pk = at.b;
	return e;
}
