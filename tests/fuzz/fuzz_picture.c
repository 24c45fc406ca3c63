/* SPDX-License-Identifier: MIT
 *
 * fuzz_picture - heads of pictures: they are read forwards, no byte of them often, and are refused with a sentence or not at all.
 *
 * Layer: tests.  Threads: one.
 */
#include "files/picture.h"
#include "fuzz.h"

#include <string.h>

struct bytes {
	const uint8_t *p;
	size_t n;
	uint64_t last; /* the place of the read before: a picture is read forwards */
	size_t reads;
};

static enum err read_bytes(void *context, uint64_t at, char *out, size_t n, size_t *got)
{
	struct bytes *b = context;

	MUST(at >= b->last);
	b->last = at;
	b->reads++;
	*got = at >= b->n ? 0 : b->n - at < n ? b->n - (size_t)at : n;
	if (*got)
		memcpy(out, b->p + at, *got);
	return ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = { .p = data, .n = size };
	const struct picture_source from = { read_bytes, &b };
	struct arena a = { 0 };
	const char *sentence = NULL;
	uint64_t pixels = 0;
	enum err e = picture_pixels(&from, &pixels);

	MUST(e == ERR_OK || e == ERR_BAD_REQUEST);
	MUST((e == ERR_OK) == (pixels > 0));
	MUST(b.reads <= 8 + size / 512);
	b.last = 0;
	e = picture_admit(&from, &a, &sentence);
	MUST((e == ERR_OK) == (sentence == NULL));
	arena_done(&a);
	return 0;
}
