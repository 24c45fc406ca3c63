/* SPDX-License-Identifier: MIT
 *
 * test_ws - frames in, messages out: each case whole, cut in two at every byte, and byte by byte.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/buf.h"
#include "ws/ws.h"

#define BYTES(literal)                                                                             \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}

/* "T(text)" "B(bytes)" "P(ping)" "O(pong)" "C(status reason)" for what came. */
static bool on_message(void *context, enum ws_opcode opcode, char *p, size_t n)
{
	struct buf *log = context;

	buf_byte(log, opcode == WS_TEXT ? 'T' : 'B');
	buf_byte(log, '(');
	buf_append(log, (struct str){ p, n });
	buf_byte(log, ')');
	return true;
}

static bool on_control(
	void *context, enum ws_opcode opcode, enum ws_status status, struct str payload)
{
	struct buf *log = context;

	if (opcode == WS_CLOSE)
		buf_printf(log, "C(%d ", (int)status);
	else
		buf_printf(log, "%c(", opcode == WS_PING ? 'P' : 'O');
	buf_append(log, payload);
	buf_byte(log, ')');
	return true;
}

static const struct ws_sink sink = { .message = on_message, .control = on_control };

/* Client frames; a mask of zeros leaves the payload readable. */
static const struct {
	const char *what;
	struct str in;
	const char *out;
	enum ws_status fault;
} cases[] = {
	{ "the masked text of RFC 6455 section 5.7",
		BYTES("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), "T(Hello)", WS_STATUS_NONE },
	{ "an empty text", BYTES("\x81\x80\x37\xfa\x21\x3d"), "T()", WS_STATUS_NONE },
	{ "two messages in a row",
		BYTES("\x81\x82\x00\x00\x00\x00hi\x82\x83\x00\x00\x00\x00"
		      "abc"),
		"T(hi)B(abc)", WS_STATUS_NONE },
	{ "three fragments",
		BYTES("\x01\x82\x00\x00\x00\x00he\x00\x81\x00\x00\x00\x00l\x80\x82\x00\x00\x00\x00"
		      "lo"),
		"T(hello)", WS_STATUS_NONE },
	{ "a ping between fragments",
		BYTES("\x01\x81\x00\x00\x00\x00"
		      "a\x89\x81\x00\x00\x00\x00p\x80\x81\x00\x00\x00\x00"
		      "b"),
		"P(p)T(ab)", WS_STATUS_NONE },
	{ "a character cut between fragments",
		BYTES("\x01\x81\x00\x00\x00\x00\xc3\x80\x81\x00\x00\x00\x00\xa9"), "T(\xc3\xa9)",
		WS_STATUS_NONE },
	{ "a pong", BYTES("\x8a\x80\x01\x02\x03\x04"), "O()", WS_STATUS_NONE },
	{ "a close with status and reason",
		BYTES("\x88\x85\x00\x00\x00\x00\x03\xe8"
		      "bye"),
		"C(1000 bye)", WS_STATUS_NONE },
	{ "a close without status", BYTES("\x88\x80\x00\x00\x00\x00"), "C(1005 )", WS_STATUS_NONE },
	{ "nothing is taken after a close",
		BYTES("\x88\x80\x00\x00\x00\x00\x81\x81\x00\x00\x00\x00x"), "C(1005 )",
		WS_STATUS_NONE },
	{ "a close with one byte", BYTES("\x88\x81\x00\x00\x00\x00\x03"), "",
		WS_STATUS_PROTOCOL_ERROR },
	{ "a close with status 1005", BYTES("\x88\x82\x00\x00\x00\x00\x03\xed"), "",
		WS_STATUS_PROTOCOL_ERROR },
	{ "a close whose reason is not UTF-8", BYTES("\x88\x83\x00\x00\x00\x00\x03\xe8\xff"), "",
		WS_STATUS_INVALID_DATA },
	{ "text that is not UTF-8", BYTES("\x81\x82\x00\x00\x00\x00\xc3\x28"), "",
		WS_STATUS_INVALID_DATA },
	{ "a fragment that no other can make UTF-8", BYTES("\x01\x82\x00\x00\x00\x00\xc3\x28"), "",
		WS_STATUS_INVALID_DATA },
	{ "the beginning of such a frame", BYTES("\x81\x88\x00\x00\x00\x00\xf4\x90"), "",
		WS_STATUS_INVALID_DATA },
	{ "a fragment that does not complete the character begun",
		BYTES("\x01\x84\x00\x00\x00\x00"
		      "ab\xe2\x82\x00\x81\x00\x00\x00\x00"
		      "c"),
		"", WS_STATUS_INVALID_DATA },
	{ "a fragment that another may complete",
		BYTES("\x01\x84\x00\x00\x00\x00"
		      "ab\xf4\x8f"),
		"", WS_STATUS_NONE },
	{ "a last fragment that ends inside a character",
		BYTES("\x01\x81\x00\x00\x00\x00\xf0\x80\x82\x00\x00\x00\x00\x9f\x8e"), "",
		WS_STATUS_INVALID_DATA },
	{ "fragments of binary that is not UTF-8",
		BYTES("\x02\x81\x00\x00\x00\x00\xc3\x80\x81\x00\x00\x00\x00\x28"), "B(\xc3\x28)",
		WS_STATUS_NONE },
	{ "binary that is not UTF-8", BYTES("\x82\x82\x00\x00\x00\x00\xc3\x28"), "B(\xc3\x28)",
		WS_STATUS_NONE },
	{ "a frame without mask", BYTES("\x81\x02hi"), "", WS_STATUS_PROTOCOL_ERROR },
	{ "a reserved bit", BYTES("\xc1\x80\x00\x00\x00\x00"), "", WS_STATUS_PROTOCOL_ERROR },
	{ "an unknown opcode", BYTES("\x83\x80\x00\x00\x00\x00"), "", WS_STATUS_PROTOCOL_ERROR },
	{ "an unknown control opcode", BYTES("\x8b\x80\x00\x00\x00\x00"), "",
		WS_STATUS_PROTOCOL_ERROR },
	{ "a continuation of nothing", BYTES("\x80\x80\x00\x00\x00\x00"), "",
		WS_STATUS_PROTOCOL_ERROR },
	{ "a new message inside a message",
		BYTES("\x01\x80\x00\x00\x00\x00\x81\x80\x00\x00\x00\x00"), "",
		WS_STATUS_PROTOCOL_ERROR },
	{ "a fragmented ping", BYTES("\x09\x80\x00\x00\x00\x00"), "", WS_STATUS_PROTOCOL_ERROR },
	{ "a ping of 126 bytes", BYTES("\x89\xfe\x00\x7e\x00\x00\x00\x00"), "",
		WS_STATUS_PROTOCOL_ERROR },
	{ "a message of the greatest length",
		BYTES("\x82\x90\x00\x00\x00\x00"
		      "0123456789abcdef"),
		"B(0123456789abcdef)", WS_STATUS_NONE },
	{ "a message one over it",
		BYTES("\x82\x91\x00\x00\x00\x00"
		      "0123456789abcdefg"),
		"", WS_STATUS_TOO_BIG },
	{ "fragments over it",
		BYTES("\x02\x8a\x00\x00\x00\x00"
		      "0123456789\x80\x87\x00\x00\x00\x00"
		      "abcdefg"),
		"", WS_STATUS_TOO_BIG },
	{ "a length of 64 bits with the highest set",
		BYTES("\x82\xff\x80\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"), "",
		WS_STATUS_PROTOCOL_ERROR },
};

/* Feeds the pieces of in that end at each of the cuts; returns the fault. Each piece stands in memory of its own. */
static enum ws_status feed_pieces(struct str in, const size_t *cuts, size_t count, struct buf *log)
{
	struct ws w;
	enum ws_status fault = WS_STATUS_NONE;
	size_t from = 0;

	ws_init(&w, WS_SERVER, 16);
	for (size_t i = 0; i <= count && !fault; i++) {
		size_t to = i < count ? cuts[i] : in.n;
		char *piece = malloc(to - from + 1);
		assert_non_null(piece);
		memcpy(piece, in.p + from, to - from);
		fault = ws_feed(&w, &sink, log, piece, to - from);
		free(piece);
		from = to;
	}
	ws_done(&w);
	return fault;
}

static void check(const char *what, struct str in, const size_t *cuts, size_t count,
	const char *out, enum ws_status fault)
{
	struct buf log = { 0 };
	enum ws_status got = feed_pieces(in, cuts, count, &log);

	if (got != fault || !str_eq(buf_str(&log), str_of(out)))
		fail_msg("%s, %zu cuts, the first at %zu: fault %d, log " STR_FMT, what, count,
			count ? cuts[0] : 0, (int)got, STR_ARG(buf_str(&log)));
	buf_done(&log);
}

static void each_case_reads_the_same_however_it_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t every[64], n = cases[i].in.n;

		check(cases[i].what, cases[i].in, NULL, 0, cases[i].out, cases[i].fault);
		for (size_t cut = 1; cut < n; cut++) {
			check(cases[i].what, cases[i].in, &cut, 1, cases[i].out, cases[i].fault);
			every[cut - 1] = cut;
		}
		check(cases[i].what, cases[i].in, every, n - 1, cases[i].out, cases[i].fault);
	}
}

static void a_client_takes_unmasked_frames_alone(void **state)
{
	char plain[] = "\x81\x02hi", masked[] = "\x81\x82\x00\x00\x00\x00hi";
	struct buf log = { 0 };
	struct ws w;

	(void)state;
	ws_init(&w, WS_CLIENT, 16);
	assert_int_equal(ws_feed(&w, &sink, &log, plain, 4), WS_STATUS_NONE);
	assert_true(str_eq(buf_str(&log), STR("T(hi)")));
	assert_int_equal(ws_feed(&w, &sink, &log, masked, 8), WS_STATUS_PROTOCOL_ERROR);
	assert_int_equal(ws_feed(&w, &sink, &log, plain, 4), WS_STATUS_NONE);
	assert_true(str_eq(buf_str(&log), STR("T(hi)")));
	ws_done(&w);
	buf_done(&log);
}

/* Ours has a mask that is not zero, so that what comes back was really unmasked. */
static void what_a_client_writes_a_server_reads(void **state)
{
	static const size_t lengths[] = { 0, 1, 7, 8, 125, 126, 65535, 65536 };
	static const uint8_t mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	struct frame_pool *pool = NULL;

	(void)state;
	assert_int_equal(frame_pool_new(&pool), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		CLEANUP(buf_done) struct buf text = { 0 };
		CLEANUP(buf_done) struct buf log = { 0 };
		CLEANUP(buf_done) struct buf expected = { 0 };
		struct frame *f = NULL;
		struct ws w;

		for (size_t k = 0; k < lengths[i]; k++)
			buf_byte(&text, (char)('a' + k % 26));
		assert_int_equal(frame_new(pool, WS_MASKED_HEADER_MAX + lengths[i], &f), ERR_OK);
		ws_write_masked(f, WS_TEXT, buf_str(&text), mask);
		assert_int_equal((unsigned char)f->p[1] & 0x80, 0x80);
		ws_init(&w, WS_SERVER, 70000);
		assert_int_equal(ws_feed(&w, &sink, &log, f->p, f->n), WS_STATUS_NONE);
		buf_append(&expected, STR("T("));
		buf_append(&expected, buf_str(&text));
		buf_byte(&expected, ')');
		assert_true(str_eq(buf_str(&log), buf_str(&expected)));
		ws_done(&w);
		frame_unref(f);
	}
	frame_pool_free(pool);
}

static void fill_with_counting(void *context, void *bytes, size_t n)
{
	(void)context;
	for (size_t i = 0; i < n; i++)
		((uint8_t *)bytes)[i] = (uint8_t)(i + 1);
}

/* The key of RFC 6455 section 4.1's example is made of the bytes 1 to 16. */
static void a_key_is_sixteen_bytes_in_base64(void **state)
{
	static const struct rng rng = { .fill = fill_with_counting };
	CLEANUP(buf_done) struct buf key = { 0 };
	char accept[WS_ACCEPT_BYTES];

	(void)state;
	ws_write_key(&key, &rng);
	assert_true(str_eq(buf_str(&key), STR("AQIDBAUGBwgJCgsMDQ4PEA==")));
	assert_true(ws_accept(buf_str(&key), accept));
}

/* Lengths around the borders between the three forms of a header. */
static void what_is_written_reads_back(void **state)
{
	static const size_t lengths[] = { 0, 1, 125, 126, 127, 65535, 65536, 70000 };
	struct frame_pool *pool = NULL;

	(void)state;
	assert_int_equal(frame_pool_new(&pool), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		struct frame *f = NULL;
		struct buf log = { 0 };
		struct ws w;
		struct str rest, payload;
		enum ws_opcode opcode;
		char *text = malloc(lengths[i] + 1);

		memset(text, 'x', lengths[i] + 1);
		assert_int_equal(frame_new(pool, WS_HEADER_MAX + lengths[i], &f), ERR_OK);
		ws_write_header(f, WS_BINARY, lengths[i]);
		assert_int_equal(f->n, ws_header_bytes(lengths[i]));
		frame_put(f, (struct str){ text, lengths[i] });
		rest = frame_str(f);
		assert_true(ws_next_written(&rest, &opcode, &payload));
		assert_int_equal(opcode, WS_BINARY);
		assert_int_equal(payload.n, lengths[i]);
		assert_int_equal(rest.n, 0);
		ws_init(&w, WS_CLIENT, 1 << 20);
		assert_int_equal(ws_feed(&w, &sink, &log, f->p, f->n), WS_STATUS_NONE);
		assert_int_equal(log.n, lengths[i] + 3);
		ws_done(&w);
		buf_done(&log);
		frame_unref(f);
		free(text);
	}
	frame_pool_free(pool);
}

static void the_key_of_the_rfc_gives_its_accept(void **state)
{
	char out[WS_ACCEPT_BYTES];

	(void)state;
	assert_true(ws_accept(STR("dGhlIHNhbXBsZSBub25jZQ=="), out));
	assert_memory_equal(out, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WS_ACCEPT_BYTES);
	assert_false(ws_accept(STR("dGhlIHNhbXBsZSBub25j"), out));
	assert_false(ws_accept(STR("!!!!!!!!!!!!!!!!!!!!!!=="), out));
	assert_false(ws_accept(STR(""), out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_reads_the_same_however_it_is_cut),
		cmocka_unit_test(a_client_takes_unmasked_frames_alone),
		cmocka_unit_test(what_a_client_writes_a_server_reads),
		cmocka_unit_test(a_key_is_sixteen_bytes_in_base64),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(the_key_of_the_rfc_gives_its_accept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
