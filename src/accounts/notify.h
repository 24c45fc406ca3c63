/* SPDX-License-Identifier: MIT
 *
 * notify - notifications: stored until read, at most limits->unread_notifications a user; then the oldest goes.
 *
 * Layer: accounts.  Threads: notify_add the writer, notify_send the loop.
 */
#ifndef ACCOUNTS_NOTIFY_H
#define ACCOUNTS_NOTIFY_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "dispatch/ask.h"
#include "dispatch/hub.h"

struct tx;

/* Stores one for `user_id`; out is what notify_send sends. data: JSON text in the arena. As tx_run. */
NODISCARD enum err notify_add(struct tx *tx, const struct ask *ask, const struct notification *in);

/* NOTIFICATION_RECEIVED to the user's sockets in /chat. */
void notify_send(struct hub *hub, const struct notification *n);

#endif
