/* SPDX-License-Identifier: MIT
 *
 * test_blame - how long an address is shut out, and who never is. Time passes by moving what is remembered back.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/limits.h"
#include "host/host_inside.h"

static const struct conn_address stranger = {
	.ip = { [10] = 0xff, [11] = 0xff, [12] = 192, [13] = 0, [14] = 2, [15] = 1 }
};

/* The stranger's place in the table; there is no other. */
static struct host_blame *entry_of(struct sio_server *s)
{
	for (size_t i = 0; i < HOST_BLAMED; i++) {
		if (s->blamed[i].faults)
			return &s->blamed[i];
	}
	fail_msg("nobody is blamed");
	return NULL;
}

static int setup(void **state)
{
	struct sio_options o;
	struct sio_server *s;

	sio_options_init(&o);
	assert_int_equal(sio_server_new(&o, &s), SIO_OK);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	sio_server_free(*state);
	return 0;
}

static void fault(struct sio_server *s, const struct conn_address *from, unsigned times)
{
	while (times-- > 0)
		host_blame_address(s, from, loop_now_ms(s->loop));
}

static void some_faults_shut_an_address_out_for_a_while(void **state)
{
	struct sio_server *s = *state;

	fault(s, &stranger, FAULTS_PER_ADDRESS_MAX - 1);
	assert_false(host_blame_is_shut(s, &stranger));
	fault(s, &stranger, 1);
	assert_true(host_blame_is_shut(s, &stranger));
	int64_t last_ms = entry_of(s)->last_ms;
	entry_of(s)->last_ms = last_ms - FAULT_TIME_MAX;
	assert_true(host_blame_is_shut(s, &stranger));
	entry_of(s)->last_ms = last_ms - FAULT_TIME_MAX - 1;
	assert_false(host_blame_is_shut(s, &stranger));
	assert_int_equal(sio_server_counts(s).exceeded[SIO_LIMIT_FAULTS], 2);
}

static void each_fault_begins_the_while_anew(void **state)
{
	struct sio_server *s = *state;

	fault(s, &stranger, FAULTS_PER_ADDRESS_MAX);
	entry_of(s)->last_ms -= FAULT_TIME_MAX;
	fault(s, &stranger, 1);
	assert_int_equal(entry_of(s)->last_ms, loop_now_ms(s->loop));
	assert_int_equal(entry_of(s)->faults, FAULTS_PER_ADDRESS_MAX + 1);
}

static void faults_further_back_are_forgotten(void **state)
{
	struct sio_server *s = *state;

	fault(s, &stranger, FAULTS_PER_ADDRESS_MAX - 1);
	entry_of(s)->last_ms -= FAULT_TIME_MAX + 1;
	fault(s, &stranger, 1);
	assert_int_equal(entry_of(s)->faults, 1);
	assert_false(host_blame_is_shut(s, &stranger));
}

static void another_address_is_another_matter(void **state)
{
	struct sio_server *s = *state;
	struct conn_address neighbour = stranger;
	struct conn_address here = { .ip = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 } };

	neighbour.ip[15]++;
	fault(s, &stranger, FAULTS_PER_ADDRESS_MAX);
	assert_false(host_blame_is_shut(s, &neighbour));
	fault(s, &here, FAULTS_PER_ADDRESS_MAX);
	assert_false(host_blame_is_shut(s, &here));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(some_faults_shut_an_address_out_for_a_while),
		TEST(each_fault_begins_the_while_anew),
		TEST(faults_further_back_are_forgotten),
		TEST(another_address_is_another_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
