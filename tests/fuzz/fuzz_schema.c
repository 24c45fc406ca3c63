/* SPDX-License-Identifier: MIT
 *
 * fuzz_schema - any payload from any text: the first byte chooses the row. What was decoded, encoded and decoded
 * again gives the same text.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/buf.h"
#include "fuzz.h"
#include "schema/schema_decode.h"
#include "schema/schema_encode.h"

/* Decodes and encodes once; false when it was refused, which must be said in a sentence. */
static bool pass(const struct payload *p, struct str json, struct arena *a, struct buf *out)
{
	static const struct str attachments[] = { { "abc", 3 } };
	struct schema_source from = { json, attachments, COUNT_OF(attachments) };
	struct schema_attachments sent = { .n = 0 };
	struct json_writer w = json_write_into(out);
	struct str sentence = { NULL, 0 };
	void *value = arena_alloc(a, p->size);

	MUST(value);
	enum err e = schema_decode(p, &from, a, value, &sentence);
	MUST(e == ERR_OK || (e == ERR_BAD_REQUEST && sentence.n > 0));
	if (e)
		return false;
	schema_encode(p, value, &w, &sent);
	MUST(!buf_failed(out));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct buf once = { 0 }, twice = { 0 };

	if (size < 1)
		return 0;
	const struct payload *p = schema_payload_at(data[0] % schema_payload_count());
	if (pass(p, (struct str){ (const char *)data + 1, size - 1 }, &a, &once) && once.n > 0) {
		MUST(pass(p, buf_str(&once), &a, &twice));
		MUST(str_eq(buf_str(&once), buf_str(&twice)));
	}
	buf_done(&once);
	buf_done(&twice);
	arena_done(&a);
	return 0;
}
