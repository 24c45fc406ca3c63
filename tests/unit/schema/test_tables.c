/* SPDX-License-Identifier: MIT
 *
 * test_tables - the rows themselves: what must hold for each of them.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "schema/schema.h"

static bool is_sentence(const char *doc)
{
	size_t n = strlen(doc);

	return n > 3 && (doc[n - 1] == '.' || doc[n - 1] == ')');
}

static void every_doc_is_a_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		if (!is_sentence(schema_events[i].doc))
			fail_msg("%s", schema_events[i].id);
	}
	for (size_t i = 0; i < schema_payload_count(); i++) {
		const struct payload *p = schema_payload_at(i);
		if (!is_sentence(p->doc))
			fail_msg("%s", p->name);
		for (size_t j = 0; j < p->count; j++) {
			if (!is_sentence(p->fields[j].doc))
				fail_msg("%s.%s", p->name, p->fields[j].name);
		}
	}
}

static void a_client_event_stands_once_in_its_namespace(void **state)
{
	(void)state;
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		const struct event *e = &schema_events[i];
		if (e->kind < KIND_CONNECT)
			assert_ptr_equal(schema_find(e->ns, str_of(e->name)), e);
	}
	assert_null(schema_find(NS_CHAT, STR("USER_CONNECT")));
	assert_null(schema_find(NS_MUSIC, STR("message_sent")));
	assert_null(schema_find(NS_CHAT, STR("MESSAGE_RECEIVED")));
}

static void field_names_differ_and_bounds_are_ordered(void **state)
{
	(void)state;
	for (size_t i = 0; i < schema_payload_count(); i++) {
		const struct payload *p = schema_payload_at(i);
		assert_true(p->count <= 64);
		for (size_t j = 0; j < p->count; j++) {
			const struct field *f = &p->fields[j];
			if (f->type == FIELD_STRING || f->type == FIELD_INTEGER)
				assert_true(f->min <= f->max);
			assert_true(f->value_offset < p->size);
			for (size_t k = 0; k < j; k++)
				assert_string_not_equal(f->name, p->fields[k].name);
		}
	}
}

static void every_event_of_the_seeds_has_its_rows(void **state)
{
	static const struct {
		enum ns ns;
		const char *name;
	} seeds[] = {
		{ NS_MUSIC, "USER_CONNECT" },
		{ NS_MUSIC, "USER_CONNECTED" },
		{ NS_MUSIC, "USER_DISCONNECT" },
		{ NS_MUSIC, "USER_UPDATE" },
		{ NS_MUSIC, "GET_USER" },
		{ NS_MUSIC, "GET_TRACK" },
		{ NS_MUSIC, "DOWNLOAD_TRACK" },
		{ NS_MUSIC, "PUBLISH_TRACK" },
		{ NS_MUSIC, "UNPUBLISH_TRACK" },
		{ NS_MUSIC, "UPDATE_TRACK" },
		{ NS_MUSIC, "PUBLISH_COMMENT" },
		{ NS_MUSIC, "PUBLISH_RATING" },
		{ NS_CHAT, "USER_CONNECTED" },
		{ NS_CHAT, "USER_DISCONNECTED" },
		{ NS_CHAT, "MESSAGE_SENT" },
		{ NS_CHAT, "MESSAGE_RECEIVED" },
		{ NS_CHAT, "FILE_UPLOADED" },
		{ NS_CHAT, "USER_STATUS_CHANGED" },
		{ NS_CHAT, "GROUP_CREATED" },
		{ NS_CHAT, "GROUP_MEMBER_ADDED" },
		{ NS_CHAT, "GROUP_MEMBER_REMOVED" },
		{ NS_CHAT, "NOTIFICATION_RECEIVED" },
		{ NS_CHAT, "USER_SETTINGS_UPDATED" },
		{ NS_CHAT, "ERROR_OCCURED" },
		{ NS_CHAT, "DATA_RECEIVED" },
		{ NS_CHAT, "USER_CHANGED_GROUP" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(seeds); i++) {
		bool found = false;
		for (size_t j = 0; j < EVENT_COUNT && !found; j++)
			found = schema_events[j].ns == seeds[i].ns &&
			        strcmp(schema_events[j].name, seeds[i].name) == 0;
		if (!found)
			fail_msg("%s", seeds[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_doc_is_a_sentence),
		cmocka_unit_test(a_client_event_stands_once_in_its_namespace),
		cmocka_unit_test(field_names_differ_and_bounds_are_ordered),
		cmocka_unit_test(every_event_of_the_seeds_has_its_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
