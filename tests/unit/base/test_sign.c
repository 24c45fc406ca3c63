/* SPDX-License-Identifier: MIT
 *
 * test_sign - signed paths hold for what they were made for, as long as they were made for.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/sign.h"

static const struct digest key = { { 1, 2, 3 } }, other_key = { { 1, 2, 4 } };
static const struct signed_path what = {
	.path = { "/a/b", 4 },
	.user_id = { { 1 } },
	.session_id = { { 2 } },
	.until_s = 5600,
};

/*
 * Made apart from this program: BLAKE2b-256 with the key 01 02 03 00 … over "/a/b", NUL, 16 bytes 01 00 …, 16 bytes 02 00 …,
 * "5600".
 */
#define VECTOR "f3bKSgCCmAagJlmbdxrRCVR_Ee6gf-jhEXFOfoaLmKg"

static void the_signed_text_is_the_documented_one(void **state)
{
	struct arena a = { 0 };

	(void)state;
	struct str url = sign_path(&key, &what, &a);
	assert_string_equal(url.p, "/a/b?exp=5600&user=01000000-0000-0000-0000-000000000000"
				   "&session=02000000-0000-0000-0000-000000000000&sig=" VECTOR);
	arena_done(&a);
}

static void a_signature_holds_until_it_expires(void **state)
{
	(void)state;
	assert_int_equal(sign_until(5000000), 5600);
	assert_true(sign_holds(&key, &what, STR(VECTOR), 5000000));
	assert_true(sign_holds(&key, &what, STR(VECTOR), 5000000 + SIGN_LIFE_MS - 1));
	assert_false(sign_holds(&key, &what, STR(VECTOR), 5000000 + SIGN_LIFE_MS));
}

static const struct signed_path others[] = {
	{ { "/a/c", 4 }, { { 1 } }, { { 2 } }, 5600 },
	{ { "/a/b", 4 }, { { 3 } }, { { 2 } }, 5600 },
	{ { "/a/b", 4 }, { { 1 } }, { { 3 } }, 5600 },
	{ { "/a/b", 4 }, { { 2 } }, { { 1 } }, 5600 },
	{ { "/a/b", 4 }, { { 1 } }, { { 2 } }, 5601 },
	{ { "/a/b", 4 }, { { 1 } }, { { 2 } }, 56000 },
	{ { "/a/b", 4 }, { { 1 } }, { { 2 } }, -1 },
};

static void nothing_in_it_can_be_changed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (sign_holds(&key, &others[i], STR(VECTOR), -5000))
			fail_msg("%zu", i);
	}
	assert_false(sign_holds(&other_key, &what, STR(VECTOR), 0));
	assert_false(sign_holds(&key, &what, STR(""), 0));
	assert_false(sign_holds(&key, &what, (struct str){ VECTOR, sizeof VECTOR - 2 }, 0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signed_text_is_the_documented_one),
		cmocka_unit_test(a_signature_holds_until_it_expires),
		cmocka_unit_test(nothing_in_it_can_be_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
