/* SPDX-License-Identifier: MIT
 *
 * create_invite - POST /invites: a code that lets somebody make an account.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/invite.h"
#include "accounts/token.h"
#include "app/http/route.h"

enum { DAY_MS = 86400000, DAYS_DEFAULT = 7 };

struct create_invite_out {
	struct invite_info info;
};

enum err create_invite_apply(struct tx *tx, const struct route_ask *ask,
	const struct create_invite *in, struct arena *a, struct create_invite_out **out)
{
	struct create_invite_out *o = ARENA_NEW(a, struct create_invite_out);
	struct rng rng = rng_system();
	struct token token = token_new(&rng);
	int64_t days = in->days.set && !in->days.null ? in->days.v : DAYS_DEFAULT;

	if (!o)
		return ERR_NOMEM;
	o->info = (struct invite_info){
		.id = ask_id(&ask->ask, 0),
		.code = arena_dup(a, str_of(token.text)),
		.link = arena_printf(a, "/#/invite/%s", token.text),
		.usesLeft = in->uses.set && !in->uses.null ? in->uses.v : 1,
		.expiresAt = ask->ask.now_ms + days * DAY_MS,
		.createdBy = ask->ask.user_id,
		.createdAt = ask->ask.now_ms,
	};
	if (!o->info.code.p || !o->info.link.p)
		return ERR_NOMEM;
	*out = o;
	return invite_make(tx, &ask->ask, o->info.code, o->info.usesLeft, o->info.expiresAt);
}

void create_invite_announce(struct hub *hub, const struct route_ask *ask,
	const struct create_invite *in, const struct create_invite_out *out,
	struct invite_info *answer)
{
	(void)hub;
	(void)ask;
	(void)in;
	*answer = out->info;
}
