/* SPDX-License-Identifier: MIT
 *
 * limits - every bound on something that a stranger controls, from limits.def.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdint.h>

enum {
#define LIMIT(id, value, unit, doc) id = value,
#define SETTABLE(...)
#include "base/limits.def"
#undef LIMIT
#undef SETTABLE
};

/* Those that the configuration sets: struct limits { int64_t max_payload; … }. */
struct limits {
#define LIMIT(...)
#define SETTABLE(id, value, least, most, unit, doc) int64_t id;
#include "base/limits.def"
#undef LIMIT
#undef SETTABLE
};

/* Each at its default. */
struct limits limits_default(void);

#endif
