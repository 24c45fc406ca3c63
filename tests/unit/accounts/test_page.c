/* SPDX-License-Identifier: MIT
 *
 * test_page - cursors come back as they were, or are refused; answers stop at their bound.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "../store/store_fixture.h"
#include "accounts/page.h"
#include "base/limits.h"

struct reading {
	struct str text;
	struct page_cursor out;
	struct arena a;
};

static enum err read_cursor(struct tx *tx, void *context)
{
	struct reading *r = context;

	return page_read(tx, r->text, 'x', &r->a, &r->out);
}

static void a_cursor_comes_back_as_it_was(void **state)
{
	struct store_fixture f;
	struct reading r = { .a = { 0 } };
	const struct page_cursor c = { 'x', INT64_MIN + 5, INT64_MAX, STR("\xff some name") };

	(void)state;
	store_fixture_init(&f);
	r.text = page_write(&c, &r.a);
	assert_true(r.text.n <= 200);
	assert_int_equal(store_fixture_write(&f, read_cursor, &r, NULL), ERR_OK);
	assert_int_equal(r.out.a, c.a);
	assert_int_equal(r.out.b, c.b);
	assert_true(str_eq(r.out.text, c.text));
	arena_done(&r.a);
	store_fixture_done(&f);
}

static void the_longest_cursor_fits_its_field(void **state)
{
	char name[PAGE_TEXT_MAX] = { 0 };
	struct arena a = { 0 };
	const struct page_cursor c = { 'x', 1, 2, { name, sizeof name } };

	(void)state;
	assert_true(page_write(&c, &a).n <= 200);
	arena_done(&a);
}

static void what_is_no_cursor_of_the_list_is_refused(void **state)
{
	struct store_fixture f;
	struct reading r = { .a = { 0 } };
	const struct page_cursor other = { 'y', 1, 2, STR("") };
	const char *sentence;
	const struct str texts[] = { STR("x"), STR("%%%"), STR("eAAA"), STR("…"),
		page_write(&other, &r.a) };

	(void)state;
	store_fixture_init(&f);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		r.text = texts[i];
		assert_int_equal(
			store_fixture_write(&f, read_cursor, &r, &sentence), ERR_BAD_REQUEST);
		assert_non_null(sentence);
	}
	arena_done(&r.a);
	store_fixture_done(&f);
}

static void the_room_of_an_answer_ends(void **state)
{
	struct page_room room = page_room_new();
	size_t taken = 0;

	(void)state;
	while (page_room_take(&room, 1000))
		taken += 1000;
	assert_true(taken > ANSWER_BYTES_MAX - 4096 && taken < ANSWER_BYTES_MAX);
	assert_int_equal(page_text(STR("ab\"\n")), 4 + 2 + 1 + 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cursor_comes_back_as_it_was),
		cmocka_unit_test(the_longest_cursor_fits_its_field),
		cmocka_unit_test(what_is_no_cursor_of_the_list_is_refused),
		cmocka_unit_test(the_room_of_an_answer_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
