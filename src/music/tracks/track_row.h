/* SPDX-License-Identifier: MIT
 *
 * track_row - tracks as they travel, from their rows, and their words in the index.
 *
 * Layer: music.  Threads: the job's.
 */
#ifndef MUSIC_TRACK_ROW_H
#define MUSIC_TRACK_ROW_H

#include "accounts/page.h"
#include "dispatch/ask.h"
#include "schema/payload.h"

struct row;
struct search_source;
struct tx;

/* The columns that track_row_read takes. */
#define TRACK_ROW_COLUMNS                                                                          \
	"track.pk, track.id, track.user_id, track.title, track.artist, track.album, track.genre,"  \
	" track.year, track.tags, track.duration_ms, track.blob, track.mime, track.size,"          \
	" track.cover IS NOT NULL, track.rating_sum, track.rating_count, track.comment_count,"     \
	" track.downloads, track.published_at, track.updated_at"

/* Fills the payload; strings in the arena. ERR_NOMEM, ERR_INTERNAL. */
NODISCARD enum err track_row_read(struct row *r, struct arena *a, struct track *out);

/* One track. ERR_NOT_FOUND, refused with a sentence; else as tx_one. */
NODISCARD enum err track_row_load(
	struct tx *tx, struct uuid id, struct arena *a, struct track *out);

/* A track with what a verb needs around it. */
struct track_seen {
	struct track track;
	int64_t pk;
};

/* The same, its addresses signed as of ask->now_ms. */
NODISCARD enum err track_row_see(
	struct tx *tx, struct uuid id, struct arena *a, struct track_seen *out);

/* Whose it is. */
struct track_owned {
	int64_t pk;
	struct uuid owner;
};

/* The same for these alone. */
NODISCARD enum err track_row_owner(struct tx *tx, struct uuid id, struct track_owned *out);

/* What an answer needs for the track, bytes of JSON at most. */
size_t track_row_bytes(const struct track *t);

/* The rows of the index, for making it anew. */
const struct search_source *track_row_search_source(void);

/* Puts the words of a stored track in the index, or takes them out; t as it is, or was, stored. As tx_index_add. */
NODISCARD enum err track_row_index(
	struct tx *tx, const struct track *t, int64_t pk, struct arena *a);
NODISCARD enum err track_row_unindex(
	struct tx *tx, const struct track *t, int64_t pk, struct arena *a);

/* Stores the tags, folded, in place of those before. As tx_run. */
NODISCARD enum err track_row_set_tags(
	struct tx *tx, int64_t pk, const struct strs *tags, struct arena *a);

/* The tags as the JSON that the row keeps. p is NULL without memory. */
struct str track_row_tags_json(const struct strs *tags, struct arena *a);

/* What titles are sorted by: folded, cut at 32 code points. ERR_NOMEM. */
NODISCARD enum err track_row_sort_title(struct str title, struct arena *a, struct str *out);

#endif
