/* SPDX-License-Identifier: MIT
 *
 * limits - the defaults.
 *
 * Layer: base.  Threads: any.
 */
#include "base/limits.h"

struct limits limits_default(void)
{
	return (struct limits){
#define LIMIT(...)
#define SETTABLE(id, value, least, most, unit, doc) .id = value,
#include "base/limits.def"
#undef LIMIT
#undef SETTABLE
	};
}
