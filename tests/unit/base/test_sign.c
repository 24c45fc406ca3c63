/* SPDX-License-Identifier: MIT
 *
 * test_sign - signed paths hold for what they were made for, as long as they were made for.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/sign.h"

static const struct digest key = { { 1, 2, 3 } }, other_key = { { 1, 2, 4 } };

struct signed_url {
	struct str path, exp, sig;
};

static struct signed_url take_apart(struct str url)
{
	const char *query = memchr(url.p, '?', url.n);
	const char *middle = strstr(query, "&sig=");

	assert_true(str_starts(str_of(query), STR("?exp=")));
	return (struct signed_url){
		{ url.p, (size_t)(query - url.p) },
		{ query + 5, (size_t)(middle - query) - 5 },
		str_of(middle + 5),
	};
}

static void a_signature_holds_until_it_expires(void **state)
{
	struct arena a = { 0 };
	struct signed_url u =
		take_apart(sign_path(&key, STR("/a/b"), 5000000, SIGN_DOWNLOAD_MS, &a));

	(void)state;
	assert_true(str_eq(u.path, STR("/a/b")));
	assert_true(sign_holds(&key, u.path, u.exp, u.sig, 5000000));
	assert_true(sign_holds(&key, u.path, u.exp, u.sig, 5000000 + SIGN_DOWNLOAD_MS - 1));
	assert_false(sign_holds(&key, u.path, u.exp, u.sig, 5000000 + SIGN_DOWNLOAD_MS));
	arena_done(&a);
}

static void nothing_in_it_can_be_changed(void **state)
{
	struct arena a = { 0 };
	struct signed_url u = take_apart(sign_path(&key, STR("/a/b"), 0, SIGN_DOWNLOAD_MS, &a));

	(void)state;
	assert_false(sign_holds(&key, STR("/a/c"), u.exp, u.sig, 0));
	assert_false(sign_holds(&other_key, u.path, u.exp, u.sig, 0));
	assert_false(sign_holds(&key, u.path, STR("999999"), u.sig, 0));
	assert_false(sign_holds(&key, u.path, u.exp, STR(""), 0));
	assert_false(sign_holds(&key, u.path, u.exp, (struct str){ u.sig.p, u.sig.n - 1 }, 0));
	assert_false(sign_holds(&key, u.path, STR("0600"), u.sig, 0));
	assert_false(sign_holds(&key, u.path, STR(""), u.sig, 0));
	assert_false(sign_holds(&key, u.path, STR("-1"), u.sig, 0));
	assert_false(sign_holds(&key, u.path, STR("9999999999999999999999"), u.sig, 0));
	arena_done(&a);
}

static void addresses_of_a_day_stay_the_same_for_an_hour(void **state)
{
	struct arena a = { 0 };
	struct str first = sign_path(&key, STR("/a"), 3600000, SIGN_MEDIA_MS, &a);

	(void)state;
	assert_true(
		str_eq(first, sign_path(&key, STR("/a"), 3600000 + 3599999, SIGN_MEDIA_MS, &a)));
	assert_false(
		str_eq(first, sign_path(&key, STR("/a"), 3600000 + 3600000, SIGN_MEDIA_MS, &a)));
	struct signed_url u = take_apart(first);
	assert_true(sign_holds(&key, u.path, u.exp, u.sig, 3600000 + 3599999 + SIGN_MEDIA_MS));
	arena_done(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signature_holds_until_it_expires),
		cmocka_unit_test(nothing_in_it_can_be_changed),
		cmocka_unit_test(addresses_of_a_day_stay_the_same_for_an_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
