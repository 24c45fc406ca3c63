/* SPDX-License-Identifier: MIT
 *
 * music_connect - a CONNECT packet of /music: the token tells who it is.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/session.h"
#include "dispatch/verb.h"

struct music_connect_out {
	struct identity who;
};

enum err music_connect_apply(struct tx *tx, const struct ask *ask, const struct connect_auth *in,
	struct arena *a, struct music_connect_out **out)
{
	struct music_connect_out *o = ARENA_NEW(a, struct music_connect_out);
	struct session session;
	enum err e = o ? session_find(tx, in->token, ask->now_ms, &session) : ERR_NOMEM;

	if (!e && session.is_stale)
		e = session_renew(tx, session.who.session_id, ask->now_ms);
	if (e)
		return e;
	o->who = session.who;
	*out = o;
	return ERR_OK;
}

void music_connect_announce(struct hub *hub, const struct ask *ask, const struct connect_auth *in,
	const struct music_connect_out *out)
{
	(void)in;
	hub_accept(hub, ask, &out->who);
}
