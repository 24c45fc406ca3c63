/* SPDX-License-Identifier: MIT
 *
 * sign_in - POST /sessions: a new session of an account.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/login.h"
#include "accounts/token.h"
#include "app/http/route.h"

struct sign_in_found {
	struct login login;
};

struct sign_in_prepared {
	struct login login;
	struct token token;
};

struct sign_in_out {
	struct signed_in who;
	struct str token;
};

enum err sign_in_admit(struct route_ask *ask, const struct sign_in *in, const char **sentence)
{
	if (attempts_login(ask->site->attempts, in->username, ask->ask.address, ask->ask.now_ms,
		    &ask->retry_ms)) {
		ask->delay_ms = attempts_login_delay(
			ask->site->attempts, in->username, ask->ask.address, ask->ask.now_ms);
		return ERR_OK;
	}
	*sentence = "Too many logins have failed; try again later.";
	return ERR_RATE_LIMITED;
}

enum err sign_in_read(struct tx *tx, const struct route_ask *ask, const struct sign_in *in,
	struct arena *a, struct sign_in_found **out)
{
	struct sign_in_found *f = ARENA_NEW(a, struct sign_in_found);

	(void)ask;
	if (!f)
		return ERR_NOMEM;
	*out = f;
	return login_find(tx, in->username, a, &f->login);
}

enum err sign_in_prepare(const struct route_ask *ask, const struct sign_in *in,
	struct sign_in_found *found, struct arena *a, struct sign_in_prepared **out)
{
	struct sign_in_prepared *p = ARENA_NEW(a, struct sign_in_prepared);
	struct rng rng = rng_system();

	(void)ask;
	if (!p)
		return ERR_NOMEM;
	p->login = found->login;
	p->token = token_new(&rng);
	login_verify(&p->login, in->password);
	*out = p;
	return ERR_OK;
}

enum err sign_in_apply(struct tx *tx, const struct route_ask *ask, const struct sign_in *in,
	struct arena *a, struct sign_in_out **out)
{
	const struct sign_in_prepared *p = ask->ask.prepared;
	struct login login = p->login;
	struct sign_in_out *o = ARENA_NEW(a, struct sign_in_out);

	(void)in;
	if (!o)
		return ERR_NOMEM;
	o->token = str_of(p->token.text);
	*out = o;
	login.session.token_hash = token_hash(str_of(p->token.text));
	login.session.about = ask->about;
	return login_apply(tx, &ask->ask, &login, a, &o->who);
}

void sign_in_announce(struct hub *hub, const struct route_ask *ask, const struct sign_in *in,
	const struct sign_in_out *out, struct session_begun *answer)
{
	attempts_login_worked(ask->site->attempts, in->username, ask->ask.address);
	attempts_login_known(ask->site->attempts, in->username, ask->ask.address);
	session_ended(hub, &out->who.ended);
	*answer = (struct session_begun){ out->who.user, out->token, out->who.expires_ms };
}

void sign_in_refused(struct route_ask *ask, const struct sign_in *in, enum err e)
{
	if (e != ERR_UNAUTHORIZED) /* the password was not what failed */
		attempts_login_worked(ask->site->attempts, in->username, ask->ask.address);
}
