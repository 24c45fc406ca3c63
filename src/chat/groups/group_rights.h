/* SPDX-License-Identifier: MIT
 *
 * group_rights - who may do what in a group: member, creator, moderator.
 *
 * Layer: chat.  Threads: the job's.
 */
#ifndef CHAT_GROUP_RIGHTS_H
#define CHAT_GROUP_RIGHTS_H

#include "chat/groups/group_row.h"
#include "dispatch/ask.h"

struct tx;

/* A group as the asker sees it. */
struct group_seen {
	struct group group;
	int64_t pk;
	bool is_member; /* the asker */
};

/* id nil: the lobby. Refuses with ERR_NOT_FOUND; else as tx_one. */
NODISCARD enum err group_rights_see(struct tx *tx, const struct ask *ask, struct uuid id,
	struct arena *a, struct group_seen *out);

/* The same, and refuses with ERR_FORBIDDEN who is not a member. */
NODISCARD enum err group_rights_see_as_member(struct tx *tx, const struct ask *ask, struct uuid id,
	struct arena *a, struct group_seen *out);

/* The refusal of who is not a member. */
NODISCARD enum err group_rights_refuse_stranger(struct tx *tx);

bool group_rights_is_lobby(const struct group_seen *g);

/* Its creator, while a member, or a moderator of the server: may add and remove others. */
bool group_rights_manages(const struct ask *ask, const struct group_seen *g);

/* True when the user is a member. As tx_one. */
NODISCARD enum err group_rights_is_member(
	struct tx *tx, int64_t group_pk, struct uuid user_id, bool *out);

/* The group that a request means: the named one, else the one that is open on the socket. NULL, or why there is none: ERR_CONFLICT. */
const char *group_rights_meant(
	const struct ask *ask, bool is_named, struct uuid named, struct uuid *out);

#endif
