/* SPDX-License-Identifier: MIT
 *
 * test_accounts - names, policies, invites, the admin link, login, sessions, roles, notifications.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "accounts/account.h"
#include "accounts/invite.h"
#include "accounts/login.h"
#include "accounts/notify.h"
#include "accounts/password.h"
#include "world.h"

/* --- passwords and tokens --- */

static void a_password_matches_its_own_hash_alone(void **state)
{
	char hash[PASSWORD_HASH_BYTES], again[PASSWORD_HASH_BYTES];

	(void)state;
	assert_int_equal(password_hash(STR("correct horse"), hash), ERR_OK);
	assert_int_equal(password_hash(STR("correct horse"), again), ERR_OK);
	assert_string_not_equal(hash, again);
	assert_non_null(strstr(hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
	assert_true(password_matches(hash, STR("correct horse")));
	assert_false(password_matches(hash, STR("correct horsf")));
	assert_non_null(strstr(password_decoy(), "$argon2id$v=19$m=19456,t=2,p=1$"));
	assert_int_equal(strlen(password_decoy()), strlen(hash));
	assert_false(password_matches(password_decoy(), STR("")));
}

static void tokens_have_256_bits_and_are_kept_as_a_hash(void **state)
{
	const struct rng rng = rng_system();
	struct token a = token_new(&rng), b = token_new(&rng);

	(void)state;
	assert_int_equal(strlen(a.text), TOKEN_TEXT_BYTES);
	assert_string_not_equal(a.text, b.text);
	assert_false(hash_equal(token_hash(str_of(a.text)), token_hash(str_of(b.text))));
}

/* --- registration --- */

static void what_is_no_account_is_told_before_argon2(void **state)
{
	static const struct {
		const char *what, *username, *password, *display;
		enum err e;
	} cases[] = {
		{ "the shortest", "ab", "12345678", "", ERR_OK },
		{ "letters of any script", "Жанна-Élodie.7_", "12345678", "", ERR_OK },
		{ "a name too short", "a", "12345678", "", ERR_BAD_REQUEST },
		{ "a name too long", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "12345678", "",
			ERR_BAD_REQUEST },
		{ "a space in the name", "a b", "12345678", "", ERR_BAD_REQUEST },
		{ "a sign in the name", "a@b", "12345678", "", ERR_BAD_REQUEST },
		{ "no UTF-8", "a\xff", "12345678", "", ERR_BAD_REQUEST },
		{ "a password too short", "ab", "1234567", "", ERR_BAD_REQUEST },
		{ "a password of eight letters", "ab", "éééééééé", "", ERR_OK },
	};
	const char *sentence;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		enum err e = registration_check(str_of(cases[i].username),
			str_of(cases[i].password), str_of(cases[i].display), &sentence);
		if (e != cases[i].e || (e && !sentence))
			fail_msg("%s", cases[i].what);
	}
}

static void names_are_unique_however_they_are_written(void **state)
{
	static const char *const same[] = { "strasse", "STRASSE", "Straße", "ＳＴＲＡＳＳＥ" };
	struct world w;

	(void)state;
	world_init(&w);
	world_user(&w, "Strasse");
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		assert_int_equal(
			world_register_with(
				&w, (struct registration){ .username = str_of(same[i]) }, NULL),
			ERR_CONFLICT);
		assert_string_equal(w.sentence, "The username is taken.");
	}
	world_user(&w, "strasse2");
	assert_int_equal(
		world_register_with(
			&w, (struct registration){ .username = STR("\xc2\xad\xc2\xad") }, NULL),
		ERR_BAD_REQUEST);
	world_done(&w);
}

struct inviting {
	struct ask ask;
	const char *code;
	int64_t uses, expires_ms;
};

static enum err invite_step(struct tx *tx, void *context)
{
	struct inviting *i = context;

	return invite_make(tx, &i->ask, str_of(i->code), i->uses, i->expires_ms);
}

static enum err delete_invite_step(struct tx *tx, void *context)
{
	struct inviting *i = context;

	return invite_delete(tx, &i->ask, i->ask.fresh);
}

static enum err with_invite(
	struct world *w, enum registration_policy policy, const char *name, const char *code)
{
	return world_register_with(w,
		(struct registration){
			.policy = policy, .username = str_of(name), .invite = str_of(code) },
		NULL);
}

static void an_invite_has_uses_and_an_expiry(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	struct inviting i = { world_ask(&w, world_user(&w, "admin")), "code", 2, w.now_ms + 1000 };
	assert_int_equal(world_do(&w, invite_step, &i), ERR_FORBIDDEN);
	i.ask.role = ROLE_ADMIN;
	assert_int_equal(world_do(&w, invite_step, &i), ERR_OK);
	assert_int_equal(with_invite(&w, REGISTRATION_INVITE, "nobody", ""), ERR_FORBIDDEN);
	assert_int_equal(with_invite(&w, REGISTRATION_INVITE, "nobody", "wrong"), ERR_FORBIDDEN);
	assert_int_equal(with_invite(&w, REGISTRATION_CLOSED, "nobody", "code"), ERR_FORBIDDEN);
	assert_int_equal(with_invite(&w, REGISTRATION_INVITE, "first", "code"), ERR_OK);
	/* A refused registration spends no use. */
	assert_int_equal(with_invite(&w, REGISTRATION_INVITE, "first", "code"), ERR_CONFLICT);
	assert_int_equal(with_invite(&w, REGISTRATION_INVITE, "second", "code"), ERR_OK);
	assert_int_equal(with_invite(&w, REGISTRATION_INVITE, "third", "code"), ERR_FORBIDDEN);

	struct inviting late = { world_ask(&w, i.ask.user_id), "late", 1, w.now_ms + 5 };
	late.ask.role = ROLE_ADMIN;
	assert_int_equal(world_do(&w, invite_step, &late), ERR_OK);
	w.now_ms += 10;
	assert_int_equal(with_invite(&w, REGISTRATION_INVITE, "third", "late"), ERR_FORBIDDEN);
	assert_int_equal(world_do(&w, delete_invite_step, &late), ERR_OK);
	assert_int_equal(world_do(&w, delete_invite_step, &late), ERR_NOT_FOUND);
	late.uses = 0;
	assert_int_equal(world_do(&w, invite_step, &late), ERR_BAD_REQUEST);
	world_done(&w);
}

static enum err link_step(struct tx *tx, void *context)
{
	return registration_admin_link(tx, context);
}

static enum err has_admin_step(struct tx *tx, void *context)
{
	return registration_has_admin(tx, context);
}

static bool has_admin(struct world *w)
{
	bool out = false;

	assert_int_equal(world_do(w, has_admin_step, &out), ERR_OK);
	return out;
}

static void the_newest_admin_link_is_good_once(void **state)
{
	struct world w;
	struct signed_in out;
	struct digest first = token_hash(STR("first link")),
		      second = token_hash(STR("second link"));

	(void)state;
	world_init(&w);
	world_user(&w, "someone");
	assert_false(has_admin(&w));
	assert_int_equal(world_do(&w, link_step, &first), ERR_OK);
	assert_int_equal(world_do(&w, link_step, &second), ERR_OK);
	assert_int_equal(with_invite(&w, REGISTRATION_CLOSED, "root", "first link"), ERR_FORBIDDEN);
	const struct registration in = {
		.policy = REGISTRATION_CLOSED, .username = STR("root"), .invite = STR("second link")
	};
	assert_int_equal(world_register_with(&w, in, &out), ERR_OK);
	assert_int_equal(out.user.role, ROLE_ADMIN);
	assert_true(has_admin(&w));
	assert_int_equal(
		with_invite(&w, REGISTRATION_CLOSED, "again", "second link"), ERR_FORBIDDEN);
	assert_int_equal(with_invite(&w, REGISTRATION_OPEN, "again", "second link"), ERR_FORBIDDEN);
	world_done(&w);
}

/* --- login --- */

struct attempt {
	struct world *w;
	const char *username;
	struct login login;
	struct ask ask;
	struct signed_in out;
	struct password_changed changed;
};

static enum err find_step(struct tx *tx, void *context)
{
	struct attempt *t = context;

	return login_find(tx, str_of(t->username), &t->w->a, &t->login);
}

static enum err login_step(struct tx *tx, void *context)
{
	struct attempt *t = context;

	return login_apply(tx, &t->ask, &t->login, &t->w->a, &t->out);
}

static enum err change_password_step(struct tx *tx, void *context)
{
	struct attempt *t = context;

	return login_change_password(tx, &t->ask, &t->login, &t->w->a, &t->changed);
}

static enum err sign_in(struct world *w, struct attempt *t, const char *username, bool matches)
{
	*t = (struct attempt){ .w = w, .username = username };
	t->ask = world_ask(w, (struct uuid){ { 0 } });
	assert_int_equal(world_do(w, find_step, t), ERR_OK);
	t->login.session.token_hash.b[1] = w->next_id;
	t->login.new_hash = "another hash";
	t->login.matches = matches;
	return world_do(w, login_step, t);
}

static void an_unknown_name_and_a_wrong_password_are_told_alike(void **state)
{
	struct world w;
	struct attempt t;
	const char *first;

	(void)state;
	world_init(&w);
	world_user(&w, "ann");
	assert_int_equal(sign_in(&w, &t, "ann", false), ERR_UNAUTHORIZED);
	first = w.sentence;
	assert_int_equal(sign_in(&w, &t, "nobody", false), ERR_UNAUTHORIZED);
	assert_string_equal(first, w.sentence);
	assert_string_equal(t.login.hash, password_decoy());
	assert_int_equal(sign_in(&w, &t, "nobody", true), ERR_UNAUTHORIZED); /* even so */
	assert_int_equal(sign_in(&w, &t, "\xc2\xad", false), ERR_UNAUTHORIZED);
	assert_int_equal(sign_in(&w, &t, "ANN", true), ERR_OK);
	assert_true(str_eq(t.out.user.username, STR("ann")));
	world_done(&w);
}

static void a_password_that_was_changed_meanwhile_is_wrong(void **state)
{
	struct world w;
	struct attempt t, late;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann");
	assert_int_equal(sign_in(&w, &t, "ann", true), ERR_OK);
	late = t;
	late.ask = world_ask(&w, ann);
	t.ask = world_ask(&w, ann);
	t.ask.session_id = t.out.session_id;
	assert_int_equal(world_do(&w, change_password_step, &t), ERR_OK);
	assert_int_equal(t.changed.ended.n, 1); /* the one of the registration */
	assert_int_equal(t.changed.notice.notificationType, NOTIFICATION_TYPE_SECURITY);
	assert_int_equal(world_do(&w, login_step, &late), ERR_UNAUTHORIZED);
	t.ask = world_ask(&w, ann);
	assert_int_equal(world_do(&w, change_password_step, &t), ERR_FORBIDDEN);
	world_done(&w);
}

/* --- sessions --- */

struct session_look {
	struct str token;
	int64_t now_ms;
	struct session out;
};

static enum err find_session_step(struct tx *tx, void *context)
{
	struct session_look *l = context;

	return session_find(tx, l->token, l->now_ms, &l->out);
}

static enum err renew_step(struct tx *tx, void *context)
{
	struct session_look *l = context;

	return session_renew(tx, l->out.who.session_id, l->now_ms);
}

static void a_session_lives_thirty_days_from_its_last_use(void **state)
{
	const int64_t day_ms = 24 * 60 * 60 * 1000;
	struct world w;
	struct registration in = { .username = STR("ann") };
	struct world_registration r;

	(void)state;
	world_init(&w);
	r = (struct world_registration){ &w, world_ask(&w, (struct uuid){ { 0 } }), in,
		{ .expires_ms = 0 } };
	r.in.password_hash = "hash";
	r.in.session.token_hash = token_hash(STR("the token"));
	assert_int_equal(world_do(&w, world_register_step, &r), ERR_OK);

	struct session_look l = { STR("the token"), w.now_ms, { .is_stale = true } };
	assert_int_equal(world_do(&w, find_session_step, &l), ERR_OK);
	assert_true(uuid_eq(l.out.who.user_id, r.out.user.id));
	assert_false(l.out.is_stale);
	l.token = STR("another token");
	assert_int_equal(world_do(&w, find_session_step, &l), ERR_UNAUTHORIZED);
	l.token = STR("the token");
	l.now_ms = w.now_ms + 29 * day_ms;
	assert_int_equal(world_do(&w, find_session_step, &l), ERR_OK);
	assert_true(l.out.is_stale);
	assert_int_equal(world_do(&w, renew_step, &l), ERR_OK);
	l.now_ms += 29 * day_ms;
	assert_int_equal(world_do(&w, find_session_step, &l), ERR_OK);
	l.now_ms += 2 * day_ms;
	assert_int_equal(world_do(&w, find_session_step, &l), ERR_UNAUTHORIZED);
	world_done(&w);
}

struct listing {
	struct ask ask;
	struct arena *a;
	struct session_list out;
	struct uuid end;
};

static enum err list_step(struct tx *tx, void *context)
{
	struct listing *l = context;

	return session_list(tx, &l->ask, l->a, &l->out);
}

static enum err end_step(struct tx *tx, void *context)
{
	struct listing *l = context;

	return session_end(tx, &l->ask, l->end);
}

static void a_session_too_many_ends_the_longest_unused(void **state)
{
	struct world w;
	struct attempt t;

	(void)state;
	world_init(&w);
	w.limits.sessions_per_user = 3;
	struct uuid ann = world_user(&w, "ann"), bob = world_user(&w, "bob");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(sign_in(&w, &t, "ann", true), ERR_OK);
		assert_int_equal(t.out.ended.n, 0);
	}
	struct listing l = { world_ask(&w, ann), &w.a, { .n = 0 }, { { 0 } } };
	assert_int_equal(world_do(&w, list_step, &l), ERR_OK);
	assert_int_equal(l.out.n, 3);
	struct uuid oldest = l.out.v[2].id;
	assert_int_equal(sign_in(&w, &t, "ann", true), ERR_OK);
	assert_int_equal(t.out.ended.n, 1);
	assert_true(uuid_eq(t.out.ended.v[0], oldest));
	assert_int_equal(world_do(&w, list_step, &l), ERR_OK);
	assert_int_equal(l.out.n, 3);

	l.end = l.out.v[0].id;
	l.ask.user_id = bob;
	assert_int_equal(world_do(&w, end_step, &l), ERR_NOT_FOUND); /* another user's */
	l.ask.user_id = ann;
	assert_int_equal(world_do(&w, end_step, &l), ERR_OK);
	assert_int_equal(world_do(&w, end_step, &l), ERR_NOT_FOUND);
	assert_int_equal(world_do(&w, list_step, &l), ERR_OK);
	assert_int_equal(l.out.n, 2);
	world_done(&w);
}

/* --- roles and suspension --- */

struct changing {
	struct ask ask;
	struct arena *a;
	struct account_change in;
	struct account_changed out;
};

static enum err change_step(struct tx *tx, void *context)
{
	struct changing *c = context;

	return account_change(tx, &c->ask, &c->in, c->a, &c->out);
}

static void accounts_are_changed_by_admins_and_one_admin_stays(void **state)
{
	struct world w;
	struct attempt t;
	struct digest link = token_hash(STR("link"));
	struct signed_in root;

	(void)state;
	world_init(&w);
	assert_int_equal(world_do(&w, link_step, &link), ERR_OK);
	assert_int_equal(
		world_register_with(&w,
			(struct registration){ .username = STR("root"), .invite = STR("link") },
			&root),
		ERR_OK);
	struct uuid ann = world_user(&w, "ann");
	struct changing c = { world_ask(&w, ann), &w.a, { .user_id = ann }, { .rev = 0 } };
	c.in.role.set = true;
	c.in.role.v = ROLE_MODERATOR;
	assert_int_equal(world_do(&w, change_step, &c), ERR_FORBIDDEN);
	c.ask = world_ask(&w, root.user.id);
	c.ask.role = ROLE_ADMIN;
	assert_int_equal(world_do(&w, change_step, &c), ERR_OK);
	assert_int_equal(c.out.user.role, ROLE_MODERATOR);
	assert_int_equal(c.out.ended.n, 0);
	assert_true(c.out.rev > 0);

	c.in.user_id = root.user.id;
	assert_int_equal(world_do(&w, change_step, &c), ERR_CONFLICT);
	c.in.user_id = (struct uuid){ { 9 } };
	assert_int_equal(world_do(&w, change_step, &c), ERR_NOT_FOUND);

	c.in = (struct account_change){ .user_id = ann, .suspended = { true, true } };
	assert_int_equal(world_do(&w, change_step, &c), ERR_OK);
	assert_int_equal(c.out.ended.n, 1);
	assert_int_equal(sign_in(&w, &t, "ann", true), ERR_FORBIDDEN);
	assert_int_equal(sign_in(&w, &t, "ann", false), ERR_UNAUTHORIZED);
	c.in.suspended.v = false;
	assert_int_equal(world_do(&w, change_step, &c), ERR_OK);
	assert_int_equal(sign_in(&w, &t, "ann", true), ERR_OK);
	world_done(&w);
}

/* --- notifications --- */

struct notifying {
	struct ask ask;
	int64_t rows, unread;
	int64_t oldest_at;
};

static enum err notify_step(struct tx *tx, void *context)
{
	static const struct query look = { "SELECT count(*), (SELECT unread FROM user WHERE id = "
					   "?1), min(at) FROM notification"
					   " WHERE user_id = ?1" };
	struct notifying *n = context;
	const struct notify_new in = {
		.user_id = n->ask.user_id, .type = NOTIFICATION_TYPE_SECURITY, .data = STR("{}")
	};
	struct notification made;
	struct row *r;
	enum err e = notify_add(tx, &n->ask, &in, &made);

	if (!e)
		e = tx_one(tx, &look, VALUES(of_uuid(n->ask.user_id)), &r);
	if (e)
		return e;
	n->rows = row_int(r, 0);
	n->unread = row_int(r, 1);
	n->oldest_at = row_int(r, 2);
	return ERR_OK;
}

static void a_notification_too_many_drops_the_oldest(void **state)
{
	struct world w;
	struct notifying n;

	(void)state;
	world_init(&w);
	w.limits.unread_notifications = 5;
	struct uuid ann = world_user(&w, "ann");
	for (int i = 0; i < 7; i++) {
		n.ask = world_ask(&w, ann);
		assert_int_equal(world_do(&w, notify_step, &n), ERR_OK);
	}
	assert_int_equal(n.rows, 5);
	assert_int_equal(n.unread, 5);
	assert_int_equal(n.oldest_at, n.ask.now_ms - 4);
	world_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_matches_its_own_hash_alone),
		cmocka_unit_test(tokens_have_256_bits_and_are_kept_as_a_hash),
		cmocka_unit_test(what_is_no_account_is_told_before_argon2),
		cmocka_unit_test(names_are_unique_however_they_are_written),
		cmocka_unit_test(an_invite_has_uses_and_an_expiry),
		cmocka_unit_test(the_newest_admin_link_is_good_once),
		cmocka_unit_test(an_unknown_name_and_a_wrong_password_are_told_alike),
		cmocka_unit_test(a_password_that_was_changed_meanwhile_is_wrong),
		cmocka_unit_test(a_session_lives_thirty_days_from_its_last_use),
		cmocka_unit_test(a_session_too_many_ends_the_longest_unused),
		cmocka_unit_test(accounts_are_changed_by_admins_and_one_admin_stays),
		cmocka_unit_test(a_notification_too_many_drops_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
