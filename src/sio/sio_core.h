/* SPDX-License-Identifier: MIT
 *
 * sio_core - Socket.IO on top of an engine: all namespaces, sockets and their handles. No I/O.
 *
 * Implements of sio.h what needs no descriptor: sio_namespace_, sio_socket_ and the texts; what takes a
 * sio_server stands in host, on the functions below.
 *
 * Layer: sio.  Threads: one owner at a time.
 */
#ifndef SIO_SIO_CORE_H
#define SIO_SIO_CORE_H

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"
#include "eio/engine.h"
#include "sio/sio.h"

struct sio_core;

struct sio_core_options {
	int64_t connect_timeout_ms;
	int64_t recovery_ms; /* how long a lost socket may come back; 0: never */
	int64_t keep_ms; /* how long events are kept for it: recovery_ms, and until a loss is noticed */
	size_t recovery_bytes;      /* of kept events and lost sockets, a namespace */
	size_t replay_bytes;        /* who missed more than that starts anew */
	size_t dynamic_max;         /* namespaces that clients make */
	size_t send_queue_max;      /* the engine's, to be named */
	uint32_t packet_rate;       /* packets a second of a connection; 0: any */
	bool msgpack;               /* packets are MessagePack, not JSON */
	bool recovery_asks_connect; /* the program decides about those who come back too */
};

/* Becomes the engine's handler; the engine outlives it. ERR_NOMEM. */
NODISCARD enum err sio_core_new(
	struct engine *e, const struct sio_core_options *options, struct sio_core **out);

/* Every session is closed before. NULL is taken. */
void sio_core_free(struct sio_core *c);

/* At the end of each turn, before engine_turn_end: frees what has gone. */
void sio_core_turn_end(struct sio_core *c);

/* Connected sockets of all namespaces. */
size_t sio_core_sockets(const struct sio_core *c);

/* How often each limit was exceeded: SIO_LIMIT_COUNT numbers. */
const uint64_t *sio_core_exceeded(const struct sio_core *c);

/* A handshake in its public form, and a field of it, by its name in any case. */
struct sio_handshake sio_handshake_of(const struct handshake *h);
struct sio_str sio_handshake_header(const struct handshake *h, const char *name);

/* As sio_server_find, sio_server_ack, sio_server_lost_join and its kin, sio_server_of. */
struct sio_socket *sio_core_find(const struct sio_core *c, uint64_t handle);
enum sio_result sio_core_ack(
	struct sio_core *c, const struct sio_ack *ack, const struct sio_args *args);
enum sio_result sio_core_lost_join(struct sio_core *c, uint64_t handle, struct sio_str room);
void sio_core_lost_leave(struct sio_core *c, uint64_t handle, struct sio_str room);
void sio_core_lost_end(struct sio_core *c, uint64_t handle);
enum sio_result sio_core_of_dynamic(struct sio_core *c, sio_match_fn *match,
	const struct sio_namespace_handler *handler, void *context, struct sio_dynamic **out);
enum sio_result sio_core_of(struct sio_core *c, struct str name,
	const struct sio_namespace_handler *handler, void *context, struct sio_namespace **out);

/* Closes sessions, without packet 41: at most max of them. Returns how many are left. */
size_t sio_core_close_some(struct sio_core *c, size_t max, enum engine_reason reason);

#endif
