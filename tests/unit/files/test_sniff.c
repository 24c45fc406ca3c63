/* SPDX-License-Identifier: MIT
 *
 * test_sniff - beginnings of files, and of things that only look like them.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/attr.h"
#include "base/buf.h"
#include "files/sniff.h"

#define BYTES(literal)                                                                             \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}
#define MPEG "\xff\xfb\x90\x64" /* MPEG 1, layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame */

static const struct {
	const char *what;
	struct str head;
	enum sniff_kind kind;
	const char *mime;
} heads[] = {
	{ "nothing", BYTES(""), SNIFF_OTHER, "application/octet-stream" },
	{ "FLAC", BYTES("fLaC\0\0\0\x22"), SNIFF_AUDIO, "audio/flac" },
	{ "FLAC behind ID3", BYTES("ID3\x03\0\0\0\0\0\x02xxfLaC\0"), SNIFF_AUDIO, "audio/flac" },
	{ "Ogg Opus",
		BYTES("OggS\0\x02"
		      "12345678serisequcrcc\x01\x13OpusHead\x01"),
		SNIFF_AUDIO, "audio/ogg" },
	{ "Ogg Vorbis",
		BYTES("OggS\0\x02"
		      "12345678serisequcrcc\x01\x1e\x01vorbis"),
		SNIFF_AUDIO, "audio/ogg" },
	{ "Ogg Theora",
		BYTES("OggS\0\x02"
		      "12345678serisequcrcc\x01\x1e\x80theora"),
		SNIFF_OTHER, "application/octet-stream" },
	{ "WAV", BYTES("RIFF\x24\0\0\0WAVEfmt "), SNIFF_AUDIO, "audio/wav" },
	{ "AIFF",
		BYTES("FORM\0\0\0\x10"
		      "AIFFCOMM"),
		SNIFF_AUDIO, "audio/aiff" },
	{ "M4A",
		BYTES("\0\0\0\x1c"
		      "ftypM4A \0\0\0\0"),
		SNIFF_AUDIO, "audio/mp4" },
	{ "MP4 with sound alone",
		BYTES("\0\0\0\x1c"
		      "ftypmp42\0\0\0\0....moov....smhd"),
		SNIFF_AUDIO, "audio/mp4" },
	{ "MP4 with pictures",
		BYTES("\0\0\0\x1c"
		      "ftypmp42\0\0\0\0....moov....vmhd....smhd"),
		SNIFF_OTHER, "application/octet-stream" },
	{ "ADTS", BYTES("\xff\xf1\x50\x80\x01\x1f\xfc\x21\xff\xf1\x50\x80\x01\x1f\xfc"),
		SNIFF_AUDIO, "audio/aac" },
	{ "MP3 in a tag longer than what we see", BYTES("ID3\x04\0\0\0\x7f\x7f\x7fTIT2"),
		SNIFF_AUDIO, "audio/mpeg" },
	{ "an ID3 tag before text", BYTES("ID3\x04\0\0\0\0\0\x01zhello, world"), SNIFF_OTHER,
		"application/octet-stream" },
	{ "PNG", BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), SNIFF_PICTURE, "image/png" },
	{ "JPEG", BYTES("\xff\xd8\xff\xe0\0\x10JFIF"), SNIFF_PICTURE, "image/jpeg" },
	{ "GIF", BYTES("GIF89a\x01\0\x01\0"), SNIFF_PICTURE, "image/gif" },
	{ "WebP", BYTES("RIFF\x24\0\0\0WEBPVP8 "), SNIFF_PICTURE, "image/webp" },
	{ "another RIFF", BYTES("RIFF\x24\0\0\0AVI LIST"), SNIFF_OTHER,
		"application/octet-stream" },
	{ "HTML", BYTES("<!doctype html><script>"), SNIFF_OTHER, "application/octet-stream" },
	{ "SVG", BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\">"), SNIFF_OTHER,
		"application/octet-stream" },
	{ "UTF-16 with a byte order mark", BYTES("\xff\xfeh\0i\0"), SNIFF_OTHER,
		"application/octet-stream" },
	{ "a cut signature", BYTES("\x89PNG"), SNIFF_OTHER, "application/octet-stream" },
};

static void beginnings_are_recognised(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		struct sniffed s = sniff(heads[i].head);
		if (s.kind != heads[i].kind || strcmp(s.mime, heads[i].mime) != 0)
			fail_msg("%s: %s", heads[i].what, s.mime);
	}
}

/* A frame header, filled up with zeros to its 417 bytes, twice; what is at the second place may be
 * wrong. */
static struct sniffed two_frames(struct str prefix, struct str second)
{
	struct buf b = { 0 };

	buf_append(&b, prefix);
	size_t start = b.n;
	buf_append(&b, STR(MPEG));
	while (b.n < start + 417)
		buf_byte(&b, '\0');
	buf_append(&b, second);
	while (b.n < 2000)
		buf_byte(&b, '\0');
	struct sniffed s = sniff(buf_str(&b));
	buf_done(&b);
	return s;
}

static void mp3_needs_two_frames_in_a_row(void **state)
{
	(void)state;
	assert_string_equal(two_frames(STR(""), STR(MPEG)).mime, "audio/mpeg");
	assert_int_equal(two_frames(STR(""), STR("\xff\xfb\xff\xff")).kind, SNIFF_OTHER);
	assert_int_equal(two_frames(STR(""), STR("abcd")).kind, SNIFF_OTHER);
}

static void mp3_is_found_behind_a_tag_and_padding(void **state)
{
	static const char tag[] = "ID3\x03\0\0\0\0\0\x04TIT2\0\0\0";

	(void)state;
	assert_string_equal(
		two_frames((struct str){ tag, sizeof tag - 1 }, STR(MPEG)).mime, "audio/mpeg");
}

static void no_beginning_of_random_bytes_reads_past_its_end(void **state)
{
	char bytes[64];
	uint32_t x = 1;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		size_t n = round % sizeof bytes;
		for (size_t i = 0; i < n; i++) {
			x = x * 1664525u + 1013904223u;
			bytes[i] = (char)(x >> 24);
		}
		if (n > 2) {
			bytes[0] = round % 3 ? 'I' : (char)0xff;
			bytes[1] = round % 3 ? 'D' : (char)0xfb;
			bytes[2] = round % 3 ? '3' : bytes[2];
		}
		char *exact = test_malloc(n ? n : 1);
		memcpy(exact, bytes, n);
		assert_non_null(sniff((struct str){ exact, n }).mime);
		test_free(exact);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(beginnings_are_recognised),
		cmocka_unit_test(mp3_needs_two_frames_in_a_row),
		cmocka_unit_test(mp3_is_found_behind_a_tag_and_padding),
		cmocka_unit_test(no_beginning_of_random_bytes_reads_past_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
