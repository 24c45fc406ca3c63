/* SPDX-License-Identifier: MIT
 *
 * change_password - POST /password: a new password; all other sessions end.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/login.h"
#include "app/http/route.h"

/* What attempts are counted by: no user can have such a name. */
#define ATTEMPTS_NAME "change password"

struct change_password_found {
	struct login login;
};

struct change_password_prepared {
	struct login login;
	char hash[PASSWORD_HASH_BYTES]; /* of the new one; empty when the current one is wrong */
};

struct change_password_out {
	struct password_changed changed;
};

enum err change_password_admit(
	struct route_ask *ask, const struct change_password *in, const char **sentence)
{
	(void)in;
	if (attempts_login(ask->site->attempts, STR(ATTEMPTS_NAME), ask->ask.address,
		    ask->ask.now_ms, &ask->retry_ms))
		return ERR_OK;
	*sentence = "The current password was wrong too often; try again later.";
	return ERR_RATE_LIMITED;
}

enum err change_password_read(struct tx *tx, const struct route_ask *ask,
	const struct change_password *in, struct arena *a, struct change_password_found **out)
{
	struct change_password_found *f = ARENA_NEW(a, struct change_password_found);

	(void)in;
	if (!f)
		return ERR_NOMEM;
	*out = f;
	return login_find_asker(tx, &ask->ask, &f->login);
}

enum err change_password_prepare(const struct route_ask *ask, const struct change_password *in,
	struct change_password_found *found, struct arena *a, struct change_password_prepared **out)
{
	struct change_password_prepared *p = ARENA_NEW(a, struct change_password_prepared);

	(void)ask;
	if (!p)
		return ERR_NOMEM;
	p->login = found->login;
	login_verify(&p->login, in->current);
	*out = p;
	return p->login.matches ? password_hash(in->new, p->hash) : ERR_OK;
}

enum err change_password_apply(struct tx *tx, const struct route_ask *ask,
	const struct change_password *in, struct arena *a, struct change_password_out **out)
{
	const struct change_password_prepared *p = ask->ask.prepared;
	struct change_password_out *o = ARENA_NEW(a, struct change_password_out);
	struct login login = p->login;

	(void)in;
	if (!o)
		return ERR_NOMEM;
	*out = o;
	login.new_hash = p->hash;
	return login_change_password(tx, &ask->ask, &login, a, &o->changed);
}

void change_password_announce(struct hub *hub, const struct route_ask *ask,
	const struct change_password *in, const struct change_password_out *out,
	struct empty *answer)
{
	(void)in;
	(void)answer;
	attempts_login_worked(ask->site->attempts, STR(ATTEMPTS_NAME), ask->ask.address);
	login_password_changed(hub, &ask->ask, &out->changed);
}

void change_password_refused(struct route_ask *ask, const struct change_password *in, enum err e)
{
	(void)in;
	if (e != ERR_FORBIDDEN)
		attempts_login_worked(ask->site->attempts, STR(ATTEMPTS_NAME), ask->ask.address);
}
