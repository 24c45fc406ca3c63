/* SPDX-License-Identifier: MIT
 *
 * hub_lost - sockets whose connection was lost and that may come back: each keeps its seat, so that what happens to its user,
 * session and groups meanwhile happens to it too.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#include "dispatch/state.h"

void hub_lost_add(struct hub *hub, struct seat *seat)
{
	seat->is_lost = true;
	seat->next_lost = seat->user_rate->lost;
	seat->user_rate->lost = seat;
	hub->stats.seats[seat->ns]--;
}

void hub_lost_take(struct hub *hub, struct seat *seat)
{
	struct seat **at = &seat->user_rate->lost;

	while (*at != seat)
		at = &(*at)->next_lost;
	*at = seat->next_lost;
	seat->is_lost = false;
	hub->stats.seats[seat->ns]++;
}

struct seat *hub_recover(struct hub *hub, const struct ask *ask, const struct identity *who)
{
	struct seat *seat = hub_seat(hub, ask->connect);
	const char *sentence;

	if (!seat || !seat->is_lost)
		return NULL;
	enum err e = hub_charge(hub, seat->user_rate, &sentence);
	if (e) {
		hub_refuse(hub, ask, e, sentence);
		return NULL;
	}
	if (!hub->o.wire->recover(hub->o.wire_impl, ask->connect, seat))
		return NULL;
	hub_lost_take(hub, seat);
	seat->role = who->role;
	seat->has_returned = true;
	return seat;
}

void hub_each_of_user(struct hub *hub, enum ns ns, struct uuid user_id,
	void (*fn)(void *context, struct seat *seat), void *context)
{
	struct user_rate *u;

	hub_each(hub, ns, (struct room){ ROOM_USER, user_id }, fn, context);
	HASH_FIND(hh, hub->users, &user_id, sizeof user_id, u);
	for (struct seat *seat = u ? u->lost : NULL, *next; seat; seat = next) {
		next = seat->next_lost;
		if (seat->ns == ns)
			fn(context, seat);
	}
}

void hub_lost_end_session(struct hub *hub, struct uuid session_id)
{
	struct user_rate *u, *following;

	HASH_ITER(hh, hub->users, u, following)
	{
		for (struct seat *seat = u->lost, *next; seat; seat = next) {
			next = seat->next_lost;
			if (uuid_eq(seat->session_id, session_id))
				hub->o.wire->end_lost(hub->o.wire_impl, seat->socket);
		}
	}
}

void hub_lost_end_user(struct hub *hub, struct uuid user_id)
{
	struct user_rate *u;

	HASH_FIND(hh, hub->users, &user_id, sizeof user_id, u);
	for (struct seat *seat = u ? u->lost : NULL, *next; seat; seat = next) {
		next = seat->next_lost;
		hub->o.wire->end_lost(hub->o.wire_impl, seat->socket);
	}
}
