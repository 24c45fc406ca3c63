/* SPDX-License-Identifier: MIT
 *
 * picture - how many pixels a picture asks for when it is shown: PNG, GIF, WebP, JPEG. Headers alone are read, nothing is
 * decoded.
 *
 * Layer: files.  Threads: any.
 */
#ifndef FILES_PICTURE_H
#define FILES_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/* Where the bytes of a picture are. */
struct picture_source {
	/* Gives at most n bytes from `at` on; *got of them, fewer than n at the end alone. ERR_UNAVAILABLE. */
	enum err (*read)(void *context, uint64_t at, char *out, size_t n, size_t *got);
	void *context;
};

/*
 * Width times height, as browsers take them: a GIF grows to its first frame. The time is that of reading the bytes
 * once, the memory a few KiB. ERR_BAD_REQUEST when the bytes are no such picture, end before they say, or say nothing;
 * as read.
 */
NODISCARD enum err picture_pixels(const struct picture_source *from, uint64_t *out);

/*
 * Whether a picture may be shown to others. ERR_TOO_LARGE above PICTURE_PIXELS_MAX, ERR_BAD_REQUEST as above, both with
 * a sentence for people, in the arena or static; as read; ERR_NOMEM.
 */
NODISCARD enum err picture_admit(
	const struct picture_source *from, struct arena *a, const char **sentence);

#endif
