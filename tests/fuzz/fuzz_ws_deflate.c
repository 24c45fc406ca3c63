/* SPDX-License-Identifier: MIT
 *
 * fuzz_ws_deflate - permessage-deflate. The bytes are an offer, then a message, which comes back as it was from every window;
 * compressed frames are fuzz_ws's.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/buf.h"
#include "fuzz.h"
#include "ws/ws_deflate.h"

static void offers_are_answered(struct str in)
{
	struct buf answer = { 0 };
	unsigned bits = ws_deflate_accept(in, &answer);

	MUST(bits == 0 || (bits >= DEFLATE_BITS_MIN && bits <= DEFLATE_BITS_MAX));
	MUST((bits == 0) == (answer.n == 0));
	if (bits) { /* the answer is itself an offer with the same meaning */
		struct buf again = { 0 };
		MUST(ws_deflate_accept(buf_str(&answer), &again) == bits);
		MUST(str_eq(buf_str(&answer), buf_str(&again)));
		buf_done(&again);
	}
	buf_done(&answer);
}

static void what_is_written_reads_back(struct deflate *d, struct str message)
{
	for (unsigned bits = DEFLATE_BITS_MIN; bits <= DEFLATE_BITS_MAX; bits += 3) {
		struct buf packed = { 0 }, plain = { 0 };
		MUST(deflate_message(d, bits, message, &packed) == ERR_OK);
		MUST(deflate_read_message(d, buf_str(&packed), message.n, &plain) == ERR_OK);
		MUST(str_eq(message, buf_str(&plain)));
		buf_clear(&plain);
		MUST(message.n == 0 || deflate_read_message(d, buf_str(&packed), message.n - 1,
					       &plain) == ERR_TOO_LARGE);
		buf_done(&packed);
		buf_done(&plain);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct deflate *d = NULL;

	MUST(deflate_new(&d) == ERR_OK);
	offers_are_answered(in);
	what_is_written_reads_back(d, in);
	deflate_free(d);
	return 0;
}
