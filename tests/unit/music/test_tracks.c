/* SPDX-License-Identifier: MIT
 *
 * test_tracks - publishing, changing, listing, downloading and taking back.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "stage.h"

STAGE_APPLY(unpublish_track, unpublish_track)
STAGE_APPLY(update_track, update_track)
STAGE_APPLY(download_track, download_track)
STAGE_APPLY(publish_comment, publish_comment)
STAGE_APPLY(publish_rating, publish_rating)
STAGE_READ(list_tracks, list_tracks, tracks_answer)

static enum err list(struct world *w, struct list_tracks in, struct tracks_answer *out)
{
	*out = (struct tracks_answer){ .total = -1 };
	return stage_run(w, (struct stage_call){ call_list_tracks,
				    world_ask(w, (struct uuid){ { 0 } }), &in, out, NULL });
}

static enum err take_back(struct world *w, struct uuid user, enum role role, struct uuid id)
{
	const struct unpublish_track in = { id };
	struct stage_call c = { call_unpublish_track, world_ask(w, user), &in, NULL, NULL };
	void *out;

	c.ask.role = role;
	c.out = &out;
	return stage_run(w, c);
}

static void a_track_has_what_its_publisher_says_and_a_type_of_its_own(void **state)
{
	static const struct str tags[] = { { "Lo-Fi", 5 }, { "日本", 6 } };
	struct track_full_answer got;
	struct world w;
	struct uuid id;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann");
	assert_int_equal(stage_publish(&w, ann,
				 (struct publish_track){ .title = STR("Titel"),
					 .artist = { .set = true, .v = STR("Künstler") },
					 .year = { .set = true, .v = 1999 },
					 .tags = { .set = true, .v = { tags, 2 } } },
				 &id),
		ERR_OK);
	assert_int_equal(stage_get(&w, id, &got), ERR_OK);
	assert_true(uuid_eq(got.track.userId, ann));
	assert_true(str_eq(got.track.artist, STR("Künstler")));
	assert_true(str_eq(got.track.album, STR("")));
	assert_int_equal(got.track.year.v, 1999);
	assert_true(got.track.durationMs.null && got.track.coverUrl.null);
	assert_int_equal(got.track.tags.n, 2);
	assert_true(str_eq(got.track.tags.v[1], STR("日本")));
	assert_true(str_eq(got.track.audio.mime, STR("audio/flac")));
	assert_int_equal(got.track.audio.size, STAGE_AUDIO.n);
	assert_true(str_starts(got.track.audio.url, STR("/api/v1/tracks/")));
	struct digest d;
	assert_int_equal(hash_parse_hex(got.track.audio.blake2b, &d), ERR_OK);
	assert_true(hash_equal(d, hash_blake2b(STAGE_AUDIO, NULL)));
	assert_int_equal(got.track.rating.count, 0);
	world_done(&w);
}

static void a_track_needs_audio_by_one_way(void **state)
{
	const struct uuid upload = { { 5 } };
	struct world w;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann");
	assert_int_equal(stage_publish(&w, ann,
				 (struct publish_track){ .title = STR("x"),
					 .audio = { .set = true, .v = STR("no audio at all") } },
				 NULL),
		ERR_BAD_REQUEST);
	assert_int_equal(stage_publish(&w, ann,
				 (struct publish_track){ .title = STR("x"),
					 .audio = { .set = true, .v = STAGE_AUDIO },
					 .uploadId = { .set = true, .v = upload } },
				 NULL),
		ERR_BAD_REQUEST);
	assert_int_equal(stage_publish(&w, ann,
				 (struct publish_track){ .title = STR("x"),
					 .audio = { .set = true, .null = true } },
				 NULL),
		ERR_BAD_REQUEST);
	assert_int_equal(stage_publish(&w, ann,
				 (struct publish_track){ .title = STR("x"),
					 .uploadId = { .set = true, .v = upload } },
				 NULL),
		ERR_NOT_FOUND);
	w.limits.user_quota = (int64_t)STAGE_AUDIO.n - 1;
	assert_int_equal(stage_publish(&w, ann, (struct publish_track){ .title = STR("x") }, NULL),
		ERR_TOO_LARGE);
	world_done(&w);
}

static void a_track_is_changed_by_its_owner_and_found_by_its_new_words(void **state)
{
	struct world w;
	struct tracks_answer found;
	void *out;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann"), bob = world_user(&w, "bob");
	struct update_track in = { .id = stage_track(&w, ann, "Old name"),
		.title = { .set = true, .v = STR("New name") },
		.year = { .set = true, .v = 7 } };
	struct stage_call c = { call_update_track, world_ask(&w, bob), &in, &out, NULL };
	c.ask.role = ROLE_MODERATOR;
	assert_int_equal(stage_run(&w, c), ERR_FORBIDDEN);
	c.ask = world_ask(&w, ann);
	assert_int_equal(stage_run(&w, c), ERR_OK);

	struct list_tracks query = { .query = { .set = true, .v = STR("old") } };
	assert_int_equal(list(&w, query, &found), ERR_OK);
	assert_int_equal(found.tracks.n, 0);
	query.query.v = STR("NEW na");
	assert_int_equal(list(&w, query, &found), ERR_OK);
	assert_int_equal(found.tracks.n, 1);
	assert_int_equal(found.tracks.v[0].year.v, 7);
	assert_true(found.tracks.v[0].updatedAt > found.tracks.v[0].publishedAt);

	in = (struct update_track){ .id = in.id, .year = { .set = true, .null = true } };
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_int_equal(list(&w, query, &found), ERR_OK);
	assert_true(found.tracks.v[0].year.null);
	in.id = (struct uuid){ { 3 } };
	assert_int_equal(stage_run(&w, c), ERR_NOT_FOUND);
	world_done(&w);
}

/* All titles of a listing, page by page, "a b c". */
static struct str titles(struct world *w, struct list_tracks in, int64_t limit)
{
	struct str all = STR("");
	struct tracks_answer page;

	in.limit.set = true;
	in.limit.v = limit;
	do {
		assert_int_equal(list(w, in, &page), ERR_OK);
		assert_true(page.tracks.n <= (size_t)limit);
		for (size_t i = 0; i < page.tracks.n; i++)
			all = arena_printf(&w->a, STR_FMT STR_FMT " ", STR_ARG(all),
				STR_ARG(page.tracks.v[i].title));
		in.cursor.set = true;
		in.cursor.v = page.nextCursor.v;
	} while (!page.nextCursor.null);
	return all;
}

static void rate(struct world *w, struct uuid user, struct uuid track, int64_t value)
{
	const struct publish_rating in = { track, value };
	void *out;

	assert_int_equal(stage_run(w, (struct stage_call){ call_publish_rating, world_ask(w, user),
					      &in, &out, NULL }),
		ERR_OK);
}

static void the_catalogue_is_listed_in_every_order_page_by_page(void **state)
{
	static const char *const expected[] = {
		[TRACK_SORT_NEW] = "d C b A ",
		[TRACK_SORT_TITLE] = "A b C d ",
		[TRACK_SORT_RATING] = "b d C A ",
		[TRACK_SORT_DOWNLOADS] = "C d b A ",
	};
	struct world w;
	void *out;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann"), bob = world_user(&w, "bob");
	stage_track(&w, ann, "A");
	struct uuid b = stage_track(&w, bob, "b"), c = stage_track(&w, ann, "C"),
		    d = stage_track(&w, ann, "d");
	rate(&w, ann, b, 5);
	rate(&w, bob, b, 4);
	rate(&w, ann, d, 4);
	rate(&w, bob, c, 1);
	const struct download_track in = { .id = c };
	assert_int_equal(stage_run(&w, (struct stage_call){ call_download_track, world_ask(&w, bob),
					       &in, &out, NULL }),
		ERR_OK);
	for (size_t sort = 0; sort < COUNT_OF(expected); sort++) {
		const struct list_tracks by = { .sort = {
							.set = true, .v = (enum track_sort)sort } };
		for (int64_t limit = 1; limit <= 4; limit++) {
			struct str all = titles(&w, by, limit);
			assert_string_equal(all.p, expected[sort]);
		}
	}
	const struct list_tracks anns = { .userId = { .set = true, .v = ann } };
	assert_string_equal(titles(&w, anns, 2).p, "d C A ");
	world_done(&w);
}

static void a_listing_is_filtered_and_says_how_many_there_are(void **state)
{
	static const struct str rock[] = { { "Rock", 4 } };
	struct world w;
	struct tracks_answer page;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann");
	for (int i = 0; i < 5; i++) {
		struct publish_track in = { .title = STR("夜の音楽 night") };
		if (i % 2) {
			in.tags.set = true;
			in.tags.v = (struct strs){ rock, 1 };
		}
		assert_int_equal(stage_publish(&w, ann, in, NULL), ERR_OK);
	}
	struct list_tracks in = { .tag = { .set = true, .v = STR("ROCK") },
		.limit = { .set = true, .v = 1 } };
	assert_int_equal(list(&w, in, &page), ERR_OK);
	assert_int_equal(page.tracks.n, 1);
	assert_int_equal(page.total, 2);
	in = (struct list_tracks){ .query = { .set = true, .v = STR("音楽 rock") } };
	assert_int_equal(list(&w, in, &page), ERR_OK);
	assert_int_equal(page.tracks.n, 2);
	in.query.v = STR("\" OR *");
	assert_int_equal(list(&w, in, &page), ERR_OK);
	assert_int_equal(page.tracks.n, 0);
	in.query.v = STR("*");
	assert_int_equal(list(&w, in, &page), ERR_BAD_REQUEST);
	in = (struct list_tracks){ .cursor = { .set = true, .v = STR("nonsense") } };
	assert_int_equal(list(&w, in, &page), ERR_BAD_REQUEST);
	world_done(&w);
}

static void an_answer_stops_at_its_bound_and_goes_on_behind_it(void **state)
{
	char tag[200];
	struct str tags[32];
	struct world w;
	struct tracks_answer page;
	size_t seen = 0, pages = 0;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann");
	memset(tag, '\x01', sizeof tag); /* six bytes of JSON each */
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		tags[i] = (struct str){ tag, 50 };
	for (int i = 0; i < 80; i++) {
		const struct publish_track in = { .title = STR("long"),
			.tags = { .set = true, .v = { tags, COUNT_OF(tags) } } };
		assert_int_equal(stage_publish(&w, ann, in, NULL), ERR_OK);
	}
	struct list_tracks in = { .limit = { .set = true, .v = 100 } };
	do {
		assert_int_equal(list(&w, in, &page), ERR_OK);
		assert_true(page.tracks.n > 0);
		seen += page.tracks.n;
		pages++;
		in.cursor.set = true;
		in.cursor.v = page.nextCursor.v;
	} while (!page.nextCursor.null);
	assert_int_equal(seen, 80);
	assert_true(pages >= 2);
	world_done(&w);
}

static void what_is_taken_back_leaves_nothing_but_its_change(void **state)
{
	const struct publish_comment comment = { .text = STR("nice") };
	struct world w;
	struct track_full_answer got;
	struct tracks_answer page;
	void *out;

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann"), bob = world_user(&w, "bob");
	struct uuid one = stage_track(&w, ann, "one"), same = stage_track(&w, bob, "same bytes");
	struct publish_comment in = comment;
	in.trackId = one;
	assert_int_equal(stage_run(&w, (struct stage_call){ call_publish_comment,
					       world_ask(&w, bob), &in, &out, NULL }),
		ERR_OK);
	rate(&w, bob, one, 3);
	rate(&w, ann, one, 3);
	assert_int_equal(take_back(&w, bob, ROLE_USER, one), ERR_FORBIDDEN);
	assert_int_equal(take_back(&w, bob, ROLE_MODERATOR, one), ERR_OK);
	assert_int_equal(take_back(&w, ann, ROLE_USER, one), ERR_NOT_FOUND);
	assert_int_equal(stage_get(&w, one, &got), ERR_NOT_FOUND);
	assert_int_equal(store_fixture_files(&w.store), 1); /* the other track has it still */
	assert_int_equal(take_back(&w, bob, ROLE_USER, same), ERR_OK);
	assert_int_equal(store_fixture_files(&w.store), 0);
	const struct list_tracks query = { .query = { .set = true, .v = STR("one") } };
	assert_int_equal(list(&w, query, &page), ERR_OK);
	assert_int_equal(page.total, 0);

	struct changes_answer changes = stage_changes(&w, 0, 0);
	assert_int_equal(changes.changes.n, 4); /* two users, two tracks that are gone */
	for (size_t i = 2; i < 4; i++) {
		assert_int_equal(changes.changes.v[i].kind, CHANGE_KIND_TRACK);
		assert_true(changes.changes.v[i].object.null);
	}
	world_done(&w);
}

struct download_track_out {
	struct track track;
};

static void downloads_are_counted_and_bytes_come_within_the_payload_limit(void **state)
{
	struct world w;
	struct download_track_out *out;
	struct download_track in = { .inlined = { .set = true, .v = true } };

	(void)state;
	world_init(&w);
	struct uuid ann = world_user(&w, "ann");
	in.id = stage_track(&w, ann, "one");
	struct stage_call c = { call_download_track, world_ask(&w, ann), &in, &out, NULL };
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_true(out->track.audio.data.set);
	assert_true(str_eq(out->track.audio.data.v, STAGE_AUDIO));
	assert_int_equal(out->track.downloads, 1);
	in.inlined.v = false;
	assert_int_equal(stage_run(&w, c), ERR_OK);
	assert_false(out->track.audio.data.set);
	assert_int_equal(out->track.downloads, 2);
	in.inlined.v = true;
	w.limits.max_payload = 16384 + (int64_t)STAGE_AUDIO.n;
	assert_int_equal(stage_run(&w, c), ERR_OK);
	w.limits.max_payload--;
	assert_int_equal(stage_run(&w, c), ERR_TOO_LARGE);
	in.id = (struct uuid){ { 3 } };
	assert_int_equal(stage_run(&w, c), ERR_NOT_FOUND);
	world_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_track_has_what_its_publisher_says_and_a_type_of_its_own),
		cmocka_unit_test(a_track_needs_audio_by_one_way),
		cmocka_unit_test(a_track_is_changed_by_its_owner_and_found_by_its_new_words),
		cmocka_unit_test(the_catalogue_is_listed_in_every_order_page_by_page),
		cmocka_unit_test(a_listing_is_filtered_and_says_how_many_there_are),
		cmocka_unit_test(an_answer_stops_at_its_bound_and_goes_on_behind_it),
		cmocka_unit_test(what_is_taken_back_leaves_nothing_but_its_change),
		cmocka_unit_test(downloads_are_counted_and_bytes_come_within_the_payload_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
