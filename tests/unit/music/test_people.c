/* SPDX-License-Identifier: MIT
 *
 * test_people - profiles, lists of users, and the log of changes.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "stage.h"

STAGE_APPLY(music_connect, connect_auth)
STAGE_APPLY(user_connect, user_connect)
STAGE_APPLY(user_update, user_update)
STAGE_APPLY(publish_comment, publish_comment)
STAGE_APPLY(publish_rating, publish_rating)
STAGE_READ(get_user, get_user, user_full_answer)
STAGE_READ(list_users, list_users, users_page)

struct user_update_out {
	struct user user;
};

static void only_a_token_opens_the_namespace_and_only_for_its_user(void **state)
{
	struct connect_auth auth = { STR("nobody's") };
	struct user_connect in = { .id = { .set = true } };
	struct world w;
	void *out;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann"), bob = world_user(&w, "bob");
	assert_int_equal(
		stage_run(&w, (struct stage_call){ call_music_connect,
				      world_ask(&w, (struct uuid){ { 0 } }), &auth, &out, NULL }),
		ERR_UNAUTHORIZED);
	struct stage_call c = { call_user_connect, world_ask(&w, ann), &in, &out, NULL };
	in.id.v = bob;
	assert_int_equal(stage_run(&w, c), ERR_FORBIDDEN);
	in.id.v = ann;
	assert_int_equal(stage_run(&w, c), ERR_OK);
	in.id.set = false;
	assert_int_equal(stage_run(&w, c), ERR_OK);
	world_done(&w);
}

static void a_profile_changes_in_what_is_given_alone(void **state)
{
	struct user_update in = { .displayName = { .set = true, .v = STR("Ann Ä.") } };
	struct world w;
	struct user_update_out *out;
	struct user_full_answer full;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann");
	struct stage_call c = { call_user_update, world_ask(&w, ann), &in, &out, NULL };
	assert_int_equal(stage_run(&w, c), ERR_OK);
	int64_t rev = out->user.rev.v;
	in = (struct user_update){ .bio = { .set = true, .v = STR("about me") } };
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_int_equal(out->user.rev.v, rev + 1);
	assert_true(str_eq(out->user.displayName, STR("Ann Ä.")));
	assert_true(str_eq(out->user.bio, STR("about me")));
	in = (struct user_update){ .avatarUploadId = { .set = true, .v = { { 4 } } } };
	assert_int_equal(stage_run(&w, c), ERR_NOT_FOUND);
	in.avatarUploadId.null = true;
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_true(out->user.avatarUrl.null);

	stage_track(&w, ann, "mine");
	const struct get_user get = { ann };
	c = (struct stage_call){ call_get_user, world_ask(&w, ann), &get, &full, NULL };
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_int_equal(full.user.tracks.n, 1);
	assert_true(full.user.tracksCursor.null);
	const struct get_user nobody = { { { 3 } } };
	c.in = &nobody;
	assert_int_equal(stage_run(&w, c), ERR_NOT_FOUND);
	world_done(&w);
}

static void users_are_listed_by_name_page_by_page(void **state)
{
	static const char *const names[] = { "Zoe", "ann", "Änne", "bob", "anna" };
	struct list_users in = { .limit = { .set = true, .v = 2 } };
	struct str all = STR("");
	struct users_page page;
	struct world w;

	(void)state;
	world_init(&w);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		world_user(&w, names[i]);
	struct stage_call c = { call_list_users, world_ask(&w, (struct uuid){ { 0 } }), &in, &page,
		NULL };
	do {
		page = (struct users_page){ .nextCursor = { .set = false } };
		assert_int_equal(stage_run(&w, c), ERR_OK);
		for (size_t i = 0; i < page.users.n; i++)
			all = arena_printf(&w.a, STR_FMT STR_FMT " ", STR_ARG(all),
				STR_ARG(page.users.v[i].username));
		in.cursor.set = true;
		in.cursor.v = page.nextCursor.v;
	} while (!page.nextCursor.null);
	assert_string_equal(all.p, "ann anna bob Zoe Änne ");
	in = (struct list_users){ .query = { .set = true, .v = STR("AN") } };
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_int_equal(page.users.n, 3); /* Änne too */
	in.query.v = STR("  ");
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_int_equal(page.users.n, 5);
	in.query.v = STR("%");
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_int_equal(page.users.n, 0);
	world_done(&w);
}

static const struct query suspend = { "UPDATE user SET suspended = 1 WHERE id = ?1" };

static enum err suspend_one(struct tx *tx, void *context)
{
	return tx_run(tx, &suspend, VALUES(of_uuid(*(const struct uuid *)context)));
}

static void who_is_suspended_is_told_to_admins_alone(void **state)
{
	static const enum role roles[] = { ROLE_USER, ROLE_MODERATOR, ROLE_ADMIN };
	const struct list_users in = { .query = { .set = false } };
	struct users_page page;
	struct world w;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann"), bob = world_user(&w, "bob");
	assert_int_equal(world_do(&w, suspend_one, &bob), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		struct stage_call c = { call_list_users, world_ask(&w, ann), &in, &page, NULL };
		c.ask.role = roles[i];
		assert_int_equal(stage_run(&w, c), ERR_OK);
		assert_int_equal(page.users.n, 2);
		assert_false(page.users.v[0].suspended.set);
		assert_int_equal(page.users.v[1].suspended.set, roles[i] == ROLE_ADMIN);
		assert_int_equal(page.users.v[1].suspended.v, roles[i] == ROLE_ADMIN);
	}
	world_done(&w);
}

static void of_several_changes_the_last_is_listed_at_its_place(void **state)
{
	struct world w;
	void *out;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann"), bob = world_user(&w, "bob");
	struct uuid track = stage_track(&w, ann, "one");
	const struct publish_rating stars = { track, 3 };
	const struct publish_comment text = { .trackId = track, .text = STR("x") };
	const struct user_update bio = { .bio = { .set = true, .v = STR("new") } };
	for (int i = 0; i < 2; i++)
		assert_int_equal(stage_run(&w, (struct stage_call){ call_publish_rating,
						       world_ask(&w, bob), &stars, &out, NULL }),
			ERR_OK);
	assert_int_equal(stage_run(&w, (struct stage_call){ call_publish_comment,
					       world_ask(&w, bob), &text, &out, NULL }),
		ERR_OK);
	assert_int_equal(stage_run(&w, (struct stage_call){ call_user_update, world_ask(&w, ann),
					       &bio, &out, NULL }),
		ERR_OK);

	struct changes_answer c = stage_changes(&w, 0, 0);
	static const struct {
		int64_t rev;
		enum change_kind kind;
	} expected[] = {
		{ 2, CHANGE_KIND_USER },                             /* bob */
		{ 3, CHANGE_KIND_TRACK }, { 5, CHANGE_KIND_RATING }, /* 4 was the first one */
		{ 6, CHANGE_KIND_COMMENT }, { 7, CHANGE_KIND_USER }, /* ann, registered at 1 */
	};
	assert_int_equal(c.changes.n, COUNT_OF(expected));
	for (size_t i = 0; i < c.changes.n; i++) {
		assert_int_equal(c.changes.v[i].rev, expected[i].rev);
		assert_int_equal(c.changes.v[i].kind, expected[i].kind);
		assert_false(c.changes.v[i].object.null);
		assert_int_equal(c.changes.v[i].object.v.p[0], '{');
	}
	assert_int_equal(c.changes.v[2].id.n, 73);
	assert_int_equal(c.changes.v[2].id.p[36], '/');
	assert_int_equal(c.rev, 7);
	assert_false(c.more);

	c = stage_changes(&w, 2, 2);
	assert_int_equal(c.changes.n, 2);
	assert_int_equal(c.rev, 5);
	assert_true(c.more);
	c = stage_changes(&w, 7, 0);
	assert_int_equal(c.changes.n, 0);
	assert_int_equal(c.rev, 7);
	world_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_token_opens_the_namespace_and_only_for_its_user),
		cmocka_unit_test(a_profile_changes_in_what_is_given_alone),
		cmocka_unit_test(users_are_listed_by_name_page_by_page),
		cmocka_unit_test(who_is_suspended_is_told_to_admins_alone),
		cmocka_unit_test(of_several_changes_the_last_is_listed_at_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
