/* SPDX-License-Identifier: MIT
 *
 * limits - every fixed bound on something that a stranger controls, from limits.def.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
#define LIMIT(id, value, unit, doc) id = value,
#include "base/limits.def"
#undef LIMIT
};

#endif
