/* SPDX-License-Identifier: MIT
 *
 * blobs - the folder of blobs as the store itself sees it. Private to the store; others use blob.h.
 *
 * Layer: store.  Threads: as said at each function.
 */
#ifndef STORE_BLOBS_H
#define STORE_BLOBS_H

#include "base/clock.h"
#include "store/blob.h"
#include "store/tx_state.h"

/* Makes the folders below `data_folder` when they are not there. ERR_UNAVAILABLE, ERR_NOMEM. Any thread. */
NODISCARD enum err blobs_new(
	const char *data_folder, const struct clock *clock, struct blobs **out);
void blobs_free(struct blobs *b);

/* Removes unfinished files and those without a row. Before the threads start. */
NODISCARD enum err blobs_sweep(struct blobs *b, struct tx *tx);

/* Writer: what the jobs of the committed batch left to do: marks let go, files unlinked. */
void blobs_after_commit(struct blobs *b, struct tx *tx);

/* Writer, between batches: files whose row did not come within BLOB_MARK_MS. */
void blobs_expire_marks(struct blobs *b, struct tx *tx);

#endif
