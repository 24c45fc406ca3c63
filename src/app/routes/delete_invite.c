/* SPDX-License-Identifier: MIT
 *
 * delete_invite - DELETE /invites/ID: takes an invite back.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/invite.h"
#include "app/http/route.h"

struct delete_invite_out {
	char none;
};

enum err delete_invite_apply(struct tx *tx, const struct route_ask *ask,
	const struct invite_ref *in, struct arena *a, struct delete_invite_out **out)
{
	*out = ARENA_NEW(a, struct delete_invite_out);
	return *out ? invite_delete(tx, &ask->ask, in->id) : ERR_NOMEM;
}

void delete_invite_announce(struct hub *hub, const struct route_ask *ask,
	const struct invite_ref *in, const struct delete_invite_out *out, struct empty *answer)
{
	(void)hub;
	(void)ask;
	(void)in;
	(void)out;
	(void)answer;
}
