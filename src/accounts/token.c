/* SPDX-License-Identifier: MIT
 *
 * token - see token.h.
 *
 * Layer: accounts.  Threads: any.
 */
#include "accounts/token.h"

struct token token_new(const struct rng *rng)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned char bytes[33] = { 0 }; /* the 256 bits, and a byte of zeros for the last digit */
	struct token t = { "" };

	rng_fill(rng, bytes, 32);
	for (size_t i = 0; i < TOKEN_TEXT_BYTES; i++) {
		size_t bit = i * 6;
		unsigned pair = (unsigned)bytes[bit / 8] << 8 |
		                (bit / 8 + 1 < sizeof bytes ? bytes[bit / 8 + 1] : 0U);
		t.text[i] = digits[pair >> (10 - bit % 8) & 63];
	}
	return t;
}

struct digest token_hash(struct str text)
{
	return hash_blake2b(text, NULL);
}
