/* SPDX-License-Identifier: MIT
 *
 * password - see password.h.
 *
 * Layer: accounts.  Threads: any.
 */
#include "accounts/password.h"

#include <assert.h>
#include <sodium.h>

enum { MEMORY_BYTES = 19 * 1024 * 1024, PASSES = 2 };

static_assert(PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES, "the hash has libsodium's form");

enum err password_hash(struct str password, char out[PASSWORD_HASH_BYTES])
{
	int failed = crypto_pwhash_str_alg(
		out, password.p, password.n, PASSES, MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13);

	return failed ? ERR_NOMEM : ERR_OK;
}

bool password_matches(const char *hash, struct str password)
{
	return crypto_pwhash_str_verify(hash, password.p, password.n) == 0;
}

const char *password_decoy(void)
{
	/* Of 32 random bytes that nobody kept. */
	return "$argon2id$v=19$m=19456,t=2,p=1$y+lerMWFF4SEGMNJdQ8VoQ$exfjuqby+"
	       "KNABsgov2q2SdQFzJlq0eHYkKtvcViB/lM";
}
