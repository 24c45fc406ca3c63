/* SPDX-License-Identifier: MIT
 *
 * test_upload - the life of an upload's row: reserved, received, complete, taken once, expired.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "../store/store_fixture.h"
#include "files/download.h"
#include "files/upload.h"
#include "store/url_key.h"

/* One database, one asker, and what the call at hand gives and gets. */
struct fixture {
	struct store_fixture store;
	struct limits limits;
	struct ask ask;
	struct arena arena;
	const char *sentence;
	struct upload_new new;
	struct uuid id;
	enum upload_purpose purpose;
	struct upload_content content;
	struct upload taken;
	struct upload_status status;
	struct upload_swept swept;
	struct upload_completed completed;
	struct download_ask download_ask;
	struct download download;
	int64_t offset, expires_ms;
};

static const struct uuid ann = { { 0xa } }, bob = { { 0xb } }, lobby = { { 0x10 } },
			 closed = { { 0x11 } };

static const struct query insert_group = {
	"INSERT OR REPLACE INTO chat_group (pk, id, name, folded, kind, creator_id, created_at)"
	" VALUES (?1, ?2, ?3, ?3, ?4, ?2, 0)"
};
static const struct query insert_member = {
	"INSERT INTO member (group_pk, user_id, joined_at) VALUES (2, ?1, 0)"
};

static enum err make_world(struct tx *tx, void *context)
{
	struct digest key = { { 7 } };
	enum err e = url_key_make(tx, &key);

	(void)context;
	if (!e)
		e = tx_run(tx, &insert_group,
			VALUES(of_int(1), of_uuid(lobby), of_str(STR("lobby")), of_int(0)));
	if (!e)
		e = tx_run(tx, &insert_group,
			VALUES(of_int(2), of_uuid(closed), of_str(STR("closed")), of_int(1)));
	return e ? e : tx_run(tx, &insert_member, VALUES(of_uuid(ann)));
}

static void fixture_init(struct fixture *f)
{
	*f = (struct fixture){ .limits = limits_default() };
	store_fixture_init(&f->store);
	f->limits.max_upload = 1000;
	f->limits.user_quota = 2500;
	f->limits.uploads_per_user = 3;
	f->limits.upload_expiry = 60;
	f->ask = (struct ask){ .user_id = ann, .now_ms = 1000000, .limits = &f->limits };
	assert_int_equal(store_fixture_write(&f->store, make_world, NULL, NULL), ERR_OK);
}

static void fixture_done(struct fixture *f)
{
	arena_done(&f->arena);
	store_fixture_done(&f->store);
}

static enum err do_create(struct tx *tx, void *context)
{
	struct fixture *f = context;
	return upload_create(tx, &f->ask, &f->new, &f->expires_ms);
}

static enum err do_look(struct tx *tx, void *context)
{
	struct fixture *f = context;
	return upload_look(tx, &f->ask, f->id, &f->status);
}

static enum err do_record(struct tx *tx, void *context)
{
	struct fixture *f = context;
	return upload_record(tx, &f->ask, f->id, f->offset);
}

static enum err do_complete(struct tx *tx, void *context)
{
	struct fixture *f = context;
	struct upload_whole whole = { f->id, f->content };
	return upload_complete(tx, &f->ask, &whole, &f->arena, &f->completed);
}

static enum err do_take(struct tx *tx, void *context)
{
	struct fixture *f = context;
	struct upload_wish wish = { f->id, f->purpose };
	return upload_take(tx, &f->ask, &wish, &f->arena, &f->taken);
}

static enum err do_delete(struct tx *tx, void *context)
{
	struct fixture *f = context;
	return upload_delete(tx, &f->ask, f->id);
}

static enum err do_sweep(struct tx *tx, void *context)
{
	struct fixture *f = context;
	return upload_sweep(tx, f->ask.now_ms, &f->swept);
}

static enum err do_download(struct tx *tx, void *context)
{
	struct fixture *f = context;
	return download_find(tx, &f->download_ask, &f->arena, &f->download);
}

static enum err run(struct fixture *f, enum err (*fn)(struct tx *tx, void *context))
{
	f->sentence = NULL;
	return store_fixture_write(&f->store, fn, f, &f->sentence);
}

/* Creates one; its id becomes f->id. */
static enum err create(
	struct fixture *f, enum upload_purpose purpose, int64_t size, const struct uuid *group)
{
	f->ask.fresh = uuid_plus(f->ask.fresh, 1);
	f->id = ask_id(&f->ask, 0);
	f->new = (struct upload_new){ size, purpose, group != NULL,
		group ? *group : (struct uuid){ { 0 } }, STR("a name") };
	return run(f, do_create);
}

/* Gives it bytes as a whole: what they are decides the kind. */
static enum err complete(struct fixture *f, struct str bytes)
{
	assert_int_equal(blob_write(store_blobs(f->store.store), bytes, &f->content.blob), ERR_OK);
	struct sniffed s = sniff(bytes);
	f->content.kind = s.kind;
	f->content.mime = s.mime;
	return run(f, do_complete);
}

static enum err take(struct fixture *f, enum upload_purpose purpose)
{
	f->purpose = purpose;
	return run(f, do_take);
}

static void an_upload_is_taken_by_its_owner_when_complete_once(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 8, NULL), ERR_OK);
	assert_int_equal(f.expires_ms, 1060000);
	assert_int_equal(take(&f, UPLOAD_PURPOSE_TRACK), ERR_CONFLICT);
	assert_int_equal(complete(&f, STR("fLaC 1 2")), ERR_OK);
	assert_false(f.completed.is_file);
	assert_int_equal(take(&f, UPLOAD_PURPOSE_AVATAR), ERR_BAD_REQUEST);
	f.ask.user_id = bob;
	assert_int_equal(take(&f, UPLOAD_PURPOSE_TRACK), ERR_NOT_FOUND);
	f.ask.user_id = ann;
	assert_int_equal(take(&f, UPLOAD_PURPOSE_TRACK), ERR_OK);
	assert_true(str_eq(f.taken.mime, STR("audio/flac")));
	assert_true(str_eq(f.taken.filename, STR("a name")));
	assert_int_equal(f.taken.blob.size, 8);
	assert_int_equal(take(&f, UPLOAD_PURPOSE_TRACK), ERR_CONFLICT);
	assert_non_null(f.sentence);
	fixture_done(&f);
}

static void a_track_must_be_audio_and_an_avatar_a_picture(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 5, NULL), ERR_OK);
	assert_int_equal(complete(&f, STR("words")), ERR_OK);
	assert_int_equal(take(&f, UPLOAD_PURPOSE_TRACK), ERR_BAD_REQUEST);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_AVATAR, 4, NULL), ERR_OK);
	assert_int_equal(complete(&f, STR("fLaC")), ERR_OK);
	assert_int_equal(take(&f, UPLOAD_PURPOSE_AVATAR), ERR_BAD_REQUEST);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_AVATAR, 6, NULL), ERR_OK);
	assert_int_equal(complete(&f, STR("GIF89a")), ERR_OK);
	assert_int_equal(take(&f, UPLOAD_PURPOSE_AVATAR), ERR_OK);
	fixture_done(&f);
}

static void bounds_hold_at_the_limit_and_one_over(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 1001, NULL), ERR_TOO_LARGE);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 1000, NULL), ERR_OK);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 1000, NULL), ERR_OK);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 501, NULL), ERR_TOO_LARGE);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 500, NULL), ERR_OK);
	struct uuid last = f.id;
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 0, NULL), ERR_CONFLICT);
	f.id = last;
	assert_int_equal(run(&f, do_delete), ERR_OK);
	assert_int_equal(run(&f, do_delete), ERR_NOT_FOUND);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 500, NULL), ERR_OK);
	fixture_done(&f);
}

static void a_picture_has_a_bound_of_its_own(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	f.limits.max_upload = f.limits.user_quota = INT64_C(1) << 30;
	assert_int_equal(create(&f, UPLOAD_PURPOSE_AVATAR, PICTURE_MAX + 1, NULL), ERR_TOO_LARGE);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_AVATAR, PICTURE_MAX, NULL), ERR_OK);
	fixture_done(&f);
}

static void a_file_needs_a_group_of_the_askers(void **state)
{
	struct fixture f;
	struct uuid nowhere = { { 0x12 } };

	(void)state;
	fixture_init(&f);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_FILE, 1, NULL), ERR_BAD_REQUEST);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_FILE, 1, &nowhere), ERR_NOT_FOUND);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_FILE, 1, &lobby), ERR_OK);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_FILE, 1, &closed), ERR_OK);
	f.ask.user_id = bob;
	assert_int_equal(create(&f, UPLOAD_PURPOSE_FILE, 1, &closed), ERR_FORBIDDEN);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_FILE, 1, &lobby), ERR_OK);
	fixture_done(&f);
}

static void a_complete_file_is_the_groups_and_its_members_alone(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_FILE, 11, &closed), ERR_OK);
	assert_int_equal(complete(&f, STR("<html>hello")), ERR_OK);
	assert_true(f.completed.is_file);
	assert_true(uuid_eq(f.completed.file.fileId, f.id));
	assert_true(uuid_eq(f.completed.file.groupId, closed));
	assert_int_equal(f.completed.file.fileSize, 11);
	assert_true(str_starts(f.completed.file.url, STR("/api/v1/files/")));
	assert_int_equal(take(&f, UPLOAD_PURPOSE_FILE), ERR_CONFLICT);

	f.download_ask = (struct download_ask){ DOWNLOAD_FILE, f.id, ann };
	assert_int_equal(run(&f, do_download), ERR_OK);
	assert_true(str_eq(f.download.mime, STR("application/octet-stream")));
	assert_false(f.download.is_inline);
	f.download_ask.user_id = bob;
	assert_int_equal(run(&f, do_download), ERR_FORBIDDEN);
	f.download_ask.user_id = ann;
	f.download_ask.id = closed;
	assert_int_equal(run(&f, do_download), ERR_NOT_FOUND);
	fixture_done(&f);
}

static void offsets_are_kept_and_use_prolongs_an_upload(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 10, NULL), ERR_OK);
	f.offset = 4;
	f.ask.now_ms += 30000;
	assert_int_equal(run(&f, do_record), ERR_OK);
	assert_int_equal(run(&f, do_look), ERR_OK);
	assert_int_equal(f.status.offset, 4);
	assert_int_equal(f.status.size, 10);
	assert_int_equal(f.status.state, UPLOAD_RECEIVING);
	assert_int_equal(f.status.expires_ms, 1090000);
	f.ask.user_id = bob;
	assert_int_equal(run(&f, do_look), ERR_NOT_FOUND);
	assert_int_equal(run(&f, do_record), ERR_NOT_FOUND);
	fixture_done(&f);
}

static void what_expired_goes_with_its_blob(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 8, NULL), ERR_OK);
	assert_int_equal(complete(&f, STR("fLaC 1 2")), ERR_OK);
	assert_int_equal(create(&f, UPLOAD_PURPOSE_TRACK, 10, NULL), ERR_OK);
	assert_int_equal(store_fixture_files(&f.store), 1);
	f.ask.now_ms = 1059999;
	assert_int_equal(run(&f, do_sweep), ERR_OK);
	assert_int_equal(f.swept.n, 0);
	f.ask.now_ms = 1060000;
	assert_int_equal(run(&f, do_sweep), ERR_OK);
	assert_int_equal(f.swept.n, 2);
	assert_int_equal(store_fixture_files(&f.store), 0);
	assert_int_equal(run(&f, do_look), ERR_NOT_FOUND);
	fixture_done(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_upload_is_taken_by_its_owner_when_complete_once),
		cmocka_unit_test(a_track_must_be_audio_and_an_avatar_a_picture),
		cmocka_unit_test(bounds_hold_at_the_limit_and_one_over),
		cmocka_unit_test(a_picture_has_a_bound_of_its_own),
		cmocka_unit_test(a_file_needs_a_group_of_the_askers),
		cmocka_unit_test(a_complete_file_is_the_groups_and_its_members_alone),
		cmocka_unit_test(offsets_are_kept_and_use_prolongs_an_upload),
		cmocka_unit_test(what_expired_goes_with_its_blob),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
