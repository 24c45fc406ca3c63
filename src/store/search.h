/* SPDX-License-Identifier: MIT
 *
 * search - text to the words of the full-text index, and what a person typed to a query of it.
 *
 * Both sides are folded and split alike (base/fold/fold.h). Characters of scripts written without spaces, and emoji, are words
 * of their own, and a run of them in a query is a phrase, so that substrings are found. A name with a sign in it is
 * also indexed as one word: AC/DC as acdc. All words of a query must occur, the last one as a prefix; nothing in it
 * is an operator.
 *
 * Words of a scope (the group of a message) carry its code before them, so that a search in some scopes reads
 * nothing of the others: what it costs is bounded by what it may find, not by what the index holds.
 *
 * Layer: store.  Threads: any.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/* Grows when search_words gives other words of a text: then the indexes are made anew at the next start. */
enum { SEARCH_VERSION = 2 };

/* Characters that a scope's code takes; an index of prefixes counts them too. */
enum { SEARCH_CODE_CHARS = 6 };

/* The words of text, one space apart, in the arena or text itself. ERR_NOMEM. */
NODISCARD enum err search_words(struct str text, struct arena *a, struct str *out);

/* The right side of MATCH for a typed query; ERR_BAD_REQUEST when it has no word, ERR_NOMEM. */
NODISCARD enum err search_query(struct str typed, struct arena *a, struct str *out);

/* As search_query, for lists that may be narrowed: empty when nothing is typed; signs alone match no row. ERR_NOMEM. */
NODISCARD enum err search_names_query(struct str typed, struct arena *a, struct str *out);

/* The same words, as those of one scope, from 1 on. ERR_NOMEM; ERR_TOO_LARGE for a number that has no code: over 36^6. */
NODISCARD enum err search_scope_words(
	int64_t scope, struct str words, struct arena *a, struct str *out);

/* What search_query gave, asked of some scopes, at least one: a row of any of them is found. As above. */
NODISCARD enum err search_scope_query(
	const int64_t *scopes, size_t count, struct str query, struct arena *a, struct str *out);

/* --- the same without an index, for what is held in memory --- */

/* What a typed query looks for: all of v. An empty query is in every text, one of signs alone in none. */
struct search_needles {
	struct str *v;
	size_t n;
	bool is_none;
};

/* The query's needles, in the arena. ERR_NOMEM. */
NODISCARD enum err search_needles(struct str typed, struct arena *a, struct search_needles *out);

/* The words of text in the form that needles are looked for in, in the arena. ERR_NOMEM. */
NODISCARD enum err search_haystack(struct str text, struct arena *a, struct str *out);

/* Whether what search_haystack gave has all of the needles. */
bool search_needles_are_in(const struct search_needles *needles, struct str words);

#endif
