/* SPDX-License-Identifier: MIT
 *
 * test_api - the whole client without a network, on a data folder, in which the first, second, nth allocation fails.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"
#include "../no_memory.h"
#include "stand_in.h"

#include <stdio.h>
#include <unistd.h>

#define TRACK                                                                                      \
	"{\"id\":" ID("03") ",\"userId\":" ID(                                                     \
		"01") ",\"title\":\"t\",\"artist\":\"\",\"album\":\"\",\"genre\":\"\",\"year\":"   \
		      "null,\"tags\":[\"a\"],"                                                     \
		      "\"durationMs\":null,\"audio\":{\"mime\":\"a/b\",\"size\":1,\"blake2b\":"    \
		      "\"0000000000000000000000000000000000000000000000000000000000000000\","      \
		      "\"url\":\"/a\"},\"coverUrl\":null,"                                         \
		      "\"rating\":{\"average\":0,\"count\":0},\"commentCount\":0,\"downloads\":0," \
		      "\"publishedAt\":" DATE ",\"updatedAt\":" DATE ",\"rev\":2}"

static const char *const said[] = {
	"2/music,[\"PUBLISH_TRACK\"," TRACK "]",
	"2/chat,[\"USER_SETTINGS_UPDATED\",{\"userId\":" ID(
		"01") ",\"settingName\":\"s\",\"newValue\":1,\"timestamp\":" DATE "}]",
	"3/chat,2[{\"ok\":true,\"messageId\":" ID("06") ",\"groupId\":" ID(
		"02") ",\"seq\":1,\"timestamp\":" DATE "}]",
	"3/"
	"chat,3[{\"ok\":false,\"error\":{\"errorCode\":\"forbidden\",\"errorMessage\":\"No.\","
	"\"timestamp\":" DATE "}}]",
	"51-/music,[\"DOWNLOAD_TRACK\"," TRACK "]",
};

struct program {
	struct antiphon *c;
	size_t asked, ended, events;
};

static void on_end(void *context, const struct antiphon_answer *a)
{
	struct program *p = context;

	assert_true(a->sentence && a->json);
	p->ended++;
}

static void on_event(void *context, enum antiphon_event event, const void *payload)
{
	struct program *p = context;

	assert_true(payload && antiphon_event_name(event));
	p->events++;
}

static void ask(struct program *p)
{
	static const struct antiphon_any requests[] = {
		{ "/chat", "MESSAGE_SENT", "{\"message\":\"m\",\"groupId\":" ID("02") "}" },
		{ "/chat", "GET_HISTORY", "{\"groupId\":" ID("02") "}" },
	};

	for (size_t i = 0; i < COUNT_OF(requests); i++)
		p->asked += antiphon_request(p->c, &requests[i], on_end, p) != 0;
	antiphon_process(p->c);
}

static void live(struct program *p)
{
	struct antiphon_occurrence o;

	antiphon_on_all(p->c, on_event, p);
	(void)antiphon_connect(p->c);
	stand_in_open(p->c);
	for (size_t i = 0; i < COUNT_OF(stand_in_prelude); i++)
		stand_in_say(p->c, false, str_of(stand_in_prelude[i]));
	ask(p);
	for (size_t i = 0; i < COUNT_OF(said); i++)
		stand_in_say(p->c, false, str_of(said[i]));
	while (antiphon_next(p->c, 0, &o))
		assert_non_null(o.payload);
}

static void remove_folder(const char *folder)
{
	static const char *const files[] = { "/antiphon.db", "/antiphon.db-wal", "/antiphon.db-shm",
		"" };
	char path[128];

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		snprintf(path, sizeof path, "%s%s", folder, files[i]);
		(void)remove(path);
	}
}

/* A client on the folder, its life, its end. nth: the allocation that fails; 0: none. True when one failed. */
static bool try(const char *folder, int nth)
{
	struct antiphon_options options = {
		.url = "http://x", .token = "t", .folder = folder, .queue_events = true
	};
	struct program p = { 0 };

	no_memory_begin(nth);
	enum antiphon_result r = antiphon_new(&options, &p.c);
	if (!r)
		live(&p);
	bool failed = no_memory_end();
	assert_true(r == ANTIPHON_OK || (failed && r == ANTIPHON_NOMEM));
	assert_true(failed || (antiphon_is_connected(p.c) && p.events > 0));
	antiphon_free(p.c);
	assert_int_equal(p.ended, p.asked);
	return failed;
}

static void each_allocation_may_fail(void **state)
{
	char folder[] = "/tmp/antiphon-api-XXXXXX";
	int n = 0;
	(void)state;
	assert_non_null(mkdtemp(folder));
	while (try(folder, ++n)) {
		assert_false(try(folder, 0)); /* what is left is of use to the next one */
		remove_folder(folder);
	}
	remove_folder(folder);
	assert_true(n > 80);
}

/* A client on the folder that connects and gets no answer. True when the nth allocation of its life failed. */
static bool live_unanswered(const char *folder, int nth)
{
	struct antiphon_options options = { .url = "http://x", .token = "t", .folder = folder };
	struct antiphon *c = NULL;

	no_memory_begin(nth);
	if (!antiphon_new(&options, &c)) {
		(void)antiphon_connect(c);
		stand_in_open(c);
		for (size_t i = 0; i < COUNT_OF(stand_in_prelude); i++)
			stand_in_say(c, false, str_of(stand_in_prelude[i]));
		antiphon_process(c);
	}
	bool failed = no_memory_end();
	antiphon_free(c);
	return failed;
}

static size_t waiting_in(const char *folder)
{
	struct antiphon_options options = { .url = "http://x", .token = "t", .folder = folder };
	struct antiphon *c = NULL;

	assert_int_equal(antiphon_new(&options, &c), ANTIPHON_OK);
	size_t n = antiphon_waiting_count(c);
	antiphon_free(c);
	return n;
}

static void a_message_that_waits_is_not_lost(void **state)
{
	static const struct antiphon_any message = { "/chat", "MESSAGE_SENT",
		"{\"message\":\"m\",\"groupId\":" ID("02") "}" };
	char folder[] = "/tmp/antiphon-api-XXXXXX";
	struct antiphon_options options = { .url = "http://x", .token = "t", .folder = folder };
	struct program p = { 0 };
	int n = 0;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(antiphon_new(&options, &p.c), ANTIPHON_OK);
	assert_true(antiphon_request(p.c, &message, on_end, &p) != 0);
	antiphon_process(p.c);
	antiphon_free(p.c);
	while (live_unanswered(folder, ++n))
		assert_int_equal(waiting_in(folder), 1);
	assert_true(n > 40);
	remove_folder(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_that_waits_is_not_lost),
		cmocka_unit_test(each_allocation_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
