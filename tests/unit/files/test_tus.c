/* SPDX-License-Identifier: MIT
 *
 * test_tus - headers of tus requests: what they mean, and which are refused.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/limits.h"
#include "files/tus.h"

static const struct {
	const char *value;
	enum err err;
	int64_t number;
} numbers[] = {
	{ "0", ERR_OK, 0 },
	{ "536870912", ERR_OK, 536870912 },
	{ "999999999999999999", ERR_OK, 999999999999999999 },
	{ "", ERR_BAD_REQUEST, 0 },
	{ "-1", ERR_BAD_REQUEST, 0 },
	{ "+1", ERR_BAD_REQUEST, 0 },
	{ "1 ", ERR_BAD_REQUEST, 0 },
	{ "0x10", ERR_BAD_REQUEST, 0 },
	{ "9999999999999999999", ERR_BAD_REQUEST, 0 },
};

static void numbers_are_digits_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		int64_t n = 0;
		enum err e = tus_number(str_of(numbers[i].value), &n);
		if (e != numbers[i].err || (!e && n != numbers[i].number))
			fail_msg("%s", numbers[i].value);
	}
}

/* Zmls…: base64 of the words behind them. */
static const struct {
	const char *what, *length, *metadata;
	enum err err;
	enum upload_purpose purpose;
	const char *filename;
	bool has_group;
} creations[] = {
	{ "a track", "10", "purpose dHJhY2s=,filename c29uZy5tcDM=", ERR_OK, UPLOAD_PURPOSE_TRACK,
		"song.mp3", false },
	{ "spaces around, padding left away", "10", "filename c29uZy5tcDM , purpose dHJhY2s",
		ERR_OK, UPLOAD_PURPOSE_TRACK, "song.mp3", false },
	{ "keys that mean nothing here", "10", "purpose YXZhdGFy,filetype !!!,is_confidential",
		ERR_OK, UPLOAD_PURPOSE_AVATAR, "", false },
	{ "a file of a group", "0",
		"purpose ZmlsZQ==,filename w6QudHh0,groupId "
		"MDEyMzQ1NjctODlhYi03ZmZmLWJmZmYtZmZmZmZmZmZmZmZm",
		ERR_OK, UPLOAD_PURPOSE_FILE, "\xc3\xa4.txt", true },
	{ "a file without a name", "0",
		"purpose ZmlsZQ==,groupId MDEyMzQ1NjctODlhYi03ZmZmLWJmZmYtZmZmZmZmZmZmZmZm", ERR_OK,
		UPLOAD_PURPOSE_FILE, "file", true },
	{ "no length", "", "purpose dHJhY2s=", ERR_BAD_REQUEST, 0, NULL, false },
	{ "no purpose", "10", "filename c29uZy5tcDM=", ERR_BAD_REQUEST, 0, NULL, false },
	{ "no metadata", "10", "", ERR_BAD_REQUEST, 0, NULL, false },
	{ "an unknown purpose", "10", "purpose Y292ZXI=", ERR_BAD_REQUEST, 0, NULL, false },
	{ "no base64", "10", "purpose tr!ck", ERR_BAD_REQUEST, 0, NULL, false },
	{ "no UTF-8", "10", "purpose dHJhY2s=,filename /w==", ERR_BAD_REQUEST, 0, NULL, false },
	{ "NUL in a name", "10", "purpose dHJhY2s=,filename YQBi", ERR_BAD_REQUEST, 0, NULL,
		false },
	{ "a group that is no id", "10", "purpose ZmlsZQ==,groupId bG9iYnk=", ERR_BAD_REQUEST, 0,
		NULL, false },
};

static void metadata_says_what_an_upload_is_for(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(creations); i++) {
		struct upload_new n = { .size = -1 };
		const char *sentence = NULL;
		enum err e = tus_creation(str_of(creations[i].length),
			str_of(creations[i].metadata), &a, &n, &sentence);
		if (e != creations[i].err)
			fail_msg("%s: %s", creations[i].what, sentence ? sentence : "taken");
		if (e) {
			assert_non_null(sentence);
			continue;
		}
		assert_int_equal(n.purpose, creations[i].purpose);
		assert_int_equal(n.has_group, creations[i].has_group);
		assert_true(str_eq(n.filename, str_of(creations[i].filename)));
	}
	arena_done(&a);
}

static void metadata_has_a_limit(void **state)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct upload_new n;
	const char *sentence;

	(void)state;
	buf_append(&b, STR("purpose dHJhY2s=,x "));
	while (b.n < UPLOAD_METADATA_MAX)
		buf_byte(&b, 'A');
	assert_int_equal(tus_creation(STR("1"), buf_str(&b), &a, &n, &sentence), ERR_OK);
	buf_byte(&b, 'A');
	assert_int_equal(tus_creation(STR("1"), buf_str(&b), &a, &n, &sentence), ERR_BAD_REQUEST);
	buf_done(&b);
	arena_done(&a);
}

static const struct {
	const char *value;
	enum err err;
} checksums[] = {
	{ "sha1 Lve95gjOVATpfV8EL5X4nxwjKHE=", ERR_OK },
	{ "sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", ERR_OK },
	{ "md5 1B2M2Y8AsgTpgAmY7PhCfg==", ERR_BAD_REQUEST },
	{ "sha1 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", ERR_BAD_REQUEST },
	{ "sha1", ERR_BAD_REQUEST },
	{ "sha1 !", ERR_BAD_REQUEST },
	{ "", ERR_BAD_REQUEST },
};

static void checksums_have_a_name_and_its_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(checksums); i++) {
		struct tus_checksum c;
		if (tus_checksum_read(str_of(checksums[i].value), &c) != checksums[i].err)
			fail_msg("%s", checksums[i].value);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits_alone),
		cmocka_unit_test(metadata_says_what_an_upload_is_for),
		cmocka_unit_test(metadata_has_a_limit),
		cmocka_unit_test(checksums_have_a_name_and_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
