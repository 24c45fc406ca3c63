/* SPDX-License-Identifier: MIT
 *
 * fuzz_sio_packet - Socket.IO packets. What was taken, made again and taken again is the same.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/limits.h"
#include "base/text.h"
#include "fuzz.h"
#include "sio/sio_packet.h"
#include "ws/ws.h"

static bool has_payload(const struct sio_packet *p)
{
	return p->type != SIO_PACKET_EVENT && p->type != SIO_PACKET_ACK &&
	       p->type != SIO_PACKET_BINARY_EVENT && p->type != SIO_PACKET_BINARY_ACK;
}

/* The text of a packet that carries no attachments, made anew; checks that it reads back. */
static void make_again(const struct sio_packet *p, struct frame_pool *pool, struct arena *a)
{
	struct sio_packet_source from = { .type = p->type,
		.namespace = p->namespace,
		.has_id = p->has_id,
		.id = p->id,
		.name = p->name,
		.payload = has_payload(p) ? p->payload : p->args };
	struct frame *f;
	enum ws_opcode opcode;
	struct str text;
	struct sio_packet again;

	MUST(!sio_packet_frame(pool, &from, &f));
	struct str bytes = frame_str(f);
	MUST(ws_next_written(&bytes, &opcode, &text) && opcode == WS_TEXT && text.n &&
		text.p[0] == '4');
	MUST(!sio_packet_parse(str_after(text, 1), a, &again));
	MUST(again.type == p->type && again.has_id == p->has_id && again.id == p->id);
	MUST(str_eq(again.namespace, p->namespace) && str_eq(again.name, p->name));
	MUST(str_eq(again.args, p->args));
	frame_unref(f);
}

/* The same of one with attachments: a text, and as many binary messages. */
static void make_binary_again(const struct sio_packet *p, struct frame_pool *pool, struct arena *a)
{
	struct str attachments[ATTACHMENTS_MAX] = { { "x", 1 } };
	struct sio_packet_source from = {
		.type = p->type == SIO_PACKET_BINARY_EVENT ? SIO_PACKET_EVENT : SIO_PACKET_ACK,
		.namespace = p->namespace,
		.has_id = p->has_id,
		.id = p->id,
		.name = p->name,
		.payload = p->args,
		.attachments = attachments,
		.attachment_count = p->attachments
	};
	struct frame *f;
	enum ws_opcode opcode;
	struct str text, bytes;
	struct sio_packet again;

	MUST(!sio_packet_frame(pool, &from, &f));
	struct str rest = frame_str(f);
	MUST(ws_next_written(&rest, &opcode, &text) && opcode == WS_TEXT);
	MUST(!sio_packet_parse(str_after(text, 1), a, &again));
	MUST(again.type == p->type && again.attachments == p->attachments);
	MUST(str_eq(again.name, p->name) && str_eq(again.args, p->args));
	for (unsigned i = 0; i < p->attachments; i++)
		MUST(ws_next_written(&rest, &opcode, &bytes) && opcode == WS_BINARY);
	MUST(rest.n == 0);
	frame_unref(f);
}

static bool is_string(const struct sio_packet *p)
{
	const char *inside = memchr(p->payload.p, '"', p->payload.n);

	return inside && !(p->name.n && p->name.p == inside);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena a = { 0 };
	struct frame_pool *pool;
	struct sio_packet p;

	if (!text_is_utf8(text))
		return 0; /* both transports have refused it before */
	MUST(!frame_pool_new(&pool));
	if (!sio_packet_parse(text, &a, &p)) {
		MUST(p.attachments <= ATTACHMENTS_MAX);
		const char *query = memchr(p.namespace.p, '?', p.namespace.n);
		size_t name_n = query ? (size_t)(query - p.namespace.p) : p.namespace.n;
		MUST(name_n <= NAMESPACE_NAME_MAX && p.name.n <= EVENT_NAME_MAX);
		/* A name that is a number, or holds half a surrogate, stands there as it was written. */
		bool is_raw = p.type == SIO_PACKET_EVENT && (!p.name.p || !is_string(&p));
		if (p.namespace.n <= NAMESPACE_NAME_MAX && p.attachments == 0 &&
			p.type <= SIO_PACKET_CONNECT_ERROR && !is_raw)
			make_again(&p, pool, &a);
		bool named = p.type != SIO_PACKET_BINARY_EVENT || (p.name.p && is_string(&p));
		if (p.attachments && p.namespace.n <= NAMESPACE_NAME_MAX && named)
			make_binary_again(&p, pool, &a);
	}
	frame_pool_free(pool);
	arena_done(&a);
	return 0;
}
