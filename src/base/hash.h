/* SPDX-License-Identifier: MIT
 *
 * hash - digests and byte encodings, by libsodium and OpenSSL.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { DIGEST_BYTES = 32, DIGEST_HEX_BYTES = 64, SHA1_BYTES = 20 };

struct digest {
	uint8_t b[DIGEST_BYTES];
};

/* BLAKE2b-256 of s, with a key of 32 bytes, or without when key is NULL. */
struct digest hash_blake2b(struct str s, const struct digest *key);

/* BLAKE2b-256 of what comes in pieces. */
struct hash_stream;
NODISCARD enum err hash_stream_new(struct hash_stream **out); /* ERR_NOMEM */
void hash_stream_add(struct hash_stream *h, struct str s);
struct digest hash_stream_end(
	const struct hash_stream *h); /* of all so far; more may be added after */
void hash_stream_free(struct hash_stream *h);

/* SHA-1 of s: for Sec-WebSocket-Accept (RFC 6455 section 4.2.2) and tus checksums, not for secrets. */
void hash_sha1(struct str s, uint8_t out[SHA1_BYTES]);

/* Compares in constant time. */
bool hash_equal(struct digest a, struct digest b);

/* Writes 64 lower-case hex digits, no NUL; reads exactly that. ERR_BAD_REQUEST. */
void hash_hex(struct digest d, char out[DIGEST_HEX_BYTES]);
NODISCARD enum err hash_parse_hex(struct str hex, struct digest *out);

/* RFC 4648 section 4; section 5 without padding; to parse alone, what Node's Buffer takes: either alphabet, white space between. */
enum base64_form { BASE64_PADDED, BASE64_URL, BASE64_LOOSE };

/* Appends s in base64. */
void hash_base64(struct buf *b, struct str s, enum base64_form form);

/* Appends the bytes that text stands for. ERR_BAD_REQUEST when it is not base64 (padding may be missing), ERR_NOMEM. */
NODISCARD enum err hash_parse_base64(struct str text, enum base64_form form, struct buf *out);

#endif
