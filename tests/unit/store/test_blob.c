/* SPDX-License-Identifier: MIT
 *
 * test_blob - files by content: counted, shared, swept, never gone while a row needs them.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include <fcntl.h>

#include "store_fixture.h"

static enum err ref(struct tx *tx, void *context)
{
	return blob_ref(tx, context);
}

static enum err unref(struct tx *tx, void *context)
{
	const struct blob *b = context;

	return blob_unref(tx, &b->digest);
}

static enum err unref_then_ref(struct tx *tx, void *context)
{
	enum err e = unref(tx, context);

	return e ? e : ref(tx, context);
}

static enum err ref_and_fail(struct tx *tx, void *context)
{
	enum err e = ref(tx, context);

	return e ? e : ERR_FORBIDDEN;
}

static bool is_there(struct store_fixture *f, const struct blob *b)
{
	int fd;

	if (blob_open(store_blobs(f->store), &b->digest, &fd) != ERR_OK)
		return false;
	close(fd);
	return true;
}

static void reopen(struct store_fixture *f)
{
	struct buf sentence = { 0 };

	store_close(f->store);
	assert_int_equal(store_fixture_open(f, &sentence), ERR_OK);
	buf_done(&sentence);
}

static void a_file_lives_as_long_as_a_row_refers_to_it(void **state)
{
	struct store_fixture f;
	struct blob b;

	(void)state;
	store_fixture_init(&f);
	assert_int_equal(blob_write(store_blobs(f.store), STR("some bytes"), &b), ERR_OK);
	assert_int_equal(b.size, 10);
	assert_int_equal(store_fixture_write(&f, ref, &b, NULL), ERR_OK);
	assert_int_equal(store_fixture_write(&f, ref, &b, NULL), ERR_OK);
	assert_int_equal(store_fixture_write(&f, unref, &b, NULL), ERR_OK);
	assert_true(is_there(&f, &b));
	assert_int_equal(store_fixture_write(&f, unref_then_ref, &b, NULL), ERR_OK);
	assert_true(is_there(&f, &b));
	reopen(&f);
	assert_true(is_there(&f, &b));
	assert_int_equal(store_fixture_write(&f, unref, &b, NULL), ERR_OK);
	assert_false(is_there(&f, &b));
	assert_int_equal(store_fixture_write(&f, unref, &b, NULL), ERR_NOT_FOUND);
	assert_int_equal(store_fixture_files(&f), 0);
	store_fixture_done(&f);
}

static void the_same_content_written_again_outlives_its_last_reference(void **state)
{
	struct store_fixture f;
	struct blob first, again;

	(void)state;
	store_fixture_init(&f);
	assert_int_equal(blob_write(store_blobs(f.store), STR("music"), &first), ERR_OK);
	assert_int_equal(store_fixture_write(&f, ref, &first, NULL), ERR_OK);
	assert_int_equal(blob_write(store_blobs(f.store), STR("music"), &again), ERR_OK);
	assert_true(hash_equal(first.digest, again.digest));
	assert_int_equal(store_fixture_write(&f, unref, &first, NULL), ERR_OK);
	assert_true(is_there(&f, &again)); /* its row is on its way */
	assert_int_equal(store_fixture_write(&f, ref, &again, NULL), ERR_OK);
	assert_true(is_there(&f, &again));
	assert_int_equal(store_fixture_write(&f, unref, &again, NULL), ERR_OK);
	assert_false(is_there(&f, &again));
	store_fixture_done(&f);
}

static void what_a_crash_leaves_is_swept_at_start(void **state)
{
	struct store_fixture f;
	struct blob kept, orphan, refused;
	struct blob_writer *w;
	char path[128];

	(void)state;
	store_fixture_init(&f);
	assert_int_equal(blob_write(store_blobs(f.store), STR("kept"), &kept), ERR_OK);
	assert_int_equal(store_fixture_write(&f, ref, &kept, NULL), ERR_OK);
	assert_int_equal(blob_write(store_blobs(f.store), STR("orphan"), &orphan), ERR_OK);
	assert_int_equal(blob_write(store_blobs(f.store), STR("refused"), &refused), ERR_OK);
	assert_int_equal(store_fixture_write(&f, ref_and_fail, &refused, NULL), ERR_FORBIDDEN);
	assert_int_equal(blob_begin(store_blobs(f.store), &w), ERR_OK);
	assert_int_equal(blob_append(w, STR("unfin")), ERR_OK);
	blob_writer_free(w);
	snprintf(path, sizeof path, "%s/blobs/part-77", f.folder);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(store_fixture_files(&f), 4);
	reopen(&f);
	assert_int_equal(store_fixture_files(&f), 1);
	assert_true(is_there(&f, &kept));
	store_fixture_done(&f);
}

static void a_flushed_file_is_adopted_by_renaming(void **state)
{
	struct store_fixture f;
	struct blob b = { .digest = hash_blake2b(STR("abc"), NULL), .size = 3 };
	char path[128];

	(void)state;
	store_fixture_init(&f);
	snprintf(path, sizeof path, "%s/upload", f.folder);
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, "abc", 3), 3);
	close(fd);
	assert_int_equal(blob_adopt(store_blobs(f.store), path, &b), ERR_OK);
	assert_int_equal(access(path, F_OK), -1);
	assert_true(is_there(&f, &b));
	assert_int_equal(blob_adopt(store_blobs(f.store), path, &b), ERR_NOT_FOUND);
	store_fixture_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_lives_as_long_as_a_row_refers_to_it),
		cmocka_unit_test(the_same_content_written_again_outlives_its_last_reference),
		cmocka_unit_test(what_a_crash_leaves_is_swept_at_start),
		cmocka_unit_test(a_flushed_file_is_adopted_by_renaming),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
