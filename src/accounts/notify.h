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

/* What a notification is made from. */
struct notify_new {
	struct uuid user_id; /* whom it is for */
	enum notification_type type;
	struct str data; /* JSON text in the arena; p NULL where there was no memory for it */
	uint32_t nth;    /* its id is ask_id(ask, nth) */
};

/* Stores one; out is what notify_send sends. ERR_NOMEM; else as tx_run. */
NODISCARD enum err notify_add(struct tx *tx, const struct ask *ask, const struct notify_new *in,
	struct notification *out);

/* Notifications that went with what they were about. */
struct notify_gone {
	struct notify_gone_one {
		struct uuid id, user_id;
	} * v; /* in the arena */
	size_t n;
};

/*
 * On the writer: all about a message or a comment; those of one user about a track or a group, and what is in it. *out grows
 * by them. As tx_run.
 */
NODISCARD enum err notify_drop_thing(
	struct tx *tx, struct uuid thing, struct arena *a, struct notify_gone *out);
NODISCARD enum err notify_drop_place(struct tx *tx, struct uuid user_id, struct uuid place,
	struct arena *a, struct notify_gone *out);

/* NOTIFICATION_READ for each, to its user's sockets in /chat. */
void notify_send_gone(struct hub *hub, const struct notify_gone *gone, int64_t now_ms);

/* NOTIFICATION_RECEIVED to the user's sockets in /chat. */
void notify_send(struct hub *hub, const struct notification *n);

#endif
