/* SPDX-License-Identifier: MIT
 *
 * mention - who is meant by the @names in a text.
 *
 * A name is a run of the characters that user names may have, behind an @ that no letter or digit precedes; where a run
 * is nobody's name, its beginnings that end between words are tried, the longest first ("@ann." means ann).
 *
 * Layer: chat.  Threads: the job's.
 */
#ifndef CHAT_MENTION_H
#define CHAT_MENTION_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "dispatch/ask.h"

struct tx;

/* What a member said in a group. */
struct mention_text {
	struct str text;
	int64_t group_pk;
	struct uuid author;
};

/* Those mentioned, each once, members of the group, without the author; at most MENTIONS_MAX names are looked up. As tx_one. */
NODISCARD enum err mention_find(
	struct tx *tx, const struct mention_text *in, struct arena *a, struct uuids *out);

#endif
