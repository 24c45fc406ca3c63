/* SPDX-License-Identifier: MIT
 *
 * conn - one TCP connection: bytes in from the loop's shared buffer, queued frames out.
 *
 * Lifetime: 1. A connection comes from a listener (or, later, a connector) and belongs to whoever set
 * its handler. 2. handler->closed is called exactly once, from the loop and never from inside a conn_
 * call; after it the conn is gone. 3. After conn_close no other callback comes but closed. 4. An idle
 * connection keeps nothing but its struct.
 *
 * Layer: net.  Threads: its loop's.
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/frame/frame.h"
#include "base/str.h"
#include "net/loop.h"

struct conn;
struct conn_file;
struct tls;

enum conn_end {
	CONN_ENDED_BY_US,   /* conn_close or conn_finish */
	CONN_ENDED_BY_PEER, /* end of stream */
	CONN_ENDED_BY_ERROR /* reset, time-out of the system, no memory */
};

struct conn_handler {
	/* n bytes came; they may be changed in place and are valid during the call alone. */
	void (*bytes)(void *context, char *p, size_t n);
	/* The queue is empty again after it had been more than one write could take. May be NULL. */
	void (*drained)(void *context);
	/* The last call; see Lifetime. */
	void (*closed)(void *context, enum conn_end end);
};

/* The peer's address, as it travels: IPv4 as ::ffff:a.b.c.d. */
struct conn_address {
	uint8_t ip[16];
	uint16_t port;
};

enum { CONN_ADDRESS_MAX = 46 };

/* handler is a static table. May be called again, as when HTTP becomes WebSocket. */
void conn_set_handler(struct conn *c, const struct conn_handler *handler, void *context);

/*
 * It speaks TLS from its first byte on, as a server; what is queued waits for the handshake. ERR_NOMEM; take_tls is then
 * freed. For one that goes on elsewhere conn_take_tls gives it back, right before conn_detach; NULL without TLS.
 */
NODISCARD enum err conn_set_tls(struct conn *c, struct tls *take_tls);
NODISCARD struct tls *conn_take_tls(struct conn *c);
bool conn_is_tls(const struct conn *c);

/* Queues f, with a reference of its own; written at the end of the turn. Ignored on a closing connection. */
void conn_send(struct conn *c, struct frame *f);

/* Queues a copy of s. A connection without memory for it is closed (CONN_ENDED_BY_ERROR). */
void conn_send_copy(struct conn *c, struct str s);

/*
 * Queues length bytes of f from offset, with a reference of its own, sent by sendfile in bounded steps.
 * A file that ends before closes the connection (CONN_ENDED_BY_ERROR).
 */
void conn_send_file(struct conn *c, struct conn_file *f, uint64_t offset, uint64_t length);

/* Bytes of queued frames that were not written yet; file ranges count 0. */
size_t conn_queued(const struct conn *c);

/* Bytes that the system has taken so far; the same after a while, with more queued: the peer does not read. */
uint64_t conn_sent(const struct conn *c);

/* True while a file range is queued, which conn_queued does not count. */
bool conn_sends_file(const struct conn *c);

/* True when nothing at all is queued. */
bool conn_is_drained(const struct conn *c);

/* Writes now what can be written, without waiting for the end of the turn. */
void conn_flush(struct conn *c);

/* Stops and continues reading: back-pressure. While stopped, an end of stream is not seen. */
void conn_pause(struct conn *c);
void conn_resume(struct conn *c);

/* Sends what is queued, then ends our side, reads on without telling until the peer ends too (2 s at most), then closes. */
void conn_finish(struct conn *c);

/*
 * Takes the descriptor off its loop, to go on elsewhere by conn_new; nothing is queued, nothing was closed. The conn
 * is gone, without `closed`.
 */
int conn_detach(struct conn *c);

/* Closes at once; what is queued is dropped. */
void conn_close(struct conn *c);

/* As conn_close; what the system holds for a peer that does not read is dropped too. */
void conn_reset(struct conn *c);

/* True after conn_finish, conn_close, or an error. */
bool conn_is_closing(const struct conn *c);

struct conn_address conn_peer(const struct conn *c);

/* As "192.0.2.1" or "2001:db8::1", NUL-terminated. Returns its length. */
size_t conn_address_text(const struct conn_address *a, char out[CONN_ADDRESS_MAX]);

/* True for 127.0.0.0/8 and ::1. */
bool conn_address_is_loopback(const struct conn_address *a);

/* What a client is counted under: its IPv4 address, or the /64 of its IPv6 address. */
void conn_address_key(const struct conn_address *a, uint8_t key[16]);

/* Reads "192.0.2.1", "2001:db8::1". ERR_BAD_REQUEST. The port is 0. */
NODISCARD enum err conn_address_parse(struct str text, struct conn_address *out);

/* For listeners: takes a connected, non-blocking descriptor. ERR_NOMEM, ERR_UNAVAILABLE; it is then closed. */
NODISCARD enum err conn_new(
	struct loop *l, int take_fd, const struct conn_address *peer, struct conn **out);

/* An open file, shared by reference. Only regular files. */
NODISCARD enum err conn_file_new(
	int take_fd, struct conn_file **out); /* ERR_NOMEM; take_fd is then closed */
struct conn_file *conn_file_ref(struct conn_file *f);
void conn_file_unref(struct conn_file *f);

#endif
