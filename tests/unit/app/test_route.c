/* SPDX-License-Identifier: MIT
 *
 * test_route - addresses and methods as a table: the row that serves them, or what the address takes.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "app/http/route.h"
#include "base/attr.h"

#define BIT(method) (UINT32_C(1) << HTTP_HEAD_##method)

static const struct {
	enum http_head_method method;
	const char *path;
	enum route_id route;
	const char *id;
	uint32_t allow; /* when there is no route */
} cases[] = {
	{ HTTP_HEAD_POST, "/api/v1/accounts", ROUTE_ID_register_account, "", 0 },
	{ HTTP_HEAD_GET, "/api/v1/sessions", ROUTE_ID_list_sessions, "", 0 },
	{ HTTP_HEAD_HEAD, "/api/v1/sessions", ROUTE_ID_list_sessions, "", 0 },
	{ HTTP_HEAD_POST, "/api/v1/sessions", ROUTE_ID_sign_in, "", 0 },
	{ HTTP_HEAD_DELETE, "/api/v1/sessions/current", ROUTE_ID_end_session, "current", 0 },
	{ HTTP_HEAD_HEAD, "/api/v1/uploads/x", ROUTE_ID_look_upload, "x", 0 },
	{ HTTP_HEAD_PATCH, "/api/v1/uploads/x", ROUTE_ID_append_upload, "x", 0 },
	{ HTTP_HEAD_OPTIONS, "/api/v1/uploads", ROUTE_ID_upload_options, "", 0 },
	{ HTTP_HEAD_GET, "/api/v1/tracks/x/audio", ROUTE_ID_get_audio, "x", 0 },
	{ HTTP_HEAD_GET, "/api/v1/tracks/x/cover", ROUTE_ID_get_cover, "x", 0 },
	{ HTTP_HEAD_GET, "/healthz", ROUTE_ID_healthz, "", 0 },
	{ HTTP_HEAD_PUT, "/api/v1/sessions", ROUTE_COUNT, NULL, BIT(GET) | BIT(HEAD) | BIT(POST) },
	{ HTTP_HEAD_OTHER, "/healthz", ROUTE_COUNT, NULL, BIT(GET) | BIT(HEAD) },
	{ HTTP_HEAD_GET, "/api/v1/uploads/x", ROUTE_COUNT, NULL,
		BIT(HEAD) | BIT(PATCH) | BIT(DELETE) },
	{ HTTP_HEAD_GET, "/", ROUTE_ID_web_page, "", 0 },
	{ HTTP_HEAD_HEAD, "/", ROUTE_ID_web_page, "", 0 },
	{ HTTP_HEAD_GET, "/assets/a-1.js", ROUTE_ID_web_asset, "a-1.js", 0 },
	{ HTTP_HEAD_GET, "/service-worker.js", ROUTE_ID_web_file, "service-worker.js", 0 },
	{ HTTP_HEAD_POST, "/", ROUTE_COUNT, NULL, BIT(GET) | BIT(HEAD) },
	{ HTTP_HEAD_GET, "/assets/a/b", ROUTE_COUNT, NULL, 0 },
	{ HTTP_HEAD_GET, "", ROUTE_COUNT, NULL, 0 },
	{ HTTP_HEAD_OPTIONS, "*", ROUTE_COUNT, NULL, 0 },
	{ HTTP_HEAD_GET, "/healthz/", ROUTE_COUNT, NULL, 0 },
	{ HTTP_HEAD_GET, "/healthz/x", ROUTE_COUNT, NULL, 0 },
	{ HTTP_HEAD_GET, "//healthz", ROUTE_COUNT, NULL, 0 },
	{ HTTP_HEAD_GET, "/api/v1", ROUTE_COUNT, NULL, 0 },
	{ HTTP_HEAD_GET, "/api/v1/tracks//audio", ROUTE_COUNT, NULL, 0 },
	{ HTTP_HEAD_GET, "/api/v1/tracks/x", ROUTE_COUNT, NULL, 0 },
	{ HTTP_HEAD_GET, "/API/v1/sessions", ROUTE_COUNT, NULL, 0 },
};

static void an_address_and_a_method_find_their_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint32_t allow = 0;
		struct str id = { NULL, 0 };
		enum route_id r = route_find(cases[i].method, str_of(cases[i].path), &id, &allow);
		if (r != cases[i].route || (r == ROUTE_COUNT && allow != cases[i].allow) ||
			(r != ROUTE_COUNT && !str_eq(id, str_of(cases[i].id))))
			fail_msg("%s", cases[i].path);
	}
}

static void every_row_has_the_functions_of_its_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		const struct route_functions *f = &route_functions[i];
		enum route_kind kind = schema_routes[i].kind;
		assert_int_equal(f->read != NULL, kind == ROUTE_READ);
		assert_int_equal(f->apply != NULL, kind == ROUTE_WRITE || kind == ROUTE_SECRET);
		assert_int_equal(f->announce != NULL, f->apply != NULL);
		assert_int_equal(
			f->admit && f->find && f->prepare && f->refused, kind == ROUTE_SECRET);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_and_a_method_find_their_row),
		cmocka_unit_test(every_row_has_the_functions_of_its_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
