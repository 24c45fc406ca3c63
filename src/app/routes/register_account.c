/* SPDX-License-Identifier: MIT
 *
 * register_account - POST /accounts: a new account and its first session.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/password.h"
#include "accounts/token.h"
#include "app/http/route.h"

struct register_account_found {
	char none;
};

struct register_account_prepared {
	char hash[PASSWORD_HASH_BYTES];
	struct token token;
};

struct register_account_out {
	struct signed_in who;
	struct str token;
};

static struct str display_name(const struct register_account *in)
{
	return in->displayName.set && !in->displayName.null ? in->displayName.v : STR("");
}

enum err register_account_admit(
	struct route_ask *ask, const struct register_account *in, const char **sentence)
{
	enum err e = registration_check(in->username, in->password, display_name(in), sentence);

	if (e)
		return e;
	if (attempts_registration(
		    ask->site->attempts, ask->ask.address, ask->ask.now_ms, &ask->retry_ms))
		return ERR_OK;
	*sentence = "Too many accounts were made from your address; try again later.";
	return ERR_RATE_LIMITED;
}

enum err register_account_read(struct tx *tx, const struct route_ask *ask,
	const struct register_account *in, struct arena *a, struct register_account_found **out)
{
	(void)tx;
	(void)ask;
	(void)in;
	*out = ARENA_NEW(a, struct register_account_found);
	return *out ? ERR_OK : ERR_NOMEM;
}

enum err register_account_prepare(const struct route_ask *ask, const struct register_account *in,
	struct register_account_found *found, struct arena *a,
	struct register_account_prepared **out)
{
	struct register_account_prepared *p = ARENA_NEW(a, struct register_account_prepared);
	struct rng rng = rng_system();

	(void)ask;
	(void)found;
	if (!p)
		return ERR_NOMEM;
	p->token = token_new(&rng);
	*out = p;
	return password_hash(in->password, p->hash);
}

enum err register_account_apply(struct tx *tx, const struct route_ask *ask,
	const struct register_account *in, struct arena *a, struct register_account_out **out)
{
	const struct register_account_prepared *p = ask->ask.prepared;
	struct register_account_out *o = ARENA_NEW(a, struct register_account_out);
	struct registration registration = {
		.policy = ask->site->policy,
		.username = in->username,
		.display_name = display_name(in),
		.invite = in->invite.set && !in->invite.null ? in->invite.v : STR(""),
		.password_hash = p->hash,
		.session = { token_hash(str_of(p->token.text)), ask->about },
	};

	if (!o)
		return ERR_NOMEM;
	o->token = str_of(p->token.text);
	*out = o;
	return registration_apply(tx, &ask->ask, &registration, a, &o->who);
}

void register_account_announce(struct hub *hub, const struct route_ask *ask,
	const struct register_account *in, const struct register_account_out *out,
	struct session_begun *answer)
{
	(void)ask;
	(void)in;
	session_ended(hub, &out->who.ended);
	*answer = (struct session_begun){ out->who.user, out->token, out->who.expires_ms };
}

void register_account_refused(struct route_ask *ask, const struct register_account *in, enum err e)
{
	(void)in;
	(void)e;
	attempts_registration_failed(ask->site->attempts, ask->ask.address);
}
