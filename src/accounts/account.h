/* SPDX-License-Identifier: MIT
 *
 * account - what an admin changes of an account: role and suspension.
 *
 * Layer: accounts.  Threads: account_change the writer, account_changed the loop.
 */
#ifndef ACCOUNTS_ACCOUNT_H
#define ACCOUNTS_ACCOUNT_H

#include "accounts/session.h"

struct account_change {
	struct uuid user_id;
	struct {
		bool set;
		enum role v;
	} role;
	struct {
		bool set, v;
	} suspended;
};

struct account_changed {
	struct user user;
	int64_t rev;
	bool is_suspended;
	struct session_ids
		ended; /* a suspended account's, and of a changed role: roles live in sessions' sockets */
};

/*
 * PATCH /users/ID. Refuses: ERR_FORBIDDEN but for an admin, ERR_NOT_FOUND, ERR_CONFLICT when it would leave no admin.
 */
NODISCARD enum err account_change(struct tx *tx, const struct ask *ask,
	const struct account_change *in, struct arena *a, struct account_changed *out);

/* After the commit: the sockets of a suspended user are told and disconnected; the others hear of the new role. */
void account_changed(struct hub *hub, const struct ask *ask, const struct account_changed *out);

#endif
