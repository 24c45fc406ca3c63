/* SPDX-License-Identifier: MIT
 *
 * test_people - settings, notifications, status.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "chat_fixture.h"

/* ann has the sockets 1 and 2 of /chat; bob has 3. */
static void setup(struct chat_fixture *f)
{
	chat_init(f);
	chat_user(f, "ann", ROLE_USER);
	chat_user(f, "bob", ROLE_USER);
	chat_connect(f, 1, "ann");
	chat_connect(f, 2, "ann");
	chat_connect(f, 3, "bob");
	chat_forget(f);
}

static void a_setting_is_any_json_and_null_deletes_it(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	assert_string_equal(chat_ask(&f, 1, "USER_SETTINGS_UPDATED",
				    "{\"settingName\":\"a\",\"newValue\":[1,{\"b\":null}]}"),
		"ack {\"ok\":true}\n");
	assert_says(chat_heard(&f, 2), "USER_SETTINGS_UPDATED {");
	assert_says(chat_heard(&f, 2), "\"settingName\":\"a\",\"newValue\":[1,{\"b\":null}]");
	assert_string_equal(chat_heard(&f, 3), "");
	assert_says(chat_ask(&f, 1, "GET_SNAPSHOT", "{}"), "\"settings\":{\"a\":[1,{\"b\":null}]}");
	chat_ask(&f, 1, "USER_SETTINGS_UPDATED", "{\"settingName\":\"a\",\"newValue\":7}");
	assert_says(chat_ask(&f, 1, "GET_SNAPSHOT", "{}"), "\"settings\":{\"a\":7}");
	assert_says(chat_ask(&f, 1, "USER_SETTINGS_UPDATED",
			    "{\"settingName\":\"a\",\"newValue\":null}"),
		"ack {\"ok\":true}");
	assert_says(chat_heard(&f, 2), "\"newValue\":null");
	assert_says(chat_ask(&f, 1, "GET_SNAPSHOT", "{}"), "\"settings\":{}");
	assert_refused(
		chat_ask(&f, 1, "USER_SETTINGS_UPDATED", "{\"settingName\":\"a\"}"), "bad_request");
	chat_done(&f);
}

static void settings_are_limited_and_old_ones_may_still_change(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	f.limits.settings_per_user = 2;
	for (int i = 0; i < 2; i++)
		assert_says(chat_ask(&f, 1, "USER_SETTINGS_UPDATED",
				    "{\"settingName\":\"s%d\",\"newValue\":1}", i),
			"ack {\"ok\":true}");
	assert_refused(
		chat_ask(&f, 1, "USER_SETTINGS_UPDATED", "{\"settingName\":\"s2\",\"newValue\":1}"),
		"too_large");
	assert_says(
		chat_ask(&f, 1, "USER_SETTINGS_UPDATED", "{\"settingName\":\"s1\",\"newValue\":2}"),
		"ack {\"ok\":true}");
	assert_says(
		chat_ask(&f, 3, "USER_SETTINGS_UPDATED", "{\"settingName\":\"s2\",\"newValue\":1}"),
		"ack {\"ok\":true}");
	chat_done(&f);
}

static void notifications_are_listed_until_they_are_read(void **state)
{
	struct chat_fixture f;
	char cursor[100];

	(void)state;
	setup(&f);
	for (int i = 0; i < 103; i++)
		chat_ask(&f, 3, "MESSAGE_SENT", "{\"message\":\"@ann %d\"}", i);
	struct id_text id = chat_id(chat_heard(&f, 1), "\"notificationId\":\"");
	const char *heard = chat_ask(&f, 1, "LIST_NOTIFICATIONS", "{}");
	assert_int_equal(chat_times(heard, "\"notificationId\":"), 100);
	assert_string_equal(chat_id(heard, "\"notificationId\":\"").s, id.s); /* the newest first */
	assert_says(heard, "\"notificationType\":\"mention\",\"data\":{\"groupId\":\"" LOBBY
			   "\",\"messageId\":\"");
	assert_int_equal(
		sscanf(strstr(heard, "\"nextCursor\":\""), "\"nextCursor\":\"%99[^\"]", cursor), 1);
	assert_int_equal(
		chat_times(chat_ask(&f, 1, "LIST_NOTIFICATIONS", "{\"cursor\":\"%s\"}", cursor),
			"\"notificationId\":"),
		3);
	assert_says(chat_ask(&f, 1, "NOTIFICATION_READ", "{\"notificationId\":\"%s\"}", id.s),
		"ack {\"ok\":true}");
	assert_says(chat_heard(&f, 2), "NOTIFICATION_READ {");
	assert_refused(chat_ask(&f, 1, "NOTIFICATION_READ", "{\"notificationId\":\"%s\"}", id.s),
		"not_found");
	assert_refused(chat_ask(&f, 1, "NOTIFICATION_READ", "{\"notificationId\":\"every\"}"),
		"bad_request");
	assert_int_equal(
		chat_sql(&f, "SELECT unread FROM user WHERE username = 'ann'", NO_VALUES), 102);
	assert_says(chat_ask(&f, 1, "NOTIFICATION_READ", "{\"notificationId\":\"all\"}"),
		"ack {\"ok\":true}");
	assert_int_equal(
		chat_sql(&f, "SELECT unread FROM user WHERE username = 'ann'", NO_VALUES), 0);
	assert_says(chat_ask(&f, 1, "LIST_NOTIFICATIONS", "{}"),
		"\"notifications\":[],\"nextCursor\":null");
	chat_done(&f);
}

static void anothers_notification_is_not_found(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	chat_ask(&f, 3, "MESSAGE_SENT", "{\"message\":\"@ann\"}");
	struct id_text id = chat_id(chat_heard(&f, 1), "\"notificationId\":\"");
	assert_refused(chat_ask(&f, 3, "NOTIFICATION_READ", "{\"notificationId\":\"%s\"}", id.s),
		"not_found");
	assert_says(chat_ask(&f, 3, "NOTIFICATION_READ", "{\"notificationId\":\"all\"}"),
		"ack {\"ok\":true}");
	assert_says(chat_ask(&f, 1, "LIST_NOTIFICATIONS", "{}"), id.s);
	chat_done(&f);
}

static void a_status_is_stored_and_told_and_offline_is_invisible(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	assert_string_equal(chat_ask(&f, 1, "USER_STATUS_CHANGED",
				    "{\"newStatus\":\"busy\",\"statusText\":\"practising\"}"),
		"ack {\"ok\":true}\n");
	assert_says(chat_heard(&f, 2), "USER_STATUS_CHANGED {");
	assert_says(chat_heard(&f, 3), "\"newStatus\":\"busy\",\"statusText\":\"practising\"");
	chat_ask(&f, 1, "USER_STATUS_CHANGED", "{\"newStatus\":\"away\"}");
	assert_says(chat_heard(&f, 3), "\"newStatus\":\"away\",\"statusText\":\"practising\"");
	chat_ask(&f, 1, "USER_STATUS_CHANGED", "{\"newStatus\":\"offline\"}");
	assert_says(chat_heard(&f, 3), "USER_DISCONNECTED {");
	assert_silent(chat_heard(&f, 3), "USER_STATUS_CHANGED");
	assert_says(chat_ask(&f, 3, "LIST_MEMBERS", "{\"groupId\":\"" LOBBY "\"}"),
		"\"status\":\"offline\"");
	chat_ask(&f, 1, "USER_STATUS_CHANGED", "{\"newStatus\":\"online\"}");
	assert_says(chat_heard(&f, 3), "USER_CONNECTED {");
	assert_refused(chat_ask(&f, 1, "USER_STATUS_CHANGED", "{\"newStatus\":\"asleep\"}"),
		"bad_request");
	chat_done(&f);
}

static void the_reading_requests_answer_by_data_received_without_acknowledgement(void **state)
{
	static const char *const requests[][2] = { { "LIST_NOTIFICATIONS", "{}" },
		{ "LIST_GROUPS", "{}" }, { "LIST_MEMBERS", "{\"groupId\":\"" LOBBY "\"}" },
		{ "SEARCH_MESSAGES", "{\"query\":\"x\"}" } };
	static const char *const types[] = { "notifications", "groups", "members", "search" };
	struct chat_fixture f;
	char expected[80];

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		chat_forget(&f);
		chat_begin(&f, 1, 0, requests[i][0], requests[i][1]);
		chat_settle(&f);
		snprintf(expected, sizeof expected, "DATA_RECEIVED {\"dataType\":\"%s\",\"data\":{",
			types[i]);
		assert_begins(chat_heard(&f, 1), expected);
	}
	chat_begin(&f, 1, 0, "NOTIFICATION_READ", "{\"notificationId\":\"every\"}");
	chat_settle(&f);
	assert_says(chat_heard(&f, 1), "ERROR_OCCURED {\"errorCode\":\"bad_request\"");
	chat_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_setting_is_any_json_and_null_deletes_it),
		cmocka_unit_test(settings_are_limited_and_old_ones_may_still_change),
		cmocka_unit_test(notifications_are_listed_until_they_are_read),
		cmocka_unit_test(anothers_notification_is_not_found),
		cmocka_unit_test(a_status_is_stored_and_told_and_offline_is_invisible),
		cmocka_unit_test(
			the_reading_requests_answer_by_data_received_without_acknowledgement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
