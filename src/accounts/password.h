/* SPDX-License-Identifier: MIT
 *
 * password - passwords as Argon2id (RFC 9106) with 19 MiB and 2 passes, by libsodium.
 *
 * Layer: accounts.  Threads: any; blocks for tens of milliseconds, so a worker.
 */
#ifndef ACCOUNTS_PASSWORD_H
#define ACCOUNTS_PASSWORD_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

enum { PASSWORD_HASH_BYTES = 128, PASSWORD_MIN = 8, PASSWORD_MAX = 1024 };

/* Writes the hash with its salt and parameters as NUL-terminated text. ERR_NOMEM. */
NODISCARD enum err password_hash(struct str password, char out[PASSWORD_HASH_BYTES]);

/* Exactly one Argon2id computation, whatever the result. */
bool password_matches(const char *hash, struct str password);

/* A hash with the same cost that no password is known for: verified in place of an unknown account's. */
const char *password_decoy(void);

#endif
