/* SPDX-License-Identifier: MIT
 *
 * uuid - 16 bytes, and the lower-case text form of RFC 9562 section 4.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/rng.h"
#include "base/str.h"

enum { UUID_TEXT_BYTES = 36 };

struct uuid {
	uint8_t b[16]; /* network order, so that memcmp sorts version 7 by time */
};

static inline bool uuid_eq(struct uuid a, struct uuid b)
{
	return memcmp(a.b, b.b, sizeof a.b) == 0;
}

/* True for the all-zero one, which stands for "none" where a field says so. */
bool uuid_is_nil(struct uuid u);

/* Version 7 (RFC 9562 section 5.7): the time in milliseconds since 1970, then random bits. */
struct uuid uuid_v7(int64_t now_ms, const struct rng *r);

/* The id n places after u: same time, same version; for the further ids of one event. */
struct uuid uuid_plus(struct uuid u, uint32_t n);

/* Writes 36 lower-case characters, no NUL. */
void uuid_text(struct uuid u, char out[UUID_TEXT_BYTES]);

/* Reads exactly the lower-case text form, any version. ERR_BAD_REQUEST for anything else. */
NODISCARD enum err uuid_parse(struct str text, struct uuid *out);

#endif
