/* SPDX-License-Identifier: MIT
 *
 * ws - see ws.h: the reader.
 *
 * Layer: ws.  Threads: one owner at a time.
 */
#include "ws/ws.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"

enum {
	HEADER_MAX = 14,
	CONTROL_BIT = 8,
	FIN_BIT = 0x80,
	RSV_BITS = 0x70,
	RSV1_BIT = 0x40,
	MASK_BIT = 0x80
};

/* One frame's header, taken apart. */
struct head {
	uint64_t length;
	uint8_t mask[4];
	uint8_t opcode;
	uint8_t bytes; /* of the header itself */
	bool fin, deflated;
};

struct ws_partial {
	struct buf message; /* what has come of the message, unmasked */
	size_t utf8;        /* so many bytes of it are known to be whole characters */
	uint8_t opcode;     /* of the message; WS_CONTINUATION: none has begun */
	bool deflated;      /* the message is compressed */
	uint8_t head_n;     /* bytes of an incomplete header */
	uint8_t control_n;  /* bytes of a control frame's payload that have come */
	bool in_frame;      /* head is complete, `left` bytes of its payload are to come */
	struct head head;
	uint64_t left;
	char head_bytes[HEADER_MAX];
	char control[WS_CONTROL_MAX];
};

void ws_init(struct ws *w, enum ws_role role, uint32_t message_max)
{
	*w = (struct ws){ .message_max = message_max, .role = (uint8_t)role };
}

void ws_done(struct ws *w)
{
	if (w->partial)
		buf_done(&w->partial->message);
	free(w->partial);
	w->partial = NULL;
}

void ws_mask(char *p, size_t n, const uint8_t mask[4], uint64_t at)
{
	uint8_t turned[8];
	uint64_t wide;

	for (size_t i = 0; i < 8; i++)
		turned[i] = mask[(at + i) % 4];
	memcpy(&wide, turned, 8);
	for (; n >= 8; p += 8, n -= 8) {
		uint64_t x;
		memcpy(&x, p, 8);
		x ^= wide;
		memcpy(p, &x, 8);
	}
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(p[i] ^ turned[i]);
}

/* How long the header at p is, from its first two bytes. */
static size_t head_bytes(const char *p)
{
	unsigned length = (unsigned char)p[1] & 0x7f;

	return 2 + (length == 126 ? 2u : length == 127 ? 8u : 0u) + ((p[1] & MASK_BIT) ? 4u : 0u);
}

/* Takes a header apart of which all bytes are there (RFC 6455 section 5.2). */
static void head_read(const char *p, struct head *h)
{
	const unsigned char *b = (const unsigned char *)p;
	size_t wide = (b[1] & 0x7f) == 126 ? 2 : (b[1] & 0x7f) == 127 ? 8 : 0, at = 2;

	h->fin = b[0] & FIN_BIT;
	h->deflated = b[0] & RSV1_BIT;
	h->opcode = b[0] & 0x0f;
	h->length = wide ? 0 : b[1] & 0x7f;
	for (size_t i = 0; i < wide; i++)
		h->length = h->length << 8 | b[at++];
	memset(h->mask, 0, 4);
	if (b[1] & MASK_BIT) {
		memcpy(h->mask, b + at, 4);
		at += 4;
	}
	h->bytes = (uint8_t)at;
}

/* What the first two bytes can tell about a frame; message says whether one has begun. */
static enum ws_status check_start(const struct ws *w, const char *p, bool message)
{
	unsigned opcode = (unsigned char)p[0] & 0x0f;
	bool masked = (unsigned char)p[1] & MASK_BIT;
	bool may_deflate = w->deflate && (opcode == WS_TEXT || opcode == WS_BINARY);

	if ((unsigned char)p[0] & (may_deflate ? RSV_BITS & ~RSV1_BIT : RSV_BITS))
		return WS_STATUS_PROTOCOL_ERROR;
	if (masked != (w->role == WS_SERVER))
		return WS_STATUS_PROTOCOL_ERROR;
	if (opcode & CONTROL_BIT) {
		bool known = opcode == WS_CLOSE || opcode == WS_PING || opcode == WS_PONG;
		bool sane = (p[0] & FIN_BIT) && ((unsigned char)p[1] & 0x7f) <= WS_CONTROL_MAX;
		return known && sane ? WS_STATUS_NONE : WS_STATUS_PROTOCOL_ERROR;
	}
	if (opcode > WS_BINARY || message != (opcode == WS_CONTINUATION))
		return WS_STATUS_PROTOCOL_ERROR;
	return WS_STATUS_NONE;
}

static enum ws_status check_length(const struct ws *w, const struct head *h, size_t gathered)
{
	if (h->length >> 63)
		return WS_STATUS_PROTOCOL_ERROR;
	if (!(h->opcode & CONTROL_BIT) && h->length > w->message_max - gathered)
		return WS_STATUS_TOO_BIG;
	return WS_STATUS_NONE;
}

/* A whole message as it travelled. */
struct travelled {
	enum ws_opcode opcode;
	bool deflated;
	struct str bytes;
	size_t utf8; /* so many of them are known to be whole characters */
};

static enum ws_status give_message(
	struct ws *w, const struct ws_sink *sink, void *context, const struct travelled *m)
{
	char *p;

	if (m->opcode == WS_TEXT && !text_is_utf8(str_after(m->bytes, m->utf8)))
		return WS_STATUS_INVALID_DATA;
	memcpy(&p, &m->bytes.p, sizeof p); /* the bytes are ours to change */
	if (!sink->message(context, m->opcode, p, m->bytes.n))
		w->stopped = true;
	return WS_STATUS_NONE;
}

static enum ws_status give_travelled(
	struct ws *w, const struct ws_sink *sink, void *context, const struct travelled *m)
{
	CLEANUP(buf_done) struct buf inflated = { 0 };
	struct travelled plain = { .opcode = m->opcode };

	if (!m->deflated)
		return give_message(w, sink, context, m);
	switch (deflate_read_message(w->deflate, m->bytes, w->message_max, &inflated)) {
	case ERR_OK:
		plain.bytes = buf_str(&inflated);
		return give_message(w, sink, context, &plain);
	case ERR_TOO_LARGE:
		return WS_STATUS_TOO_BIG;
	case ERR_NOMEM:
		return WS_STATUS_INTERNAL;
	default:
		return WS_STATUS_INVALID_DATA;
	}
}

static bool status_is_sendable(unsigned status)
{
	return (status >= 1000 && status <= 1014 && (status < 1004 || status > 1006)) ||
	       (status >= 3000 && status <= 4999);
}

static enum ws_status give_control(struct ws *w, const struct ws_sink *sink, void *context,
	enum ws_opcode opcode, struct str payload)
{
	unsigned status = WS_STATUS_ABSENT;

	if (opcode == WS_CLOSE) {
		w->stopped = true;
		if (payload.n == 1)
			return WS_STATUS_PROTOCOL_ERROR;
		if (payload.n) {
			status = (unsigned)((unsigned char)payload.p[0] << 8 |
					    (unsigned char)payload.p[1]);
			payload = str_after(payload, 2);
			if (!status_is_sendable(status))
				return WS_STATUS_PROTOCOL_ERROR;
			if (!text_is_utf8(payload))
				return WS_STATUS_INVALID_DATA;
		}
	}
	if (!sink->control(context, opcode, (enum ws_status)status, payload))
		w->stopped = true;
	return WS_STATUS_NONE;
}

/* ---- frames that do not lie whole in the fed bytes, and messages of several frames ---- */

static enum ws_status partial_begin(struct ws *w)
{
	w->partial = calloc(1, sizeof *w->partial);
	return w->partial ? WS_STATUS_NONE : WS_STATUS_INTERNAL;
}

/* Gathers a header. Returns how many bytes it took; *fault as ws_feed. */
static size_t partial_head(struct ws *w, const char *p, size_t n, enum ws_status *fault)
{
	struct ws_partial *t = w->partial;
	size_t taken = 0;

	while (taken < n) {
		t->head_bytes[t->head_n++] = p[taken++];
		if (t->head_n == 2)
			*fault = check_start(w, t->head_bytes, t->opcode != WS_CONTINUATION);
		if (*fault || (t->head_n >= 2 && t->head_n == head_bytes(t->head_bytes)))
			break;
	}
	if (*fault || t->head_n < 2 || t->head_n < head_bytes(t->head_bytes))
		return taken;
	head_read(t->head_bytes, &t->head);
	*fault = check_length(w, &t->head, t->message.n);
	t->head_n = 0;
	t->control_n = 0;
	t->in_frame = true;
	t->left = t->head.length;
	if (!(t->head.opcode & CONTROL_BIT) && t->head.opcode != WS_CONTINUATION) {
		t->opcode = t->head.opcode;
		t->deflated = t->head.deflated;
	}
	return taken;
}

/* Text that is not compressed fails at the first byte behind which nothing can make it UTF-8 (RFC 6455 section 8.1). */
static enum ws_status partial_append(struct ws_partial *t, struct str piece)
{
	size_t whole;

	buf_append(&t->message, piece);
	if (buf_failed(&t->message))
		return WS_STATUS_INTERNAL;
	if (t->opcode != WS_TEXT || t->deflated)
		return WS_STATUS_NONE;
	if (!text_utf8_so_far(str_after(buf_str(&t->message), t->utf8), &whole))
		return WS_STATUS_INVALID_DATA;
	t->utf8 += whole;
	return WS_STATUS_NONE;
}

/* Takes payload of the frame at hand. Returns how many bytes it took. */
static size_t partial_payload(struct ws *w, char *p, size_t n, enum ws_status *fault)
{
	struct ws_partial *t = w->partial;
	uint64_t at = t->head.length - t->left;

	if (n > t->left)
		n = (size_t)t->left;
	if (w->role == WS_SERVER)
		ws_mask(p, n, t->head.mask, at);
	if (t->head.opcode & CONTROL_BIT) {
		memcpy(t->control + t->control_n, p, n);
		t->control_n = (uint8_t)(t->control_n + n);
	} else {
		*fault = partial_append(t, (struct str){ p, n });
	}
	t->left -= n;
	return n;
}

/* The frame at hand is complete. */
static enum ws_status partial_frame_end(struct ws *w, const struct ws_sink *sink, void *context)
{
	struct ws_partial *t = w->partial;
	bool control = t->head.opcode & CONTROL_BIT;

	t->in_frame = false;
	if (control) {
		struct str payload = { t->control, t->control_n };
		enum ws_status fault =
			give_control(w, sink, context, (enum ws_opcode)t->head.opcode, payload);
		if (t->opcode == WS_CONTINUATION)
			ws_done(w);
		return fault;
	}
	if (!t->head.fin)
		return WS_STATUS_NONE;
	w->partial = NULL; /* the sink may feed nothing, but it may end the connection */
	struct travelled m = { (enum ws_opcode)t->opcode, t->deflated, buf_str(&t->message),
		t->utf8 };
	enum ws_status fault = give_travelled(w, sink, context, &m);
	buf_done(&t->message);
	free(t);
	return fault;
}

/* Goes on with the partial message by one step. Returns how many bytes it took. */
static size_t partial_step(struct ws *w, const struct ws_sink *sink, void *context, struct str in,
	enum ws_status *fault)
{
	size_t taken = 0;
	char *p;

	memcpy(&p, &in.p, sizeof p);
	if (!w->partial->in_frame)
		taken = partial_head(w, p, in.n, fault);
	if (!*fault && w->partial->in_frame)
		taken += partial_payload(w, p + taken, in.n - taken, fault);
	if (!*fault && w->partial->in_frame && w->partial->left == 0)
		*fault = partial_frame_end(w, sink, context);
	return taken;
}

/* ---- frames that do ---- */

/* Takes one frame that lies whole in the bytes. Returns its length; 0 when it does not, or at a fault. */
static size_t whole_frame(struct ws *w, const struct ws_sink *sink, void *context, struct str in,
	enum ws_status *fault)
{
	struct head h;
	char *p;

	if (in.n < 2)
		return 0;
	*fault = check_start(w, in.p, false);
	if (*fault || in.n < head_bytes(in.p))
		return 0;
	head_read(in.p, &h);
	*fault = check_length(w, &h, 0);
	if (*fault || !h.fin || in.n - h.bytes < h.length)
		return 0;
	memcpy(&p, &in.p, sizeof p);
	p += h.bytes;
	if (w->role == WS_SERVER)
		ws_mask(p, (size_t)h.length, h.mask, 0);
	struct travelled m = { (enum ws_opcode)h.opcode, h.deflated, { p, (size_t)h.length }, 0 };
	if (h.opcode & CONTROL_BIT)
		*fault = give_control(w, sink, context, m.opcode, m.bytes);
	else
		*fault = give_travelled(w, sink, context, &m);
	return h.bytes + (size_t)h.length;
}

enum ws_status ws_feed(struct ws *w, const struct ws_sink *sink, void *context, char *p, size_t n)
{
	enum ws_status fault = WS_STATUS_NONE;
	size_t at = 0;

	while (at < n && !w->stopped && !fault) {
		struct str in = { p + at, n - at };
		size_t taken = w->partial ? 0 : whole_frame(w, sink, context, in, &fault);
		if (!taken && !fault && !w->partial)
			fault = partial_begin(w);
		if (!taken && !fault)
			taken = partial_step(w, sink, context, in, &fault);
		at += taken;
	}
	if (fault)
		w->stopped = true;
	return fault;
}
