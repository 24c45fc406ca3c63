/* SPDX-License-Identifier: MIT
 *
 * media - addresses on this server that open media: pictures, audio and files.
 *
 * Layer: accounts.  Threads: the job's.
 */
#ifndef ACCOUNTS_MEDIA_H
#define ACCOUNTS_MEDIA_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/uuid.h"
#include "dispatch/ask.h"

struct tx;

/* The paths, the same for everybody, in the arena; p is NULL without memory. They open by bearer token or cookie. */
struct str media_avatar_url(struct uuid user_id, struct arena *a);
struct str media_cover_url(struct uuid track_id, struct arena *a);
struct str media_audio_url(struct uuid track_id, struct arena *a);
struct str media_file_url(struct uuid file_id, struct arena *a);

/* The path signed for the asker's session (base/sign.h), and when that ends. As url_key_get. */
struct media_link {
	struct str url;
	int64_t until_ms;
};
NODISCARD enum err media_sign(struct tx *tx, const struct ask *ask, struct str path,
	struct arena *a, struct media_link *out);

#endif
