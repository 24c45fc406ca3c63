/* SPDX-License-Identifier: MIT
 *
 * change_user - PATCH /users/ID: an admin changes a role, or suspends.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/account.h"
#include "app/http/route.h"

struct change_user_out {
	struct account_changed changed;
};

enum err change_user_apply(struct tx *tx, const struct route_ask *ask, const struct change_user *in,
	struct arena *a, struct change_user_out **out)
{
	struct change_user_out *o = ARENA_NEW(a, struct change_user_out);
	struct account_change change = {
		.user_id = in->id,
		.role = { in->role.set && !in->role.null, in->role.v },
		.suspended = { in->suspended.set && !in->suspended.null, in->suspended.v },
	};

	if (!o)
		return ERR_NOMEM;
	*out = o;
	return account_change(tx, &ask->ask, &change, a, &o->changed);
}

void change_user_announce(struct hub *hub, const struct route_ask *ask,
	const struct change_user *in, const struct change_user_out *out, struct account *answer)
{
	(void)in;
	account_changed(hub, &ask->ask, &out->changed);
	*answer = (struct account){ out->changed.user, out->changed.is_suspended };
}
