/* SPDX-License-Identifier: MIT
 *
 * ws - RFC 6455 frames: bytes in, whole messages out; headers for what goes out. No I/O.
 *
 * A message that lies whole in the fed bytes is unmasked where it lies and handed on without a copy;
 * only an incomplete one owns memory. Between messages a ws owns nothing.
 *
 * With a decompressor compressed messages are read too (RFC 7692, without context takeover); message_max then
 * bounds both what travelled and what comes out.
 *
 * Layer: ws.  Threads: one owner at a time.
 */
#ifndef WS_WS_H
#define WS_WS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/deflate/deflate.h"
#include "base/frame/frame.h"
#include "base/rng.h"
#include "base/str.h"

enum ws_role { WS_SERVER, WS_CLIENT }; /* whose end this is: a server gets masked frames */

enum ws_opcode {
	WS_CONTINUATION = 0,
	WS_TEXT = 1,
	WS_BINARY = 2,
	WS_CLOSE = 8,
	WS_PING = 9,
	WS_PONG = 10,
};

/* RFC 6455 section 7.4.1. */
enum ws_status {
	WS_STATUS_NONE = 0, /* no fault */
	WS_STATUS_NORMAL = 1000,
	WS_STATUS_GOING_AWAY = 1001,
	WS_STATUS_PROTOCOL_ERROR = 1002,
	WS_STATUS_UNSUPPORTED = 1003,
	WS_STATUS_ABSENT = 1005, /* a close frame without a status */
	WS_STATUS_INVALID_DATA = 1007,
	WS_STATUS_POLICY = 1008,
	WS_STATUS_TOO_BIG = 1009,
	WS_STATUS_INTERNAL = 1011,
};

struct ws_sink {
	/*
	 * A whole message (text: valid UTF-8); its bytes are valid and may be changed during the call.
	 * Returns false to stop: nothing more is taken from this feed.
	 */
	bool (*message)(void *context, enum ws_opcode opcode, char *p, size_t n);
	/* PING and PONG with their payload; CLOSE with its reason and status (ABSENT when it had none). Returns as above. */
	bool (*control)(
		void *context, enum ws_opcode opcode, enum ws_status status, struct str payload);
};

struct ws_partial; /* what is known of an incomplete message */

struct ws {
	struct ws_partial *partial; /* NULL between messages */
	struct deflate *deflate;    /* borrowed; NULL: permessage-deflate was not agreed on */
	uint32_t message_max;
	uint8_t role; /* enum ws_role */
	bool stopped; /* after a fault, a close frame, or a sink that said so */
	uint8_t deflate_bits; /* of the window with which the other side is sent compressed messages; 0: with none */
};

/* In the caller's storage. message_max: bytes of a whole message. */
void ws_init(struct ws *w, enum ws_role role, uint32_t message_max);
void ws_done(struct ws *w);

/*
 * Takes n bytes, which may be changed in place. Returns WS_STATUS_NONE, or the fault with which to
 * close: PROTOCOL_ERROR, INVALID_DATA, TOO_BIG, INTERNAL (no memory). After a fault or a close frame
 * nothing is taken any more.
 */
NODISCARD enum ws_status ws_feed(
	struct ws *w, const struct ws_sink *sink, void *context, char *p, size_t n);

enum { WS_HEADER_MAX = 10, WS_CONTROL_MAX = 125 };

/* How many bytes ws_write_header will write before n bytes of payload, unmasked. */
size_t ws_header_bytes(size_t n);

/* Appends the header of an unmasked frame with FIN: a server's. There is room. */
void ws_write_header(struct frame *f, enum ws_opcode opcode, size_t n);

/* Appends a whole control frame, unmasked; payload is at most WS_CONTROL_MAX bytes. There is room. */
void ws_write_control(struct frame *f, enum ws_opcode opcode, struct str payload);

/* Appends a close frame; no reason text. There is room for 4 bytes. */
void ws_write_close(struct frame *f, enum ws_status status);

/* A client's frames: what one frame needs besides its payload, at most. */
enum { WS_MASKED_HEADER_MAX = WS_HEADER_MAX + 4 };

/*
 * Appends a whole masked frame with FIN: a client's (RFC 6455 section 5.3). There is room. mask is fresh from
 * a source that nobody can foresee.
 */
void ws_write_masked(
	struct frame *f, enum ws_opcode opcode, struct str payload, const uint8_t mask[4]);

/* Appends a fresh Sec-WebSocket-Key (RFC 6455 section 4.1): 24 characters. */
void ws_write_key(struct buf *b, const struct rng *rng);

/* Applies the mask to n bytes in place, of which the first stands at position `at` of its payload (RFC 6455 section 5.3). */
void ws_mask(char *p, size_t n, const uint8_t mask[4], uint64_t at);

/*
 * Takes the next message off bytes that ws_write_header and payloads made: true with its opcode and
 * payload, borrowed; false at the end. For a frame that goes to another transport.
 */
bool ws_next_written(struct str *bytes, enum ws_opcode *opcode, struct str *payload);

/*
 * Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455 section 4.2.2). out gets 28 characters, no NUL.
 * False when the key is not 16 bytes of base64.
 */
enum { WS_ACCEPT_BYTES = 28 };
bool ws_accept(struct str key, char out[WS_ACCEPT_BYTES]);

#endif
