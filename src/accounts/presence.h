/* SPDX-License-Identifier: MIT
 *
 * presence - who is connected, in /music and in /chat: counted by sockets, announced to those who should know.
 *
 * A user whose last socket was lost counts as present for presence_grace more. Whose status is `offline` is
 * announced and listed nowhere. A change goes to all while at most presence_fanout sockets would see it; above, to
 * those who share a private or direct group with the user, and to all a digest at most once a second
 * (protocol.md section 5.1).
 *
 * Layer: accounts.  Threads: the loop's.
 */
#ifndef ACCOUNTS_PRESENCE_H
#define ACCOUNTS_PRESENCE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "dispatch/hub.h"
#include "dispatch/seat.h"
#include "store/search.h"

struct presence;

/* limits live as long as the presence. ERR_NOMEM. */
NODISCARD enum err presence_new(const struct limits *limits, struct presence **out);

/* Where it announces. Once, before the first socket. */
void presence_bind(struct presence *p, struct hub *hub);

void presence_free(struct presence *p);

/* Ends the timers: no announcement any more. Before the hub goes. */
void presence_stop(struct presence *p);

/* A group of a user, lobby apart. A change above presence_fanout goes to the members of those that are no channel. */
struct presence_group {
	struct uuid id;
	bool is_channel;
};

struct presence_groups {
	const struct presence_group *v;
	size_t n;
};

/*
 * A seat has entered its namespace (/chat: by connecting, /music: by USER_CONNECT) and is in its rooms: counted,
 * and announced to the others when it is the user's first. user: as stored; its status the one set, `offline`
 * included. Both are copied. ERR_NOMEM: counted all the same, not announced.
 */
NODISCARD enum err presence_enter(struct presence *p, struct seat *seat, const struct user *user,
	const struct presence_groups *groups);

/* A seat goes; for dispatch's `left`. Its said_goodbye decides about the grace. */
void presence_leave(struct presence *p, struct seat *seat);

/*
 * The user's profile or status was stored: what is remembered changes. A status is announced by both namespaces
 * (USER_STATUS_CHANGED, USER_UPDATE) to all sockets but except_socket; going to and from `offline` as leaving and connecting.
 */
void presence_status(
	struct presence *p, const struct user *user, int64_t now_ms, uint64_t except_socket);

/* The profile alone; announces nothing. */
void presence_profile(struct presence *p, const struct user *user);

/* The user is now, or no longer, a member of a group. Nothing happens for a user who is not connected. */
void presence_group_added(struct presence *p, struct uuid user_id, struct presence_group group);
void presence_group_removed(struct presence *p, struct uuid user_id, struct uuid group_id);

/* Whether a connected user is a member of a group; lobby is not known here. */
bool presence_is_member(const struct presence *p, struct uuid user_id, struct uuid group_id);

/* True when the user is connected in a namespace (NS_COUNT: in any) and not invisible. */
bool presence_is_connected(const struct presence *p, enum ns ns, struct uuid user_id);

/* What others see as the user's status: the set one when connected anywhere, else offline. */
enum status presence_shown(const struct presence *p, struct uuid user_id, enum status set);

/* And as what one does: nothing of who is seen as offline, else the invisible could be told from the absent. */
static inline struct str presence_shown_text(enum status shown, struct str set)
{
	return shown == STATUS_OFFLINE ? STR("") : set;
}

/* Both for one user. */
void presence_show_one(const struct presence *p, struct user *user);

/* The same for users that a read made in its event's arena, which is why they may be changed: each but the asker. */
void presence_show(const struct presence *p, struct uuid asker, const struct user *users, size_t n);

/* A page of those connected in /music; the upper half says what is wanted, the lower what came. */
struct presence_page {
	struct search_needles needles; /* what the names must hold; none: all */
	struct str after;              /* folded: names behind this one; empty: from the first */
	size_t max;

	struct user *v; /* by folded username, in the arena, with room for one more */
	size_t n;
	bool more;
};
NODISCARD enum err presence_list(
	const struct presence *p, struct presence_page *page, struct arena *a);

/* How many users are connected in a namespace, the invisible not counted. */
size_t presence_count(const struct presence *p, enum ns ns);

#endif
