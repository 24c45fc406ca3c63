/* SPDX-License-Identifier: MIT
 *
 * test_groups - groups are made, joined, left and listed, each by who may do that.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "chat_fixture.h"

/* ann, bob and cat, whose sockets are 1, 2 and 3; mod, a moderator, whose socket is 4. */
static void setup(struct chat_fixture *f)
{
	chat_init(f);
	chat_user(f, "ann", ROLE_USER);
	chat_user(f, "bob", ROLE_USER);
	chat_user(f, "cat", ROLE_USER);
	chat_user(f, "mod", ROLE_MODERATOR);
	chat_connect(f, 1, "ann");
	chat_connect(f, 2, "bob");
	chat_connect(f, 3, "cat");
	chat_connect(f, 4, "mod");
	chat_forget(f);
}

static struct id_text make_private(struct chat_fixture *f, uint64_t socket, const char *member)
{
	struct id_text id = chat_user_text(member);

	return chat_id(
		chat_ask(f, socket, "GROUP_CREATED",
			"{\"name\":\"ours\",\"kind\":\"private\",\"members\":[\"%s\"]}", id.s),
		"\"group\":{\"id\":\"");
}

static struct id_text make_channel(struct chat_fixture *f, uint64_t socket, const char *name)
{
	return chat_id(chat_ask(f, socket, "GROUP_CREATED", "{\"name\":\"%s\"}", name),
		"\"group\":{\"id\":\"");
}

static void a_private_group_is_told_to_its_members_alone(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	make_private(&f, 1, "bob");
	assert_says(chat_heard(&f, 1), "\"memberCount\":2");
	assert_silent(chat_heard(&f, 1), "GROUP_CREATED {");
	assert_says(chat_heard(&f, 2), "GROUP_CREATED {");
	assert_says(chat_heard(&f, 2), "\"notificationType\":\"group_added\"");
	assert_string_equal(chat_heard(&f, 3), "");
	make_private(&f, 1, "bob"); /* names of private groups are not unique */
	assert_says(chat_heard(&f, 1), "ack {\"ok\":true");
	chat_done(&f);
}

static void a_channel_is_told_to_all_and_its_name_is_unique_when_folded(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	make_channel(&f, 1, "Stra\\u00dfe");
	assert_says(chat_heard(&f, 3), "GROUP_CREATED {");
	assert_refused(chat_ask(&f, 2, "GROUP_CREATED", "{\"name\":\"STRASSE\"}"), "conflict");
	assert_refused(chat_ask(&f, 2, "GROUP_CREATED", "{\"name\":\"LOBBY\"}"), "conflict");
	assert_string_equal(chat_heard(&f, 3), "");
	chat_done(&f);
}

static void a_direct_group_exists_once_per_pair(void **state)
{
	struct chat_fixture f;
	struct id_text ann = chat_user_text("ann"), bob = chat_user_text("bob");

	(void)state;
	setup(&f);
	struct id_text first = chat_id(chat_ask(&f, 1, "GROUP_CREATED",
					       "{\"kind\":\"direct\",\"members\":[\"%s\"]}", bob.s),
		"\"group\":{\"id\":\"");
	assert_says(chat_heard(&f, 2), "GROUP_CREATED {");
	struct id_text second =
		chat_id(chat_ask(&f, 2, "GROUP_CREATED",
				"{\"kind\":\"direct\",\"members\":[\"%s\"]}", ann.s),
			"\"group\":{\"id\":\"");
	assert_string_equal(first.s, second.s);
	assert_string_equal(chat_heard(&f, 1), "");
	chat_begin(&f, 2, 0, "GROUP_CREATED",
		"{\"kind\":\"direct\",\"members\":[\"616e6e00-0000-0000-0000-000000000001\"]}");
	chat_settle(&f);
	assert_says(
		chat_heard(&f, 2), "GROUP_CREATED {"); /* its only answer without acknowledgement */
	assert_refused(chat_ask(&f, 1, "GROUP_MEMBER_REMOVED", "{\"groupId\":\"%s\"}", first.s),
		"forbidden");
	chat_done(&f);
}

struct refusal {
	const char *what, *event, *args, *code;
};

static const struct refusal refusals[] = {
	{ "no name", "GROUP_CREATED", "{\"kind\":\"private\"}", "bad_request" },
	{ "an invisible name", "GROUP_CREATED", "{\"name\":\"\\u200b\"}", "bad_request" },
	{ "a named direct group", "GROUP_CREATED",
		"{\"name\":\"x\",\"kind\":\"direct\",\"members\":[\"626f6200-0000-0000-0000-"
		"000000000001\"]}",
		"bad_request" },
	{ "a direct group of one", "GROUP_CREATED",
		"{\"kind\":\"direct\",\"members\":[\"616e6e00-0000-0000-0000-000000000001\"]}",
		"bad_request" },
	{ "a direct group of three", "GROUP_CREATED",
		"{\"kind\":\"direct\",\"members\":[\"626f6200-0000-0000-0000-000000000001\","
		"\"63617400-0000-0000-0000-000000000001\"]}",
		"bad_request" },
	{ "an unknown member", "GROUP_CREATED",
		"{\"name\":\"x\",\"members\":[\"00000000-0000-0000-0000-0000000000ff\"]}",
		"not_found" },
	{ "an unknown group", "GROUP_MEMBER_ADDED",
		"{\"groupId\":\"00000000-0000-0000-0000-0000000000ff\"}", "not_found" },
	{ "a malformed id", "GROUP_MEMBER_ADDED", "{\"groupId\":\"x\"}", "bad_request" },
	{ "joining the lobby", "GROUP_MEMBER_ADDED", "{\"groupId\":\"" LOBBY "\"}", "conflict" },
	{ "leaving the lobby", "GROUP_MEMBER_REMOVED", "{\"groupId\":\"" LOBBY "\"}", "forbidden" },
	{ "turning to nothing", "USER_CHANGED_GROUP",
		"{\"newChannelId\":{\"id\":\"00000000-0000-0000-0000-0000000000ff\"}}",
		"not_found" },
	{ "a cursor of nobody", "LIST_GROUPS", "{\"cursor\":\"!\"}", "bad_request" },
	{ "another list's cursor", "LIST_MEMBERS",
		"{\"groupId\":\"" LOBBY "\",\"cursor\":\"Z2dnZw\"}", "bad_request" },
};

static void what_is_wrong_is_refused_by_its_name(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		print_message("# %s\n", refusals[i].what);
		assert_refused(chat_ask(&f, 1, refusals[i].event, "%s", refusals[i].args),
			refusals[i].code);
		assert_string_equal(chat_heard(&f, 2), "");
	}
	chat_done(&f);
}

static void who_is_no_member_is_forbidden_everything(void **state)
{
	struct chat_fixture f;
	static const char *const events[] = { "GROUP_MEMBER_ADDED", "GROUP_MEMBER_REMOVED",
		"LIST_MEMBERS", "GET_HISTORY", "TYPING" };

	(void)state;
	setup(&f);
	struct id_text group = make_private(&f, 1, "bob");
	for (size_t i = 0; i < COUNT_OF(events); i++)
		assert_refused(
			chat_ask(&f, 3, events[i], "{\"groupId\":\"%s\"}", group.s), "forbidden");
	assert_refused(
		chat_ask(&f, 3, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"x\"}", group.s),
		"forbidden");
	assert_refused(chat_ask(&f, 3, "MESSAGE_READ", "{\"groupId\":\"%s\",\"seq\":0}", group.s),
		"forbidden");
	assert_refused(
		chat_ask(&f, 3, "SEARCH_MESSAGES", "{\"groupId\":\"%s\",\"query\":\"x\"}", group.s),
		"forbidden");
	assert_refused(chat_ask(&f, 3, "USER_CHANGED_GROUP", "{\"newChannelId\":{\"id\":\"%s\"}}",
			       group.s),
		"forbidden");
	assert_string_equal(chat_heard(&f, 1), "");
	chat_done(&f);
}

static void the_creator_and_moderators_add_members_and_others_do_not(void **state)
{
	struct chat_fixture f;
	struct id_text cat = chat_user_text("cat");

	(void)state;
	setup(&f);
	struct id_text group = make_private(&f, 1, "bob");
	assert_refused(chat_ask(&f, 2, "GROUP_MEMBER_ADDED",
			       "{\"groupId\":\"%s\",\"userId\":\"%s\"}", group.s, cat.s),
		"forbidden");
	assert_says(chat_ask(&f, 1, "GROUP_MEMBER_ADDED", "{\"groupId\":\"%s\",\"userId\":\"%s\"}",
			    group.s, cat.s),
		"\"memberCount\":3");
	assert_says(chat_heard(&f, 2), "GROUP_MEMBER_ADDED {");
	assert_says(chat_heard(&f, 3), "GROUP_MEMBER_ADDED {");
	assert_says(chat_heard(&f, 3), "\"notificationType\":\"group_added\"");
	assert_refused(chat_ask(&f, 1, "GROUP_MEMBER_ADDED",
			       "{\"groupId\":\"%s\",\"userId\":\"%s\"}", group.s, cat.s),
		"conflict");
	chat_ask(&f, 4, "GROUP_MEMBER_ADDED", "{\"groupId\":\"%s\"}", group.s);
	assert_says(chat_heard(&f, 4), "ack {\"ok\":true");
	chat_done(&f);
}

static void who_is_removed_hears_it_and_nothing_after(void **state)
{
	struct chat_fixture f;
	struct id_text bob = chat_user_text("bob");

	(void)state;
	setup(&f);
	struct id_text group = make_private(&f, 1, "bob");
	chat_ask(&f, 2, "USER_CHANGED_GROUP", "{\"newChannelId\":{\"id\":\"%s\"}}", group.s);
	assert_says(chat_heard(&f, 1), "USER_CHANGED_GROUP {");
	assert_refused(
		chat_ask(&f, 2, "GROUP_MEMBER_REMOVED", "{\"groupId\":\"%s\",\"userId\":\"%s\"}",
			group.s, chat_user_text("ann").s),
		"forbidden");
	chat_ask(&f, 1, "GROUP_MEMBER_REMOVED", "{\"groupId\":\"%s\",\"userId\":\"%s\"}", group.s,
		bob.s);
	assert_says(chat_heard(&f, 1), "ack {\"ok\":true}");
	assert_says(chat_heard(&f, 2), "GROUP_MEMBER_REMOVED {");
	chat_ask(&f, 1, "MESSAGE_SENT", "{\"groupId\":\"%s\",\"message\":\"alone\"}", group.s);
	assert_string_equal(chat_heard(&f, 2), "");
	assert_refused(chat_ask(&f, 2, "MESSAGE_SENT", "{\"message\":\"back\"}"), "conflict");
	assert_refused(chat_ask(&f, 1, "GROUP_MEMBER_REMOVED",
			       "{\"groupId\":\"%s\",\"userId\":\"%s\"}", group.s, bob.s),
		"not_found");
	chat_done(&f);
}

static void turning_to_a_channel_joins_it_and_messages_go_there(void **state)
{
	struct chat_fixture f;

	(void)state;
	setup(&f);
	struct id_text channel = make_channel(&f, 1, "music");
	chat_ask(&f, 2, "USER_CHANGED_GROUP",
		"{\"newChannelId\":{\"id\":\"%s\",\"name\":\"whatever\"}}", channel.s);
	assert_says(chat_heard(&f, 2), "\"memberCount\":2");
	const char *heard = chat_heard(&f, 1);
	assert_begins(heard, "GROUP_MEMBER_ADDED {");
	assert_says(heard, "USER_CHANGED_GROUP {");
	assert_says(heard, "\"name\":\"music\"");
	char expected[80];
	snprintf(expected, sizeof expected, "\"groupId\":\"%s\"", channel.s);
	assert_says(chat_ask(&f, 2, "MESSAGE_SENT", "{\"message\":\"here\"}"), expected);
	assert_string_equal(chat_heard(&f, 3), "");
	chat_ask(&f, 2, "TYPING", "{}");
	assert_string_equal(chat_heard(&f, 1), ""); /* ann has the lobby open */
	chat_ask(&f, 1, "USER_CHANGED_GROUP", "{\"newChannelId\":{\"id\":\"%s\"}}", channel.s);
	chat_ask(&f, 2, "TYPING", "{}");
	assert_says(chat_heard(&f, 1), "TYPING {");
	chat_done(&f);
}

static void limits_are_kept_at_the_last_that_fits(void **state)
{
	struct chat_fixture f;
	struct id_text bob = chat_user_text("bob");

	(void)state;
	setup(&f);
	f.limits.groups_per_user = 2;
	f.limits.members_per_group = 2;
	struct id_text one = make_channel(&f, 1, "one");
	make_channel(&f, 1, "two");
	assert_refused(chat_ask(&f, 1, "GROUP_CREATED", "{\"name\":\"three\"}"), "too_large");
	assert_says(chat_ask(&f, 2, "GROUP_MEMBER_ADDED", "{\"groupId\":\"%s\"}", one.s),
		"ack {\"ok\":true");
	assert_refused(
		chat_ask(&f, 3, "GROUP_MEMBER_ADDED", "{\"groupId\":\"%s\"}", one.s), "too_large");
	assert_refused(
		chat_ask(&f, 3, "USER_CHANGED_GROUP", "{\"newChannelId\":{\"id\":\"%s\"}}", one.s),
		"too_large");
	chat_ask(&f, 2, "GROUP_MEMBER_REMOVED", "{\"groupId\":\"%s\",\"userId\":\"%s\"}", one.s,
		bob.s);
	assert_says(chat_ask(&f, 3, "GROUP_MEMBER_ADDED", "{\"groupId\":\"%s\"}", one.s),
		"ack {\"ok\":true");
	assert_int_equal(
		chat_sql(&f, "SELECT count(*) FROM chat_group WHERE name = 'three'", NO_VALUES), 0);
	chat_done(&f);
}

static void groups_are_listed_in_pages_and_by_a_part_of_the_name(void **state)
{
	struct chat_fixture f;
	char name[16], cursor[100];

	(void)state;
	setup(&f);
	make_private(&f, 2, "cat");
	for (int i = 0; i < 120; i++) {
		snprintf(name, sizeof name, "Channel %d", i);
		make_channel(&f, 1, name);
	}
	const char *first = chat_ask(&f, 1, "LIST_GROUPS", "{}");
	assert_int_equal(chat_times(first, "\"kind\":"), 100);
	assert_silent(first, "\"name\":\"ours\"");
	const char *next = strstr(first, "\"nextCursor\":\"");
	assert_non_null(next);
	sscanf(next, "\"nextCursor\":\"%99[^\"]", cursor);
	const char *second = chat_ask(&f, 1, "LIST_GROUPS", "{\"cursor\":\"%s\"}", cursor);
	assert_int_equal(chat_times(second, "\"kind\":"), 21);
	assert_says(second, "\"nextCursor\":null");
	assert_int_equal(chat_times(chat_ask(&f, 1, "LIST_GROUPS", "{\"query\":\"CHANNEL 11\"}"),
				 "\"kind\":"),
		11);
	assert_says(chat_ask(&f, 3, "LIST_GROUPS", "{\"query\":\"our\"}"), "\"name\":\"ours\"");
	chat_done(&f);
}

static void members_are_listed_with_the_status_that_others_see(void **state)
{
	struct chat_fixture f;
	char name[16], cursor[100];

	(void)state;
	setup(&f);
	struct id_text group = make_private(&f, 1, "bob");
	chat_gone(&f, 2);
	const char *members = chat_ask(&f, 1, "LIST_MEMBERS", "{\"groupId\":\"%s\"}", group.s);
	assert_int_equal(chat_times(members, "\"username\":"), 2);
	assert_int_equal(chat_times(members, "\"status\":\"offline\""), 1);
	for (int i = 0; i < 110; i++) {
		snprintf(name, sizeof name, "u%d", i);
		chat_user(&f, name, ROLE_USER);
	}
	members = chat_ask(&f, 1, "LIST_MEMBERS", "{\"groupId\":\"" LOBBY "\"}");
	assert_int_equal(chat_times(members, "\"username\":"), 100);
	const char *next = strstr(members, "\"nextCursor\":\"");
	assert_non_null(next);
	sscanf(next, "\"nextCursor\":\"%99[^\"]", cursor);
	members = chat_ask(
		&f, 1, "LIST_MEMBERS", "{\"groupId\":\"" LOBBY "\",\"cursor\":\"%s\"}", cursor);
	assert_int_equal(chat_times(members, "\"username\":"), 14);
	assert_int_equal(
		chat_sql(&f, "SELECT member_count FROM chat_group WHERE pk = 1", NO_VALUES), 114);
	chat_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_private_group_is_told_to_its_members_alone),
		cmocka_unit_test(a_channel_is_told_to_all_and_its_name_is_unique_when_folded),
		cmocka_unit_test(a_direct_group_exists_once_per_pair),
		cmocka_unit_test(what_is_wrong_is_refused_by_its_name),
		cmocka_unit_test(who_is_no_member_is_forbidden_everything),
		cmocka_unit_test(the_creator_and_moderators_add_members_and_others_do_not),
		cmocka_unit_test(who_is_removed_hears_it_and_nothing_after),
		cmocka_unit_test(turning_to_a_channel_joins_it_and_messages_go_there),
		cmocka_unit_test(limits_are_kept_at_the_last_that_fits),
		cmocka_unit_test(groups_are_listed_in_pages_and_by_a_part_of_the_name),
		cmocka_unit_test(members_are_listed_with_the_status_that_others_see),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
