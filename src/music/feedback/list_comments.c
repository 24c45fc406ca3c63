/* SPDX-License-Identifier: MIT
 *
 * list_comments - LIST_COMMENTS: a page of a track's comments, the newest first.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "dispatch/verb.h"
#include "music/feedback/feedback_row.h"

enum err list_comments_read(struct tx *tx, const struct ask *ask, const struct list_feedback *in,
	struct arena *a, struct comments_page *out)
{
	struct page_room room = page_room_new();
	struct feedback_row_page page = { .room = &room, .a = a };
	struct feedback_comments list;
	enum err e = feedback_row_page_of(tx, in, 'c', &page);

	(void)ask;
	if (!e)
		e = feedback_row_comments(tx, &page, &list);
	if (e)
		return e;
	out->comments.v = list.v;
	out->comments.n = list.n;
	out->nextCursor.set = true;
	out->nextCursor.null = !list.more;
	out->nextCursor.v = list.cursor;
	return ERR_OK;
}
