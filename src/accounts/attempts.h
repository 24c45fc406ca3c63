/* SPDX-License-Identifier: MIT
 *
 * attempts - failed logins and registrations by address, bounded, in memory.
 *
 * Layer: accounts.  Threads: the loop's.
 */
#ifndef ACCOUNTS_ATTEMPTS_H
#define ACCOUNTS_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

struct attempts;

NODISCARD enum err attempts_new(const struct limits *limits, struct attempts **out); /* ERR_NOMEM */
void attempts_free(struct attempts *t);

/*
 * Before a login: counts it, and says false when address or account and address have failed too often in the last
 * 10 minutes: then ERR_RATE_LIMITED, nothing is verified, and in *retry_ms it may be tried again. An empty
 * address (none that may be believed) is not limited. The account is compared folded where it folds.
 */
bool attempts_login(struct attempts *t, struct str username, struct str address, int64_t now_ms,
	int64_t *retry_ms);

/*
 * How long the answer to a login that attempts_login let pass is to wait: longer the more have failed on this account from
 * all addresses together, so that guessing from many is slow too; 0 for an address of attempts_login_known. Nobody is
 * refused for what others do.
 */
int64_t attempts_login_delay(
	struct attempts *t, struct str username, struct str address, int64_t now_ms);

/* Somebody has signed in to the account from there. In memory: a restart forgets. */
void attempts_login_known(struct attempts *t, struct str username, struct str address);

/* The login went well: it does not count. */
void attempts_login_worked(struct attempts *t, struct str username, struct str address);

/* Before a registration: counts it, and says false above limits->registrations an hour. */
bool attempts_registration(
	struct attempts *t, struct str address, int64_t now_ms, int64_t *retry_ms);

/* The registration was refused for another reason: it does not count. */
void attempts_registration_failed(struct attempts *t, struct str address);

#endif
