/* SPDX-License-Identifier: MIT
 *
 * media - see media.h.
 *
 * Layer: accounts.  Threads: the job's.
 */
#include "accounts/media.h"

#include "base/sign.h"
#include "store/url_key.h"

/* BEFORE ID AFTER, as "/api/v1/users/…/avatar". p is NULL without memory. */
static struct str path(const char *before, struct uuid id, const char *after, struct arena *a)
{
	char text[UUID_TEXT_BYTES];

	uuid_text(id, text);
	return arena_printf(a, "/api/v1/%s/%.*s%s", before, UUID_TEXT_BYTES, text, after);
}

struct str media_avatar_url(struct uuid user_id, struct arena *a)
{
	return path("users", user_id, "/avatar", a);
}

struct str media_cover_url(struct uuid track_id, struct arena *a)
{
	return path("tracks", track_id, "/cover", a);
}

struct str media_audio_url(struct uuid track_id, struct arena *a)
{
	return path("tracks", track_id, "/audio", a);
}

struct str media_file_url(struct uuid file_id, struct arena *a)
{
	return path("files", file_id, "", a);
}

enum err media_sign(struct tx *tx, const struct ask *ask, struct str path, struct arena *a,
	struct media_link *out)
{
	const struct signed_path what = { path, ask->user_id, ask->session_id,
		sign_until(ask->now_ms) };
	struct digest key;
	enum err e = url_key_get(tx, &key);

	if (e)
		return e;
	*out = (struct media_link){ sign_path(&key, &what, a), what.until_s * 1000 };
	return out->url.p ? ERR_OK : ERR_NOMEM;
}
