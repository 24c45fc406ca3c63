/* SPDX-License-Identifier: MIT
 *
 * registration - new accounts: who may make one, and under which name.
 *
 * Layer: accounts.  Threads: registration_check any, registration_apply the writer.
 */
#ifndef ACCOUNTS_REGISTRATION_H
#define ACCOUNTS_REGISTRATION_H

#include <stdbool.h>

#include "accounts/session.h"

enum registration_policy { REGISTRATION_OPEN, REGISTRATION_INVITE, REGISTRATION_CLOSED };

struct registration {
	enum registration_policy policy;
	struct str username, display_name; /* display_name may be empty */
	struct str invite;         /* an invite's code or the one-time admin link's; may be empty */
	const char *password_hash; /* password_hash(), made on a worker before */
	struct session_new session;
};

/* An account that is signed in: the answer of POST /accounts and POST /sessions. */
struct signed_in {
	struct user user;
	struct uuid session_id;
	int64_t expires_ms;
	struct session_ids ended; /* by the bound on sessions */
};

/*
 * What can be told without the database, before Argon2 is spent: name of 2 to 32 code points of the allowed
 * characters, password of 8 to 1,024, display name of at most 64. ERR_BAD_REQUEST with *sentence.
 */
NODISCARD enum err registration_check(
	struct str username, struct str password, struct str display_name, const char **sentence);

/*
 * Makes the account and its first session. Ids: ask_id(ask, 0) the user's, ask_id(ask, 1) the session's.
 * Refuses: ERR_CONFLICT when the name is taken, ERR_FORBIDDEN when registration is closed or the invite is not
 * good, ERR_BAD_REQUEST for a name that folds to nothing.
 * With the one-time admin link's code the account becomes admin, under any policy, once.
 */
NODISCARD enum err registration_apply(struct tx *tx, const struct ask *ask,
	const struct registration *in, struct arena *a, struct signed_in *out);

/* Whether there is an account with the role admin that is not suspended. As tx_one. */
NODISCARD enum err registration_has_admin(struct tx *tx, bool *out);

/* On the writer: keeps the hash of a new admin link's code; a link made earlier is worth nothing from now on. As tx_run. */
NODISCARD enum err registration_admin_link(struct tx *tx, const struct digest *code_hash);

#endif
