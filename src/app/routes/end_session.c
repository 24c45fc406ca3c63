/* SPDX-License-Identifier: MIT
 *
 * end_session - DELETE /sessions/ID: signs out somewhere, or here.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/session.h"
#include "app/http/route.h"
#include "store/tx.h"

struct end_session_out {
	struct uuid id;
};

enum err end_session_apply(struct tx *tx, const struct route_ask *ask, const struct session_ref *in,
	struct arena *a, struct end_session_out **out)
{
	struct end_session_out *o = ARENA_NEW(a, struct end_session_out);

	if (!o)
		return ERR_NOMEM;
	*out = o;
	if (str_eq(in->id, STR("current")))
		o->id = ask->ask.session_id;
	else if (uuid_parse(in->id, &o->id))
		return tx_refuse(tx, ERR_BAD_REQUEST, "The session must be a UUID, or `current`.");
	return session_end(tx, &ask->ask, o->id);
}

void end_session_announce(struct hub *hub, const struct route_ask *ask,
	const struct session_ref *in, const struct end_session_out *out, struct empty *answer)
{
	struct uuid id = out->id;
	struct session_ids ended = { &id, 1 };

	(void)ask;
	(void)in;
	(void)answer;
	session_ended(hub, &ended);
}
