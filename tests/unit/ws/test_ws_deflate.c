/* SPDX-License-Identifier: MIT
 *
 * test_ws_deflate - permessage-deflate: offers and answers, the examples of RFC 7692, there and back again, bombs.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/buf.h"
#include "ws/ws.h"
#include "ws/ws_deflate.h"

#define BYTES(literal)                                                                             \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}

#define BOTH "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

static const struct {
	const char *offers;
	unsigned bits;
	const char *answer;
} offers[] = {
	{ "permessage-deflate", 15, BOTH },
	{ "permessage-deflate; client_max_window_bits", 15, BOTH },
	{ "permessage-deflate;client_max_window_bits=10 ; server_no_context_takeover", 15, BOTH },
	{ "permessage-deflate; server_max_window_bits=9", 9, BOTH "; server_max_window_bits=9" },
	{ "permessage-deflate; server_max_window_bits=\"12\"", 12,
		BOTH "; server_max_window_bits=12" },
	{ "permessage-deflate; server_max_window_bits=8, permessage-deflate", 15, BOTH },
	{ "x-other, permessage-deflate; client_no_context_takeover", 15, BOTH },
	{ "permessage-deflate; server_max_window_bits=8", 0, "" },
	{ "permessage-deflate; server_max_window_bits=16", 0, "" },
	{ "permessage-deflate; server_max_window_bits=015", 0, "" },
	{ "permessage-deflate; server_max_window_bits", 0, "" },
	{ "permessage-deflate; client_max_window_bits=7", 0, "" },
	{ "permessage-deflate; client_max_window_bits=", 0, "" },
	{ "permessage-deflate; server_no_context_takeover=1", 0, "" },
	{ "permessage-deflate; client_no_context_takeover; client_no_context_takeover", 0, "" },
	{ "permessage-deflate; window=3", 0, "" },
	{ "permessage-deflate; ; x", 0, "" },
	{ "permessage-bzip2", 0, "" },
	{ ",,;=,\"", 0, "" },
	{ "", 0, "" },
};

static void each_offer_has_its_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(offers); i++) {
		CLEANUP(buf_done) struct buf answer = { 0 };
		unsigned bits = ws_deflate_accept(str_of(offers[i].offers), &answer);

		if (bits != offers[i].bits || !str_eq(buf_str(&answer), str_of(offers[i].answer)))
			fail_msg("%s: %u, " STR_FMT, offers[i].offers, bits,
				STR_ARG(buf_str(&answer)));
	}
}

struct log {
	struct buf buf;
	size_t messages;
};

static bool on_message(void *context, enum ws_opcode opcode, char *p, size_t n)
{
	struct log *log = context;

	buf_byte(&log->buf, opcode == WS_TEXT ? 'T' : 'B');
	buf_append(&log->buf, (struct str){ p, n });
	log->messages++;
	return true;
}

static bool on_control(
	void *context, enum ws_opcode opcode, enum ws_status status, struct str payload)
{
	struct log *log = context;

	(void)status;
	(void)payload;
	buf_byte(&log->buf, opcode == WS_PING ? 'P' : 'C');
	return true;
}

static const struct ws_sink sink = { .message = on_message, .control = on_control };

/* As a client reads them, unmasked. The first six are RFC 7692's, section 7.2.3. */
static const struct {
	const char *what;
	struct str in;
	const char *out;
	enum ws_status fault;
} cases[] = {
	{ "one block", BYTES("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"), "THello", WS_STATUS_NONE },
	{ "two frames", BYTES("\x41\x03\xf2\x48\xcd\x80\x04\xc9\xc9\x07\x00"), "THello",
		WS_STATUS_NONE },
	{ "a block that is not compressed",
		BYTES("\xc1\x0b\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"), "THello",
		WS_STATUS_NONE },
	{ "a last block", BYTES("\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00"), "THello",
		WS_STATUS_NONE },
	{ "two blocks", BYTES("\xc1\x0d\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"),
		"THello", WS_STATUS_NONE },
	{ "an empty message", BYTES("\xc1\x01\x00"), "T", WS_STATUS_NONE },
	{ "one that is not compressed", BYTES("\x81\x02hi"), "Thi", WS_STATUS_NONE },
	{ "a ping inside", BYTES("\x41\x03\xf2\x48\xcd\x89\x00\x80\x04\xc9\xc9\x07\x00"), "PTHello",
		WS_STATUS_NONE },
	{ "bytes that are no such block", BYTES("\xc1\x02\xff\xff"), "", WS_STATUS_INVALID_DATA },
	{ "text that is not UTF-8 behind it", BYTES("\xc1\x04\xfa\xff\x07\x00"), "",
		WS_STATUS_INVALID_DATA },
	{ "the bit on a continuation", BYTES("\x41\x03\xf2\x48\xcd\xc0\x04\xc9\xc9\x07\x00"), "",
		WS_STATUS_PROTOCOL_ERROR },
	{ "the bit on a ping", BYTES("\xc9\x00"), "", WS_STATUS_PROTOCOL_ERROR },
	{ "another reserved bit", BYTES("\xa1\x00"), "", WS_STATUS_PROTOCOL_ERROR },
};

/* cut: 0, or where the bytes are given in two pieces. */
static void check(struct deflate *d, size_t i, size_t cut)
{
	struct log log = { 0 };
	struct ws w;
	char bytes[32];
	size_t n = cases[i].in.n;

	memcpy(bytes, cases[i].in.p, n);
	ws_init(&w, WS_CLIENT, 64);
	w.deflate = d;
	enum ws_status fault = ws_feed(&w, &sink, &log, bytes, cut);
	if (!fault)
		fault = ws_feed(&w, &sink, &log, bytes + cut, n - cut);
	ws_done(&w);
	if (fault != cases[i].fault || !str_eq(buf_str(&log.buf), str_of(cases[i].out)))
		fail_msg("%s, cut at %zu: fault %d, " STR_FMT, cases[i].what, cut, (int)fault,
			STR_ARG(buf_str(&log.buf)));
	buf_done(&log.buf);
}

static void each_case_reads_the_same_however_it_is_cut(void **state)
{
	struct deflate *d = NULL;

	(void)state;
	assert_int_equal(deflate_new(&d), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t cut = 0; cut < cases[i].in.n; cut++)
			check(d, i, cut);
	}
	deflate_free(d);
}

static void without_agreement_the_bit_is_a_fault(void **state)
{
	char hello[] = "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07";
	struct log log = { 0 };
	struct ws w;

	(void)state;
	ws_init(&w, WS_CLIENT, 64);
	assert_int_equal(ws_feed(&w, &sink, &log, hello, 9), WS_STATUS_PROTOCOL_ERROR);
	ws_done(&w);
}

/* Text that compresses, and bytes that do not. */
static char piece(size_t i, bool compresses)
{
	return (char)(compresses ? 'a' + i / 7 % 3 : (i * 2654435761u >> 13 & 0xff));
}

static void make(struct frame_pool *pool, size_t n, bool compresses, struct frame **out)
{
	assert_int_equal(frame_new(pool, 2 * WS_HEADER_MAX + n + 2, out), ERR_OK);
	ws_write_header(*out, WS_BINARY, n);
	for (size_t i = 0; i < n; i++)
		frame_put_byte(*out, piece(i, compresses));
	ws_write_header(*out, WS_TEXT, 2);
	frame_put(*out, STR("hi"));
}

static void read_back(struct deflate *d, struct frame *f, size_t n, bool compresses)
{
	CLEANUP(buf_done) struct buf bytes = { 0 };
	struct log log = { 0 };
	struct ws w;

	buf_append(&bytes, frame_str(f));
	ws_init(&w, WS_CLIENT, 1 << 20);
	w.deflate = d;
	assert_int_equal(ws_feed(&w, &sink, &log, bytes.p, bytes.n), WS_STATUS_NONE);
	ws_done(&w);
	assert_int_equal(log.messages, 2);
	assert_int_equal(log.buf.n, 1 + n + 3);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(log.buf.p[1 + i], piece(i, compresses));
	buf_done(&log.buf);
}

static void what_is_compressed_reads_back(void **state)
{
	static const size_t lengths[] = { 0, 1, 99, 100, 125, 126, 65535, 65536, 300000 };
	struct frame_pool *pool = NULL;
	struct deflate *d = NULL;

	(void)state;
	assert_int_equal(frame_pool_new(&pool), ERR_OK);
	assert_int_equal(deflate_new(&d), ERR_OK);
	for (size_t i = 0; i < 2 * COUNT_OF(lengths); i++) {
		size_t n = lengths[i / 2];
		struct frame *f = NULL;

		make(pool, n, i % 2, &f);
		for (unsigned bits = DEFLATE_BITS_MIN; bits <= DEFLATE_BITS_MAX; bits++) {
			struct frame *made = ws_deflate_frame(d, f, bits, 100);
			assert_ptr_equal(made, ws_deflate_frame(d, f, bits, 100));
			assert_true(made->n <= f->n);
			if (n >= 100 && i % 2)
				assert_true(made->n < f->n / 2);
			read_back(d, made, n, i % 2);
		}
		if (n == 0)
			assert_ptr_equal(ws_deflate_frame(d, f, 15, 100), f);
		frame_unref(f);
	}
	deflate_free(d);
	frame_pool_free(pool);
}

/* 100 MB of zeros in half a megabyte: refused at the first byte too many. */
static void a_bomb_costs_what_is_allowed(void **state)
{
	CLEANUP(buf_done) struct buf zeros = { 0 };
	CLEANUP(buf_done) struct buf bomb = { 0 };
	CLEANUP(buf_done) struct buf out = { 0 };
	enum { BOMB_BYTES = 100000000, MAX = 1000000 };
	struct deflate *d = NULL;

	(void)state;
	assert_int_equal(deflate_new(&d), ERR_OK);
	assert_non_null(buf_reserve(&zeros, BOMB_BYTES));
	memset(zeros.p, 0, BOMB_BYTES);
	buf_grow(&zeros, BOMB_BYTES);
	assert_int_equal(deflate_message(d, 15, buf_str(&zeros), &bomb), ERR_OK);
	assert_true(bomb.n < 500000);
	assert_int_equal(deflate_read_message(d, buf_str(&bomb), MAX, &out), ERR_TOO_LARGE);
	assert_true(out.cap <= 4 * MAX);
	buf_clear(&out);
	assert_int_equal(deflate_read_message(d, buf_str(&bomb), BOMB_BYTES, &out), ERR_OK);
	assert_int_equal(out.n, BOMB_BYTES);
	deflate_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_offer_has_its_answer),
		cmocka_unit_test(each_case_reads_the_same_however_it_is_cut),
		cmocka_unit_test(without_agreement_the_bit_is_a_fault),
		cmocka_unit_test(what_is_compressed_reads_back),
		cmocka_unit_test(a_bomb_costs_what_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
