/* SPDX-License-Identifier: MIT
 *
 * test_bytes - buf and arena: growth, failure that is remembered, memory that is kept and given
 * back.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/arena.h"
#include "base/buf.h"

static void a_buf_grows_and_keeps_what_it_has(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (unsigned i = 0; i < 10000; i++)
		buf_byte(&b, (char)i);
	assert_int_equal(b.n, 10000);
	for (unsigned i = 0; i < 10000; i++)
		assert_int_equal(b.p[i], (char)i);
	buf_drop(&b, 9999);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.p[0], (char)9999);
	buf_done(&b);
	assert_null(b.p);
}

static void numbers_are_written_in_full(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_u64(&b, 0);
	buf_byte(&b, ' ');
	buf_u64(&b, UINT64_MAX);
	buf_byte(&b, ' ');
	buf_i64(&b, INT64_MIN);
	buf_byte(&b, ' ');
	buf_i64(&b, 7);
	buf_printf(&b, " %s-%03d", "a", 5);
	assert_true(
		str_eq(buf_str(&b), STR("0 18446744073709551615 -9223372036854775808 7 a-005")));
	buf_done(&b);
}

static void a_failure_is_remembered_until_cleared(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_append(&b, STR("a"));
	assert_null(buf_reserve(&b, SIZE_MAX));
	assert_true(buf_failed(&b));
	buf_append(&b, STR("b"));
	assert_true(str_eq(buf_str(&b), STR("a")));
	buf_clear(&b);
	assert_false(buf_failed(&b));
	buf_append(&b, STR("c"));
	assert_true(str_eq(buf_str(&b), STR("c")));
	buf_done(&b);
}

static void reserved_room_counts_when_it_is_grown_into(void **state)
{
	struct buf b = { 0 };
	char *to = buf_reserve(&b, 1000);

	(void)state;
	assert_non_null(to);
	memset(to, 'x', 1000);
	assert_int_equal(b.n, 0);
	buf_grow(&b, 600);
	assert_int_equal(b.n, 600);
	assert_ptr_equal(buf_reserve(&b, 1), b.p + 600);
	buf_done(&b);
}

static void pieces_of_an_arena_are_zeroed_aligned_and_apart(void **state)
{
	struct arena a = { 0 };
	unsigned char *before = NULL;

	(void)state;
	for (size_t size = 0; size < 300; size++) {
		unsigned char *p = arena_alloc(&a, size);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
		if (before)
			assert_int_equal(before[0], 0xff);
		if (size)
			before = p;
	}
	arena_done(&a);
}

static void an_arena_takes_what_is_larger_than_a_chunk(void **state)
{
	struct arena a = { 0 };
	char *large = arena_alloc(&a, 100000);

	(void)state;
	assert_non_null(large);
	memset(large, 1, 100000);
	assert_non_null(arena_alloc(&a, 10));
	arena_reset(&a);
	assert_non_null(arena_alloc(&a, 10));
	arena_done(&a);
	arena_done(&a);
}

static void sizes_that_overflow_are_refused(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_null(arena_array(&a, SIZE_MAX / 2, 3));
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_non_null(arena_array(&a, 0, 8));
	arena_done(&a);
}

static void copies_end_with_a_nul(void **state)
{
	struct arena a = { 0 };
	struct str copy = arena_dup(&a, STR("abc")), empty = arena_dup(&a, (struct str){ NULL, 0 });

	(void)state;
	assert_string_equal(copy.p, "abc");
	assert_int_equal(copy.n, 3);
	assert_string_equal(empty.p, "");
	assert_true(str_eq(arena_printf(&a, "%d:%s", 4, "x"), STR("4:x")));
	arena_done(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_buf_grows_and_keeps_what_it_has),
		cmocka_unit_test(numbers_are_written_in_full),
		cmocka_unit_test(a_failure_is_remembered_until_cleared),
		cmocka_unit_test(reserved_room_counts_when_it_is_grown_into),
		cmocka_unit_test(pieces_of_an_arena_are_zeroed_aligned_and_apart),
		cmocka_unit_test(an_arena_takes_what_is_larger_than_a_chunk),
		cmocka_unit_test(sizes_that_overflow_are_refused),
		cmocka_unit_test(copies_end_with_a_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
