/* SPDX-License-Identifier: MIT
 *
 * err - the one list of things that can go wrong, expanded from errors.def.
 *
 * What can fail returns enum err, is NODISCARD, and is tested at once. A broken promise between our
 * own functions is an assert, not an err.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/attr.h"

enum err {
#define ERR(id, wire, http, title, doc) ERR_##id,
#include "base/errors.def"
#undef ERR
	ERR_COUNT
};

/* The code that travels in `errorCode`, as "not_found". Never NULL. */
const char *err_wire(enum err e);

/* The HTTP status that goes with it, as 404. */
int err_http(enum err e);

/* Two words for a problem document's title. Never NULL. */
const char *err_title(enum err e);

/* One sentence for a person, when nothing more precise is known. Never NULL. */
const char *err_doc(enum err e);

#endif
