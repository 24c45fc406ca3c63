/* SPDX-License-Identifier: MIT
 *
 * list_invites - GET /invites: those that still hold.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/invite.h"
#include "app/http/route.h"

enum err list_invites_read(struct tx *tx, const struct route_ask *ask, const struct empty *in,
	struct arena *a, struct invites *out)
{
	struct invite_list list;
	enum err e = invite_list(tx, &ask->ask, a, &list);

	(void)in;
	if (e)
		return e;
	struct invite_info *v = arena_array(a, list.n, sizeof *v);
	if (!v)
		return ERR_NOMEM;
	for (size_t i = 0; i < list.n; i++) {
		const struct invite *n = &list.v[i];
		struct str link = arena_printf(a, "/#/invite/" STR_FMT, STR_ARG(n->code));
		if (!link.p)
			return ERR_NOMEM;
		v[i] = (struct invite_info){ n->id, n->code, link, n->uses_left, n->expires_ms,
			n->created_by, n->created_ms };
	}
	out->invites.v = v;
	out->invites.n = list.n;
	return ERR_OK;
}
