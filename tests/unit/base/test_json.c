/* SPDX-License-Identifier: MIT
 *
 * test_json - the reader against jansson on many texts, its refusals, and the writer.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/json_plain.h"
#include "base/json_read.h"
#include "base/json_write.h"

/* Copies any value from the reader to the writer, by the typed calls. */
static enum err copy(struct json_reader *r, struct json_writer *w, struct arena *a)
{
	enum err e = ERR_OK;
	bool more, flag;
	struct str s;
	double d;

	switch (json_read_peek(r)) {
	case JSON_TYPE_NULL:
		e = json_read_null(r);
		json_write_null(w);
		return e;
	case JSON_TYPE_TRUE:
	case JSON_TYPE_FALSE:
		e = json_read_bool(r, &flag);
		if (!e)
			json_write_bool(w, flag);
		return e;
	case JSON_TYPE_NUMBER:
		e = json_read_double(r, &d);
		if (!e)
			json_write_double(w, d);
		return e;
	case JSON_TYPE_STRING:
		e = json_read_string(r, a, &s);
		if (!e)
			json_write_string(w, s);
		return e;
	case JSON_TYPE_ARRAY:
		e = json_read_open_array(r);
		json_write_begin_array(w);
		while (!e && !(e = json_read_more_elements(r, &more)) && more)
			e = copy(r, w, a);
		json_write_end_array(w);
		return e;
	case JSON_TYPE_OBJECT:
		e = json_read_open_object(r);
		json_write_begin_object(w);
		while (!e && !(e = json_read_more_members(r, a, &more, &s)) && more) {
			json_write_key(w, s);
			e = copy(r, w, a);
		}
		json_write_end_object(w);
		return e;
	default:
		return ERR_BAD_REQUEST;
	}
}

static enum err copy_text(struct str text, struct buf *out)
{
	struct arena a = { 0 };
	struct json_reader r = json_read_of(text);
	struct json_writer w = json_write_into(out);
	enum err e = copy(&r, &w, &a);

	if (!e)
		e = json_read_end(&r);
	arena_done(&a);
	return e;
}

static enum err skip_text(struct str text)
{
	struct json_reader r = json_read_of(text);
	struct str raw;
	enum err e = json_read_raw(&r, &raw);

	return e ? e : json_read_end(&r);
}

static void what_is_read_is_what_jansson_reads(void **state)
{
	static const char *const texts[] = {
		"null",
		"true",
		"false",
		"0",
		"-1",
		"3.25",
		"1e3",
		"-0.5e-2",
		"\"\"",
		"\"a\\n\\u00e9\\ud83d\\ude00\"",
		"[]",
		"{}",
		"[1,[2,[3]],{}]",
		" { \"a\" : [ 1 , 2 ] , \"b\" : { \"c\" : null } } ",
		"{\"x\":\"\\\"\\\\\\/\\b\\f\\r\\t\"}",
		"[\"h\xc3\xa9\",[[]],{\"\":{}}]",
		"9007199254740991",
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf out = { 0 };
		assert_int_equal(copy_text(str_of(texts[i]), &out), ERR_OK);
		assert_int_equal(skip_text(str_of(texts[i])), ERR_OK);
		json_t *ours = json_loadb(out.p, out.n, JSON_DECODE_ANY, NULL);
		json_t *theirs = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		assert_non_null(ours);
		assert_non_null(theirs);
		if (json_is_number(ours)) /* jansson tells 1 from 1.0 */
			assert_true(json_number_value(ours) == json_number_value(theirs));
		else if (!strchr(texts[i], 'e'))
			assert_true(json_equal(ours, theirs));
		json_decref(ours);
		json_decref(theirs);
		buf_done(&out);
	}
}

static void what_jansson_refuses_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"nul",
		"tru",
		"01",
		"-",
		"1.",
		".5",
		"1e",
		"+1",
		"'a'",
		"\"a",
		"\"\\x\"",
		"\"\\u12g4\"",
		"\"\t\"",
		"[",
		"[1",
		"[1,",
		"[1,]",
		"[,1]",
		"{",
		"{\"a\"",
		"{\"a\":",
		"{\"a\":1,}",
		"{a:1}",
		"{\"a\" 1}",
		"[1 2]",
		"]",
		"}",
		"[}",
		"1 2",
		"[1]]",
		"\"\\ud800\\u0041\"",
		"nulll",
		"{\"a\":1]",
		"[\"\\\x01\"]",
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf out = { 0 };
		json_t *theirs = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		assert_null(theirs);
		assert_int_equal(copy_text(str_of(texts[i]), &out), ERR_BAD_REQUEST);
		buf_done(&out);
	}
}

/* Random edits of good texts: both readers must agree on good and bad, the skipper with JSON.parse's rules. */
static void random_texts_are_judged_as_jansson_judges_them(void **state)
{
	static const char seed[] =
		"{\"a\":[1,2.5,-3e2,true,null],\"b\":{\"c\":\"x\\ny\\u0041\"},\"d\":[]}";
	static const char alphabet[] = "{}[],:\"\\/truefalsn0123456789.-+eE u";
	unsigned random = 1;
	(void)state;
	for (int round = 0; round < 50000; round++) {
		char text[sizeof seed];
		memcpy(text, seed, sizeof seed);
		for (int edits = 1 + round % 3; edits; edits--) {
			random = random * 1103515245 + 12345;
			text[(random >> 16) % (sizeof seed - 1)] =
				alphabet[(random >> 8) % (sizeof alphabet - 1)];
		}
		struct buf out = { 0 };
		json_t *theirs = json_loads(text, JSON_DECODE_ANY, NULL);
		enum err ours = copy_text(str_of(text), &out);
		if ((ours == ERR_OK) != (theirs != NULL))
			fail_msg("we say %d of %s", (int)ours, text);
		if (theirs)
			assert_int_equal(skip_text(str_of(text)), ERR_OK);
		json_decref(theirs);
		buf_done(&out);
	}
}

static void strings_that_protocol_md_forbids_are_refused(void **state)
{
	static const struct {
		const char *what;
		struct str text;
	} cases[] = {
		{ "NUL", { "\"\\u0000\"", 8 } },
		{ "a lone high surrogate", { "\"\\ud83d\"", 8 } },
		{ "a lone low surrogate", { "\"\\ude00\"", 8 } },
		{ "a byte that is no UTF-8", { "\"\xff\"", 3 } },
		{ "an overlong form", { "\"\xc0\xaf\"", 4 } },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena a = { 0 };
		struct json_reader r = json_read_of(cases[i].text);
		struct str s;
		if (json_read_string(&r, &a, &s) != ERR_BAD_REQUEST)
			fail_msg("%s was taken", cases[i].what);
		arena_done(&a);
	}
}

static void depth_ends_at_its_limit(void **state)
{
	char text[2 * JSON_DEPTH_MAX + 2];
	(void)state;
	for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		enum err expected = depth > JSON_DEPTH_MAX ? ERR_BAD_REQUEST : ERR_OK;
		assert_int_equal(skip_text((struct str){ text, 2 * depth }), expected);
	}
}

static void whole_numbers_are_read_exactly_or_refused(void **state)
{
	static const struct {
		const char *text;
		enum err e;
		int64_t value;
	} cases[] = {
		{ "0", ERR_OK, 0 },
		{ "-12", ERR_OK, -12 },
		{ "1.0", ERR_OK, 1 },
		{ "1e3", ERR_OK, 1000 },
		{ "999999999999999999", ERR_OK, 999999999999999999 },
		{ "1.5", ERR_BAD_REQUEST, 0 },
		{ "1e300", ERR_BAD_REQUEST, 0 },
		{ "99999999999999999999", ERR_BAD_REQUEST, 0 },
		{ "\"1\"", ERR_BAD_REQUEST, 0 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct json_reader r = json_read_of(str_of(cases[i].text));
		int64_t n = 0;
		assert_int_equal(json_read_int(&r, &n), cases[i].e);
		assert_int_equal(n, cases[i].value);
	}
}

static void control_characters_are_written_as_escapes(void **state)
{
	struct buf out = { 0 };
	struct json_writer w = json_write_into(&out);
	(void)state;
	json_write_string(&w, (struct str){ "\"\\\b\f\n\r\t\x01/\0", 10 });
	assert_true(str_eq(buf_str(&out), STR("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001/\\u0000\"")));
	buf_done(&out);
}

/* Strings are looked at eight bytes at a time: no place may matter. */
static void a_byte_that_needs_an_escape_is_seen_wherever_it_stands(void **state)
{
	static const char special[] = "\"\\\x01\x1f\x00", harmless[] = " !#[]a\x7f\xc3\xa9";

	(void)state;
	for (size_t n = 1; n <= 40; n++) {
		for (size_t at = 0; at < n; at++) {
			char bytes[40];
			for (size_t i = 0; i < n; i++)
				bytes[i] = harmless[(i + at) % (sizeof harmless - 1)];
			for (size_t k = 0; k < sizeof special - 1; k++) {
				bytes[at] = special[k];
				assert_int_equal(json_plain_count((struct str){ bytes, n }), at);
			}
			bytes[at] = harmless[at % (sizeof harmless - 1)];
			assert_int_equal(json_plain_count((struct str){ bytes, n }), n);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_what_jansson_reads),
		cmocka_unit_test(what_jansson_refuses_is_refused),
		cmocka_unit_test(random_texts_are_judged_as_jansson_judges_them),
		cmocka_unit_test(strings_that_protocol_md_forbids_are_refused),
		cmocka_unit_test(depth_ends_at_its_limit),
		cmocka_unit_test(whole_numbers_are_read_exactly_or_refused),
		cmocka_unit_test(control_characters_are_written_as_escapes),
		cmocka_unit_test(a_byte_that_needs_an_escape_is_seen_wherever_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
