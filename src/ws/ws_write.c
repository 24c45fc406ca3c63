/* SPDX-License-Identifier: MIT
 *
 * ws_write - the writing half of ws.h, and the handshake's digest.
 *
 * Layer: ws.  Threads: one owner at a time.
 */
#include "base/hash.h"
#include "ws/ws.h"

enum { FIN_BIT = 0x80, MASK_BIT = 0x80, KEY_BYTES = 16, KEY_TEXT_BYTES = 24 };

size_t ws_header_bytes(size_t n)
{
	return n < 126 ? 2 : n <= 0xffff ? 4 : 10;
}

void ws_write_header(struct frame *f, enum ws_opcode opcode, size_t n)
{
	size_t wide = n < 126 ? 0 : n <= 0xffff ? 2 : 8;

	frame_put_byte(f, (char)(FIN_BIT | (unsigned)opcode));
	frame_put_byte(f, (char)(wide == 0 ? n : wide == 2 ? 126 : 127));
	while (wide-- > 0)
		frame_put_byte(f, (char)(n >> (8 * wide) & 0xff));
}

void ws_write_control(struct frame *f, enum ws_opcode opcode, struct str payload)
{
	ws_write_header(f, opcode, payload.n);
	frame_put(f, payload);
}

void ws_write_close(struct frame *f, enum ws_status status)
{
	char b[2] = { (char)((unsigned)status >> 8), (char)((unsigned)status & 0xff) };

	ws_write_control(f, WS_CLOSE, (struct str){ b, sizeof b });
}

void ws_write_masked(
	struct frame *f, enum ws_opcode opcode, struct str payload, const uint8_t mask[4])
{
	uint32_t start = f->n;

	ws_write_header(f, opcode, payload.n);
	f->p[start + 1] = (char)(f->p[start + 1] | (char)MASK_BIT);
	for (size_t i = 0; i < 4; i++)
		frame_put_byte(f, (char)mask[i]);
	start = f->n;
	frame_put(f, payload);
	ws_mask(f->p + start, payload.n, mask, 0);
}

void ws_write_key(struct buf *b, const struct rng *rng)
{
	char key[KEY_BYTES];

	rng_fill(rng, key, sizeof key);
	hash_base64(b, (struct str){ key, sizeof key }, BASE64_PADDED);
}

bool ws_next_written(struct str *bytes, enum ws_opcode *opcode, struct str *payload)
{
	if (bytes->n < 2)
		return false;
	const unsigned char *b = (const unsigned char *)bytes->p;
	size_t n = b[1], wide = n == 126 ? 2 : n == 127 ? 8 : 0;
	if (wide)
		n = 0;
	for (size_t i = 0; i < wide; i++)
		n = n << 8 | b[2 + i];
	*opcode = (enum ws_opcode)(b[0] & 0x0f);
	*bytes = str_after(*bytes, 2 + wide);
	*payload = (struct str){ bytes->p, n };
	*bytes = str_after(*bytes, n);
	return true;
}

bool ws_accept(struct str key, char out[WS_ACCEPT_BYTES])
{
	CLEANUP(buf_done) struct buf b = { 0 };
	uint8_t digest[SHA1_BYTES];

	if (key.n != KEY_TEXT_BYTES || hash_parse_base64(key, BASE64_PADDED, &b) ||
		b.n != KEY_BYTES)
		return false;
	buf_clear(&b);
	buf_append(&b, key);
	buf_append(&b, STR("258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
	hash_sha1(buf_str(&b), digest);
	buf_clear(&b);
	hash_base64(&b, (struct str){ (const char *)digest, sizeof digest }, BASE64_PADDED);
	if (buf_failed(&b) || b.n != WS_ACCEPT_BYTES)
		return false;
	memcpy(out, b.p, WS_ACCEPT_BYTES);
	return true;
}
