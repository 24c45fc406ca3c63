/* SPDX-License-Identifier: MIT
 *
 * date - a moment as RFC 3339 text in UTC with milliseconds: 2026-11-22T09:01:00.000Z.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

enum { DATE_TEXT_BYTES = 24 };

/* Writes 24 characters, no NUL. wall_ms: since 1970, from year 0 to 9999; outside, the nearest of the two. */
void date_text(int64_t wall_ms, char out[DATE_TEXT_BYTES]);

/* Reads exactly that form. ERR_BAD_REQUEST for anything else, or a day that does not exist. */
NODISCARD enum err date_parse(struct str text, int64_t *out);

#endif
