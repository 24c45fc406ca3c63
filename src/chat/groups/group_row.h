/* SPDX-License-Identifier: MIT
 *
 * group_row - groups as they travel, from their rows; and the lobby, which is always there.
 *
 * Layer: chat.  Threads: any; group_row_read the job's.
 */
#ifndef CHAT_GROUP_ROW_H
#define CHAT_GROUP_ROW_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "schema/payload.h"
#include "store/search_index.h"

struct row;

/* The lobby's row number: its members are implied, so member has no rows of it. */
enum { GROUP_ROW_LOBBY_PK = 1 };

/* The columns that group_row_read takes, of a table chat_group. */
#define GROUP_ROW_COLUMNS                                                                          \
	"chat_group.id, chat_group.name, chat_group.kind, chat_group.creator_id,"                  \
	" chat_group.created_at, chat_group.member_count, chat_group.last_seq, chat_group.rev"
enum { GROUP_ROW_COLUMN_COUNT = 8 };

/* The id that migration 0004 gave the lobby. */
struct uuid group_row_lobby(void);

/* id itself; for the nil one, which stands for it, the lobby's. */
struct uuid group_row_or_lobby(struct uuid id);

/* Fills the payload from the row's columns, from `column` on; its name in the arena. ERR_NOMEM. */
NODISCARD enum err group_row_read(struct row *r, int column, struct arena *a, struct group *out);

/* What groups are found by: the words of their names. */
const struct search_source *group_row_search_source(void);

/* Indexes the name of a new group. As tx_index_add. */
NODISCARD enum err group_row_index(struct tx *tx, int64_t pk, struct str name);

#endif
