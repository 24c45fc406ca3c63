/* SPDX-License-Identifier: MIT
 *
 * sign - see sign.h.
 *
 * Layer: base.  Threads: any.
 */
#include "base/sign.h"

#include "base/text.h"

enum { HOUR_MS = 60 * 60 * 1000, EXP_DIGITS_MAX = 12 };

/* The signed text is path, NUL, expiry: no path holds a NUL, so the two cannot be shifted. */
static bool signature(const struct digest *key, struct str path, struct str exp, struct buf *out)
{
	struct buf text = { 0 };

	buf_append(&text, path);
	buf_byte(&text, '\0');
	buf_append(&text, exp);
	bool whole = !buf_failed(&text);
	if (whole) {
		struct digest d = hash_blake2b(buf_str(&text), key);
		hash_base64(out, (struct str){ (const char *)d.b, sizeof d.b }, BASE64_URL);
	}
	buf_done(&text);
	return whole && !buf_failed(out);
}

struct str sign_path(
	const struct digest *key, struct str path, int64_t now_ms, int64_t life_ms, struct arena *a)
{
	int64_t from = life_ms > HOUR_MS ? now_ms / HOUR_MS * HOUR_MS + HOUR_MS : now_ms;
	struct str exp = arena_printf(a, "%lld", (long long)((from + life_ms) / 1000));
	struct buf sig = { 0 };
	struct str out = { NULL, 0 };

	if (exp.p && signature(key, path, exp, &sig))
		out = arena_printf(a, STR_FMT "?exp=" STR_FMT "&sig=" STR_FMT, STR_ARG(path),
			STR_ARG(exp), STR_ARG(buf_str(&sig)));
	buf_done(&sig);
	return out;
}

bool sign_holds(
	const struct digest *key, struct str path, struct str exp, struct str sig, int64_t now_ms)
{
	struct buf ours = { 0 };
	int64_t until;
	bool holds = false;

	if (exp.n > EXP_DIGITS_MAX || !text_digits(exp, &until) ||
		!signature(key, path, exp, &ours)) {
		buf_done(&ours);
		return false;
	}
	/* Digests of both sides are compared in constant time: neither length nor place of a
	 * difference shows. */
	holds = hash_equal(hash_blake2b(buf_str(&ours), key), hash_blake2b(sig, key));
	buf_done(&ours);
	return holds && now_ms < until * 1000;
}
