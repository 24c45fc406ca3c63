/* SPDX-License-Identifier: MIT
 *
 * test_fields - what single fields mean and how they are written: codings, conditions, cookies, CORS, dates,
 * file names, queries, problem bodies.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/attr.h"
#include "http/http_coding.h"
#include "http/http_condition.h"
#include "http/http_cookie.h"
#include "http/http_cors.h"
#include "http/http_date.h"
#include "http/http_disposition.h"
#include "http/http_problem.h"
#include "http/http_query.h"
#include "http/http_response.h"

static void text_is(struct buf *b, const char *want)
{
	if (!str_eq(buf_str(b), str_of(want)))
		fail_msg("%.*s", STR_ARG(buf_str(b)));
	buf_done(b);
}

static const struct {
	const char *what, *name, *value;
	enum http_head_method method;
	int status;
} conditions[] = {
	{ "the same tag", "If-None-Match", "\"a\"", HTTP_HEAD_GET, 304 },
	{ "the same tag, HEAD", "If-None-Match", "\"a\"", HTTP_HEAD_HEAD, 304 },
	{ "the same tag, PUT", "If-None-Match", "\"a\"", HTTP_HEAD_PUT, 412 },
	{ "among others", "if-none-match", "\"x,\\\"y\", W/\"a\"", HTTP_HEAD_GET, 304 },
	{ "any", "If-None-Match", "*", HTTP_HEAD_GET, 304 },
	{ "another tag", "If-None-Match", "\"b\"", HTTP_HEAD_GET, 0 },
	{ "without quotes", "If-None-Match", "a", HTTP_HEAD_GET, 0 },
	{ "must match, and does", "If-Match", "\"b\", \"a\"", HTTP_HEAD_GET, 0 },
	{ "must match any", "If-Match", "*", HTTP_HEAD_GET, 0 },
	{ "must match, and does not", "If-Match", "\"b\"", HTTP_HEAD_GET, 412 },
	{ "must match strongly", "If-Match", "W/\"a\"", HTTP_HEAD_GET, 412 },
	{ "nothing", "Accept", "\"a\"", HTTP_HEAD_GET, 0 },
};

static struct http_head head_of(struct http_header *h, const char *name, const char *value)
{
	*h = (struct http_header){ str_of(name), str_of(value) };
	return (struct http_head){ .headers = h, .header_count = 1 };
}

static void the_coding_liked_best_is_chosen(void **state)
{
	static const char *const ours[] = { "gzip", "deflate" };
	static const struct {
		const char *accept;
		int chosen;
	} cases[] = {
		{ "gzip", 0 },
		{ "deflate, gzip;q=1.0, *;q=0.5", 0 },
		{ "deflate", 1 },
		{ "GZIP ; q=0.5 , deflate;Q=0.501", 1 },
		{ "gzip;q=0, deflate", 1 },
		{ "*", 0 },
		{ "gzip;q=0, *;q=0.1", 1 },
		{ "br, zstd", -1 },
		{ "gzip;q=0.000", -1 },
		{ "gzip;q=2", -1 },
		{ "gzip;q=", -1 },
		{ "identity", -1 },
		{ "", -1 },
		{ ";;,;=", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct http_header field;
		struct http_head h = head_of(&field, "accept-encoding", cases[i].accept);
		if (http_coding_choose(&h, ours, COUNT_OF(ours)) != cases[i].chosen)
			fail_msg("%s", cases[i].accept);
	}
}

static void conditions_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(conditions); i++) {
		struct http_header field;
		struct http_head h = head_of(&field, conditions[i].name, conditions[i].value);
		h.method = conditions[i].method;
		if (http_condition_status(&h, STR("\"a\"")) != conditions[i].status)
			fail_msg("%s", conditions[i].what);
	}
}

static const struct {
	const char *value;
	bool holds;
} if_ranges[] = { { "\"a\"", true }, { "W/\"a\"", false }, { "\"b\"", false },
	{ "Sun, 22 Nov 2026 09:01:00 GMT", false } };

static void if_range_compares_strongly(void **state)
{
	static const struct http_head none = { 0 };

	(void)state;
	assert_true(http_condition_range(&none, STR("\"a\"")));
	for (size_t i = 0; i < COUNT_OF(if_ranges); i++) {
		struct http_header field;
		struct http_head h = head_of(&field, "If-Range", if_ranges[i].value);
		assert_int_equal(http_condition_range(&h, STR("\"a\"")), if_ranges[i].holds);
	}
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
	struct http_header field;
	struct http_head h = head_of(&field, "cookie", "xtoken=1; token=abc ;other=\"q\";;broken");

	(void)state;
	assert_true(str_eq(http_cookie_find(&h, STR("token")), STR("abc")));
	assert_true(str_eq(http_cookie_find(&h, STR("other")), STR("q")));
	assert_null(http_cookie_find(&h, STR("broken")).p);
	assert_null(http_cookie_find(&h, STR("toke")).p);
}

static void a_cookie_is_written_for_us_alone(void **state)
{
	struct http_cookie c = { STR("token"), STR("v"), STR("/api"), 60, true };
	struct buf b = { 0 };

	(void)state;
	http_cookie_write(&b, &c);
	text_is(&b, "token=v; Path=/api; Max-Age=60; HttpOnly; SameSite=Strict; Secure");
}

static void cors_is_closed_until_an_origin_is_named(void **state)
{
	static const struct str origins[] = { { "https://a.example", 17 } };
	struct http_cors closed = { 0 }, open = { .origins = origins,
		.origin_count = 1,
		.methods = STR("GET"),
		.headers = STR("Authorization"),
		.exposed = STR("Location") };
	struct http_header field;
	struct http_head ours = head_of(&field, "Origin", "https://a.example");
	struct http_header other_field;
	struct http_head other = head_of(&other_field, "Origin", "https://b.example");
	struct buf b = { 0 };

	(void)state;
	http_cors_write(&b, &closed, &ours);
	assert_int_equal(b.n, 0);
	http_cors_write(&b, &open, &other);
	text_is(&b, "Vary: Origin\r\n");
	http_cors_write(&b, &open, &ours);
	text_is(&b, "Vary: Origin\r\nAccess-Control-Allow-Origin: https://a.example\r\n"
		    "Access-Control-Expose-Headers: Location\r\n");
}

static void a_preflight_is_told_what_it_may(void **state)
{
	static const struct str any[] = { { "*", 1 } };
	static const struct http_header fields[] = {
		{ { "Origin", 6 }, { "null", 4 } },
		{ { "Access-Control-Request-Method", 29 }, { "PATCH", 5 } },
	};
	struct http_cors open = { .origins = any,
		.origin_count = 1,
		.methods = STR("PATCH"),
		.max_age = STR("7200"),
		.headers = STR("Authorization") };
	struct http_head h = { .method = HTTP_HEAD_OPTIONS, .headers = fields, .header_count = 2 };
	struct buf b = { 0 };

	(void)state;
	assert_true(http_cors_is_preflight(&h));
	http_cors_write(&b, &open, &h);
	text_is(&b,
		"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: PATCH\r\n"
		"Access-Control-Allow-Headers: Authorization\r\nAccess-Control-Max-Age: 7200\r\n");
	h.method = HTTP_HEAD_GET;
	assert_false(http_cors_is_preflight(&h));
}

static void a_preflight_may_ask_for_its_headers(void **state)
{
	static const struct str ours[] = { { "https://a.example", 17 } };
	static const struct http_header fields[] = {
		{ { "Origin", 6 }, { "https://a.example", 17 } },
		{ { "Access-Control-Request-Method", 29 }, { "POST", 4 } },
		{ { "Access-Control-Request-Headers", 30 }, { "x-one, x-two", 12 } },
	};
	struct http_cors open = {
		.origins = ours, .origin_count = 1, .methods = STR("POST"), .credentials = true
	};
	struct http_head h = { .method = HTTP_HEAD_OPTIONS, .headers = fields, .header_count = 3 };
	struct buf b = { 0 };

	(void)state;
	http_cors_write(&b, &open, &h);
	text_is(&b, "Vary: Origin, Access-Control-Request-Headers\r\n"
		    "Access-Control-Allow-Origin: https://a.example\r\n"
		    "Access-Control-Allow-Credentials: true\r\n"
		    "Access-Control-Allow-Methods: POST\r\n"
		    "Access-Control-Allow-Headers: x-one, x-two\r\n");
}

static const struct {
	const char *origin, *host;
	bool ours;
} origins[] = {
	{ NULL, "a.example", true },
	{ "https://a.example", "a.example", true },
	{ "http://A.example:81", "a.example:81", true },
	{ "https://b.example", "a.example", true }, /* among those that are named */
	{ "https://c.example", "a.example", false },
	{ "https://a.example:444", "a.example", false },
	{ "null", "a.example", false },
	{ "", "a.example", false },
};

static void origins_are_ours_or_others(void **state)
{
	static const struct str named[] = { { "https://b.example", 17 } };
	struct http_cors c = { .origins = named, .origin_count = 1 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(origins); i++) {
		const struct http_header fields[] = { { STR("Host"), str_of(origins[i].host) },
			{ STR("Origin"), str_of(origins[i].origin) } };
		struct http_head h = { .headers = fields,
			.header_count = origins[i].origin ? 2 : 1 };
		if (http_cors_is_ours(&c, &h) != origins[i].ours)
			fail_msg("%s", origins[i].origin);
	}
}

static const struct {
	int64_t ms;
	const char *text;
} dates[] = {
	{ 0, "Thu, 01 Jan 1970 00:00:00 GMT" },
	{ -1, "Wed, 31 Dec 1969 23:59:59 GMT" },
	{ 784111777000, "Sun, 06 Nov 1994 08:49:37 GMT" },
	{ 1709210096789, "Thu, 29 Feb 2024 12:34:56 GMT" },
};

static void dates_are_written_as_http_wants_them(void **state)
{
	char text[HTTP_DATE_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		http_date_text(dates[i].ms, text);
		assert_memory_equal(text, dates[i].text, sizeof text);
	}
}

static const struct {
	const char *name, *value;
} names[] = {
	{ "", "attachment" },
	{ "song.mp3", "attachment; filename=\"song.mp3\"" },
	{ "../a\\b\n.txt", "attachment; filename=\".._a_b_.txt\"" },
	{ "a\"b.mp3", "attachment; filename=\"a_b.mp3\"; filename*=UTF-8''a%22b.mp3" },
	{ "100%.mp3", "attachment; filename=\"100_.mp3\"; filename*=UTF-8''100%25.mp3" },
	{ "n\xc3\xa4h/\xe2\x82\xac",
		"attachment; filename=\"n_h__\"; filename*=UTF-8''n%C3%A4h_%E2%82%AC" },
	{ "a\xe2\x80\xaegpj.exe",
		"attachment; filename=\"a_gpj.exe\"; filename*=UTF-8''a_gpj.exe" },
	{ "a\xe2\x81\xa6z\xc2\x9b", "attachment; filename=\"a_z_\"; filename*=UTF-8''a_z_" },
	{ "bad\xff", "attachment; filename=\"bad_\"; filename*=UTF-8''bad%FF" },
};

static void file_names_cannot_leave_their_quotes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf b = { 0 };
		http_disposition_write(&b, HTTP_DISPOSITION_ATTACHMENT, str_of(names[i].name));
		text_is(&b, names[i].value);
	}
}

static const struct {
	const char *what, *query, *key, *value;
	enum err err;
} queries[] = {
	{ "plain", "a=1&b=2", "b", "2", ERR_OK },
	{ "the last one wins", "a=1&a=2", "a", "2", ERR_OK },
	{ "decoded", "k=%41+b%2b", "k", "A b+", ERR_OK },
	{ "an encoded key", "%6b=1", "k", "1", ERR_OK },
	{ "no value", "k&b", "k", "", ERR_OK },
	{ "an equals sign in the value", "k=a=b", "k", "a=b", ERR_OK },
	{ "not there", "ab=1", "a", "", ERR_NOT_FOUND },
	{ "an empty query", "", "a", "", ERR_NOT_FOUND },
	{ "a cut escape", "k=%4", "k", "", ERR_BAD_REQUEST },
	{ "no hex digits", "k=%zz", "k", "", ERR_BAD_REQUEST },
	{ "a broken key beside it", "%=1&&k=2", "k", "2", ERR_OK },
};

static void queries_are_decoded(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(queries); i++) {
		struct str value = { NULL, 0 };
		enum err e = http_query_find(
			str_of(queries[i].query), str_of(queries[i].key), &a, &value);
		if (e != queries[i].err || !str_eq(value, str_of(queries[i].value)))
			fail_msg("%s", queries[i].what);
	}
	arena_done(&a);
}

static void a_plus_in_a_path_is_a_plus(void **state)
{
	struct arena a = { 0 };
	struct str out;

	(void)state;
	assert_int_equal(http_query_decode(STR("a+%2fb"), HTTP_QUERY_PATH, &a, &out), ERR_OK);
	assert_true(str_eq(out, STR("a+/b")));
	arena_done(&a);
}

static void a_value_cannot_begin_a_field_of_its_own(void **state)
{
	struct buf b = { 0 };

	(void)state;
	http_response_begin(&b, 404);
	http_response_field(&b, STR("A"), STR("b\r\nSet-Cookie: c"));
	http_response_number(&b, STR("Content-Length"), 0);
	http_response_end(&b);
	text_is(&b, "HTTP/1.1 404 Not Found\r\nA: b  Set-Cookie: c\r\nContent-Length: 0\r\n\r\n");
}

static void a_problem_says_what_to_mend(void **state)
{
	struct buf b = { 0 };

	(void)state;
	http_problem_write(&b, ERR_CONFLICT, 0, STR("The name is \"taken\"."), 0);
	text_is(&b, "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,"
		    "\"detail\":\"The name is \\\"taken\\\".\",\"errorCode\":\"conflict\"}");
	assert_int_equal(http_problem_of_status(413), ERR_TOO_LARGE);
	assert_int_equal(http_problem_of_status(431), ERR_BAD_REQUEST);
	assert_int_equal(http_problem_of_status(505), ERR_INTERNAL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_coding_liked_best_is_chosen),
		cmocka_unit_test(conditions_are_judged),
		cmocka_unit_test(if_range_compares_strongly),
		cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
		cmocka_unit_test(a_cookie_is_written_for_us_alone),
		cmocka_unit_test(cors_is_closed_until_an_origin_is_named),
		cmocka_unit_test(a_preflight_is_told_what_it_may),
		cmocka_unit_test(a_preflight_may_ask_for_its_headers),
		cmocka_unit_test(origins_are_ours_or_others),
		cmocka_unit_test(dates_are_written_as_http_wants_them),
		cmocka_unit_test(file_names_cannot_leave_their_quotes),
		cmocka_unit_test(queries_are_decoded),
		cmocka_unit_test(a_plus_in_a_path_is_a_plus),
		cmocka_unit_test(a_value_cannot_begin_a_field_of_its_own),
		cmocka_unit_test(a_problem_says_what_to_mend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
