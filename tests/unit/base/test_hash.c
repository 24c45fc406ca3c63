/* SPDX-License-Identifier: MIT
 *
 * test_hash - digests against published values, base64 and hex there and back.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/hash.h"

static void blake2b_gives_the_published_digests(void **state)
{
	char hex[DIGEST_HEX_BYTES];

	(void)state;
	hash_hex(hash_blake2b(STR(""), NULL), hex);
	assert_memory_equal(hex, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
		sizeof hex);
	hash_hex(hash_blake2b(STR("abc"), NULL), hex);
	assert_memory_equal(hex, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319",
		sizeof hex);
}

static void a_key_changes_the_digest(void **state)
{
	struct digest key = { { 1 } }, other = { { 2 } };
	struct digest plain = hash_blake2b(STR("abc"), NULL);
	struct digest keyed = hash_blake2b(STR("abc"), &key);

	(void)state;
	assert_false(hash_equal(plain, keyed));
	assert_false(hash_equal(keyed, hash_blake2b(STR("abc"), &other)));
	assert_true(hash_equal(keyed, hash_blake2b(STR("abc"), &key)));
}

static void pieces_hash_like_the_whole(void **state)
{
	struct hash_stream *h;

	(void)state;
	assert_int_equal(hash_stream_new(&h), ERR_OK);
	hash_stream_add(h, STR("a"));
	assert_true(hash_equal(hash_stream_end(h), hash_blake2b(STR("a"), NULL)));
	hash_stream_add(h, STR(""));
	hash_stream_add(h, STR("bc"));
	assert_true(hash_equal(hash_stream_end(h), hash_blake2b(STR("abc"), NULL)));
	hash_stream_free(h);
}

static void sha1_gives_the_published_digest(void **state)
{
	static const uint8_t want[SHA1_BYTES] = { 0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a,
		0xba, 0x3e, 0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d };
	uint8_t got[SHA1_BYTES];

	(void)state;
	hash_sha1(STR("abc"), got);
	assert_memory_equal(got, want, sizeof got);
}

static void hex_is_lower_case_and_whole(void **state)
{
	struct digest d = hash_blake2b(STR("x"), NULL), again;
	char hex[DIGEST_HEX_BYTES];

	(void)state;
	hash_hex(d, hex);
	assert_int_equal(hash_parse_hex((struct str){ hex, sizeof hex }, &again), ERR_OK);
	assert_true(hash_equal(d, again));
	assert_int_equal(
		hash_parse_hex((struct str){ hex, sizeof hex - 1 }, &again), ERR_BAD_REQUEST);
	hex[5] = 'g';
	assert_int_equal(hash_parse_hex((struct str){ hex, sizeof hex }, &again), ERR_BAD_REQUEST);
	hex[5] = 'A';
	assert_int_equal(hash_parse_hex((struct str){ hex, sizeof hex }, &again), ERR_BAD_REQUEST);
}

/* RFC 4648 section 10, and bytes that tell the two alphabets apart. */
static const struct {
	const char *bytes, *padded, *url;
} base64[] = {
	{ "", "", "" },
	{ "f", "Zg==", "Zg" },
	{ "fo", "Zm8=", "Zm8" },
	{ "foo", "Zm9v", "Zm9v" },
	{ "foob", "Zm9vYg==", "Zm9vYg" },
	{ "\xfb\xff\xfe", "+//+", "-__-" },
};

static void base64_goes_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(base64); i++) {
		struct buf b = { 0 };
		hash_base64(&b, str_of(base64[i].bytes), BASE64_PADDED);
		assert_true(str_eq(buf_str(&b), str_of(base64[i].padded)));
		buf_clear(&b);
		hash_base64(&b, str_of(base64[i].bytes), BASE64_URL);
		assert_true(str_eq(buf_str(&b), str_of(base64[i].url)));
		buf_clear(&b);
		assert_int_equal(
			hash_parse_base64(str_of(base64[i].padded), BASE64_PADDED, &b), ERR_OK);
		assert_true(str_eq(buf_str(&b), str_of(base64[i].bytes)));
		buf_clear(&b);
		assert_int_equal(hash_parse_base64(str_of(base64[i].url), BASE64_URL, &b), ERR_OK);
		assert_true(str_eq(buf_str(&b), str_of(base64[i].bytes)));
		buf_done(&b);
	}
}

static const char *const refused[] = { "Z", "Zm9v!", "Zm 9v", "Zm=9v", "Zm9\n", "-__-" };

static void what_is_no_base64_is_refused(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		if (hash_parse_base64(str_of(refused[i]), BASE64_PADDED, &b) != ERR_BAD_REQUEST)
			fail_msg("%s", refused[i]);
	}
	buf_done(&b);
}

/* As Node's Buffer.from: Java's and Android's clients break lines, others have the alphabet of addresses. */
static void base64_of_other_clients_is_read(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = { { "aGVsbG8=", "hello" }, { "aGVs\nbG8=\n", "hello" },
		{ "aGVs\r\nbG8\r\n", "hello" }, { " aGVsbG8 = ", "hello" }, { "-_8=", "\xfb\xff" },
		{ "+/8", "\xfb\xff" } };
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_clear(&out);
		assert_int_equal(
			hash_parse_base64(str_of(cases[i].text), BASE64_LOOSE, &out), ERR_OK);
		assert_true(str_eq(buf_str(&out), str_of(cases[i].expected)));
	}
	assert_int_equal(hash_parse_base64(STR("a!b="), BASE64_LOOSE, &out), ERR_BAD_REQUEST);
	assert_int_equal(
		hash_parse_base64(STR("aGVs\nbG8="), BASE64_PADDED, &out), ERR_BAD_REQUEST);
	buf_done(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_of_other_clients_is_read),
		cmocka_unit_test(blake2b_gives_the_published_digests),
		cmocka_unit_test(a_key_changes_the_digest),
		cmocka_unit_test(pieces_hash_like_the_whole),
		cmocka_unit_test(sha1_gives_the_published_digest),
		cmocka_unit_test(hex_is_lower_case_and_whole),
		cmocka_unit_test(base64_goes_there_and_back),
		cmocka_unit_test(what_is_no_base64_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
