/* SPDX-License-Identifier: MIT
 *
 * test_cache - what is kept is there again; what is forgotten is not; how much 100,000 tracks take.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "client/cache.h"
#include "schema/schema_encode.h"

enum { TRACKS = 100000, PEOPLE = 10000 };

static void nothing_raised(void *context, enum antiphon_event event, const void *payload)
{
	(void)context;
	(void)event;
	(void)payload;
}

static void nothing_asked(void *context, enum event_id id, struct str json)
{
	(void)context;
	(void)id;
	(void)json;
}

static void nothing_kept(void *context, const struct model_record *r, bool gone)
{
	(void)context;
	(void)r;
	(void)gone;
}

static const struct model_handler handler = { nothing_raised, nothing_asked, nothing_kept };

struct place {
	char folder[64], inside[80];
};

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	assert_non_null(p);
	snprintf(p->folder, sizeof p->folder, "/tmp/antiphon-cache-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->inside, sizeof p->inside, "%s/data", p->folder);
	*state = p;
	return 0;
}

static int remove_place(void **state)
{
	static const char *const files[] = { "/antiphon.db", "/antiphon.db-wal",
		"/antiphon.db-shm" };
	struct place *p = *state;
	char path[128];

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		snprintf(path, sizeof path, "%s%s", p->inside, files[i]);
		(void)unlink(path);
	}
	(void)rmdir(p->inside);
	(void)rmdir(p->folder);
	free(p);
	return 0;
}

static struct cache *open_at(const struct place *p, const char *url)
{
	struct cache *c;

	assert_int_equal(cache_open(p->inside, url, &c), ERR_OK);
	return c;
}

static size_t load(struct cache *c, enum model_kind kind)
{
	struct model *m;

	assert_int_equal(model_new(&handler, NULL, &m), ERR_OK);
	assert_int_equal(cache_load(c, m), ERR_OK);
	size_t n = model_shelf(m, kind)->n;
	model_free(m);
	return n;
}

static void keep_setting(struct cache *c, const char *name)
{
	struct setting in = { .settingName = str_of(name), .newValue = STR("1") };
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);

	schema_encode(model_payload(MODEL_SETTING), &in, &w, NULL);
	cache_keep(c,
		&(struct model_record){
			.kind = MODEL_SETTING, .key = str_of(name), .json = buf_str(&json) },
		false);
	buf_done(&json);
}

static void a_setting_goes_alone_and_all_go_at_once(void **state)
{
	struct cache *c = open_at(*state, "http://a");

	keep_setting(c, "a");
	keep_setting(c, "ab");
	keep_setting(c, "a");
	cache_close(c);
	c = open_at(*state, "http://a");
	assert_int_equal(load(c, MODEL_SETTING), 2);
	cache_keep(c, &(struct model_record){ .kind = MODEL_SETTING, .key = STR("a") }, true);
	assert_int_equal(load(c, MODEL_SETTING), 1);
	cache_keep(c, &(struct model_record){ .kind = MODEL_SETTING }, true);
	assert_int_equal(load(c, MODEL_SETTING), 0);
	cache_close(c);
}

static void keep_comment(struct cache *c, uint8_t track, uint8_t id)
{
	struct comment in = { .text = STR("t"), .timestamp = 1 };
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);
	char key[32] = { 0 };

	key[15] = (char)track;
	key[31] = (char)id;
	schema_encode(model_payload(MODEL_COMMENT), &in, &w, NULL);
	cache_keep(c,
		&(struct model_record){
			.kind = MODEL_COMMENT, .key = { key, sizeof key }, .json = buf_str(&json) },
		false);
	buf_done(&json);
}

static void a_tracks_comments_go_and_no_others(void **state)
{
	struct cache *c = open_at(*state, "http://a");
	char prefix[16] = { 0 };

	for (int track = 0; track < 256; track += 51)
		for (int id = 0; id < 3; id++)
			keep_comment(c, (uint8_t)track, (uint8_t)(id * 127));
	assert_int_equal(load(c, MODEL_COMMENT), 18);
	prefix[15] = (char)51;
	cache_keep(c,
		&(struct model_record){ .kind = MODEL_COMMENT, .key = { prefix, sizeof prefix } },
		true);
	assert_int_equal(load(c, MODEL_COMMENT), 15);
	prefix[15] = (char)255;
	cache_keep(c,
		&(struct model_record){ .kind = MODEL_COMMENT, .key = { prefix, sizeof prefix } },
		true);
	assert_int_equal(load(c, MODEL_COMMENT), 12);
	cache_close(c);
}

static void count_message(void *context, int64_t number, struct str json)
{
	assert_true(number > 0 && json.n == 2);
	++*(unsigned *)context;
}

static void messages_wait_in_the_file_and_another_server_gets_none(void **state)
{
	struct cache *c = open_at(*state, "http://a");
	int64_t first, second;
	unsigned n = 0;

	cache_add_message(c, STR("{}"), &first);
	cache_add_message(c, STR("{}"), &second);
	assert_true(first > 0 && second > first);
	cache_drop_message(c, first);
	cache_close(c);
	c = open_at(*state, "http://a");
	assert_int_equal(cache_each_message(c, count_message, &n), ERR_OK);
	assert_int_equal(n, 1);
	cache_close(c);
	c = open_at(*state, "http://b");
	n = 0;
	assert_int_equal(cache_each_message(c, count_message, &n), ERR_OK);
	assert_int_equal(n, 0);
	cache_close(c);
}

static void what_cannot_be_written_leaves_the_file_whole(void **state)
{
	const struct place *p = *state;
	struct cache *c = open_at(p, "http://a");
	char path[128];
	sqlite3 *other;
	int64_t number;
	unsigned n = 0;

	keep_setting(c, "a");
	cache_commit(c);
	snprintf(path, sizeof path, "%s/antiphon.db", p->inside);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	keep_setting(c, "b"); /* waits for two seconds in vain */
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	keep_setting(c, "c");
	cache_add_message(c, STR("{}"), &number);
	assert_true(number > 0);
	cache_close(c);
	c = open_at(p, "http://a");
	assert_int_equal(load(c, MODEL_SETTING), 1);
	assert_int_equal(cache_each_message(c, count_message, &n), ERR_OK);
	assert_int_equal(n, 1);
	cache_close(c);
}

static void an_upload_is_known_by_its_file(void **state)
{
	struct cache *c = open_at(*state, "http://a");
	struct cache_upload u = { STR("/a"), STR("purpose x"), 5, 1700000000123456789,
		STR("/api/v1/uploads/1") };
	char found[32] = "";

	cache_keep_upload(c, &u);
	cache_close(c);
	c = open_at(*state, "http://a");
	cache_find_upload(c, &u, found, sizeof found);
	assert_string_equal(found, "/api/v1/uploads/1");
	found[0] = 0;
	u.mtime_ns++;
	cache_find_upload(c, &u, found, sizeof found);
	assert_string_equal(found, "");
	u.mtime_ns--;
	cache_find_upload(c, &u, found, 17); /* no room for it and its end */
	assert_string_equal(found, "");
	u.location = STR("");
	cache_keep_upload(c, &u);
	cache_find_upload(c, &u, found, sizeof found);
	assert_string_equal(found, "");
	cache_close(c);
}

static void a_folder_that_cannot_be_is_refused(void **state)
{
	struct cache *c;
	(void)state;
	assert_int_equal(cache_open("/nonexistent/a", "http://a", &c), ERR_UNAVAILABLE);
}

/* ---- many ---- */

static void keep(struct cache *c, enum model_kind kind, struct uuid id, const void *in)
{
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);

	schema_encode(model_payload(kind), in, &w, NULL);
	cache_keep(c,
		&(struct model_record){ .kind = kind,
			.key = { (const char *)id.b, sizeof id.b },
			.rev = 1,
			.json = buf_str(&json) },
		false);
	buf_done(&json);
}

static void fill(struct cache *c)
{
	static const struct str tags[] = { { "jazz", 4 }, { "live", 4 } };
	static const char hash[] =
		"0000000000000000000000000000000000000000000000000000000000000000";
	struct rng rng = rng_system();

	for (int i = 0; i < PEOPLE; i++) {
		struct uuid id = uuid_v7(i, &rng);
		struct user user = { .id = id,
			.username = STR("somebody"),
			.displayName = STR("Somebody Who Sings"),
			.bio = STR("About me.") };
		keep(c, MODEL_PERSON, id, &user);
	}
	for (int i = 0; i < TRACKS; i++) {
		struct uuid id = uuid_v7(i, &rng);
		struct track track = { .id = id,
			.title = STR("A title of middle length"),
			.artist = STR("The artist"),
			.album = STR("An album"),
			.genre = STR("jazz"),
			.tags = { tags, COUNT_OF(tags) },
			.audio = { .mime = STR("audio/mpeg"),
				.size = 5000000,
				.blake2b = { hash, sizeof hash - 1 },
				.url = STR(
					"/tracks/0193a1b2-0000-7000-8000-000000000001/"
					"audio?expires=1790000000&"
					"signature=0123456789abcdef0123456789abcdef0123456789") } };
		keep(c, MODEL_TRACK, id, &track);
	}
}

static long resident_kib(void)
{
	char line[256];
	long kib = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = strtol(line + 8, NULL, 10);
	if (f)
		(void)fclose(f);
	return kib;
}

/* How long it may take stands in script/bench: here others may be at work. */
static void a_great_catalogue_is_there_in_little_memory(void **state)
{
	struct clock clock = clock_system();
	struct cache *c = open_at(*state, "http://a");
	struct model *m;

	fill(c);
	cache_close(c);
	long before = resident_kib();
	int64_t begin = clock_monotonic_ms(&clock);
	c = open_at(*state, "http://a");
	assert_int_equal(model_new(&handler, NULL, &m), ERR_OK);
	assert_int_equal(cache_load(c, m), ERR_OK);
	int64_t took = clock_monotonic_ms(&clock) - begin;
	long grown = resident_kib() - before;
	assert_int_equal(model_shelf(m, MODEL_TRACK)->n, TRACKS);
	assert_int_equal(model_shelf(m, MODEL_PERSON)->n, PEOPLE);
	model_free(m);
	cache_close(c);
	print_message("%d tracks and %d users: %lld ms, %ld KiB\n", TRACKS, PEOPLE, (long long)took,
		grown);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
	assert_in_range(grown, 0, 100 * 1024); /* sanitizers take more */
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_setting_goes_alone_and_all_go_at_once, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			a_tracks_comments_go_and_no_others, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			messages_wait_in_the_file_and_another_server_gets_none, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(
			what_cannot_be_written_leaves_the_file_whole, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			an_upload_is_known_by_its_file, make_place, remove_place),
		cmocka_unit_test(a_folder_that_cannot_be_is_refused),
		cmocka_unit_test_setup_teardown(
			a_great_catalogue_is_there_in_little_memory, make_place, remove_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
