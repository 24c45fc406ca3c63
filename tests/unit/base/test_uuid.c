/* SPDX-License-Identifier: MIT
 *
 * test_uuid - version 7 by a clock and dice of the test's own, text there and back.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/uuid.h"

static void all_ones(void *context, void *bytes, size_t n)
{
	(void)context;
	memset(bytes, 0xff, n);
}

static void a_new_id_holds_time_version_and_variant(void **state)
{
	struct rng ones = { all_ones, NULL };
	char text[UUID_TEXT_BYTES];

	(void)state;
	uuid_text(uuid_v7(0x0123456789ab, &ones), text);
	assert_memory_equal(text, "01234567-89ab-7fff-bfff-ffffffffffff", sizeof text);
}

static void later_ids_sort_behind_earlier_ones(void **state)
{
	struct rng r = rng_system();
	struct uuid a = uuid_v7(1000, &r), b = uuid_v7(1001, &r);

	(void)state;
	assert_true(memcmp(a.b, b.b, sizeof a.b) < 0);
	assert_false(uuid_eq(uuid_v7(1000, &r), a));
}

static void further_ids_of_one_event_differ_and_keep_their_form(void **state)
{
	struct rng ones = { all_ones, NULL };
	struct uuid u = uuid_v7(5, &ones), next = uuid_plus(u, 1);

	(void)state;
	assert_false(uuid_eq(u, next));
	assert_int_equal(next.b[6] >> 4, 7);
	assert_int_equal(next.b[8] >> 6, 2);
	assert_memory_equal(u.b, next.b, 8);
	assert_true(uuid_eq(uuid_plus(u, 0), u));
	assert_true(uuid_eq(uuid_plus(uuid_plus(u, 300), 5), uuid_plus(u, 305)));
}

static void text_goes_there_and_back(void **state)
{
	struct rng r = rng_system();
	struct uuid u = uuid_v7(1795338060000, &r), again;
	char text[UUID_TEXT_BYTES];

	(void)state;
	uuid_text(u, text);
	assert_int_equal(uuid_parse((struct str){ text, sizeof text }, &again), ERR_OK);
	assert_true(uuid_eq(u, again));
	assert_false(uuid_is_nil(u));
	assert_int_equal(uuid_parse(STR("00000000-0000-0000-0000-000000000000"), &again), ERR_OK);
	assert_true(uuid_is_nil(again));
}

static const char *const refused[] = {
	"",
	"0123456789ab7fffbfffffffffffffff",
	"01234567-89AB-7fff-bfff-ffffffffffff",
	"01234567-89ab-7fff-bfff-fffffffffff",
	"01234567-89ab-7fff-bfff-fffffffffffff",
	"01234567-89ab-7fff-bfff-ffffffffffg0",
	"01234567x89ab-7fff-bfff-ffffffffffff",
	"{1234567-89ab-7fff-bfff-ffffffffffff",
};

static void what_is_no_id_is_refused(void **state)
{
	struct uuid u;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		if (uuid_parse(str_of(refused[i]), &u) != ERR_BAD_REQUEST)
			fail_msg("%s", refused[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_id_holds_time_version_and_variant),
		cmocka_unit_test(later_ids_sort_behind_earlier_ones),
		cmocka_unit_test(further_ids_of_one_event_differ_and_keep_their_form),
		cmocka_unit_test(text_goes_there_and_back),
		cmocka_unit_test(what_is_no_id_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
