/* SPDX-License-Identifier: MIT
 *
 * music_connect - a CONNECT packet of /music: the token tells who it is.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/presence/presence_recovery.h"
#include "dispatch/verb.h"

struct music_connect_out {
	struct identity who;
	bool is_stale; /* the session: its use is to be written down */
	struct presence_recovery recovery;
};

enum err music_connect_apply(struct tx *tx, const struct ask *ask, const struct connect_auth *in,
	struct arena *a, struct music_connect_out **out)
{
	struct music_connect_out *o = ARENA_NEW(a, struct music_connect_out);
	struct session session;
	enum err e = o ? session_find(tx, in->token, ask->now_ms, &session) : ERR_NOMEM;

	if (e)
		return e;
	o->who = session.who;
	o->is_stale = session.is_stale;
	*out = o;
	return presence_recovery_load(tx, ask, &session, a, &o->recovery);
}

void music_connect_announce(struct hub *hub, const struct ask *ask, const struct connect_auth *in,
	const struct music_connect_out *out)
{
	(void)in;
	if (out->is_stale)
		hub_note_use(hub, ask, out->who.session_id);
	if (out->recovery.holds)
		presence_recovery_announce(hub, ask, &out->who, &out->recovery);
	else
		hub_accept(hub, ask, &out->who);
}
