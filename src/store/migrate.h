/* SPDX-License-Identifier: MIT
 *
 * migrate - brings a database to the version that this program knows: sql/0001_….sql and on.
 *
 * The version is PRAGMA user_version: the number of migrations that were run. Private to the store.
 *
 * Layer: store.  Threads: one, before the others start.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

struct tx;

/*
 * Runs what is missing in one transaction. On failure a sentence is appended: ERR_CONFLICT when the file is newer than the
 * program, else as tx_run.
 */
NODISCARD enum err migrate_run(struct tx *tx, struct buf *sentence);

/* Changes nothing: ERR_CONFLICT with a sentence when the database is not of the program's version; else as tx_run. */
NODISCARD enum err migrate_check(struct tx *tx, struct buf *sentence);

#endif
