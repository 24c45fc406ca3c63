/* SPDX-License-Identifier: MIT
 *
 * engine_query - the query of a URL for the layers above: one value of it, or all as JSON.
 *
 * Layer: eio.  Threads: any.
 */
#ifndef EIO_ENGINE_QUERY_H
#define EIO_ENGINE_QUERY_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* The last value of a key whose name and value need no decoding; empty when there is none. Borrowed from the query. */
struct str engine_query_plain(struct str query, struct str key);

/* Appends {"key":"value",…}, decoded; of a key that comes again the last counts for JSON.parse. What is no UTF-8 is left out. ERR_NOMEM. */
NODISCARD enum err engine_query_json(struct str query, struct buf *out);

#endif
