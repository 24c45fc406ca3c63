/* SPDX-License-Identifier: MIT
 *
 * search - text to the words of the full-text index, and what a person typed to a query of it.
 *
 * Both sides are folded (NFKC_Casefold) and split alike; each Chinese, Japanese or Korean character is a word
 * of its own, and a run of them in a query is a phrase, so that substrings are found. All words of a query must
 * occur, the last one as a prefix; nothing in it is an operator.
 *
 * Layer: store.  Threads: any.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/* The words of text, one space apart, in the arena or text itself. ERR_NOMEM. */
NODISCARD enum err search_words(struct str text, struct arena *a, struct str *out);

/* The right side of MATCH for a typed query; ERR_BAD_REQUEST when it has no word, ERR_NOMEM. */
NODISCARD enum err search_query(struct str typed, struct arena *a, struct str *out);

#endif
