/* SPDX-License-Identifier: MIT
 *
 * list_sessions - GET /sessions: where the user is signed in.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/session.h"
#include "app/http/route.h"

enum err list_sessions_read(struct tx *tx, const struct route_ask *ask, const struct empty *in,
	struct arena *a, struct sessions *out)
{
	struct session_list list;
	enum err e = session_list(tx, &ask->ask, a, &list);

	(void)in;
	if (e)
		return e;
	struct session_info *v = arena_array(a, list.n, sizeof *v);
	if (!v)
		return ERR_NOMEM;
	for (size_t i = 0; i < list.n; i++) {
		const struct session_listed *s = &list.v[i];
		v[i] = (struct session_info){ s->id, s->about, s->created_ms, s->used_ms,
			s->expires_ms, uuid_eq(s->id, ask->ask.session_id) };
	}
	out->sessions.v = v;
	out->sessions.n = list.n;
	return ERR_OK;
}
