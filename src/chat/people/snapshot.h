/* SPDX-License-Identifier: MIT
 *
 * snapshot - all that a client needs to begin: oneself, settings, groups, the people one shares them with, what is unread.
 *
 * Layer: chat.  Threads: as said at each function.
 */
#ifndef CHAT_SNAPSHOT_H
#define CHAT_SNAPSHOT_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "dispatch/ask.h"
#include "dispatch/hub.h"

struct tx;

/* Of ask->user_id, in the arena; statuses are the set ones. As tx_rows. */
NODISCARD enum err snapshot_load(
	struct tx *tx, const struct ask *ask, struct arena *a, struct snapshot *out);

/* On the loop: statuses become those that the user may see. */
void snapshot_show(struct hub *hub, struct snapshot *s);

#endif
