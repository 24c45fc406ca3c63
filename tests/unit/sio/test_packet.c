/* SPDX-License-Identifier: MIT
 *
 * test_packet - Socket.IO packets: what is taken, what closes a connection, what is written.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "sio/sio_packet.h"

#define PLACE(n) "{\"_placeholder\":true,\"num\":" #n "}"

/* As "type attachments namespace id name|args|payload". */
static const struct {
	const char *what, *text, *out;
} taken[] = {
	{ "a connect", "0", "0 0 / - ||" },
	{ "a connect with auth", "0{\"token\":\"x\"}", "0 0 / - ||{\"token\":\"x\"}" },
	{ "a connect to a namespace", "0/admin,{\"a\":1}", "0 0 /admin - ||{\"a\":1}" },
	{ "a connect without comma", "0/admin", "0 0 /admin - ||" },
	{ "a query is part of the name", "0/admin?x=1,", "0 0 /admin?x=1 - ||" },
	{ "a disconnect", "1", "1 0 / - ||" },
	{ "a disconnect from a namespace", "1/admin,", "1 0 /admin - ||" },
	{ "an event", "2[\"ev\",1]", "2 0 / - ev|1|[\"ev\",1]" },
	{ "an event without arguments", "2[\"ev\"]", "2 0 / - ev||[\"ev\"]" },
	{ "an event with id", "212[\"ev\",1,{\"a\":[]}]",
		"2 0 / 12 ev|1,{\"a\":[]}|[\"ev\",1,{\"a\":[]}]" },
	{ "an event in a namespace", "2/a,3[\"ev\",\"]\"]", "2 0 /a 3 ev|\"]\"|[\"ev\",\"]\"]" },
	{ "the main namespace by name", "2/,[\"ev\"]", "2 0 / - ev||[\"ev\"]" },
	{ "a numeric name", "2[1,2]", "2 0 / - 1|2|[1,2]" },
	{ "escapes in a name", "2[\"e\\u0076\\n\"]", "2 0 / - ev\n||[\"e\\u0076\\n\"]" },
	{ "half a surrogate in a name", "2[\"\\ud800\"]", "2 0 / - \"\\ud800\"||[\"\\ud800\"]" },
	{ "an event without payload", "2", "2 0 / - ||" },
	{ "white space", "2 [ \"ev\" , 1 ]", "2 0 / - ev| 1 | [ \"ev\" , 1 ]" },
	{ "an id with zeros in front", "201[\"ev\"]", "2 0 / 1 ev||[\"ev\"]" },
	{ "an id that is too long to answer", "29999999999999999999[\"ev\"]",
		"2 0 / - ev||[\"ev\"]" },
	{ "an acknowledgement", "312[]", "3 0 / 12 ||[]" },
	{ "one with arguments", "312[1,null]", "3 0 / 12 |1,null|[1,null]" },
	{ "one without id", "3[1]", "3 0 / - |1|[1]" },
	{ "a binary event", "51-[\"ev\"," PLACE(0) "]",
		"5 1 / - ev|" PLACE(0) "|[\"ev\"," PLACE(0) "]" },
	{ "a binary event with all", "52-/a,7[\"ev\",[" PLACE(1) "]]",
		"5 2 /a 7 ev|[" PLACE(1) "]|[\"ev\",[" PLACE(1) "]]" },
	{ "attachments that nobody names", "51-[\"ev\"]", "5 1 / - ev||[\"ev\"]" },
	{ "a placeholder that is none", "51-[\"ev\",{\"_placeholder\":false,\"num\":9}]",
		"5 1 / - "
		"ev|{\"_placeholder\":false,\"num\":9}|[\"ev\",{\"_placeholder\":false,\"num\":9}"
		"]" },
	{ "ten attachments", "510-[\"ev\"]", "5 10 / - ev||[\"ev\"]" },
	{ "a binary acknowledgement", "61-3[" PLACE(0) "]",
		"6 1 / 3 |" PLACE(0) "|[" PLACE(0) "]" },
};

static const struct {
	const char *what, *text;
} refused[] = {
	{ "nothing", "" },
	{ "an unknown type", "7" },
	{ "no digit", "x" },
	{ "an event that is no array", "2{}" },
	{ "an empty array", "2[]" },
	{ "a name that is an object", "2[{}]" },
	{ "a name that is null", "2[null]" },
	{ "the reserved name connect", "2[\"connect\"]" },
	{ "the reserved name disconnect", "2[\"disconnect\",1]" },
	{ "a reserved name in escapes", "2[\"\\u0063onnect_error\"]" },
	{ "an array that does not end", "2[\"ev\"" },
	{ "something behind it", "2[\"ev\"]x" },
	{ "malformed JSON inside", "2[\"ev\",]" },
	{ "an id that is no number", "2abc[\"ev\"]" },
	{ "auth that is null", "0null" },
	{ "auth that is an array", "0[]" },
	{ "auth that is a string", "0\"x\"" },
	{ "a disconnect with payload", "1{}" },
	{ "a connect error", "4{\"message\":\"x\"}" },
	{ "an acknowledgement that is no array", "31{}" },
	{ "no attachments", "50-[\"ev\"]" },
	{ "eleven attachments", "511-[\"ev\"]" },
	{ "attachments without number", "5-[\"ev\"]" },
	{ "attachments without dash", "51[\"ev\"]" },
	{ "a placeholder out of range", "51-[\"ev\"," PLACE(1) "]" },
	{ "a placeholder below it", "51-[\"ev\"," PLACE(-1) "]" },
	{ "a placeholder that is a fraction", "51-[\"ev\"," PLACE(0.5) "]" },
	{ "a placeholder without number", "51-[\"ev\",{\"_placeholder\":true}]" },
	{ "a placeholder whose number is text",
		"51-[\"ev\",{\"_placeholder\":true,\"num\":\"0\"}]" },
	{ "a deep placeholder out of range", "51-[\"ev\",{\"a\":[" PLACE(1) "]}]" },
	{ "a binary packet without payload", "51-" },
};

static void print(const struct sio_packet *p, struct buf *out)
{
	buf_printf(out, "%d %u " STR_FMT " ", (int)p->type, p->attachments, STR_ARG(p->namespace));
	if (p->has_id)
		buf_u64(out, p->id);
	else
		buf_byte(out, '-');
	buf_printf(out, " " STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(p->name), STR_ARG(p->args),
		STR_ARG(p->payload));
}

static void packets_are_taken_apart(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(taken); i++) {
		struct sio_packet p;
		struct buf out = { 0 };

		if (sio_packet_parse(str_of(taken[i].text), &a, &p))
			fail_msg("%s is refused", taken[i].what);
		print(&p, &out);
		if (!str_eq(buf_str(&out), str_of(taken[i].out)))
			fail_msg("%s: " STR_FMT, taken[i].what, STR_ARG(buf_str(&out)));
		buf_done(&out);
	}
	arena_done(&a);
}

static void malformed_packets_are_refused(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct sio_packet p;
		if (sio_packet_parse(str_of(refused[i].text), &a, &p) != ERR_BAD_REQUEST)
			fail_msg("%s is taken", refused[i].what);
	}
	arena_done(&a);
}

/* Every packet cut short anywhere is either taken or refused, and never read over its end. */
static void a_packet_cut_short_is_no_danger(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(taken); i++) {
		for (size_t n = strlen(taken[i].text); n-- > 0;) {
			char *copy = malloc(n + 1);
			struct sio_packet p;
			memcpy(copy, taken[i].text, n);
			enum err e = sio_packet_parse((struct str){ copy, n }, &a, &p);
			assert_true(e == ERR_OK || e == ERR_BAD_REQUEST);
			free(copy);
		}
	}
	arena_done(&a);
}

/* The other role: as "type namespace id name|args|payload"; NULL when it is refused. */
static const struct {
	const char *what, *text, *out;
} from_server[] = {
	{ "a connect", "0{\"sid\":\"x\"}", "0 0 / - ||{\"sid\":\"x\"}" },
	{ "a connect to a namespace", "0/a,{\"sid\":\"x\"}", "0 0 /a - ||{\"sid\":\"x\"}" },
	{ "a connect of revision 4 of Socket.IO", "0", NULL },
	{ "a connect that is no object", "0[]", NULL },
	{ "a disconnect", "1/a,", "1 0 /a - ||" },
	{ "a disconnect with payload", "1{}", NULL },
	{ "a refusal", "4/a,{\"message\":\"no\"}", "4 0 /a - ||{\"message\":\"no\"}" },
	{ "a refusal in old words", "4\"no\"", "4 0 / - ||\"no\"" },
	{ "a refusal in old words, cut short", "4\"no", NULL },
	{ "a refusal with something behind it", "4\"no\"x", NULL },
	{ "a refusal without payload", "4", NULL },
	{ "an event", "21[\"ev\",2]", "2 0 / 1 ev|2|[\"ev\",2]" },
	{ "an event without payload", "2", NULL },
	{ "an acknowledgement", "31[2]", "3 0 / 1 |2|[2]" },
	{ "an acknowledgement without payload", "31", NULL },
	{ "a placeholder out of range", "51-[\"ev\"," PLACE(1) "]", NULL },
	{ "eleven attachments", "511-[\"ev\"]", NULL },
};

static void a_servers_packets_are_read_as_a_servers(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(from_server); i++) {
		struct sio_packet p;
		struct buf out = { 0 };
		enum err e = sio_packet_parse_server(str_of(from_server[i].text), &a, &p);

		if (e != (from_server[i].out ? ERR_OK : ERR_BAD_REQUEST))
			fail_msg("%s: %d", from_server[i].what, (int)e);
		if (!e)
			print(&p, &out);
		if (!str_eq(buf_str(&out), str_of(from_server[i].out)))
			fail_msg("%s: " STR_FMT, from_server[i].what, STR_ARG(buf_str(&out)));
		buf_done(&out);
	}
	arena_done(&a);
}

static void names_have_their_greatest_length(void **state)
{
	char event[EVENT_NAME_MAX + 16], namespace[NAMESPACE_NAME_MAX + 16];
	struct arena a = { 0 };
	struct sio_packet p;

	(void)state;
	for (size_t over = 0; over < 2; over++) {
		size_t n = EVENT_NAME_MAX + over, m = NAMESPACE_NAME_MAX + over;
		memset(event, 'x', sizeof event);
		memcpy(event, "2[\"", 3);
		memcpy(event + 3 + n, "\"]", 2);
		assert_int_equal(sio_packet_parse((struct str){ event, n + 5 }, &a, &p),
			over ? ERR_BAD_REQUEST : ERR_OK);
		memset(namespace, 'x', sizeof namespace);
		memcpy(namespace, "0/", 2);
		assert_int_equal(sio_packet_parse((struct str){ namespace, m + 1 }, &a, &p),
			over ? ERR_BAD_REQUEST : ERR_OK);
	}
	arena_done(&a);
}

static const struct str two[] = { { "\x01\x02", 2 }, { "", 0 } };

static const struct {
	const char *what;
	struct sio_packet_source from;
	const char *out; /* texts and, in brackets, lengths of binary messages */
} written[] = {
	{ "an event",
		{ .type = SIO_PACKET_EVENT,
			.namespace = { "/", 1 },
			.name = { "ev", 2 },
			.payload = { "1,2", 3 } },
		"42[\"ev\",1,2]" },
	{ "an event without arguments",
		{ .type = SIO_PACKET_EVENT, .namespace = { "/", 1 }, .name = { "ev", 2 } },
		"42[\"ev\"]" },
	{ "an event in a namespace with id",
		{ .type = SIO_PACKET_EVENT,
			.namespace = { "/a", 2 },
			.has_id = true,
			.id = 120,
			.name = { "ev", 2 } },
		"42/a,120[\"ev\"]" },
	{ "a name with quotes",
		{ .type = SIO_PACKET_EVENT, .namespace = { "/", 1 }, .name = { "a\"b", 3 } },
		"42[\"a\\\"b\"]" },
	{ "an empty name",
		{ .type = SIO_PACKET_EVENT, .namespace = { "/", 1 }, .payload = { "1", 1 } },
		"42[\"\",1]" },
	{ "an acknowledgement",
		{ .type = SIO_PACKET_ACK,
			.namespace = { "/", 1 },
			.has_id = true,
			.payload = { "1", 1 } },
		"430[1]" },
	{ "an empty acknowledgement",
		{ .type = SIO_PACKET_ACK, .namespace = { "/", 1 }, .has_id = true, .id = 7 },
		"437[]" },
	{ "a binary event",
		{ .type = SIO_PACKET_EVENT,
			.namespace = { "/a", 2 },
			.name = { "ev", 2 },
			.attachments = two,
			.attachment_count = 2 },
		"452-/a,[\"ev\"](2)(0)" },
	{ "a binary acknowledgement",
		{ .type = SIO_PACKET_ACK,
			.namespace = { "/", 1 },
			.has_id = true,
			.id = 3,
			.attachments = two,
			.attachment_count = 1 },
		"461-3[](2)" },
	{ "a disconnect", { .type = SIO_PACKET_DISCONNECT, .namespace = { "/a", 2 } }, "41/a," },
	{ "a connect",
		{ .type = SIO_PACKET_CONNECT, .namespace = { "/", 1 }, .payload = { "{}", 2 } },
		"40{}" },
};

static void packets_are_written(void **state)
{
	struct frame_pool *pool = NULL;

	(void)state;
	assert_int_equal(frame_pool_new(&pool), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(written); i++) {
		struct buf out = { 0 };
		struct frame *f = NULL;

		assert_int_equal(sio_packet_frame(pool, &written[i].from, &f), ERR_OK);
		/* The headers here are short: an opcode and a length. */
		for (size_t at = 0; at < f->n; at += 2 + (unsigned char)f->p[at + 1]) {
			size_t n = (unsigned char)f->p[at + 1];
			if ((f->p[at] & 15) == 1)
				buf_append(&out, (struct str){ f->p + at + 2, n });
			else
				buf_printf(&out, "(%zu)", n);
		}
		if (!str_eq(buf_str(&out), str_of(written[i].out)))
			fail_msg("%s: " STR_FMT, written[i].what, STR_ARG(buf_str(&out)));
		frame_unref(f);
		buf_done(&out);
	}
	frame_pool_free(pool);
}

static void more_than_ten_attachments_are_not_sent(void **state)
{
	struct sio_packet_source from = { .type = SIO_PACKET_EVENT,
		.namespace = STR("/"),
		.name = STR("ev"),
		.attachments = two,
		.attachment_count = 11 };
	struct frame_pool *pool = NULL;
	struct frame *f = NULL;

	(void)state;
	assert_int_equal(frame_pool_new(&pool), ERR_OK);
	assert_int_equal(sio_packet_frame(pool, &from, &f), ERR_TOO_LARGE);
	frame_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_taken_apart),
		cmocka_unit_test(malformed_packets_are_refused),
		cmocka_unit_test(a_packet_cut_short_is_no_danger),
		cmocka_unit_test(a_servers_packets_are_read_as_a_servers),
		cmocka_unit_test(names_have_their_greatest_length),
		cmocka_unit_test(packets_are_written),
		cmocka_unit_test(more_than_ten_attachments_are_not_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
