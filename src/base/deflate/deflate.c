/* SPDX-License-Identifier: MIT
 *
 * deflate - see deflate.h.
 *
 * Layer: base.  Threads: one owner at a time.
 */
#include "base/deflate/deflate.h"

#include <stdlib.h>
#include <zlib.h>

enum {
	LEVEL = 1, /* more than twice as fast as the usual 6; JSON comes out an eighth longer */
	MEMORY_LEVEL = 8,
	GZIP_WINDOW = 16, /* zlib's way to say so: added to the bits */
	WRITERS = DEFLATE_BITS_MAX - DEFLATE_BITS_MIN + 3,
	STEP_BYTES = 16384,
};

/* What ends each message and does not travel (RFC 7692 section 7.2.1). */
static const char TAIL[4] = { 0, 0, (char)0xff, (char)0xff };

struct deflate {
	z_stream writers[WRITERS]; /* raw by bits, then zlib and gzip; unused: without state */
	z_stream reader;
};

enum err deflate_new(struct deflate **out)
{
	*out = calloc(1, sizeof **out);
	return *out ? ERR_OK : ERR_NOMEM;
}

void deflate_free(struct deflate *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < WRITERS; i++)
		deflateEnd(&d->writers[i]);
	inflateEnd(&d->reader);
	free(d);
}

/* The i-th writer, fresh. window as deflateInit2 takes it. NULL without memory. */
static z_stream *writer(struct deflate *d, unsigned i, int window)
{
	z_stream *z = &d->writers[i];
	int result = z->state ? deflateReset(z)
	                      : deflateInit2(z, LEVEL, Z_DEFLATED, window, MEMORY_LEVEL,
					Z_DEFAULT_STRATEGY);

	return result == Z_OK ? z : NULL;
}

/* zlib's input is not const in its declaration, and is never changed. */
static void give(z_stream *z, struct str in)
{
	memcpy(&z->next_in, &in.p, sizeof z->next_in);
	z->avail_in = (uInt)in.n;
}

/* Room behind out for the next call of zlib's. */
static bool make_room(z_stream *z, struct buf *out, size_t n)
{
	char *p = buf_reserve(out, n);

	z->next_out = (Bytef *)p;
	z->avail_out = (uInt)n;
	return p;
}

static enum err run(z_stream *z, int flush, struct str in, struct buf *out)
{
	size_t room = deflateBound(z, in.n) + sizeof TAIL;
	int result = Z_OK;

	give(z, in);
	do {
		if (!make_room(z, out, room))
			return ERR_NOMEM;
		result = deflate(z, flush);
		buf_grow(out, room - z->avail_out);
		if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
			return ERR_NOMEM;
	} while (z->avail_out == 0);
	return ERR_OK;
}

enum err deflate_message(struct deflate *d, unsigned bits, struct str message, struct buf *out)
{
	z_stream *z = writer(d, bits - DEFLATE_BITS_MIN, -(int)bits);
	enum err e = z ? run(z, Z_SYNC_FLUSH, message, out) : ERR_NOMEM;

	if (!e)
		out->n -= sizeof TAIL;
	return e;
}

enum err deflate_body(
	struct deflate *d, enum deflate_coding coding, struct str body, struct buf *out)
{
	bool gzip = coding == DEFLATE_GZIP;
	z_stream *z = writer(d, WRITERS - (gzip ? 1 : 2), MAX_WBITS + (gzip ? GZIP_WINDOW : 0));

	return z ? run(z, Z_FINISH, body, out) : ERR_NOMEM;
}

/* Decompresses one stretch of a message's bytes; *over: the sender marked a block as the last. */
static enum err read_stretch(z_stream *z, struct str in, size_t max, struct buf *out, bool *over)
{
	give(z, in);
	do {
		size_t room = max - out->n < STEP_BYTES ? max - out->n + 1 : STEP_BYTES;
		if (!make_room(z, out, room))
			return ERR_NOMEM;
		int result = inflate(z, Z_SYNC_FLUSH);
		buf_grow(out, room - z->avail_out);
		if (out->n > max)
			return ERR_TOO_LARGE;
		*over = result == Z_STREAM_END;
		if (result == Z_MEM_ERROR)
			return ERR_NOMEM;
		if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
			return ERR_BAD_REQUEST;
	} while (!*over && z->avail_out == 0);
	return ERR_OK;
}

enum err deflate_read_message(struct deflate *d, struct str bytes, size_t max, struct buf *out)
{
	z_stream *z = &d->reader;
	bool over = false;
	int result = z->state ? inflateReset(z) : inflateInit2(z, -MAX_WBITS);

	if (result != Z_OK)
		return ERR_NOMEM;
	max += out->n;
	enum err e = read_stretch(z, bytes, max, out, &over);
	if (!e && !over)
		e = read_stretch(z, (struct str){ TAIL, sizeof TAIL }, max, out, &over);
	return e;
}
