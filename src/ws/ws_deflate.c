/* SPDX-License-Identifier: MIT
 *
 * ws_deflate - see ws_deflate.h.
 *
 * Layer: ws.  Threads: one owner at a time.
 */
#include "ws/ws_deflate.h"

#include "ws/ws.h"

enum { RSV1_BIT = 0x40 };

/* ---- the handshake ---- */

/* Takes what stands before the next `end` off s, trimmed. */
static struct str take(struct str *s, char end)
{
	const char *at = s->n ? memchr(s->p, end, s->n) : NULL;
	struct str token = { s->p, at ? (size_t)(at - s->p) : s->n };

	*s = str_after(*s, at ? token.n + 1 : token.n);
	return str_trim(token);
}

/* One parameter of an offer; each may stand once (RFC 7692 section 7.1). */
enum parameter {
	SERVER_NO_CONTEXT = 1,
	CLIENT_NO_CONTEXT = 2,
	SERVER_BITS = 4,
	CLIENT_BITS = 8,
	UNKNOWN = 0
};

static enum parameter parameter_named(struct str name)
{
	static const struct {
		const char *name;
		enum parameter parameter;
	} known[] = {
		{ "server_no_context_takeover", SERVER_NO_CONTEXT },
		{ "client_no_context_takeover", CLIENT_NO_CONTEXT },
		{ "server_max_window_bits", SERVER_BITS },
		{ "client_max_window_bits", CLIENT_BITS },
	};

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (str_eq(name, str_of(known[i].name)))
			return known[i].parameter;
	}
	return UNKNOWN;
}

/* 8 to 15, perhaps in quotes; 0 for anything else. */
static unsigned window_bits(struct str s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = (struct str){ s.p + 1, s.n - 2 };
	if (s.n == 1 && (s.p[0] == '8' || s.p[0] == '9'))
		return (unsigned)(s.p[0] - '0');
	if (s.n == 2 && s.p[0] == '1' && s.p[1] >= '0' && s.p[1] <= '5')
		return 10 + (unsigned)(s.p[1] - '0');
	return 0;
}

/* What one offer allows: window bits, 0 when it is none of ours. *asked: it named them. */
static unsigned read_offer(struct str offer, bool *asked)
{
	unsigned seen = 0, bits = DEFLATE_BITS_MAX;

	*asked = false;
	if (!str_eq(take(&offer, ';'), STR("permessage-deflate")))
		return 0;
	while (offer.n) {
		struct str value = take(&offer, ';');
		bool has_value = value.n && memchr(value.p, '=', value.n);
		enum parameter p = parameter_named(take(&value, '='));
		unsigned n = window_bits(str_trim(value));
		if (p == UNKNOWN || (seen & p))
			return 0;
		seen |= p;
		if (p == SERVER_BITS)
			bits = n;
		bool fits = p == SERVER_BITS   ? n >= DEFLATE_BITS_MIN
		            : p == CLIENT_BITS ? n || !has_value
		                               : !has_value;
		if (!fits)
			return 0;
	}
	*asked = seen & SERVER_BITS;
	return bits;
}

unsigned ws_deflate_accept(struct str offers, struct buf *answer)
{
	while (offers.n) {
		bool asked;
		unsigned bits = read_offer(take(&offers, ','), &asked);
		if (!bits)
			continue;
		buf_append(answer, STR("permessage-deflate; server_no_context_takeover; "
				       "client_no_context_takeover"));
		if (asked)
			buf_printf(answer, "; server_max_window_bits=%u", bits);
		return bits;
	}
	return 0;
}

/* ---- frames ---- */

/* Appends one message to made, in which there is room for it as it is. */
static enum err put_message(struct deflate *d, unsigned bits, enum ws_opcode opcode,
	struct str payload, struct frame *made)
{
	CLEANUP(buf_done) struct buf packed = { 0 };
	uint32_t start = made->n;
	enum err e = deflate_message(d, bits, payload, &packed);

	if (e)
		return e;
	bool shorter = packed.n < payload.n;
	if (shorter)
		payload = buf_str(&packed);
	ws_write_header(made, opcode, payload.n);
	if (shorter)
		made->p[start] = (char)(made->p[start] | RSV1_BIT);
	frame_put(made, payload);
	return ERR_OK;
}

static enum err compress(
	struct deflate *d, struct frame *f, unsigned bits, size_t threshold, struct frame **out)
{
	CLEANUP(frame_unref_at_end) struct frame *made = NULL;
	struct str rest = frame_str(f), payload;
	enum ws_opcode opcode;
	enum err e = frame_new(f->pool, f->n, &made);

	while (!e && ws_next_written(&rest, &opcode, &payload)) {
		if (payload.n >= threshold) {
			e = put_message(d, bits, opcode, payload, made);
			continue;
		}
		ws_write_header(made, opcode, payload.n);
		frame_put(made, payload);
	}
	return e ? e : frame_of(f->pool, frame_str(made), out);
}

struct frame *ws_deflate_frame(struct deflate *d, struct frame *f, unsigned bits, size_t threshold)
{
	unsigned form = FRAME_DEFLATE + DEFLATE_BITS_MAX - bits;
	struct frame *made;

	if (f->n < threshold)
		return f;
	made = frame_in_form(f, form);
	if (made)
		return made;
	if (compress(d, f, bits, threshold, &made))
		return f;
	frame_add_form(f, form, made);
	return made;
}
