/* SPDX-License-Identifier: MIT
 *
 * sio_msgpack - Socket.IO packets as socket.io-msgpack-parser writes them: one binary message a packet, a map of type,
 * data, nsp, id. Programs see JSON and attachments all the same.
 *
 * Layer: sio.  Threads: one owner at a time.
 */
#ifndef SIO_SIO_MSGPACK_H
#define SIO_SIO_MSGPACK_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "sio/sio_packet.h"

struct sio_msgpack_packet {
	struct sio_packet packet; /* attachments is how many there are */
	struct str attachments[ATTACHMENTS_MAX];
};

/*
 * Takes a message apart and checks all of it, as sio_packet_parse; its JSON and name live in the arena, its
 * attachments in bytes. ERR_BAD_REQUEST, ERR_NOMEM.
 */
NODISCARD enum err sio_msgpack_parse(
	struct str bytes, struct arena *a, struct sio_msgpack_packet *out);

/* The packet as a frame for channel_send. ERR_TOO_LARGE for too many attachments, ERR_BAD_REQUEST for JSON that is none, ERR_NOMEM. */
NODISCARD enum err sio_msgpack_frame(
	struct frame_pool *pool, const struct sio_packet_source *from, struct frame **out);

/* Appends the value of a JSON text; placeholders become attachments. As above. */
NODISCARD enum err sio_msgpack_write(
	struct buf *out, struct str json, const struct str *attachments, size_t attachment_count);

#endif
