/* SPDX-License-Identifier: MIT
 *
 * url_key - the key of signed paths (base/sign.h), a row of `meta` that survives restarts.
 *
 * Layer: store.  Threads: the job's.
 */
#ifndef STORE_URL_KEY_H
#define STORE_URL_KEY_H

#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"

struct tx;

/* Makes the key when there is none yet: `fresh` then becomes it. A job at start. As tx_run. */
NODISCARD enum err url_key_make(struct tx *tx, const struct digest *fresh);

/* Replaces it: what was signed before opens nothing any more. As tx_run. */
NODISCARD enum err url_key_rotate(struct tx *tx, const struct digest *fresh);

/* The key. As tx_one; ERR_NOT_FOUND only when it was never made. */
NODISCARD enum err url_key_get(struct tx *tx, struct digest *out);

#endif
