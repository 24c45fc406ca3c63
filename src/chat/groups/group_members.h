/* SPDX-License-Identifier: MIT
 *
 * group_members - users become members of groups and cease to be: rows, rooms, presence.
 *
 * Layer: chat.  Threads: as said at each function.
 */
#ifndef CHAT_GROUP_MEMBERS_H
#define CHAT_GROUP_MEMBERS_H

#include "chat/groups/group_rights.h"
#include "dispatch/hub.h"

/*
 * On the writer: one more member, who exists and is none yet; g->group.memberCount follows. Refuses with ERR_TOO_LARGE over
 * limits->members_per_group or the user's limits->groups_per_user; else as tx_run.
 */
NODISCARD enum err group_members_add(
	struct tx *tx, const struct ask *ask, struct group_seen *g, struct uuid user_id);

/* On the writer: one less. Refuses with ERR_NOT_FOUND when the user is no member; else as tx_run. */
NODISCARD enum err group_members_remove(
	struct tx *tx, const struct group_seen *g, struct uuid user_id);

/* On the loop: the user's sockets hear the group from now on; presence knows who shares it. */
void group_members_enter(struct hub *hub, const struct group *g, struct uuid user_id);

/* On the loop: they do not any more; where it was open, no group is. */
void group_members_leave(struct hub *hub, const struct group *g, struct uuid user_id);

/* On the loop: one socket has this group open from now on, and no other. */
void group_members_open(struct hub *hub, uint64_t socket, struct uuid group_id);

#endif
