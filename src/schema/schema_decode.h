/* SPDX-License-Identifier: MIT
 *
 * schema_decode - from JSON text to a payload's struct, checking every row.
 *
 * Layer: schema.  Threads: any; works on what it is given.
 */
#ifndef SCHEMA_SCHEMA_DECODE_H
#define SCHEMA_SCHEMA_DECODE_H

#include "base/arena.h"
#include "schema/schema.h"

struct schema_source {
	struct str json;               /* one JSON value */
	const struct str *attachments; /* what placeholders stand for; may be NULL */
	size_t attachment_count;
};

/*
 * Decodes one value into out, p->size zeroed bytes.
 *
 * Strings borrow from the source or lie in the arena; both must outlive out. Unknown members are
 * passed over, the last of equal ones counts. out is undefined after a failure.
 * ERR_BAD_REQUEST: *sentence (in the arena) names the field and says what it must be. ERR_NOMEM.
 */
NODISCARD enum err schema_decode(const struct payload *p, const struct schema_source *from,
	struct arena *a, void *out, struct str *sentence);

#endif
