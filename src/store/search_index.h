/* SPDX-License-Identifier: MIT
 *
 * search_index - makes an index of words anew from the rows that it is of, when the program makes other words of a
 * text than the one that filled it (SEARCH_VERSION), or a migration has emptied it.
 *
 * It goes in steps, a transaction each, and remembers in `meta` how far it is: an interrupted one goes on.
 *
 * Layer: store.  Threads: as store_run_now.
 */
#ifndef STORE_SEARCH_INDEX_H
#define STORE_SEARCH_INDEX_H

#include "base/attr.h"
#include "base/err.h"
#include "store/tx.h"

struct store;

/* An index, and where its words come from. */
struct search_source {
	const char *name; /* of the index, in `meta` */
	const struct text_index *index;
	struct query clear; /* empties it */
	struct query rows;  /* ?1 after which row, ?2 how many: rowid, scope, text */
	struct query last;  /* the last rowid that there is, or NULL */
};

/* Hears after each step how far it is, in rowids. */
struct search_progress {
	void (*fn)(void *context, const char *name, int64_t done, int64_t last);
	void *context;
};

/* Does nothing when the index is of today's words. At the start, before anybody writes. As store_run_now. */
NODISCARD enum err search_index_renew(struct store *s, const struct search_source *source,
	const struct search_progress *progress);

#endif
