/* SPDX-License-Identifier: MIT
 *
 * test_picture - whole small pictures, and the same with other sizes in their heads, or cut off, or spoilt.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "files/picture.h"

enum form { BE32, BE16_BACK, LE16, LE24_LESS_1, BITS14_LESS_1 };

/* Each is 5 wide and 4 high, and was shown by a browser; in hex. */
static const struct sample {
	const char *what, *hex;
	size_t size_at; /* where width and height stand, */
	enum form form; /* and how */
	size_t enough;  /* bytes that say the size */
} samples[] = {
	{ "PNG",
		"89504e470d0a1a0a0000000d49484452000000050000000408060000004633f540"
		"000000234944415478018cc8310d00000c02c1064bf554b5f5043b61e0935f0e7f4b1f13ea51000000"
		"ffff4f7b"
		"4a11000000064944415403006fb40bfd37888d9d0000000049454e44ae426082",
		16, BE32, 24 },
	{ "GIF",
		"47494638396105000400800000000000ffffff21f90400000000002c00000000010001000002024c01"
		"003b",
		6, LE16, 36 },
	{ "GIF of which the first image is more than the screen",
		"47494638396101000100800000000000ffffff21f90400000000002c04000300010001000002024c01"
		"003b",
		28, LE16, 36 },
	{ "GIF without a table, with a comment",
		"47494638396105000400000000"
		"21fe0568656c6c6f026f6b002c0000000001000100800000000000ffffff02024c01003b",
		6, LE16, 34 },
	{ "WebP, lossy",
		"524946463600000057454250"
		"565038202a000000b001009d012a0500040002c04c25a00274ba0005020000fccaff16d23a14c87ff1"
		"0e7439d0"
		"e649000000",
		26, LE16, 30 },
	{ "WebP, lossless",
		"524946461e00000057454250565038"
		"4c110000002f04c000000750b33277a6ff8188e87f0000",
		21, BITS14_LESS_1, 25 },
	{ "WebP, extended",
		"524946464800000057454250565038580a00000000000000040000030000"
		"565038202a000000b001009d012a0500040002c04c25a00274ba0005020000fccaff16d23a14c87ff1"
		"0e7439d0"
		"e649000000",
		24, LE24_LESS_1, 30 },
	{ "JPEG",
		"ffd8ffe000104a46494600010100000100010000ffdb00430010101010101010101010101010101010"
		"101010"
		"1010101010101010101010101010101010101010101010101010101010101010101010101010101010"
		"101010"
		"10ffc0000b080004000501011100ffc40014000100000000000000000000000000000000ffc4001410"
		"010000"
		"0000000000000000000000000000ffda0008010100003f0000ffd9",
		94, BE16_BACK, 98 },
};

static struct buf unhex(const char *hex)
{
	struct buf b = { 0 };

	for (; *hex; hex += 2) {
		const char two[3] = { hex[0], hex[1], '\0' };
		buf_byte(&b, (char)strtol(two, NULL, 16));
	}
	assert_false(buf_failed(&b));
	return b;
}

static void put(char *at, uint64_t n, size_t bytes, bool is_big)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (char)(n >> 8 * (is_big ? bytes - 1 - i : i));
}

static void put_size(const struct sample *s, char *p, uint64_t width, uint64_t height)
{
	switch (s->form) {
	case BE32:
		put(p + s->size_at, width << 32 | height, 8, true);
		return;
	case BE16_BACK: /* the height stands first */
		put(p + s->size_at, height << 16 | width, 4, true);
		return;
	case LE16:
		put(p + s->size_at, height << 16 | width, 4, false);
		return;
	case LE24_LESS_1:
		put(p + s->size_at, (height - 1) << 24 | (width - 1), 6, false);
		return;
	case BITS14_LESS_1:
		put(p + s->size_at, (height - 1) << 14 | (width - 1), 4, false);
		return;
	}
}

static enum err read_str(void *context, uint64_t at, char *out, size_t n, size_t *got)
{
	const struct str *s = context;

	*got = at >= s->n ? 0 : s->n - at < n ? s->n - (size_t)at : n;
	if (*got)
		memcpy(out, s->p + at, *got);
	return ERR_OK;
}

static enum err pixels_of(struct str bytes, uint64_t *out)
{
	return picture_pixels(&(struct picture_source){ read_str, &bytes }, out);
}

static enum err admit(struct str bytes, struct arena *a, const char **sentence)
{
	*sentence = NULL;
	return picture_admit(&(struct picture_source){ read_str, &bytes }, a, sentence);
}

static void every_kind_says_how_many_pixels_it_has(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		struct buf b = unhex(samples[i].hex);
		uint64_t pixels = 0;
		if (pixels_of(buf_str(&b), &pixels) || pixels != 20)
			fail_msg("%s: %d", samples[i].what, (int)pixels);
		buf_done(&b);
	}
}

static void a_picture_is_admitted_at_the_limit_and_refused_one_row_over(void **state)
{
	struct arena a = { 0 };
	const char *sentence;

	(void)state;
	assert_int_equal(PICTURE_PIXELS_MAX, 8000 * 5000);
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		/* An image that is off the corner makes its screen as much larger. */
		uint64_t off = samples[i].size_at == 28 ? 1 : 0;
		struct buf b = unhex(samples[i].hex);
		put_size(&samples[i], b.p, 8000 - off, 5000 - off);
		assert_int_equal(admit(buf_str(&b), &a, &sentence), ERR_OK);
		assert_null(sentence);
		put_size(&samples[i], b.p, 8000 - off, 5001 - off);
		assert_int_equal(admit(buf_str(&b), &a, &sentence), ERR_TOO_LARGE);
		assert_string_equal(sentence, "The picture has 40008000 pixels; at most 40000000 "
					      "are shown: make it smaller.");
		buf_done(&b);
	}
	arena_done(&a);
}

static void one_pixel_over_is_refused(void **state)
{
	struct arena a = { 0 };
	const char *sentence;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		if (samples[i].form != BE32 && samples[i].form != LE24_LESS_1)
			continue; /* they cannot say so wide a picture */
		struct buf b = unhex(samples[i].hex);
		put_size(&samples[i], b.p, 754717, 53); /* 40,000,001 */
		assert_int_equal(admit(buf_str(&b), &a, &sentence), ERR_TOO_LARGE);
		buf_done(&b);
	}
	arena_done(&a);
}

static void the_largest_that_can_be_said_is_counted(void **state)
{
	static const uint64_t most[] = { [BE32] = UINT32_MAX,
		[BE16_BACK] = UINT16_MAX,
		[LE24_LESS_1] = 1 << 24,
		[BITS14_LESS_1] = 1 << 14 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		uint64_t side = most[samples[i].form], pixels = 0;
		struct buf b = unhex(samples[i].hex);
		if (side) { /* LE16 is said of GIF and of fourteen bits */
			put_size(&samples[i], b.p, side, side);
			assert_int_equal(pixels_of(buf_str(&b), &pixels), ERR_OK);
			assert_true(pixels == side * side);
		}
		buf_done(&b);
	}
}

static void what_is_cut_off_before_its_size_is_refused(void **state)
{
	struct arena a = { 0 };
	const char *sentence;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		struct buf b = unhex(samples[i].hex);
		for (size_t n = 0; n < b.n; n++) {
			enum err want = n < samples[i].enough ? ERR_BAD_REQUEST : ERR_OK;
			if (admit((struct str){ b.p, n }, &a, &sentence) != want)
				fail_msg("%s, %zu bytes", samples[i].what, n);
			assert_true((sentence != NULL) == (want != ERR_OK));
		}
		buf_done(&b);
	}
	arena_done(&a);
}

static const struct {
	const char *what, *hex;
} spoilt[] = {
	{ "PNG without width", "89504e470d0a1a0a0000000d494844520000000000000004" },
	{ "PNG whose first chunk is another",
		"89504e470d0a1a0a0000000d73524742000000050000000400" },
	{ "GIF with nothing but a screen", "474946383961050004000000003b" },
	{ "GIF with something else before its image",
		"4749463839610500040000000099002c00000000010001000002024c01003b" },
	{ "GIF of no size", "47494638396100000000000000002c0000000000000000000002" },
	{ "WebP of another kind",
		"524946463600000057454250414c5048000000000000000000000000000000" },
	{ "lossy WebP without a key frame", "52494646360000005745425056503820"
					    "2a000000b00100aaaaaa05000400" },
	{ "lossless WebP of another kind", "524946461e000000574542505650384c110000003004c0000007" },
	{ "JPEG without a frame", "ffd8ffe000040000ffd9000200000000000000000000" },
	{ "JPEG whose scan comes before its frame", "ffd8ffda0004ffffffc0000b080004000501011100" },
	{ "JPEG with a frame of no height", "ffd8ffc0000b080000000501011100" },
	{ "JPEG with a segment shorter than its length", "ffd8ffe00001ffc0000b080004000501011100" },
	{ "JPEG with bytes between its segments", "ffd8ffe000040000aaffc0000b080004000501011100" },
	{ "JPEG inside another", "ffd8ffd8ffc0000b080004000501011100" },
	{ "an ID3 tag", "49443304000000000000" },
};

static void what_is_spoilt_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(spoilt); i++) {
		struct buf b = unhex(spoilt[i].hex);
		uint64_t pixels = 0;
		if (pixels_of(buf_str(&b), &pixels) != ERR_BAD_REQUEST)
			fail_msg("%s: %d", spoilt[i].what, (int)pixels);
		buf_done(&b);
	}
}

/* A JPEG whose frame begins behind so many segments and fill bytes. */
static struct buf late_frame(size_t segments, size_t segment_bytes)
{
	const struct sample *jpeg = &samples[COUNT_OF(samples) - 1];
	struct buf b = { 0 }, whole = unhex(jpeg->hex);

	buf_append(&b, (struct str){ whole.p, 2 });
	for (size_t i = 0; i < segments; i++) {
		const char head[] = { '\xff', '\xff', '\xe2', (char)(segment_bytes >> 8),
			(char)segment_bytes };
		buf_append(&b, (struct str){ head, sizeof head });
		for (size_t n = 2; n < segment_bytes; n++)
			buf_byte(&b, '\xc0');
	}
	buf_append(&b, str_after(buf_str(&whole), 2));
	buf_done(&whole);
	assert_false(buf_failed(&b));
	return b;
}

struct counted {
	struct str bytes;
	size_t reads;
};

static enum err read_counted(void *context, uint64_t at, char *out, size_t n, size_t *got)
{
	struct counted *c = context;

	c->reads++;
	return read_str(&c->bytes, at, out, n, got);
}

static void a_frame_far_behind_is_found_in_few_reads(void **state)
{
	static const size_t forms[][2] = { { 150, 65535 }, { 200000, 2 }, { 3000, 4093 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		struct buf b = late_frame(forms[i][0], forms[i][1]);
		struct counted c = { buf_str(&b), 0 };
		uint64_t pixels = 0;
		assert_int_equal(
			picture_pixels(&(struct picture_source){ read_counted, &c }, &pixels),
			ERR_OK);
		assert_int_equal(pixels, 20);
		assert_true(c.reads <= 8 + b.n / 2048);
		buf_done(&b);
	}
}

static enum err read_nothing(void *context, uint64_t at, char *out, size_t n, size_t *got)
{
	(void)context;
	(void)at;
	(void)out;
	(void)n;
	(void)got;
	return ERR_UNAVAILABLE;
}

static void a_disk_that_does_not_answer_is_no_fault_of_the_picture(void **state)
{
	struct arena a = { 0 };
	const char *sentence = NULL;

	(void)state;
	assert_int_equal(
		picture_admit(&(struct picture_source){ read_nothing, NULL }, &a, &sentence),
		ERR_UNAVAILABLE);
	assert_null(sentence);
	arena_done(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_says_how_many_pixels_it_has),
		cmocka_unit_test(a_picture_is_admitted_at_the_limit_and_refused_one_row_over),
		cmocka_unit_test(one_pixel_over_is_refused),
		cmocka_unit_test(the_largest_that_can_be_said_is_counted),
		cmocka_unit_test(what_is_cut_off_before_its_size_is_refused),
		cmocka_unit_test(what_is_spoilt_is_refused),
		cmocka_unit_test(a_frame_far_behind_is_found_in_few_reads),
		cmocka_unit_test(a_disk_that_does_not_answer_is_no_fault_of_the_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
