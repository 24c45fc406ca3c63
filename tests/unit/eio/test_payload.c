/* SPDX-License-Identifier: MIT
 *
 * test_payload - the bodies of long polling, in the forms of both revisions.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/table.h"
#include "eio/payload.h"

/* Payloads; a packet that begins with '*' stands for a binary message of what follows. */
static const struct {
	const char *what;
	enum payload_form form;
	struct str body;
	const char *packets[4];
} written[] = {
	{ "one text", PAYLOAD_4, { "4hello", 6 }, { "4hello" } },
	{ "several", PAYLOAD_4,
		{ "4a\x1e"
		  "2\x1e"
		  "4",
			6 },
		{ "4a", "2", "4" } },
	{ "binary", PAYLOAD_4,
		{ "4a\x1e"
		  "bAQIDBA==",
			12 },
		{ "4a", "*\1\2\3\4" } },
	{ "one text of revision 3", PAYLOAD_3, { "6:4hello", 8 }, { "4hello" } },
	{ "several of revision 3", PAYLOAD_3, { "2:4a1:21:4", 10 }, { "4a", "2", "4" } },
	{ "a length counts UTF-16 units", PAYLOAD_3,
		{ "3:4\xe2\x82\xac"
		  "a3:4\xf0\x9f\x98\x80",
			14 },
		{ "4\xe2\x82\xac"
		  "a",
			"4\xf0\x9f\x98\x80" } },
	{ "binary as base64", PAYLOAD_3, { "6:4hello10:b4AQIDBA==", 21 },
		{ "4hello", "*\1\2\3\4" } },
	{ "binary as it is", PAYLOAD_3_OCTETS,
		{ "\0\6\xff"
		  "4hello\1\5\xff\4\1\2\3\4",
			17 },
		{ "4hello", "*\1\2\3\4" } },
	{ "a length counts bytes", PAYLOAD_3_OCTETS,
		{ "\0\1\1\xff"
		  "4\xe2\x82\xac"
		  "1234567",
			15 },
		{ "4\xe2\x82\xac"
		  "1234567" } },
};

static void packets_are_laid_into_payloads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(written); i++) {
		struct buf b = { 0 };
		for (size_t k = 0; k < 4 && written[i].packets[k]; k++) {
			struct str p = str_of(written[i].packets[k]);
			if (p.p[0] == '*')
				payload_put_binary(&b, written[i].form, str_after(p, 1));
			else
				payload_put_text(&b, written[i].form, p);
		}
		if (!str_eq(buf_str(&b), written[i].body))
			fail_msg("%s: " STR_FMT, written[i].what, STR_ARG(buf_str(&b)));
		buf_done(&b);
	}
}

/* What was read, a packet behind the other: its bytes, or '*' and them. */
static enum err read_all(enum payload_form form, struct str body, struct buf *out)
{
	char copy[128];
	bool more = true;
	struct payload_packet p;
	enum err e = ERR_OK;

	memcpy(copy, body.p, body.n);
	struct payload_reader r = payload_read(form, copy, body.n);
	while (!(e = payload_next(&r, &more, &p)) && more) {
		buf_byte(out, p.binary ? '*' : '|');
		buf_append(out, (struct str){ p.p, p.n });
	}
	return e;
}

static const struct {
	const char *what;
	enum payload_form form;
	struct str body;
	const char *log; /* NULL: malformed */
} read[] = {
	{ "one", PAYLOAD_4, { "4hello", 6 }, "|4hello" },
	{ "an empty packet at the end", PAYLOAD_4, { "4a\x1e", 3 }, "|4a|" },
	{ "nothing is one empty packet", PAYLOAD_4, { "", 0 }, "|" },
	{ "several of revision 3", PAYLOAD_3, { "2:4a10:b4AQIDBA==", 17 }, "|4a|b4AQIDBA==" },
	{ "characters of three and four bytes", PAYLOAD_3,
		{ "2:4\xe2\x82\xac"
		  "3:4\xf0\x9f\x98\x80",
			13 },
		"|4\xe2\x82\xac|4\xf0\x9f\x98\x80" },
	{ "nothing", PAYLOAD_3, { "", 0 }, NULL },
	{ "no length", PAYLOAD_3, { "abc", 3 }, NULL },
	{ "a length without end", PAYLOAD_3, { "12", 2 }, NULL },
	{ "a length that is too long", PAYLOAD_3, { "3:4a", 4 }, NULL },
	{ "a length that overflows", PAYLOAD_3, { "18446744073709551617:4", 22 }, NULL },
	{ "half a pair of surrogates", PAYLOAD_3, { "2:4\xf0\x9f\x98\x80", 7 }, NULL },
	{ "a colon alone", PAYLOAD_3, { ":4a", 3 }, NULL },
	{ "octets", PAYLOAD_3_OCTETS,
		{ "\0\2\xff"
		  "4a\1\3\xff\4\1\2",
			11 },
		"|4a*\4\1\2" },
	{ "octets of a third kind", PAYLOAD_3_OCTETS,
		{ "\2\1\xff"
		  "4",
			4 },
		NULL },
	{ "octets without an end of the length", PAYLOAD_3_OCTETS, { "\0\2", 2 }, NULL },
	{ "octets with a digit above nine", PAYLOAD_3_OCTETS,
		{ "\0\x0a\xff"
		  "4",
			4 },
		NULL },
	{ "octets that are cut", PAYLOAD_3_OCTETS,
		{ "\0\3\xff"
		  "4a",
			5 },
		NULL },
};

static void payloads_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(read); i++) {
		struct buf b = { 0 };
		enum err e = read_all(read[i].form, read[i].body, &b);
		bool same = read[i].log ? !e && str_eq(buf_str(&b), str_of(read[i].log))
		                        : e == ERR_BAD_REQUEST;
		if (!same)
			fail_msg("%s: %d " STR_FMT, read[i].what, (int)e, STR_ARG(buf_str(&b)));
		buf_done(&b);
	}
}

static void a_script_quotes_the_payload(void **state)
{
	struct buf b = { 0 };

	(void)state;
	payload_jsonp(&b, STR("1x2"), STR("4\"a\\\x1e\xe2\x80\xa8\xe2\x80\xa9\n"));
	buf_byte(&b, '\0');
	assert_string_equal(b.p, "___eio[12](\"4\\\"a\\\\\\u001e\\u2028\\u2029\\n\");");
	buf_done(&b);
}

static const struct {
	const char *form, *data;
} forms[] = {
	{ "d=4a", "4a" },
	{ "x=1&d=4a+b%20c", "4a b c" },
	{ "d=4%5Cn", "4\n" },
	{ "d=4%5C%5Cn", "4\\n" },
	{ "d=4%22%5C%22", "4\"\\\"" },
	{ "d=", "" },
	{ "e=4", NULL },
	{ "d=%4", NULL },
};

static void forms_of_jsonp_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		struct buf b = { 0 };
		enum err e = payload_from_form(str_of(forms[i].form), &b);
		if (forms[i].data ? e || !str_eq(buf_str(&b), str_of(forms[i].data)) : !e)
			fail_msg("%s: %d " STR_FMT, forms[i].form, (int)e, STR_ARG(buf_str(&b)));
		buf_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_laid_into_payloads),
		cmocka_unit_test(payloads_are_taken_apart),
		cmocka_unit_test(a_script_quotes_the_payload),
		cmocka_unit_test(forms_of_jsonp_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
