/* SPDX-License-Identifier: MIT
 *
 * row - typed columns of a row that a query of tx.h stands on.
 *
 * Columns count from 0. A row is borrowed as tx.h says.
 *
 * Layer: store.  Threads: the job's.
 */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "base/uuid.h"

struct row;

/* Goes on to the next row; `more` is false behind the last. */
NODISCARD enum err row_next(struct row *r, bool *more);

bool row_is_null(struct row *r, int column);
int64_t row_int(struct row *r, int column);      /* 0 for NULL */
struct uuid row_uuid(struct row *r, int column); /* nil for NULL or another length */
struct str row_borrow(
	struct row *r, int column); /* text or bytes, until the row goes; empty for NULL */
bool row_digest(struct row *r, int column, struct digest *out); /* false for NULL */

/* Text or bytes in the arena; empty for NULL. ERR_NOMEM. */
NODISCARD enum err row_str(struct row *r, int column, struct arena *a, struct str *out);

#endif
