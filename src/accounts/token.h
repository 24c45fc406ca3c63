/* SPDX-License-Identifier: MIT
 *
 * token - the secrets of sessions and invites: 256 random bits as base64url; the database keeps BLAKE2b-256 alone.
 *
 * Layer: accounts.  Threads: any.
 */
#ifndef ACCOUNTS_TOKEN_H
#define ACCOUNTS_TOKEN_H

#include "base/hash.h"
#include "base/rng.h"
#include "base/str.h"

enum { TOKEN_TEXT_BYTES = 43 };

struct token {
	char text[TOKEN_TEXT_BYTES + 1]; /* NUL-terminated */
};

struct token token_new(const struct rng *rng);

/* What the database knows it by. */
struct digest token_hash(struct str text);

#endif
