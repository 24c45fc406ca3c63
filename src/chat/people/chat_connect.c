/* SPDX-License-Identifier: MIT
 *
 * chat_connect - a CONNECT packet of /chat: the session is checked, and the socket begins with its snapshot.
 *
 * The snapshot is read on the writer, so it has its place in the order of commits: what was committed before is in it, what
 * comes after is announced after this announce, in which the socket joins its rooms.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "accounts/presence/presence_recovery.h"
#include "chat/groups/group_members.h"
#include "chat/people/snapshot.h"
#include "dispatch/seat.h"
#include "dispatch/verb.h"

struct chat_connect_out {
	struct identity who;
	bool is_stale; /* the session: its use is to be written down */
	bool has_turned;
	struct presence_recovery
		recovery; /* where it holds, there is no snapshot: what was missed follows */
	struct snapshot *snapshot;
	struct presence_groups groups; /* of the snapshot, lobby apart */
};

static enum err list_groups(const struct snapshot *s, struct arena *a, struct presence_groups *out)
{
	struct presence_group *v = arena_array(a, s->groups.n, sizeof *v);
	size_t n = 0;

	if (!v)
		return ERR_NOMEM;
	for (size_t i = 0; i < s->groups.n; i++) {
		const struct group *g = &s->groups.v[i];
		if (!uuid_eq(g->id, group_row_lobby()))
			v[n++] = (struct presence_group){ g->id, g->kind == GROUP_KIND_CHANNEL };
	}
	*out = (struct presence_groups){ v, n };
	return ERR_OK;
}

enum err chat_connect_apply(struct tx *tx, const struct ask *ask, const struct connect_auth *in,
	struct arena *a, struct chat_connect_out **out)
{
	struct chat_connect_out *made = ARENA_NEW(a, struct chat_connect_out);
	struct ask as_user = *ask;
	struct session session;

	if (!made || !(made->snapshot = ARENA_NEW(a, struct snapshot)))
		return ERR_NOMEM;
	enum err e = session_find(tx, in->token, ask->now_ms, &session);
	if (e)
		return e;
	made->who = session.who;
	made->is_stale = session.is_stale;
	made->has_turned = session.has_turned;
	as_user.user_id = session.who.user_id;
	*out = made;
	e = presence_recovery_load(tx, ask, &session, a, &made->recovery);
	if (e || made->recovery.holds)
		return e;
	e = snapshot_load(tx, &as_user, a, made->snapshot);
	return e ? e : list_groups(made->snapshot, a, &made->groups);
}

/* DATA_RECEIVED `snapshot`, the socket's first event. ERR_NOMEM. */
static enum err send_snapshot(
	struct hub *hub, const struct ask *ask, uint64_t socket, const struct snapshot *s)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	struct json_writer w = json_write_into(&text);

	schema_encode(schema_payload(STR("snapshot")), s, &w, NULL);
	if (buf_failed(&text))
		return ERR_NOMEM;
	const struct data_received event = { STR("snapshot"), buf_str(&text), ask->now_ms };
	hub_emit_socket(hub, EVENT_chat_data_received, &event, socket);
	return ERR_OK;
}

void chat_connect_announce(struct hub *hub, const struct ask *ask, const struct connect_auth *in,
	const struct chat_connect_out *out)
{
	const struct snapshot *s = out->snapshot;

	(void)in;
	if (out->is_stale)
		hub_note_use(hub, ask, out->who.session_id);
	if (out->recovery.holds) {
		presence_recovery_announce(hub, ask, &out->who, &out->recovery);
		return;
	}
	struct seat *seat = hub_accept(hub, ask, &out->who);
	if (!seat)
		return;
	snapshot_show(hub, out->snapshot);
	if (send_snapshot(hub, ask, seat->socket, s)) {
		hub_disconnect(hub, seat->socket);
		return;
	}
	hub_join(hub, seat->socket, (struct room){ .kind = ROOM_NAMESPACE });
	for (size_t i = 0; i < s->groups.n; i++)
		hub_join(hub, seat->socket, (struct room){ ROOM_GROUP, s->groups.v[i].id });
	if (out->has_turned)
		seat->none_open =
			true; /* what is meant for another group must not go to everybody */
	else
		group_members_open(hub, seat->socket, group_row_lobby());
	if (presence_enter(hub_presence(hub), seat, &s->me, &out->groups))
		return; /* without memory the user is counted all the same, and not announced */
}
