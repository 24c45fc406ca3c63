/* SPDX-License-Identifier: MIT
 *
 * membership - which groups a user belongs to, for what holds them in memory: rooms and presence.
 *
 * Layer: accounts.  Threads: the job's.
 */
#ifndef ACCOUNTS_MEMBERSHIP_H
#define ACCOUNTS_MEMBERSHIP_H

#include "accounts/presence.h"

struct tx;

/* All but lobby; in the arena. As tx_rows. */
NODISCARD enum err membership_list(
	struct tx *tx, struct uuid user_id, struct arena *a, struct presence_groups *out);

#endif
