/* SPDX-License-Identifier: MIT
 *
 * rng - random bytes, handed in, so that a test can own them.
 *
 * Layer: base.  Threads: any, when the implementation's context allows it; rng_system does.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>

struct rng {
	void (*fill)(void *context, void *bytes, size_t n);
	void *context;
};

/* Fills n bytes. Does not fail: where the machine has no randomness, the program ends. */
static inline void rng_fill(const struct rng *r, void *bytes, size_t n)
{
	r->fill(r->context, bytes, n);
}

/* libsodium's generator: fit for secrets. */
struct rng rng_system(void);

#endif
