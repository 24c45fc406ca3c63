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

/* BEFORE ID AFTER, as "/api/v1/users/…/avatar". p is NULL without memory. */
static struct str path(const char *before, struct uuid id, const char *after, struct arena *a)
{
	char text[UUID_TEXT_BYTES];

	uuid_text(id, text);
	return arena_printf(a, "/api/v1/%s/%.*s%s", before, UUID_TEXT_BYTES, text, after);
}

static struct str for_a_day(const struct media *m, struct str path, struct arena *a)
{
	return path.p ? sign_path(&m->key, path, m->now_ms, SIGN_MEDIA_MS, a) : path;
}

struct str media_avatar_url(const struct media *m, struct uuid user_id, struct arena *a)
{
	return for_a_day(m, path("users", user_id, "/avatar", a), a);
}

struct str media_cover_url(const struct media *m, struct uuid track_id, struct arena *a)
{
	return for_a_day(m, path("tracks", track_id, "/cover", a), a);
}

struct str media_audio_url(const struct media *m, struct uuid track_id, struct arena *a)
{
	return for_a_day(m, path("tracks", track_id, "/audio", a), a);
}

struct str media_file_url(const struct media *m, struct uuid file_id, struct arena *a)
{
	return for_a_day(m, path("files", file_id, "", a), a);
}

struct str media_download_url(const struct media *m, struct uuid track_id, struct arena *a)
{
	struct str audio = path("tracks", track_id, "/audio", a);

	return audio.p ? sign_path(&m->key, audio, m->now_ms, SIGN_DOWNLOAD_MS, a) : audio;
}
