/* SPDX-License-Identifier: MIT
 *
 * group_file - the end of a group's file: its row goes, its blob has one reference less, its bytes leave the quota.
 *
 * Layer: files.  Threads: the writer.
 */
#ifndef FILES_GROUP_FILE_H
#define FILES_GROUP_FILE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/uuid.h"

struct tx;

/* Nothing happens when there is no such file. As tx_run. */
NODISCARD enum err group_file_drop(struct tx *tx, struct uuid id);

/* The same, unless a message carries it. */
NODISCARD enum err group_file_drop_unless_carried(struct tx *tx, struct uuid id);

/* Drops files that no message has carried within FILE_UNSENT_MAX of their coming, at most so many. As tx_run. */
enum { GROUP_FILE_SWEEP_MAX = 100 };
NODISCARD enum err group_file_sweep(struct tx *tx, int64_t now_ms);

#endif
