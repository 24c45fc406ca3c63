/* SPDX-License-Identifier: MIT
 *
 * sio_packet_frame - the writing half of sio_packet.h: pieces are laid end to end.
 *
 * Layer: sio.  Threads: one owner at a time.
 */
#include "base/buf.h"
#include "base/json_write.h"
#include "base/limits.h"
#include "eio/engine_frame.h"
#include "sio/sio_packet.h"

enum { HEAD_MAX = 32, PIECES_MAX = 10 };

struct pieces {
	struct str piece[PIECES_MAX];
	size_t count, bytes;
};

static void add(struct pieces *to, struct str s)
{
	if (s.n == 0)
		return;
	to->piece[to->count++] = s;
	to->bytes += s.n;
}

/* True when s can stand between quotes as it is. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == '"' || s.p[i] == '\\')
			return false;
	}
	return true;
}

static size_t put_number(char *out, uint64_t n)
{
	char digits[20];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	for (size_t i = 0; i < count; i++)
		out[i] = digits[count - 1 - i];
	return count;
}

/* The type and the number of attachments. */
static size_t put_type(char *out, const struct sio_packet_source *from)
{
	enum sio_packet_type type = from->type;
	size_t n = 1;

	if (from->attachment_count)
		type += SIO_PACKET_BINARY_EVENT - SIO_PACKET_EVENT;
	out[0] = (char)('0' + (int)type);
	if (from->attachment_count) {
		n += put_number(out + n, from->attachment_count);
		out[n++] = '-';
	}
	return n;
}

static void lay_payload(struct pieces *to, const struct sio_packet_source *from, struct str quoted)
{
	if (from->type == SIO_PACKET_EVENT) {
		add(to, quoted.n ? STR("[") : STR("[\""));
		add(to, quoted.n ? quoted : from->name);
		if (!quoted.n)
			add(to, STR("\""));
		if (from->payload.n)
			add(to, STR(","));
		add(to, from->payload);
		if (from->offset.n)
			add(to, STR(",\""));
		add(to, from->offset);
		add(to, from->offset.n ? STR("\"]") : STR("]"));
	} else if (from->type == SIO_PACKET_ACK) {
		add(to, STR("["));
		add(to, from->payload);
		add(to, STR("]"));
	} else {
		add(to, from->payload);
	}
}

static size_t attachments_bytes(const struct sio_packet_source *from)
{
	size_t n = 0;

	for (size_t i = 0; i < from->attachment_count; i++)
		n += ENGINE_FRAME_HEAD_MAX + from->attachments[i].n;
	return n;
}

static void put_message(struct frame *f, struct str head, const struct pieces *pieces)
{
	engine_frame_text(f, head.n + pieces->bytes);
	frame_put(f, head);
	for (size_t i = 0; i < pieces->count; i++)
		frame_put(f, pieces->piece[i]);
}

enum err sio_packet_frame(
	struct frame_pool *pool, const struct sio_packet_source *from, struct frame **out)
{
	CLEANUP(buf_done) struct buf quoted = { 0 };
	char head[HEAD_MAX + NAMESPACE_NAME_MAX];
	struct pieces pieces = { .count = 0 };
	struct frame *f;

	if (from->attachment_count > ATTACHMENTS_MAX || from->namespace.n > NAMESPACE_NAME_MAX)
		return ERR_TOO_LARGE;
	size_t n = put_type(head, from);
	if (from->namespace.n > 1) {
		memcpy(head + n, from->namespace.p, from->namespace.n);
		n += from->namespace.n;
		head[n++] = ',';
	}
	if (from->has_id)
		n += put_number(head + n, from->id);
	if (from->type == SIO_PACKET_EVENT && (from->name.n == 0 || !is_plain(from->name))) {
		struct json_writer w = json_write_into(&quoted);
		json_write_string(&w, from->name);
		if (buf_failed(&quoted))
			return ERR_NOMEM;
	}
	lay_payload(&pieces, from, buf_str(&quoted));
	enum err e = frame_new(
		pool, ENGINE_FRAME_HEAD_MAX + n + pieces.bytes + attachments_bytes(from), &f);
	if (e)
		return e;
	put_message(f, (struct str){ head, n }, &pieces);
	for (size_t i = 0; i < from->attachment_count; i++) {
		engine_frame_binary(f, from->attachments[i].n);
		frame_put(f, from->attachments[i]);
	}
	*out = f;
	return ERR_OK;
}
