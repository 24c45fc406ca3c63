/* SPDX-License-Identifier: MIT
 *
 * test_part - bytes of unfinished uploads: what counts survives, what does not is cut off, what is whole is adopted.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "../store/store_fixture.h"
#include "files/part.h"

static const struct uuid id = { { 1, 2, 3 } }, other = { { 4, 5, 6 } };

struct fixture {
	struct store_fixture store;
	struct parts *parts;
};

static void fixture_init(struct fixture *f)
{
	store_fixture_init(&f->store);
	assert_int_equal(parts_new(f->store.folder, &f->parts), ERR_OK);
}

static void fixture_done(struct fixture *f)
{
	parts_free(f->parts);
	store_fixture_done(&f->store);
}

static void what_counts_is_there_again_and_the_rest_is_cut_off(void **state)
{
	struct fixture f;
	struct part *p;
	uint8_t sum[PART_SUM_BYTES_MAX], want[SHA1_BYTES];

	(void)state;
	fixture_init(&f);
	assert_int_equal(part_open(f.parts, id, 0, &p), ERR_OK);
	assert_int_equal(part_append(p, STR("counted")), ERR_OK);
	assert_int_equal(part_flush(p), ERR_OK);
	assert_int_equal(part_append(p, STR(" lost")), ERR_OK);
	part_free(p);

	assert_int_equal(part_open(f.parts, id, 7, &p), ERR_OK);
	assert_int_equal(part_size(p), 7);
	assert_int_equal(part_append(p, STR("!")), ERR_OK);
	assert_int_equal(part_sum(p, 0, PART_SHA1, sum), ERR_OK);
	hash_sha1(STR("counted!"), want);
	assert_memory_equal(sum, want, sizeof want);
	assert_int_equal(part_sum(p, 7, PART_SHA1, sum), ERR_OK);
	hash_sha1(STR("!"), want);
	assert_memory_equal(sum, want, sizeof want);
	part_free(p);
	fixture_done(&f);
}

static void a_part_with_fewer_bytes_than_were_promised_is_not_gone_on_with(void **state)
{
	struct fixture f;
	struct part *p;

	(void)state;
	fixture_init(&f);
	assert_int_equal(part_open(f.parts, id, 1, &p), ERR_NOT_FOUND);
	assert_int_equal(part_open(f.parts, id, 0, &p), ERR_OK);
	assert_int_equal(part_append(p, STR("abc")), ERR_OK);
	part_free(p);
	assert_int_equal(part_open(f.parts, id, 4, &p), ERR_NOT_FOUND);
	assert_int_equal(parts_remove(f.parts, id), ERR_OK);
	assert_int_equal(parts_remove(f.parts, id), ERR_OK);
	fixture_done(&f);
}

static void a_whole_part_is_adopted_as_often_as_it_takes(void **state)
{
	struct fixture f;
	struct part *p;
	struct upload_content first, again;
	char bytes[8];
	int fd;

	(void)state;
	fixture_init(&f);
	assert_int_equal(part_open(f.parts, id, 0, &p), ERR_OK);
	assert_int_equal(part_append(p, STR("fLaC 1 2")), ERR_OK);
	assert_int_equal(part_adopt(p, store_blobs(f.store.store), &first), ERR_OK);
	assert_int_equal(part_adopt(p, store_blobs(f.store.store), &again), ERR_OK);
	part_free(p);
	assert_int_equal(first.kind, SNIFF_AUDIO);
	assert_string_equal(first.mime, "audio/flac");
	assert_int_equal(first.blob.size, 8);
	assert_true(hash_equal(first.blob.digest, hash_blake2b(STR("fLaC 1 2"), NULL)));
	assert_int_equal(parts_remove(f.parts, id), ERR_OK);
	assert_int_equal(blob_open(store_blobs(f.store.store), &again.blob.digest, &fd), ERR_OK);
	assert_int_equal(read(fd, bytes, sizeof bytes), 8);
	assert_memory_equal(bytes, "fLaC 1 2", 8);
	close(fd);
	fixture_done(&f);
}

static void what_stands_behind_a_long_tag_is_sniffed(void **state)
{
	struct fixture f;
	struct part *p;
	struct upload_content content;
	static const char tag[10] = { 'I', 'D', '3', 4, 0, 0, 0, 0, 0x7f,
		0x7f }; /* 16,383 bytes follow */
	struct buf b = { 0 };

	(void)state;
	buf_append(&b, (struct str){ tag, sizeof tag });
	while (b.n < 16393)
		buf_byte(&b, 'x');
	buf_append(&b, STR("this is no music"));
	fixture_init(&f);
	assert_int_equal(part_open(f.parts, id, 0, &p), ERR_OK);
	assert_int_equal(part_append(p, buf_str(&b)), ERR_OK);
	assert_int_equal(part_adopt(p, store_blobs(f.store.store), &content), ERR_OK);
	assert_int_equal(content.kind, SNIFF_OTHER);
	part_free(p);
	buf_done(&b);
	fixture_done(&f);
}

static enum err keep_one(void *context, struct uuid which, bool *keep)
{
	*keep = uuid_eq(which, *(const struct uuid *)context);
	return ERR_OK;
}

static void the_sweep_keeps_what_is_wanted_alone(void **state)
{
	struct fixture f;
	struct part *p;
	char path[128];
	struct uuid wanted = id;

	(void)state;
	fixture_init(&f);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(part_open(f.parts, i ? other : id, 0, &p), ERR_OK);
		assert_int_equal(part_append(p, STR("abc")), ERR_OK);
		part_free(p);
	}
	snprintf(path, sizeof path, "%s/uploads/stray", f.store.folder);
	FILE *stray = fopen(path, "w");
	assert_non_null(stray);
	fclose(stray);
	assert_int_equal(parts_sweep(f.parts, keep_one, &wanted), ERR_OK);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(part_open(f.parts, id, 3, &p), ERR_OK);
	part_free(p);
	assert_int_equal(part_open(f.parts, other, 3, &p), ERR_NOT_FOUND);
	fixture_done(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_counts_is_there_again_and_the_rest_is_cut_off),
		cmocka_unit_test(a_part_with_fewer_bytes_than_were_promised_is_not_gone_on_with),
		cmocka_unit_test(a_whole_part_is_adopted_as_often_as_it_takes),
		cmocka_unit_test(what_stands_behind_a_long_tag_is_sniffed),
		cmocka_unit_test(the_sweep_keeps_what_is_wanted_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
