/* SPDX-License-Identifier: MIT
 *
 * test_feedback - comments and ratings, who is told, and their pages.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "stage.h"

STAGE_APPLY(publish_comment, publish_comment)
STAGE_APPLY(publish_rating, publish_rating)
STAGE_READ(list_comments, list_feedback, comments_page)
STAGE_READ(list_ratings, list_feedback, ratings_page)

struct publish_comment_out {
	struct comment comment;
	struct notification notice;
	bool has_notice;
};

struct publish_rating_out {
	struct rating rating;
	struct notification notice;
	bool has_notice;
};

static struct publish_comment_out *comment(
	struct world *w, struct uuid user, struct publish_comment in)
{
	struct publish_comment_out *out;

	assert_int_equal(stage_run(w, (struct stage_call){ call_publish_comment, world_ask(w, user),
					      &in, &out, NULL }),
		ERR_OK);
	return out;
}

static struct publish_rating_out *rate(
	struct world *w, struct uuid user, struct uuid track, int64_t value)
{
	const struct publish_rating in = { track, value };
	struct publish_rating_out *out;

	assert_int_equal(stage_run(w, (struct stage_call){ call_publish_rating, world_ask(w, user),
					      &in, &out, NULL }),
		ERR_OK);
	return out;
}

static void a_comment_is_stored_and_its_tracks_owner_is_told(void **state)
{
	struct world w;
	struct track_full_answer got;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann"), bob = world_user(&w, "bob");
	struct uuid track = stage_track(&w, ann, "one");
	struct publish_comment_out *c = comment(&w, bob,
		(struct publish_comment){ track, STR("at a moment"), { .set = true, .v = 1500 } });
	assert_true(c->has_notice);
	assert_true(uuid_eq(c->notice.userId, ann));
	assert_int_equal(c->notice.notificationType, NOTIFICATION_TYPE_COMMENT);
	assert_true(c->comment.rev.v > 0);
	c = comment(&w, ann, (struct publish_comment){ .trackId = track, .text = STR("my own") });
	assert_false(c->has_notice);
	assert_int_equal(stage_get(&w, track, &got), ERR_OK);
	assert_int_equal(got.track.commentCount, 2);
	assert_int_equal(got.track.comments.n, 2);
	assert_true(str_eq(got.track.comments.v[0].text, STR("my own"))); /* the newest first */
	assert_true(got.track.comments.v[0].positionMs.null);
	assert_int_equal(got.track.comments.v[1].positionMs.v, 1500);
	assert_true(got.track.commentsCursor.null);
	world_done(&w);
}

static void a_second_rating_replaces_the_first(void **state)
{
	struct world w;
	struct track_full_answer got;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann"), bob = world_user(&w, "bob");
	struct uuid track = stage_track(&w, ann, "one");
	struct publish_rating_out *r = rate(&w, bob, track, 1);
	assert_true(r->has_notice);
	assert_int_equal(r->rating.count.v, 1);
	r = rate(&w, ann, track, 4);
	assert_false(r->has_notice);
	assert_int_equal(r->rating.count.v, 2);
	assert_true(r->rating.average.v > 2.49 && r->rating.average.v < 2.51);
	r = rate(&w, bob, track, 5);
	assert_int_equal(r->rating.count.v, 2);
	assert_true(r->rating.average.v > 4.49 && r->rating.average.v < 4.51);
	assert_int_equal(stage_get(&w, track, &got), ERR_OK);
	assert_int_equal(got.track.ratings.n, 2);
	assert_true(got.track.rating.average > 4.49 && got.track.rating.average < 4.51);
	assert_int_equal(got.track.rating.count, 2);
	world_done(&w);
}

static void both_come_page_by_page_the_newest_first(void **state)
{
	struct world w;
	struct comments_page comments;
	struct ratings_page ratings;
	char name[16];
	size_t seen = 0;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann");
	struct list_feedback in = { .trackId = stage_track(&w, ann, "one"),
		.limit = { .set = true, .v = 3 } };
	for (int i = 0; i < 7; i++) {
		snprintf(name, sizeof name, "user%d", i);
		rate(&w, world_user(&w, name), in.trackId, 3);
		comment(&w, ann,
			(struct publish_comment){ .trackId = in.trackId, .text = str_of(name) });
	}
	do {
		struct stage_call c = { call_list_comments, world_ask(&w, ann), &in, &comments,
			NULL };
		comments = (struct comments_page){ .nextCursor = { .set = false } };
		assert_int_equal(stage_run(&w, c), ERR_OK);
		for (size_t i = 0; i < comments.comments.n; i++, seen++) {
			snprintf(name, sizeof name, "user%d", (int)(6 - seen));
			assert_true(str_eq(comments.comments.v[i].text, str_of(name)));
		}
		in.cursor.set = true;
		in.cursor.v = comments.nextCursor.v;
	} while (!comments.nextCursor.null);
	assert_int_equal(seen, 7);

	struct stage_call c = { call_list_ratings, world_ask(&w, ann), &in, &ratings, NULL };
	assert_int_equal(stage_run(&w, c), ERR_BAD_REQUEST); /* the cursor is another list's */
	in.cursor.set = false;
	in.limit.v = 7;
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_int_equal(ratings.ratings.n, 7);
	assert_true(ratings.nextCursor.null);
	in.trackId = (struct uuid){ { 3 } };
	assert_int_equal(stage_run(&w, c), ERR_NOT_FOUND);
	world_done(&w);
}

static void what_is_not_there_cannot_be_commented_or_rated(void **state)
{
	const struct publish_comment text = { .trackId = { { 3 } }, .text = STR("x") };
	const struct publish_rating stars = { .trackId = { { 3 } }, .value = 3 };
	struct world w;
	void *out;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann");
	assert_int_equal(stage_run(&w, (struct stage_call){ call_publish_comment,
					       world_ask(&w, ann), &text, &out, NULL }),
		ERR_NOT_FOUND);
	assert_int_equal(stage_run(&w, (struct stage_call){ call_publish_rating, world_ask(&w, ann),
					       &stars, &out, NULL }),
		ERR_NOT_FOUND);
	world_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_comment_is_stored_and_its_tracks_owner_is_told),
		cmocka_unit_test(a_second_rating_replaces_the_first),
		cmocka_unit_test(both_come_page_by_page_the_newest_first),
		cmocka_unit_test(what_is_not_there_cannot_be_commented_or_rated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
