/* SPDX-License-Identifier: MIT
 *
 * uuid - see uuid.h.
 *
 * Layer: base.  Threads: any.
 */
#include "base/uuid.h"

static bool dash_at(size_t i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

bool uuid_is_nil(struct uuid u)
{
	return uuid_eq(u, (struct uuid){ { 0 } });
}

struct uuid uuid_v7(int64_t now_ms, const struct rng *r)
{
	struct uuid u;

	rng_fill(r, u.b + 6, sizeof u.b - 6);
	for (int i = 0; i < 6; i++)
		u.b[i] = (uint8_t)((uint64_t)now_ms >> (40 - 8 * i));
	u.b[6] = (uint8_t)(0x70 | (u.b[6] & 0x0f));
	u.b[8] = (uint8_t)(0x80 | (u.b[8] & 0x3f));
	return u;
}

struct uuid uuid_plus(struct uuid u, uint32_t n)
{
	for (int i = 15; i > 8 && n; i--) { /* byte 8 holds the variant and stays */
		n += u.b[i];
		u.b[i] = (uint8_t)n;
		n >>= 8;
	}
	return u;
}

void uuid_text(struct uuid u, char out[UUID_TEXT_BYTES])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0, at = 0; i < sizeof u.b; i++) {
		if (dash_at(at))
			out[at++] = '-';
		out[at++] = digits[u.b[i] >> 4];
		out[at++] = digits[u.b[i] & 15];
	}
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum err uuid_parse(struct str text, struct uuid *out)
{
	struct uuid u;

	if (text.n != UUID_TEXT_BYTES)
		return ERR_BAD_REQUEST;
	for (size_t i = 0, at = 0; i < sizeof u.b; i++, at += 2) {
		if (dash_at(at) && text.p[at++] != '-')
			return ERR_BAD_REQUEST;
		int high = digit(text.p[at]), low = digit(text.p[at + 1]);
		if (high < 0 || low < 0)
			return ERR_BAD_REQUEST;
		u.b[i] = (uint8_t)(high << 4 | low);
	}
	*out = u;
	return ERR_OK;
}
