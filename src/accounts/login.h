/* SPDX-License-Identifier: MIT
 *
 * login - signing in: a reader finds the account, a worker verifies, the writer opens the session.
 *
 * Layer: accounts.  Threads: as said at each function.
 */
#ifndef ACCOUNTS_LOGIN_H
#define ACCOUNTS_LOGIN_H

#include "accounts/password.h"
#include "accounts/registration.h"

/* One attempt, travelling from step to step; a value. */
struct login {
	struct uuid user_id; /* nil when the name is unknown */
	char hash[PASSWORD_HASH_BYTES];
	bool matches;
	struct session_new
		session;      /* for login_apply: token_hash and about, filled by the caller */
	const char *new_hash; /* for login_change_password: password_hash(), likewise */
};

/* On a reader. An unknown name is no failure: the decoy's hash stands there. As tx_one. */
NODISCARD enum err login_find(
	struct tx *tx, struct str username, struct arena *a, struct login *out);

/* On a reader: the same for the asker, who changes their password. As tx_one. */
NODISCARD enum err login_find_asker(struct tx *tx, const struct ask *ask, struct login *out);

/* On a worker: exactly one Argon2id computation. */
void login_verify(struct login *l, struct str password);

/*
 * On the writer. Refuses with ERR_UNAUTHORIZED and one and the same sentence for an unknown name, a wrong password and a
 * password that was changed meanwhile; with ERR_FORBIDDEN for a suspended account whose password is right.
 * The session's id is ask_id(ask, 0).
 */
NODISCARD enum err login_apply(struct tx *tx, const struct ask *ask, const struct login *l,
	struct arena *a, struct signed_in *out);

/* What a changed password comes to. */
struct password_changed {
	struct session_ids ended;   /* all but the asker's */
	struct notification notice; /* `security` { what: "password_changed" } */
};

/*
 * On the writer: the asker's new password, hashed on a worker after login_verify. Refuses with ERR_FORBIDDEN when the
 * current one was wrong.
 */
NODISCARD enum err login_change_password(struct tx *tx, const struct ask *ask,
	const struct login *l, struct arena *a, struct password_changed *out);

/* On the loop, after the commit. */
void login_password_changed(
	struct hub *hub, const struct ask *ask, const struct password_changed *out);

#endif
