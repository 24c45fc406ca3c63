/* SPDX-License-Identifier: MIT
 *
 * amend - one change to the database of a data folder from a process of its own, while a server runs on that
 * folder or not: for the operator's commands.
 *
 * Layer: store.  Threads: one.
 */
#ifndef STORE_AMEND_H
#define STORE_AMEND_H

#include "base/buf.h"
#include "base/clock.h"
#include "store/store.h"

/*
 * Runs the job in one transaction, flushed when this returns ERR_OK. On failure one sentence for the operator is
 * appended to `sentence`: ERR_NOT_FOUND when no server has made the database yet, ERR_CONFLICT when it is of another
 * version, ERR_UNAVAILABLE, ERR_NOMEM, or what the job returns.
 */
NODISCARD enum err amend_run(
	const char *folder, const struct clock *clock, struct store_job *job, struct buf *sentence);

#endif
