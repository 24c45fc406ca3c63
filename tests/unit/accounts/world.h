/* SPDX-License-Identifier: MIT
 *
 * world - a store with some accounts, and steps that run in its transactions.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#ifndef UNIT_ACCOUNTS_WORLD_H
#define UNIT_ACCOUNTS_WORLD_H

#include "../store/store_fixture.h"
#include "accounts/registration.h"
#include "accounts/token.h"
#include "store/url_key.h"

struct world {
	struct store_fixture store;
	struct limits limits;
	struct arena a;
	int64_t now_ms;
	uint8_t next_id;
	const char *sentence; /* of the last step */
};

/* An ask of the user, with ids of its own. */
static inline struct ask world_ask(struct world *w, struct uuid user_id)
{
	struct ask ask = { .user_id = user_id, .now_ms = w->now_ms++, .limits = &w->limits };

	ask.fresh.b[0] = 1;
	ask.fresh.b[6] = 0x70;
	ask.fresh.b[8] = 0x80;
	ask.fresh.b[9] = ++w->next_id;
	return ask;
}

static inline enum err world_key(struct tx *tx, void *context)
{
	const struct digest key = { { 7 } };

	(void)context;
	return url_key_make(tx, &key);
}

static inline void world_init(struct world *w)
{
	*w = (struct world){ .limits = limits_default(), .now_ms = 1700000000000 };
	store_fixture_init(&w->store);
	assert_int_equal(store_fixture_write(&w->store, world_key, NULL, NULL), ERR_OK);
}

static inline void world_done(struct world *w)
{
	arena_done(&w->a);
	store_fixture_done(&w->store);
}

static inline enum err world_do(
	struct world *w, enum err (*fn)(struct tx *tx, void *context), void *context)
{
	return store_fixture_write(&w->store, fn, context, &w->sentence);
}

/* A registration as a step. */
struct world_registration {
	struct world *w;
	struct ask ask;
	struct registration in;
	struct signed_in out;
};

static inline enum err world_register_step(struct tx *tx, void *context)
{
	struct world_registration *r = context;

	return registration_apply(tx, &r->ask, &r->in, &r->w->a, &r->out);
}

static inline enum err world_register_with(
	struct world *w, struct registration in, struct signed_in *out)
{
	struct world_registration r = { w, world_ask(w, (struct uuid){ { 0 } }), in,
		{ .expires_ms = 0 } };

	if (!r.in.password_hash)
		r.in.password_hash = "hash";
	r.in.session.token_hash.b[0] = w->next_id;
	enum err e = world_do(w, world_register_step, &r);
	if (!e && out)
		*out = r.out;
	return e;
}

/* A new account that must work. */
static inline struct uuid world_user(struct world *w, const char *name)
{
	struct signed_in out;

	assert_int_equal(
		world_register_with(w, (struct registration){ .username = str_of(name) }, &out),
		ERR_OK);
	return out.user.id;
}

#endif
