/* SPDX-License-Identifier: MIT
 *
 * message_row - messages as they travel, from their rows, with files, tracks and reactions; their words in the index.
 *
 * Layer: chat.  Threads: the job's.
 */
#ifndef CHAT_MESSAGE_ROW_H
#define CHAT_MESSAGE_ROW_H

#include "accounts/media.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "schema/payload.h"

struct indexed;
struct row;
struct search_source;
struct tx;

/* The columns that message_row_read takes, and where they are from. */
#define MESSAGE_ROW_COLUMNS                                                                        \
	"message.pk, message.id, chat_group.id, message.seq, message.rev, message.user_id,"        \
	" message.text, message.at, message.client_id, message.reply_to, message.edited_at,"       \
	" message.deleted_at, message.extras"
#define MESSAGE_ROW_FROM " FROM message JOIN chat_group ON chat_group.pk = message.group_pk "

/* Bits of message.extras: which other tables have rows of it. */
enum {
	MESSAGE_ROW_FILES = 1,
	MESSAGE_ROW_TRACKS = 2,
	MESSAGE_ROW_REACTIONS = 4,
};

/* The bounds of the lists in a message, as in payloads.def. */
enum { MESSAGE_ROW_FILES_MAX = 10, MESSAGE_ROW_TRACKS_MAX = 10, MESSAGE_ROW_GIVERS_MAX = 1000 };

/* Several messages, and whether the query had more. */
struct message_row_list {
	struct message *v; /* in the arena */
	size_t n;
	bool more;
	int64_t last_pk; /* row number of the last one; 0 without any */
};

/* How many are read, and what for. */
struct message_row_page {
	size_t max;
	struct arena *a;
};

/*
 * Reads at most page->max rows, fewer where ANSWER_BYTES_MAX is reached, but one; the query should ask for max + 1. Strings
 * in the arena. As row_next, tx_rows.
 */
NODISCARD enum err message_row_list(struct tx *tx, struct row *r,
	const struct message_row_page *page, struct message_row_list *out);

/* The files of a message, and the tracks of it that are still published. As tx_rows. */
NODISCARD enum err message_row_files(
	struct tx *tx, int64_t pk, struct arena *a, struct message *out);
NODISCARD enum err message_row_tracks(
	struct tx *tx, int64_t pk, struct arena *a, struct message *out);

/*
 * Puts the words of a stored message in the index, or takes them out, as its text was: rowid is its pk, scope its
 * group's. As tx_index_add.
 */
NODISCARD enum err message_row_index(struct tx *tx, const struct indexed *row);
NODISCARD enum err message_row_unindex(struct tx *tx, const struct indexed *row);

/* The rows of the index, for making it anew. */
const struct search_source *message_row_search_source(void);

#endif
