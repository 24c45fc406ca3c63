/* SPDX-License-Identifier: MIT
 *
 * sign - paths that open for whoever has them, for ten minutes: path?exp=SECONDS&user=ID&session=ID&sig=SIGNATURE. The
 * signature is BLAKE2b-256, keyed, over all of them; whoever checks it asks besides whether user and session still may. The
 * key is kept in the database (store/url_key.h).
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
#include "base/uuid.h"

enum { SIGN_LIFE_MS = 10 * 60 * 1000 };

/* What is signed. path: as in the request line, without a query. */
struct signed_path {
	struct str path;
	struct uuid user_id, session_id;
	int64_t until_s; /* seconds since 1970 */
};

/* When a signature made now ends. */
int64_t sign_until(int64_t now_ms);

/* The signed form, in the arena. p is NULL without memory. */
struct str sign_path(const struct digest *key, const struct signed_path *what, struct arena *a);

/* True when sig, as it stood in the query, is our signature of it, and now_ms is before its end. */
bool sign_holds(
	const struct digest *key, const struct signed_path *what, struct str sig, int64_t now_ms);

#endif
