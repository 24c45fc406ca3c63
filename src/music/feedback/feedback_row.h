/* SPDX-License-Identifier: MIT
 *
 * feedback_row - comments and ratings as they travel, and pages of them.
 *
 * Layer: music.  Threads: the job's.
 */
#ifndef MUSIC_FEEDBACK_ROW_H
#define MUSIC_FEEDBACK_ROW_H

#include "accounts/page.h"
#include "schema/payload.h"

struct row;
struct tx;

/* The columns of comment_read and rating_read; both begin with the pk. */
#define FEEDBACK_ROW_COMMENT                                                                       \
	"comment.pk, comment.id, track.id, comment.user_id, comment.text, comment.position_ms, "   \
	"comment.at"
#define FEEDBACK_ROW_RATING "rating.pk, track.id, rating.user_id, rating.value, rating.at"

/* Strings in the arena. ERR_NOMEM. */
NODISCARD enum err feedback_row_comment(struct row *r, struct arena *a, struct comment *out);
void feedback_row_rating(struct row *r, struct rating *out);

struct feedback_comments {
	struct comment *v;
	size_t n;
	bool more;
	struct str cursor; /* when there is more */
};

struct feedback_ratings {
	struct rating *v;
	size_t n;
	bool more;
	struct str cursor;
};

/* What a page is taken from. */
struct feedback_row_page {
	int64_t track_pk;
	int64_t before_pk; /* INT64_MAX: from the newest */
	size_t max;
	struct page_room *room;
	struct arena *a;
};

/* The newest before before_pk. As tx_rows. */
NODISCARD enum err feedback_row_comments(
	struct tx *tx, const struct feedback_row_page *page, struct feedback_comments *out);
NODISCARD enum err feedback_row_ratings(
	struct tx *tx, const struct feedback_row_page *page, struct feedback_ratings *out);

/* The page that a request asks for. Refuses: ERR_NOT_FOUND without the track, ERR_BAD_REQUEST for a cursor. */
NODISCARD enum err feedback_row_page_of(
	struct tx *tx, const struct list_feedback *in, char kind, struct feedback_row_page *page);

#endif
