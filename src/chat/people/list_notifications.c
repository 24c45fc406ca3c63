/* SPDX-License-Identifier: MIT
 *
 * list_notifications - LIST_NOTIFICATIONS: a page of the asker's unread ones.
 *
 * Layer: chat.  Threads: a reader.
 */
#include "accounts/page.h"
#include "chat/people/notification_row.h"
#include "dispatch/verb.h"
#include "store/tx.h"

enum { CURSOR_KIND = 'n' };

enum err list_notifications_read(struct tx *tx, const struct ask *ask,
	const struct list_notifications *in, struct arena *a, struct notifications *out)
{
	struct page_cursor cursor = { .kind = CURSOR_KIND, .a = INT64_MAX };
	struct notification_row_page page;
	enum err e = ERR_OK;

	if (in->cursor.set && !in->cursor.null)
		e = page_read(tx, in->cursor.v, CURSOR_KIND, a, &cursor);
	if (!e)
		e = notification_row_page(tx, ask->user_id, cursor.a, a, &page);
	if (e)
		return e;
	const struct page_cursor next = { .kind = CURSOR_KIND, .a = page.last_pk };
	out->notifications.v = page.v;
	out->notifications.n = page.n;
	out->nextCursor.set = true;
	out->nextCursor.null = !page.more;
	if (page.more)
		out->nextCursor.v = page_write(&next, a);
	return !page.more || out->nextCursor.v.p ? ERR_OK : ERR_NOMEM;
}
