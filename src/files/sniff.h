/* SPDX-License-Identifier: MIT
 *
 * sniff - what bytes are, by their first few: a type is never believed because someone says so.
 *
 * Layer: files.  Threads: any.
 */
#ifndef FILES_SNIFF_H
#define FILES_SNIFF_H

#include "base/str.h"

/* So many bytes of the beginning decide; fewer when there are no more. An ID3 tag in front is
 * looked past. */
enum { SNIFF_BYTES = 4096 };

enum sniff_kind {
	SNIFF_OTHER, /* application/octet-stream */
	SNIFF_AUDIO, /* MP3, FLAC, Ogg (Vorbis, Opus, FLAC, Speex), WAV, AIFF, MP4 audio, ADTS AAC,
			Matroska audio */
	SNIFF_PICTURE, /* PNG, JPEG, WebP, GIF */
};

struct sniffed {
	enum sniff_kind kind;
	const char *mime; /* never NULL */
};

/*
 * Bytes of the ID3v2 tag in front (ID3v2.4 section 3.1), its header included; 0 without one. A tag
 * may be longer than SNIFF_BYTES: what follows it is then to be sniffed by itself.
 */
size_t sniff_tag(struct str head);

/* head: the first SNIFF_BYTES of the bytes, or all of them. */
struct sniffed sniff(struct str head);

#endif
