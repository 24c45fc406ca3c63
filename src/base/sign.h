/* SPDX-License-Identifier: MIT
 *
 * sign - paths that open for whoever has them, until they expire: path?exp=SECONDS&sig=SIGNATURE,
 * where the signature is BLAKE2b-256, keyed, over path and expiry. The key is kept in the database
 * (store/url_key.h).
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum {
	SIGN_DOWNLOAD_MS = 10 * 60 * 1000, /* addresses that DOWNLOAD_TRACK gives */
	SIGN_MEDIA_MS = 24 * 60 * 60 * 1000,
};

/*
 * The signed form of path, in the arena; it holds until now_ms + life_ms. A life of a day is
 * counted from the full hour, so that a picture keeps its address for a while and caches can do
 * their work. path: as in the request line, without a query. p is NULL without memory.
 */
struct str sign_path(const struct digest *key, struct str path, int64_t now_ms, int64_t life_ms,
	struct arena *a);

/* True when exp and sig, as they stood in the query, are our signature of path, and now_ms is
 * before exp. */
bool sign_holds(
	const struct digest *key, struct str path, struct str exp, struct str sig, int64_t now_ms);

#endif
