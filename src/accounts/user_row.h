/* SPDX-License-Identifier: MIT
 *
 * user_row - users as they travel, from their rows.
 *
 * Layer: accounts.  Threads: the job's.
 */
#ifndef ACCOUNTS_USER_ROW_H
#define ACCOUNTS_USER_ROW_H

#include "accounts/media.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "schema/payload.h"
#include "store/search_index.h"

struct row;
struct tx;

/* What one is called. */
struct user_names {
	struct str username, display_name;
};

/* The columns that user_row_read takes, of a table or alias `user`. */
#define USER_ROW_COLUMNS                                                                           \
	"user.id, user.username, user.display_name, user.bio, user.avatar IS NOT NULL, "           \
	"user.status,"                                                                             \
	" user.status_text, user.role, user.created_at"
enum { USER_ROW_COLUMN_COUNT = 9 };

/* Fills the payload from the row's columns, from `column` on; strings in the arena. ERR_NOMEM. */
NODISCARD enum err user_row_read(struct row *r, int column, struct arena *a, struct user *out);

/* One user. ERR_NOT_FOUND, refused with a sentence; else as tx_one. */
NODISCARD enum err user_row_load(struct tx *tx, struct uuid id, struct arena *a, struct user *out);

/* What people are found by: the words of both names. */
const struct search_source *user_row_search_source(void);

/* The name to show of a user is new: before (NULL: there was none) and now; pk is the row's. As tx_index_add. */
NODISCARD enum err user_row_index(
	struct tx *tx, int64_t pk, const struct user_names *before, const struct user_names *now);

/* True when there is such an account. As tx_one. */
NODISCARD enum err user_row_exists(struct tx *tx, struct uuid id, bool *out);

#endif
