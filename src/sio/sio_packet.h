/* SPDX-License-Identifier: MIT
 *
 * sio_packet - Socket.IO protocol revision 5: one packet's text taken apart and checked, and made.
 *
 * Layer: sio.  Threads: one owner at a time.
 */
#ifndef SIO_SIO_PACKET_H
#define SIO_SIO_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/frame/frame.h"
#include "base/str.h"

enum sio_packet_type {
	SIO_PACKET_CONNECT,
	SIO_PACKET_DISCONNECT,
	SIO_PACKET_EVENT,
	SIO_PACKET_ACK,
	SIO_PACKET_CONNECT_ERROR,
	SIO_PACKET_BINARY_EVENT,
	SIO_PACKET_BINARY_ACK,
};

/* A packet as it came, borrowed. */
struct sio_packet {
	enum sio_packet_type type;
	unsigned attachments; /* that follow: 0, or 1 to ATTACHMENTS_MAX for the binary types */
	struct str namespace; /* "/" when it is not named; up to a '?' at most NAMESPACE_NAME_MAX bytes */
	bool has_id;
	uint64_t id;
	struct str payload; /* JSON, checked; empty when there is none */
	struct str name; /* EVENT: the first element, resolved; in the arena when it had escapes */
	struct str args; /* EVENT: behind the name; ACK: all; what stands between the brackets */
};

/*
 * Takes a text apart (without Engine.IO's '4') and checks all of it: the payload's form for its type, the
 * event's name, placeholders against the number of attachments. An EVENT without payload passes; its name.p is NULL.
 * ERR_BAD_REQUEST for what closes a connection (socket.io.md section 2.7), ERR_NOMEM.
 */
NODISCARD enum err sio_packet_parse(struct str text, struct arena *a, struct sio_packet *out);

/*
 * The same for what a server has sent: CONNECT and CONNECT_ERROR carry an object (the latter a string, from
 * servers of before), an EVENT its name.
 */
NODISCARD enum err sio_packet_parse_server(
	struct str text, struct arena *a, struct sio_packet *out);

/* True for a name that no event may have, as "connect". */
bool sio_packet_is_reserved(struct str name);

/* A packet to be made. */
struct sio_packet_source {
	enum sio_packet_type type; /* of EVENT and ACK the plain one; attachments make it binary */
	struct str namespace;
	bool has_id;
	uint64_t id;
	struct str name; /* EVENT: UTF-8, will be quoted */
	struct str
		payload;   /* EVENT, ACK: the arguments without brackets; else the JSON, or empty */
	struct str offset; /* EVENT: plain characters, which become a last argument; empty: none */
	const struct str *attachments;
	size_t attachment_count;
	bool uncompressed; /* it is to travel as it is */
};

/*
 * The packet as a frame for engine_session_send: a text message, and a binary one an attachment. ERR_TOO_LARGE for too many attachments, ERR_NOMEM.
 */
NODISCARD enum err sio_packet_frame(
	struct frame_pool *pool, const struct sio_packet_source *from, struct frame **out);

#endif
