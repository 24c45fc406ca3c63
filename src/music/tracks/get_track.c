/* SPDX-License-Identifier: MIT
 *
 * get_track - GET_TRACK: the full data model of a track.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "dispatch/verb.h"
#include "music/feedback/feedback_row.h"
#include "music/tracks/track_row.h"

enum { NEWEST = 100 };

static struct track_full full_of(const struct track *t)
{
	return (struct track_full){
		.id = t->id,
		.userId = t->userId,
		.title = t->title,
		.artist = t->artist,
		.album = t->album,
		.genre = t->genre,
		.year = { t->year.set, t->year.null, t->year.v },
		.tags = t->tags,
		.durationMs = { t->durationMs.set, t->durationMs.null, t->durationMs.v },
		.audio = t->audio,
		.coverUrl = { t->coverUrl.set, t->coverUrl.null, t->coverUrl.v },
		.rating = t->rating,
		.commentCount = t->commentCount,
		.downloads = t->downloads,
		.publishedAt = t->publishedAt,
		.updatedAt = t->updatedAt,
	};
}

enum err get_track_read(struct tx *tx, const struct ask *ask, const struct get_track *in,
	struct arena *a, struct track_full_answer *out)
{
	struct page_room room = page_room_new();
	struct feedback_row_page page = {
		.before_pk = INT64_MAX, .max = NEWEST, .room = &room, .a = a
	};
	struct feedback_comments comments;
	struct feedback_ratings ratings;
	struct track_seen seen;
	(void)ask;
	enum err e = track_row_see(tx, in->id, a, &seen);

	if (e)
		return e;
	page.track_pk = seen.pk;
	(void)page_room_take(&room, track_row_bytes(&seen.track)); /* it fits: it is the first */
	e = feedback_row_ratings(tx, &page, &ratings);
	if (!e)
		e = feedback_row_comments(tx, &page, &comments);
	if (e)
		return e;
	struct track_full full = full_of(&seen.track);
	full.comments.v = comments.v;
	full.comments.n = comments.n;
	full.commentsCursor.set = full.ratingsCursor.set = true;
	full.commentsCursor.null = !comments.more;
	full.commentsCursor.v = comments.cursor;
	full.ratings.v = ratings.v;
	full.ratings.n = ratings.n;
	full.ratingsCursor.null = !ratings.more;
	full.ratingsCursor.v = ratings.cursor;
	out->track = full;
	return ERR_OK;
}
