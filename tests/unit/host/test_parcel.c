/* SPDX-License-Identifier: MIT
 *
 * test_parcel - what threads say to each other: records in their order, over parcels of any size, used again.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "host/host_parcel.h"

struct world {
	struct host_box box;
	struct loop *loop;
	struct buf log;
	size_t parcels, weight;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	assert_int_equal(loop_new(&w->loop), ERR_OK);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	host_parcel_done(&w->box);
	loop_free(w->loop);
	buf_done(&w->log);
	free(w);
	return 0;
}

/* The thread of the parcels is, here, the world. */
static void on_parcel(void *context)
{
	struct host_parcel *p = context;
	struct world *w = (struct world *)(void *)p->thread;
	struct host_record *r;
	size_t at = 0;

	w->parcels++;
	w->weight += p->weight;
	while ((r = host_parcel_next(p, &at)))
		buf_printf(&w->log, "%d:%.*s ", r->kind, r->n > 9 ? 3 : (int)r->n,
			host_parcel_bytes(r));
	host_parcel_keep(&w->box, p);
}

static void expect(struct world *w, const char *log)
{
	size_t weight =
		host_parcel_post(&w->box, w->loop, (struct host_thread *)(void *)w, on_parcel);

	w->weight = 0;
	loop_run_posted(w->loop);
	assert_int_equal(w->weight, weight);
	buf_byte(&w->log, '\0');
	assert_string_equal(w->log.p, log);
	buf_clear(&w->log);
}

static void put(struct world *w, enum host_record_kind kind, const char *text, size_t n)
{
	struct host_record *r = host_parcel_add(&w->box, kind, n);

	assert_non_null(r);
	memset(host_parcel_bytes(r), '.', n);
	memcpy(host_parcel_bytes(r), text, strlen(text) < n ? strlen(text) : n);
}

static void records_come_in_their_order(void **state)
{
	struct world *w = *state;

	put(w, HOST_OPENED, "", 0);
	put(w, HOST_TEXT, "abc", 3);
	put(w, HOST_BINARY, "12345678", 8);
	put(w, HOST_CLOSED, "", 0);
	expect(w, "0: 1:abc 2:12345678 3: ");
	assert_int_equal(w->parcels, 1);
	expect(w, "");
}

static void what_is_large_has_a_parcel_of_its_own(void **state)
{
	struct world *w = *state;

	put(w, HOST_TEXT, "a", 1);
	put(w, HOST_TEXT, "big", 1000000);
	put(w, HOST_TEXT, "b", 1);
	expect(w, "1:a 1:big 1:b ");
	assert_int_equal(w->parcels, 3);
}

static void many_fill_parcels_one_after_the_other(void **state)
{
	struct world *w = *state;
	struct buf all = { 0 };

	for (unsigned i = 0; i < 5000; i++) {
		char text[8];
		snprintf(text, sizeof text, "%u", i);
		put(w, HOST_TEXT, text, strlen(text));
		buf_printf(&all, "1:%u ", i);
	}
	buf_byte(&all, '\0');
	expect(w, all.p);
	assert_in_range(w->parcels, 5, 20);
	buf_done(&all);
}

static void the_last_record_grows_within_its_parcel(void **state)
{
	struct world *w = *state;
	struct host_record *first = host_parcel_add(&w->box, HOST_FRAME, 8);
	size_t grown = 1;

	while (host_parcel_extend(&w->box, 8))
		grown++;
	assert_int_equal(first->n, grown * 8);
	assert_in_range(grown, 1000, 2048);
	struct host_record *second = host_parcel_add(&w->box, HOST_FRAME, 8);
	assert_non_null(host_parcel_extend(&w->box, 8));
	assert_int_equal(first->n, grown * 8);
	assert_int_equal(second->n, 16);
	host_parcel_post(&w->box, w->loop, (struct host_thread *)(void *)w, on_parcel);
	assert_null(host_parcel_extend(&w->box, 8)); /* what was posted is not ours any more */
	loop_run_posted(w->loop);
}

static void parcels_are_used_again(void **state)
{
	struct world *w = *state;

	put(w, HOST_TEXT, "a", 1);
	struct host_parcel *first = w->box.first;
	expect(w, "1:a ");
	put(w, HOST_TEXT, "b", 1);
	assert_ptr_equal(w->box.first, first);
	expect(w, "1:b ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_come_in_their_order),
		TEST(what_is_large_has_a_parcel_of_its_own),
		TEST(many_fill_parcels_one_after_the_other),
		TEST(the_last_record_grows_within_its_parcel),
		TEST(parcels_are_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
