/* SPDX-License-Identifier: MIT
 *
 * test_attempts - failed logins and registrations at the limit and one over.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdio.h>

#include "accounts/attempts.h"

enum { MINUTE_MS = 60000 };

static struct attempts *make(struct limits *limits)
{
	struct attempts *t;

	*limits = limits_default();
	limits->failed_logins = 3;
	limits->failed_logins_address = 5;
	limits->registrations = 2;
	assert_int_equal(attempts_new(limits, &t), ERR_OK);
	return t;
}

static bool login(struct attempts *t, const char *name, const char *address, int64_t now_ms)
{
	int64_t retry_ms = 0;
	bool ok = attempts_login(t, str_of(name), str_of(address), now_ms, &retry_ms);

	assert_true(ok || (retry_ms > 0 && retry_ms <= 10 * MINUTE_MS));
	return ok;
}

static void an_account_is_closed_to_an_address_after_so_many_failures(void **state)
{
	struct limits limits;
	struct attempts *t = make(&limits);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(login(t, i == 1 ? "ANN" : "ann", "10.0.0.1", i));
	assert_false(login(t, "ann", "10.0.0.1", 3));
	assert_true(login(t, "bob", "10.0.0.1", 3));
	assert_true(login(t, "ann", "10.0.0.2", 3));
	assert_true(login(t, "ann", "10.0.0.1", 10 * MINUTE_MS));
	attempts_free(t);
}

static void an_address_is_closed_after_so_many_failures_to_any_account(void **state)
{
	struct limits limits;
	struct attempts *t = make(&limits);
	char name[16];

	(void)state;
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof name, "n%d", i);
		assert_true(login(t, name, "::1", 0));
	}
	assert_false(login(t, "another", "::1", 0));
	assert_false(login(t, "n0", "::1", 1));
	attempts_free(t);
}

static void what_worked_does_not_count(void **state)
{
	struct limits limits;
	struct attempts *t = make(&limits);

	(void)state;
	for (int i = 0; i < 50; i++) {
		assert_true(login(t, "ann", "10.0.0.1", i));
		attempts_login_worked(t, STR("Ann"), STR("10.0.0.1"));
	}
	attempts_free(t);
}

static void without_an_address_or_a_limit_nothing_is_limited(void **state)
{
	struct limits limits;
	struct attempts *t = make(&limits);

	(void)state;
	for (int i = 0; i < 50; i++)
		assert_true(login(t, "ann", "", i));
	limits.failed_logins = limits.failed_logins_address = 0;
	for (int i = 0; i < 50; i++)
		assert_true(login(t, "ann", "10.0.0.1", i));
	attempts_free(t);
}

static void registrations_are_counted_by_the_hour(void **state)
{
	struct limits limits;
	struct attempts *t = make(&limits);
	int64_t retry_ms = 0;

	(void)state;
	assert_true(attempts_registration(t, STR("a"), 0, &retry_ms));
	assert_true(attempts_registration(t, STR("a"), 1, &retry_ms));
	assert_false(attempts_registration(t, STR("a"), 2, &retry_ms));
	assert_int_equal(retry_ms, 60 * MINUTE_MS - 2);
	attempts_registration_failed(t, STR("a"));
	assert_true(attempts_registration(t, STR("a"), 3, &retry_ms));
	assert_true(attempts_registration(t, STR("b"), 3, &retry_ms));
	assert_true(attempts_registration(t, STR("a"), 60 * MINUTE_MS, &retry_ms));
	attempts_free(t);
}

static void logins_to_an_account_from_everywhere_are_slowed(void **state)
{
	struct limits limits = limits_default();
	struct attempts *t = NULL;
	int64_t retry_ms = 0;
	char address[32];

	(void)state;
	limits.failed_logins_account = 5;
	assert_int_equal(attempts_new(&limits, &t), ERR_OK);
	assert_true(attempts_login(t, STR("ann"), STR("home"), 0, &retry_ms));
	attempts_login_worked(t, STR("ann"), STR("home"));
	attempts_login_known(t, STR("ann"), STR("home"));
	for (int i = 0; i < 5; i++) {
		snprintf(address, sizeof address, "stranger %d", i);
		assert_true(attempts_login(t, STR("ann"), str_of(address), 1, &retry_ms));
	}
	assert_int_equal(attempts_login_delay(t, STR("ann"), STR("new"), 1), 0);
	int64_t before = 0;
	for (int i = 5; i < 100; i++) { /* one over, and on */
		snprintf(address, sizeof address, "stranger %d", i);
		assert_true(attempts_login(t, STR("ANN"), str_of(address), 1, &retry_ms));
		int64_t delay = attempts_login_delay(t, STR("ann"), str_of(address), 1);
		assert_true(delay > before || delay == 10000);
		before = delay;
	}
	assert_true(attempts_login(t, STR("ann"), STR("home"), 1, &retry_ms));
	assert_int_equal(attempts_login_delay(t, STR("ann"), STR("home"), 1), 0);
	assert_int_equal(attempts_login_delay(t, STR("bob"), STR("new"), 1), 0);
	assert_int_equal(attempts_login_delay(t, STR("ann"), STR("new"), 10 * MINUTE_MS + 1), 0);
	attempts_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logins_to_an_account_from_everywhere_are_slowed),
		cmocka_unit_test(an_account_is_closed_to_an_address_after_so_many_failures),
		cmocka_unit_test(an_address_is_closed_after_so_many_failures_to_any_account),
		cmocka_unit_test(what_worked_does_not_count),
		cmocka_unit_test(without_an_address_or_a_limit_nothing_is_limited),
		cmocka_unit_test(registrations_are_counted_by_the_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
