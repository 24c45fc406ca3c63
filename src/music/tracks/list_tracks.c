/* SPDX-License-Identifier: MIT
 *
 * list_tracks - LIST_TRACKS: a page of the catalogue.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "dispatch/verb.h"
#include "music/tracks/track_page.h"

enum err list_tracks_read(struct tx *tx, const struct ask *ask, const struct list_tracks *in,
	struct arena *a, struct tracks_answer *out)
{
	struct track_page_context c = { .room = page_room_new(), .a = a };
	struct track_page page;

	(void)ask;
	enum err e = track_page_read(tx, in, &c, &page);
	if (!e)
		e = track_page_total(tx, in, a, &out->total);
	if (e)
		return e;
	out->tracks.v = page.v;
	out->tracks.n = page.n;
	out->nextCursor.set = true;
	out->nextCursor.null = !page.more;
	out->nextCursor.v = page.cursor;
	return ERR_OK;
}
