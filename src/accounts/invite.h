/* SPDX-License-Identifier: MIT
 *
 * invite - invites: codes that let somebody make an account. For admins.
 *
 * Layer: accounts.  Threads: the job's.
 */
#ifndef ACCOUNTS_INVITE_H
#define ACCOUNTS_INVITE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "dispatch/ask.h"

struct tx;

enum { INVITE_USES_MAX = 1000, INVITE_DAYS_MAX = 365, INVITE_LIST_MAX = 1000 };

struct invite {
	struct uuid id;
	struct str code; /* the link is …/#/invite/CODE, or what the web application makes of it */
	int64_t uses_left, expires_ms, created_ms;
	struct uuid created_by;
};

struct invite_list {
	struct invite *v;
	size_t n;
};

/*
 * On the writer: a new one with id ask_id(ask, 0). Refuses: ERR_FORBIDDEN but for an admin, ERR_BAD_REQUEST when uses is
 * outside 1..INVITE_USES_MAX or expires_ms is not within INVITE_DAYS_MAX from now. `code`: a token_new()'s text.
 */
NODISCARD enum err invite_make(
	struct tx *tx, const struct ask *ask, struct str code, int64_t uses, int64_t expires_ms);

/* Those that are still good, the newest first. Refuses: ERR_FORBIDDEN but for an admin. */
NODISCARD enum err invite_list(
	struct tx *tx, const struct ask *ask, struct arena *a, struct invite_list *out);

/* On the writer. Refuses: ERR_FORBIDDEN but for an admin, ERR_NOT_FOUND. */
NODISCARD enum err invite_delete(struct tx *tx, const struct ask *ask, struct uuid id);

/* On the writer: one use of it is gone. ERR_NOT_FOUND when the code is not good. */
NODISCARD enum err invite_use(struct tx *tx, struct str code, int64_t now_ms);

#endif
