/* SPDX-License-Identifier: MIT
 *
 * presence_recovery - a lost socket comes back: its session is looked at again, and the user is present as before.
 *
 * Layer: accounts.  Threads: as said at each function.
 */
#ifndef ACCOUNTS_PRESENCE_RECOVERY_H
#define ACCOUNTS_PRESENCE_RECOVERY_H

#include "accounts/presence.h"
#include "accounts/session.h"

struct tx;

struct presence_recovery {
	bool holds; /* it comes with the session that it was lost with */
	struct user user;
	struct presence_groups groups;
};

/* On the writer, for a CONNECT row: *out says whether ask->recovers holds for this session. As tx_rows. */
NODISCARD enum err presence_recovery_load(struct tx *tx, const struct ask *ask,
	const struct session *session, struct arena *a, struct presence_recovery *out);

/* On the loop, when it holds: the socket is again what it was, and its user present where it had entered. */
void presence_recovery_announce(struct hub *hub, const struct ask *ask, const struct identity *who,
	const struct presence_recovery *r);

#endif
