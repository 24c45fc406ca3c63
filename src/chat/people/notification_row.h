/* SPDX-License-Identifier: MIT
 *
 * notification_row - a user's unread notifications, from their rows, the newest first.
 *
 * Layer: chat.  Threads: the job's.
 */
#ifndef CHAT_NOTIFICATION_ROW_H
#define CHAT_NOTIFICATION_ROW_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/uuid.h"
#include "schema/payload.h"

struct tx;

enum { NOTIFICATION_ROW_PAGE_MAX = 100 };

struct notification_row_page {
	struct notification *v; /* in the arena */
	size_t n;
	bool more;
	int64_t last_pk; /* row number of the last one */
};

/* At most NOTIFICATION_ROW_PAGE_MAX of those before the row (INT64_MAX: from the newest). As tx_rows. */
NODISCARD enum err notification_row_page(struct tx *tx, struct uuid user_id, int64_t before_pk,
	struct arena *a, struct notification_row_page *out);

#endif
