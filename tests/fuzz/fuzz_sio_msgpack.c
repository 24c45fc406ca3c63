/* SPDX-License-Identifier: MIT
 *
 * fuzz_sio_msgpack - Socket.IO packets as MessagePack. What was taken, made again and taken again is the same, bytes too.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/json_read.h"
#include "fuzz.h"
#include "sio/msgpack/sio_msgpack.h"
#include "ws/ws.h"

static bool is_json(struct str text)
{
	struct json_reader r = json_read_of(text);
	struct str raw;

	return !json_read_raw(&r, &raw) && !json_read_end(&r);
}

static void make_again(const struct sio_msgpack_packet *m, struct arena *a)
{
	const struct sio_packet *p = &m->packet;
	bool list = p->type == SIO_PACKET_EVENT || p->type == SIO_PACKET_ACK;
	struct sio_packet_source from = { .type = p->type,
		.namespace = p->namespace,
		.has_id = p->has_id,
		.id = p->id,
		.name = p->name,
		.payload = list ? p->args : p->payload,
		.attachments = m->attachments,
		.attachment_count = p->attachments };
	struct sio_msgpack_packet again;
	struct frame_pool *pool;
	struct frame *f;
	struct str rest, bytes;
	enum ws_opcode opcode;

	MUST(!frame_pool_new(&pool));
	MUST(!sio_msgpack_frame(pool, &from, &f));
	rest = frame_str(f);
	MUST(ws_next_written(&rest, &opcode, &bytes) && opcode == WS_BINARY && rest.n == 0);
	MUST(!sio_msgpack_parse(bytes, a, &again));
	MUST(again.packet.type == p->type && again.packet.has_id == p->has_id);
	MUST(again.packet.id == p->id && str_eq(again.packet.namespace, p->namespace));
	MUST(str_eq(again.packet.name, p->name) && str_eq(again.packet.args, p->args));
	MUST(again.packet.attachments == p->attachments);
	for (unsigned i = 0; i < p->attachments; i++)
		MUST(str_eq(again.attachments[i], m->attachments[i]));
	frame_unref(f);
	frame_pool_free(pool);
}

static size_t count(struct str text, struct str what)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += str_starts(str_after(text, i), what);
	return n;
}

/* False for a map of theirs that looks like one of our placeholders, and for NUL, which cannot be sent. */
static bool can_go_back(const struct sio_packet *p)
{
	struct str json = p->payload.n ? p->payload : p->args;
	bool list = p->type == SIO_PACKET_EVENT || p->type == SIO_PACKET_ACK;

	return count(json, STR("_placeholder")) == p->attachments &&
	       count(json, STR("u0000")) == 0 && (list || p->attachments == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sio_msgpack_packet m;
	struct arena a = { 0 };

	if (!sio_msgpack_parse((struct str){ (const char *)data, size }, &a, &m)) {
		MUST(m.packet.attachments <= ATTACHMENTS_MAX);
		MUST(m.packet.namespace.n <= NAMESPACE_NAME_MAX &&
			m.packet.name.n <= EVENT_NAME_MAX);
		MUST(m.packet.payload.n == 0 || is_json(m.packet.payload));
		if (can_go_back(&m.packet))
			make_again(&m, &a);
	}
	arena_done(&a);
	return 0;
}
