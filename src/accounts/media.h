/* SPDX-License-Identifier: MIT
 *
 * media - addresses on this server that open media: signed paths (base/sign.h) of pictures, audio and files.
 *
 * Layer: accounts.  Threads: the job's.
 */
#ifndef ACCOUNTS_MEDIA_H
#define ACCOUNTS_MEDIA_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/uuid.h"

struct tx;

/* What signing needs; a value. */
struct media {
	struct digest key;
	int64_t now_ms;
};

/* Reads the key. As url_key_get. */
NODISCARD enum err media_load(struct tx *tx, int64_t now_ms, struct media *out);

/* Signed for a day, in the arena; p is NULL without memory. */
struct str media_avatar_url(const struct media *m, struct uuid user_id, struct arena *a);
struct str media_cover_url(const struct media *m, struct uuid track_id, struct arena *a);
struct str media_audio_url(const struct media *m, struct uuid track_id, struct arena *a);
struct str media_file_url(const struct media *m, struct uuid file_id, struct arena *a);

/* Signed for DOWNLOAD_TRACK: ten minutes. */
struct str media_download_url(const struct media *m, struct uuid track_id, struct arena *a);

#endif
