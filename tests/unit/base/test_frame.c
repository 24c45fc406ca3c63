/* SPDX-License-Identifier: MIT
 *
 * test_frame - frames that are lent to another pool, as to another thread's: they borrow the bytes, have counts of
 * their own, and go home when the last reference has gone.
 *
 * Layer: tests.  Threads: one.
 */
#include <stdlib.h>

#include "../cmocka_all.h"

#include "base/frame/frame.h"

struct world {
	struct frame_pool *home, *guest;
	struct frame *f, *loan;
};

static int lend(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	assert_int_equal(frame_pool_new(&w->home), ERR_OK);
	assert_int_equal(frame_pool_new(&w->guest), ERR_OK);
	assert_int_equal(frame_of(w->home, STR("a packet"), &w->f), ERR_OK);
	assert_int_equal(frame_lend(w->f, &w->loan), ERR_OK);
	*state = w;
	return 0;
}

/* Both pools assert that nobody holds a frame of theirs. */
static int end(void **state)
{
	struct world *w = *state;

	frame_pool_free(w->guest);
	frame_pool_free(w->home);
	free(w);
	return 0;
}

static void a_loan_borrows_the_bytes(void **state)
{
	struct world *w = *state;

	frame_land(w->guest, w->loan);
	assert_ptr_equal(w->loan->p, w->f->p);
	assert_int_equal(w->loan->n, w->f->n);
	frame_unref(w->f);
	assert_memory_equal(w->loan->p, "a packet", 8);
	frame_unref(w->loan);
	frame_settle(frame_take_returned(w->guest));
}

static void a_loan_returns_with_its_last_reference(void **state)
{
	struct world *w = *state;

	frame_unref(w->f);
	frame_land(w->guest, w->loan);
	frame_ref(w->loan);
	frame_unref(w->loan);
	assert_null(frame_take_returned(w->guest));
	frame_unref(w->loan);
	struct frame *returned = frame_take_returned(w->guest);
	assert_ptr_equal(returned, w->loan);
	assert_null(frame_take_returned(w->guest));
	frame_settle(returned);
}

static void a_frame_may_be_lent_to_several_pools(void **state)
{
	struct world *w = *state;
	struct frame_pool *third = NULL;
	struct frame *other = NULL;

	assert_int_equal(frame_pool_new(&third), ERR_OK);
	assert_int_equal(frame_lend(w->f, &other), ERR_OK);
	frame_unref(w->f);
	frame_land(w->guest, w->loan);
	frame_land(third, other);
	frame_unref(w->loan);
	frame_settle(frame_take_returned(w->guest));
	assert_memory_equal(other->p, "a packet", 8);
	frame_unref(other);
	frame_settle(frame_take_returned(third));
	frame_pool_free(third);
}

static void the_other_forms_of_a_loan_stay_with_the_guest(void **state)
{
	struct world *w = *state;
	struct frame *made = NULL;

	frame_land(w->guest, w->loan);
	assert_int_equal(frame_of(w->guest, STR("poll"), &made), ERR_OK);
	frame_add_form(w->loan, FRAME_POLL, made);
	assert_ptr_equal(frame_in_form(w->loan, FRAME_POLL), made);
	assert_null(frame_in_form(w->f, FRAME_POLL));
	frame_unref(w->loan);
	frame_settle(frame_take_returned(w->guest));
	frame_unref(w->f);
}

static void a_loan_that_never_landed_is_settled_too(void **state)
{
	struct world *w = *state;

	frame_unref(w->f);
	frame_settle(w->loan);
}

static void settled_loans_are_lent_again(void **state)
{
	struct world *w = *state;
	struct frame *again = NULL;

	frame_settle(w->loan);
	assert_int_equal(frame_lend(w->f, &again), ERR_OK);
	assert_ptr_equal(again, w->loan);
	assert_null(again->other);
	frame_settle(again);
	frame_unref(w->f);
}

static void a_constant_frame_is_not_copied_and_its_struct_is_used_again(void **state)
{
	static const char bytes[] = "bytes of the program";
	struct world *w = *state;
	struct frame *f, *next;

	frame_unref(w->f);
	frame_settle(w->loan);
	assert_int_equal(frame_of_constant(w->home, str_of(bytes), &f), ERR_OK);
	assert_ptr_equal(f->p, bytes);
	frame_unref(f);
	assert_int_equal(frame_of(w->home, STR("others"), &next), ERR_OK);
	assert_ptr_not_equal(next->p, bytes);
	assert_memory_equal(bytes, "bytes of the program", sizeof bytes);
	frame_unref(next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_loan_borrows_the_bytes, lend, end),
		cmocka_unit_test_setup_teardown(a_loan_returns_with_its_last_reference, lend, end),
		cmocka_unit_test_setup_teardown(a_frame_may_be_lent_to_several_pools, lend, end),
		cmocka_unit_test_setup_teardown(
			the_other_forms_of_a_loan_stay_with_the_guest, lend, end),
		cmocka_unit_test_setup_teardown(a_loan_that_never_landed_is_settled_too, lend, end),
		cmocka_unit_test_setup_teardown(settled_loans_are_lent_again, lend, end),
		cmocka_unit_test_setup_teardown(
			a_constant_frame_is_not_copied_and_its_struct_is_used_again, lend, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
