/* SPDX-License-Identifier: MIT
 *
 * media - see media.h.
 *
 * Layer: accounts.  Threads: the job's.
 */
#include "accounts/media.h"

#include "base/sign.h"
#include "store/url_key.h"

enum err media_load(struct tx *tx, int64_t now_ms, struct media *out)
{
	out->now_ms = now_ms;
	return url_key_get(tx, &out->key);
}

/* /api/v1/KIND/ID/PART, or without the part when it is empty. */
static struct str url(const struct media *m, const char *kind, struct uuid id, const char *part,
	int64_t life_ms, struct arena *a)
{
	char text[UUID_TEXT_BYTES];

	uuid_text(id, text);
	struct str path = arena_printf(a, "/api/v1/%s/%.*s%s", kind, UUID_TEXT_BYTES, text, part);
	return path.p ? sign_path(&m->key, path, m->now_ms, life_ms, a) : path;
}

struct str media_avatar_url(const struct media *m, struct uuid user_id, struct arena *a)
{
	return url(m, "users", user_id, "/avatar", SIGN_MEDIA_MS, a);
}

struct str media_cover_url(const struct media *m, struct uuid track_id, struct arena *a)
{
	return url(m, "tracks", track_id, "/cover", SIGN_MEDIA_MS, a);
}

struct str media_audio_url(const struct media *m, struct uuid track_id, struct arena *a)
{
	return url(m, "tracks", track_id, "/audio", SIGN_MEDIA_MS, a);
}

struct str media_file_url(const struct media *m, struct uuid file_id, struct arena *a)
{
	return url(m, "files", file_id, "", SIGN_MEDIA_MS, a);
}

struct str media_download_url(const struct media *m, struct uuid track_id, struct arena *a)
{
	return url(m, "tracks", track_id, "/audio", SIGN_DOWNLOAD_MS, a);
}
