/* SPDX-License-Identifier: MIT
 *
 * change_log - the rev of /music: one row for each thing, at the place of its last change (LIST_CHANGES).
 *
 * Layer: accounts.  Threads: the writer.
 */
#ifndef ACCOUNTS_CHANGE_LOG_H
#define ACCOUNTS_CHANGE_LOG_H

#include "base/attr.h"
#include "base/err.h"
#include "base/uuid.h"
#include "schema/payload.h"

struct tx;

/* Notes a change and gives its rev. `second`: of a rating the user, else NULL. As tx_run. */
NODISCARD enum err change_log_add(struct tx *tx, enum change_kind kind, struct uuid id,
	const struct uuid *second, int64_t *rev);

/* Forgets a thing altogether: what hung on something that has its own change. As tx_run. */
NODISCARD enum err change_log_forget(
	struct tx *tx, enum change_kind kind, struct uuid id, const struct uuid *second);

#endif
