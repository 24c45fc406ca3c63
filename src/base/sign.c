/* SPDX-License-Identifier: MIT
 *
 * sign - see sign.h.
 *
 * Layer: base.  Threads: any.
 */
#include "base/sign.h"

#include "base/buf.h"

int64_t sign_until(int64_t now_ms)
{
	return (now_ms + SIGN_LIFE_MS) / 1000;
}

/* The signed text is path, NUL, user, session, expiry: no path holds a NUL and both ids have one length, so nothing can be shifted. */
static bool signature(const struct digest *key, const struct signed_path *what, struct buf *out)
{
	CLEANUP(buf_done) struct buf text = { 0 };

	buf_append(&text, what->path);
	buf_byte(&text, '\0');
	buf_append(&text, (struct str){ (const char *)what->user_id.b, sizeof what->user_id.b });
	buf_append(
		&text, (struct str){ (const char *)what->session_id.b, sizeof what->session_id.b });
	buf_i64(&text, what->until_s);
	if (buf_failed(&text))
		return false;
	struct digest d = hash_blake2b(buf_str(&text), key);
	hash_base64(out, (struct str){ (const char *)d.b, sizeof d.b }, BASE64_URL);
	return !buf_failed(out);
}

struct str sign_path(const struct digest *key, const struct signed_path *what, struct arena *a)
{
	CLEANUP(buf_done) struct buf sig = { 0 };
	char user[UUID_TEXT_BYTES], session[UUID_TEXT_BYTES];

	if (!signature(key, what, &sig))
		return (struct str){ NULL, 0 };
	uuid_text(what->user_id, user);
	uuid_text(what->session_id, session);
	return arena_printf(a, STR_FMT "?exp=%lld&user=%.*s&session=%.*s&sig=" STR_FMT,
		STR_ARG(what->path), (long long)what->until_s, UUID_TEXT_BYTES, user,
		UUID_TEXT_BYTES, session, STR_ARG(buf_str(&sig)));
}

bool sign_holds(
	const struct digest *key, const struct signed_path *what, struct str sig, int64_t now_ms)
{
	CLEANUP(buf_done) struct buf ours = { 0 };

	if (!signature(key, what, &ours))
		return false;
	/* Digests of both sides are compared in constant time: neither length nor place of a
	 * difference shows. */
	return hash_equal(hash_blake2b(buf_str(&ours), key), hash_blake2b(sig, key)) &&
	       now_ms / 1000 < what->until_s;
}
