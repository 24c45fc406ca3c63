/* SPDX-License-Identifier: MIT
 *
 * sniff - signatures at the beginning, and a look at the first frame headers where a signature is
 * weak.
 *
 * Layer: files.  Threads: any.
 */
#include "files/sniff.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

static uint8_t byte(struct str s, size_t at)
{
	return at < s.n ? (uint8_t)s.p[at] : 0;
}

static bool has(struct str s, size_t at, struct str what)
{
	return s.n >= at + what.n && memcmp(s.p + at, what.p, what.n) == 0;
}

/* ---- frames of MPEG audio and AAC, which begin with twelve bits of one and little else ---- */

/* Bytes of the MPEG audio frame whose header stands at `at`; 0 when there is no valid header. */
static size_t mpeg_frame(struct str s, size_t at)
{
	static const uint16_t kbit[5][16] = {
		{ 0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416,
			448 },                                                         /* V1 L1 */
		{ 0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384 }, /* V1 L2 */
		{ 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 },  /* V1 L3 */
		{ 0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256 }, /* V2 L1 */
		{ 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 }, /* V2 L2, L3 */
	};
	static const uint32_t hertz[3] = { 44100, 48000, 32000 };

	if (s.n < at + 4 || byte(s, at) != 0xff || (byte(s, at + 1) & 0xe0) != 0xe0)
		return 0;
	unsigned version = byte(s, at + 1) >> 3 & 3; /* 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5 */
	unsigned layer = 4 - (byte(s, at + 1) >> 1 & 3);
	unsigned rate = byte(s, at + 2) >> 4, frequency = byte(s, at + 2) >> 2 & 3;
	if (version == 1 || layer == 4 || rate == 0 || rate == 15 || frequency == 3)
		return 0;
	unsigned row = version == 3 ? layer - 1 : layer == 1 ? 3 : 4;
	size_t bits = (size_t)kbit[row][rate] * 1000;
	size_t hz = hertz[frequency] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
	size_t padding = byte(s, at + 2) >> 1 & 1;
	if (layer == 1)
		return (12 * bits / hz + padding) * 4;
	return (layer == 3 && version != 3 ? 72 : 144) * bits / hz + padding;
}

/* Bytes of the ADTS frame whose header stands at `at`; 0 when there is no valid header. */
static size_t adts_frame(struct str s, size_t at)
{
	if (s.n < at + 7 || byte(s, at) != 0xff || (byte(s, at + 1) & 0xf6) != 0xf0)
		return 0;
	if ((byte(s, at + 2) >> 2 & 15) > 12)
		return 0;
	size_t size = (size_t)(byte(s, at + 3) & 3) << 11 | (size_t)byte(s, at + 4) << 3 |
	              byte(s, at + 5) >> 5;
	return size > 7 ? size : 0;
}

/* Two frames in a row, or one that is all: twelve bits alone prove nothing. */
static bool frames_follow(struct str s, size_t at, size_t (*frame)(struct str s, size_t at))
{
	size_t size = frame(s, at);

	if (size == 0)
		return false;
	return at + size == s.n || frame(s, at + size) > 0;
}

static const char *frames_mime(struct str s, size_t at)
{
	while (at < s.n && s.p[at] == 0) /* some writers leave padding in front */
		at++;
	if (frames_follow(s, at, adts_frame))
		return "audio/aac";
	return frames_follow(s, at, mpeg_frame) ? "audio/mpeg" : NULL;
}

/* ---- containers ---- */

/* What an Ogg stream holds stands in its first packet, behind the page header. */
static bool is_ogg_audio(struct str s)
{
	size_t at = 27 + (size_t)byte(s, 26);

	return has(s, at, STR("OpusHead")) || has(s, at, STR("\x01vorbis")) ||
	       has(s, at,
		       STR("\x7f"
			   "FLAC")) ||
	       has(s, at, STR("Speex   "));
}

/* Brands of ISO base media files that hold audio alone. */
static const char *mp4_mime(struct str s)
{
	static const char *const brands[] = { "M4A ", "M4B ", "M4P ", "F4A ", "mp42", "isom",
		"iso2", "dash", "mp41" };

	for (size_t i = 0; i < COUNT_OF(brands); i++) {
		if (!has(s, 8, str_of(brands[i])))
			continue;
		if (i < 4)
			return "audio/mp4";
		/* A brand that does not say: video tracks have a media header of their own. */
		for (size_t at = 8; at + 4 <= s.n; at++) {
			if (has(s, at, STR("vmhd")))
				return NULL;
			if (has(s, at, STR("smhd")))
				return "audio/mp4";
		}
	}
	return NULL;
}

static const char *audio_mime(struct str s)
{
	if (has(s, 0, STR("fLaC")))
		return "audio/flac";
	if (has(s, 0, STR("OggS")))
		return is_ogg_audio(s) ? "audio/ogg" : NULL;
	if ((has(s, 0, STR("RIFF")) || has(s, 0, STR("RF64"))) && has(s, 8, STR("WAVE")))
		return "audio/wav";
	if (has(s, 0, STR("FORM")) && (has(s, 8, STR("AIFF")) || has(s, 8, STR("AIFC"))))
		return "audio/aiff";
	if (has(s, 4, STR("ftyp")))
		return mp4_mime(s);
	if (has(s, 0, STR("MAC ")))
		return "audio/x-ape";
	if (has(s, 0, STR("wvpk")))
		return "audio/x-wavpack";
	return frames_mime(s, 0);
}

static const char *picture_mime(struct str s)
{
	if (has(s, 0, STR("\x89PNG\r\n\x1a\n")))
		return "image/png";
	if (has(s, 0, STR("\xff\xd8\xff")))
		return "image/jpeg";
	if (has(s, 0, STR("GIF87a")) || has(s, 0, STR("GIF89a")))
		return "image/gif";
	return has(s, 0, STR("RIFF")) && has(s, 8, STR("WEBP")) ? "image/webp" : NULL;
}

size_t sniff_tag(struct str s)
{
	size_t size = 0;

	if (s.n < 10 || !has(s, 0, STR("ID3")) || byte(s, 3) == 0xff || byte(s, 4) == 0xff)
		return 0;
	for (size_t i = 6; i < 10; i++) {
		if (byte(s, i) >= 0x80)
			return 0;
		size = size << 7 | byte(s, i);
	}
	return size + 10 + (byte(s, 5) & 0x10 ? 10 : 0); /* with a footer */
}

struct sniffed sniff(struct str head)
{
	size_t tag = sniff_tag(head);
	const char *mime = picture_mime(head);

	if (mime)
		return (struct sniffed){ SNIFF_PICTURE, mime };
	if (tag >= head.n && tag > 0)
		return (struct sniffed){ SNIFF_AUDIO,
			"audio/mpeg" }; /* the tag hides what follows: MP3 is what has it */
	mime = audio_mime(str_after(head, tag));
	if (mime)
		return (struct sniffed){ SNIFF_AUDIO, mime };
	return (struct sniffed){ SNIFF_OTHER, "application/octet-stream" };
}
