/* SPDX-License-Identifier: MIT
 *
 * hash - BLAKE2b and base64 by libsodium, SHA-1 by OpenSSL.
 *
 * Layer: base.  Threads: any.
 */
#include "base/hash.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>

static const unsigned char *bytes(struct str s)
{
	return (const unsigned char *)s.p;
}

struct digest hash_blake2b(struct str s, const struct digest *key)
{
	struct digest d;

	crypto_generichash(
		d.b, sizeof d.b, bytes(s), s.n, key ? key->b : NULL, key ? sizeof key->b : 0);
	return d;
}

struct hash_stream {
	crypto_generichash_state state; /* asks for an alignment of 64 */
};

enum err hash_stream_new(struct hash_stream **out)
{
	struct hash_stream *h = aligned_alloc(64, (sizeof *h + 63) / 64 * 64);

	if (!h)
		return ERR_NOMEM;
	crypto_generichash_init(&h->state, NULL, 0, DIGEST_BYTES);
	*out = h;
	return ERR_OK;
}

void hash_stream_add(struct hash_stream *h, struct str s)
{
	crypto_generichash_update(&h->state, bytes(s), s.n);
}

struct digest hash_stream_end(const struct hash_stream *h)
{
	crypto_generichash_state copy = h->state;
	struct digest d;

	crypto_generichash_final(&copy, d.b, sizeof d.b);
	return d;
}

void hash_stream_free(struct hash_stream *h)
{
	free(h);
}

void hash_sha1(struct str s, uint8_t out[SHA1_BYTES])
{
	if (!EVP_Digest(s.p, s.n, out, NULL, EVP_sha1(), NULL))
		abort(); /* only without memory or with a provider that lacks SHA-1 */
}

bool hash_equal(struct digest a, struct digest b)
{
	return sodium_memcmp(a.b, b.b, sizeof a.b) == 0;
}

void hash_hex(struct digest d, char out[DIGEST_HEX_BYTES])
{
	char z[DIGEST_HEX_BYTES + 1];

	sodium_bin2hex(z, sizeof z, d.b, sizeof d.b);
	memcpy(out, z, DIGEST_HEX_BYTES);
}

enum err hash_parse_hex(struct str hex, struct digest *out)
{
	struct digest d;
	size_t n;

	if (hex.n != DIGEST_HEX_BYTES)
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < hex.n; i++) {
		if (hex.p[i] >= 'A' && hex.p[i] <= 'F')
			return ERR_BAD_REQUEST;
	}
	if (sodium_hex2bin(d.b, sizeof d.b, hex.p, hex.n, NULL, &n, NULL) || n != sizeof d.b)
		return ERR_BAD_REQUEST;
	*out = d;
	return ERR_OK;
}

static int variant(enum base64_form form)
{
	return form == BASE64_URL ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
	                          : sodium_base64_VARIANT_ORIGINAL;
}

void hash_base64(struct buf *b, struct str s, enum base64_form form)
{
	size_t room = sodium_base64_encoded_len(s.n, variant(form)); /* counts the NUL */
	char *to = buf_reserve(b, room);

	if (!to)
		return;
	sodium_bin2base64(to, room, bytes(s), s.n, variant(form));
	buf_grow(b, room - 1);
}

/* Of the alphabet of section 4, without what does not count. */
static enum err tidy_base64(struct str text, struct buf *out)
{
	buf_reserve(out, text.n + 1);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '\r' || c == '\n' || c == ' ' || c == '\t')
			continue;
		buf_byte(out, (char)(c == '-' ? '+' : c == '_' ? '/' : c));
	}
	return buf_failed(out) ? ERR_NOMEM : ERR_OK;
}

enum err hash_parse_base64(struct str text, enum base64_form form, struct buf *out)
{
	CLEANUP(buf_done) struct buf tidy = { 0 };
	int v = form == BASE64_URL ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
	                           : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
	size_t n;

	if (form == BASE64_LOOSE && tidy_base64(text, &tidy))
		return ERR_NOMEM;
	if (form == BASE64_LOOSE)
		text = buf_str(&tidy);
	while (text.n && text.p[text.n - 1] == '=')
		text.n--;
	size_t room = text.n / 4 * 3 + 3;
	unsigned char *to = (unsigned char *)buf_reserve(out, room);
	if (!to)
		return ERR_NOMEM;
	if (sodium_base642bin(to, room, text.p, text.n, NULL, &n, NULL, v))
		return ERR_BAD_REQUEST;
	buf_grow(out, n);
	return ERR_OK;
}
