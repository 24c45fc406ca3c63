/* SPDX-License-Identifier: MIT
 *
 * group_members - see group_members.h.
 *
 * Layer: chat.  Threads: as said at each function there.
 */
#include "chat/groups/group_members.h"

#include "accounts/presence.h"
#include "dispatch/seat.h"
#include "store/tx.h"

static const struct query count_groups = { "SELECT count(*) FROM member WHERE user_id = ?1" };
static const struct query add_row = {
	"INSERT INTO member (group_pk, user_id, joined_at) VALUES (?1, ?2, ?3)"
};
static const struct query remove_row = {
	"DELETE FROM member WHERE group_pk = ?1 AND user_id = ?2"
};
static const struct query count_members = {
	"UPDATE chat_group SET member_count = member_count + ?2 WHERE pk = ?1"
};

enum err group_members_add(
	struct tx *tx, const struct ask *ask, struct group_seen *g, struct uuid user_id)
{
	struct row *r;

	if (g->group.memberCount >= ask->limits->members_per_group)
		return tx_refuse(
			tx, ERR_TOO_LARGE, "The group has as many members as it may have.");
	enum err e = tx_one(tx, &count_groups, VALUES(of_uuid(user_id)), &r);
	if (e)
		return e;
	if (row_int(r, 0) >= ask->limits->groups_per_user)
		return tx_refuse(
			tx, ERR_TOO_LARGE, "The user is in as many groups as one may be in.");
	e = tx_run(tx, &add_row, VALUES(of_int(g->pk), of_uuid(user_id), of_int(ask->now_ms)));
	if (e)
		return e;
	g->group.memberCount++;
	return tx_run(tx, &count_members, VALUES(of_int(g->pk), of_int(1)));
}

enum err group_members_remove(struct tx *tx, const struct group_seen *g, struct uuid user_id)
{
	enum err e = tx_run(tx, &remove_row, VALUES(of_int(g->pk), of_uuid(user_id)));

	if (e)
		return e;
	if (tx_changes(tx) == 0)
		return tx_refuse(tx, ERR_NOT_FOUND, "The user is not a member.");
	return tx_run(tx, &count_members, VALUES(of_int(g->pk), of_int(-1)));
}

/* What a walk over a user's sockets of /music lets in. */
struct entering {
	struct hub *hub;
	struct uuid group_id;
};

static void enter_music(void *context, struct seat *seat)
{
	const struct entering *e = context;

	if (seat->entered)
		hub_join(e->hub, seat->socket, (struct room){ ROOM_GROUP, e->group_id });
}

void group_members_enter(struct hub *hub, const struct group *g, struct uuid user_id)
{
	struct entering e = { hub, g->id };

	hub_join_user(hub, NS_CHAT, user_id, (struct room){ ROOM_GROUP, g->id });
	if (g->kind != GROUP_KIND_CHANNEL) /* there it serves presence alone */
		hub_each_of_user(hub, NS_MUSIC, user_id, enter_music, &e);
	presence_group_added(hub_presence(hub), user_id,
		(struct presence_group){ g->id, g->kind == GROUP_KIND_CHANNEL });
}

/* What a walk over a user's sockets closes. */
struct closing {
	struct hub *hub;
	struct uuid group_id;
};

static void close_one(void *context, struct seat *seat)
{
	const struct closing *c = context;

	if (!seat->none_open && uuid_eq(seat->open_group, c->group_id)) {
		hub_leave(c->hub, seat->socket, (struct room){ ROOM_OPEN_GROUP, c->group_id });
		seat->none_open = true;
	}
}

void group_members_leave(struct hub *hub, const struct group *g, struct uuid user_id)
{
	struct closing c = { hub, g->id };

	hub_each_of_user(hub, NS_CHAT, user_id, close_one, &c);
	for (int ns = 0; ns < NS_COUNT; ns++)
		hub_leave_user(hub, (enum ns)ns, user_id, (struct room){ ROOM_GROUP, g->id });
	presence_group_removed(hub_presence(hub), user_id, g->id);
}

void group_members_open(struct hub *hub, uint64_t socket, struct uuid group_id)
{
	struct seat *seat = hub_seat(hub, socket);

	if (!seat)
		return;
	struct uuid before = group_row_or_lobby(seat->open_group);
	if (!seat->none_open)
		hub_leave(hub, socket, (struct room){ ROOM_OPEN_GROUP, before });
	hub_join(hub, socket, (struct room){ ROOM_OPEN_GROUP, group_id });
	seat->open_group = group_id;
	seat->none_open = false;
}
