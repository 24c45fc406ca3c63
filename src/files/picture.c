/* SPDX-License-Identifier: MIT
 *
 * picture - see picture.h. Where a file may be read in two ways, it is read as browsers do, or refused.
 *
 * Layer: files.  Threads: any.
 */
#include "files/picture.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"

enum { WINDOW_BYTES = 4096 };

/* A piece of the picture, which only moves on; so no byte is read more than about twice. */
struct window {
	const struct picture_source *from;
	enum err err;
	uint64_t at;
	size_t n;
	char bytes[WINDOW_BYTES];
};

/* n bytes from `at` on, good until the next look; NULL when there are fewer, or they cannot be read. */
static const uint8_t *look(struct window *w, uint64_t at, size_t n)
{
	if (at < w->at || at + n > w->at + w->n) {
		w->at = at;
		w->n = 0;
		w->err = w->from->read(w->from->context, at, w->bytes, sizeof w->bytes, &w->n);
	}
	if (w->err || n > w->n || at + n > w->at + w->n)
		return NULL;
	return (const uint8_t *)w->bytes + (at - w->at);
}

static uint64_t be16(const uint8_t *p)
{
	return (uint64_t)p[0] << 8 | p[1];
}

static uint64_t be32(const uint8_t *p)
{
	return be16(p) << 16 | be16(p + 2);
}

static uint64_t le16(const uint8_t *p)
{
	return (uint64_t)p[1] << 8 | p[0];
}

static uint64_t le24(const uint8_t *p)
{
	return (uint64_t)p[2] << 16 | le16(p);
}

/* Each of these gives width times height, or 0. */

/* Portable Network Graphics, third edition, section 11.2.1: IHDR is the first chunk. */
static uint64_t png(struct window *w)
{
	const uint8_t *p = look(w, 8, 16);

	return p && memcmp(p, "\0\0\0\rIHDR", 8) == 0 ? be32(p + 8) * be32(p + 12) : 0;
}

static uint64_t gif_table(uint8_t flags)
{
	return flags & 0x80 ? UINT64_C(6) << (flags & 7) : 0;
}

/* GIF89a, sections 18 to 20: the logical screen, extensions, the first image. Browsers give a first image that is larger
 * than the screen the room it wants, and cut off later ones. */
static uint64_t gif(struct window *w)
{
	const uint8_t *p = look(w, 6, 7);

	if (!p)
		return 0;
	uint64_t width = le16(p), height = le16(p + 2), at = 13 + gif_table(p[4]);
	while ((p = look(w, at, 1)) != NULL && *p == 0x21) {
		for (at += 2; (p = look(w, at, 1)) != NULL && *p; at += 1 + (uint64_t)*p)
			;
		at++;
	}
	p = p && *p == 0x2c ? look(w, at + 1, 8) : NULL;
	if (!p)
		return 0;
	uint64_t right = le16(p) + le16(p + 4), bottom = le16(p + 2) + le16(p + 6);
	return (right > width ? right : width) * (bottom > height ? bottom : height);
}

/* RFC 9649, section 2: of the three first chunks; VP8X has the canvas, which its frames must keep to. */
static uint64_t webp(struct window *w)
{
	const uint8_t *p = look(w, 12, 4);

	if (p && memcmp(p, "VP8X", 4) == 0) {
		p = look(w, 24, 6);
		return p ? (le24(p) + 1) * (le24(p + 3) + 1) : 0;
	}
	if (p && memcmp(p, "VP8L", 4) == 0) {
		p = look(w, 20, 5);
		if (!p || p[0] != 0x2f)
			return 0;
		uint64_t bits = le16(p + 1) | le16(p + 3) << 16;
		return ((bits & 0x3fff) + 1) * ((bits >> 14 & 0x3fff) + 1);
	}
	if (!p || memcmp(p, "VP8 ", 4) != 0)
		return 0;
	p = look(w, 23, 7); /* RFC 6386, section 9.1: behind the frame tag */
	if (!p || memcmp(p, "\x9d\x01\x2a", 3) != 0)
		return 0;
	return (le16(p + 3) & 0x3fff) * (le16(p + 5) & 0x3fff);
}

/* ITU-T T.81, table B.1: SOF0 to SOF15, but DHT, JPG and DAC. */
static bool begins_frame(uint8_t marker)
{
	return (marker & 0xf0) == 0xc0 && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Those that stand alone or are reserved, and SOS: none of them has its place before a frame. */
static bool is_misplaced(uint8_t marker)
{
	return marker < 0xc0 || (marker >= 0xd0 && marker <= 0xda);
}

/* ITU-T T.81, section B.2: from segment to segment, with fill bytes between, to the one that begins a frame. */
static uint64_t jpeg(struct window *w)
{
	uint64_t at = 2;
	const uint8_t *p;

	while ((p = look(w, at, 4)) != NULL && p[0] == 0xff) {
		if (begins_frame(p[1])) {
			p = look(w, at + 5, 4);
			return p ? be16(p) * be16(p + 2) : 0;
		}
		if (p[1] == 0xff)
			at++;
		else if (is_misplaced(p[1]) || be16(p + 2) < 2)
			return 0;
		else
			at += 2 + be16(p + 2);
	}
	return 0;
}

/* By the signature, of which sniff has seen all. */
static uint64_t any(struct window *w)
{
	const uint8_t *p = look(w, 0, 1);

	switch (p ? *p : 0) {
	case 0x89:
		return png(w);
	case 'G':
		return gif(w);
	case 'R':
		return webp(w);
	case 0xff:
		return jpeg(w);
	default:
		return 0;
	}
}

enum err picture_pixels(const struct picture_source *from, uint64_t *out)
{
	struct window w = { .from = from };
	uint64_t pixels = any(&w);

	if (w.err)
		return w.err;
	if (pixels == 0)
		return ERR_BAD_REQUEST;
	*out = pixels;
	return ERR_OK;
}

enum err picture_admit(const struct picture_source *from, struct arena *a, const char **sentence)
{
	uint64_t pixels;
	enum err e = picture_pixels(from, &pixels);

	if (e == ERR_BAD_REQUEST)
		*sentence = "The picture is cut off or damaged: its size cannot be read.";
	if (e || pixels <= PICTURE_PIXELS_MAX)
		return e;
	*sentence = arena_printf(a,
		"The picture has %" PRIu64 " pixels; at most %d are shown: make it smaller.",
		pixels, PICTURE_PIXELS_MAX)
	                    .p;
	return *sentence ? ERR_TOO_LARGE : ERR_NOMEM;
}
