/* SPDX-License-Identifier: MIT
 *
 * rng - libsodium's generator.
 *
 * Layer: base.  Threads: any.
 */
#include "base/rng.h"

#include <sodium.h>
#include <stdlib.h>

static void fill(void *context, void *bytes, size_t n)
{
	(void)context;
	randombytes_buf(bytes, n);
}

struct rng rng_system(void)
{
	if (sodium_init() < 0)
		abort(); /* no source of randomness: nothing here is safe without one */
	return (struct rng){ .fill = fill, .context = NULL };
}
