/* SPDX-License-Identifier: MIT
 *
 * track_page - pages of the catalogue: LIST_TRACKS, and the first page that GET_USER gives.
 *
 * Layer: music.  Threads: the job's.
 */
#ifndef MUSIC_TRACK_PAGE_H
#define MUSIC_TRACK_PAGE_H

#include "music/tracks/track_row.h"

enum { TRACK_PAGE_MAX = 100 };

/* What a page is made with. */
struct track_page_context {
	struct page_room room;
	struct arena *a;
};

struct track_page {
	struct track *v;
	size_t n;
	bool more;
	struct str cursor; /* when there is more */
};

/*
 * The page that `in` asks for, with as many as fit the room. Refuses with ERR_BAD_REQUEST a cursor that is none and a
 * query without a word.
 */
NODISCARD enum err track_page_read(struct tx *tx, const struct list_tracks *in,
	struct track_page_context *c, struct track_page *out);

/* How many tracks all pages have. */
NODISCARD enum err track_page_total(
	struct tx *tx, const struct list_tracks *in, struct arena *a, int64_t *out);

#endif
