/* SPDX-License-Identifier: MIT
 *
 * table - uthash, told to return its failures: after HASH_ADD the element's hh.tbl is NULL without memory.
 * Always included through here, so that every file agrees.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#endif
