/* SPDX-License-Identifier: MIT
 *
 * conn_tls - the TLS of a connection: what came becomes plain, what is to go is sealed and sent.
 *
 * Layer: net, private to it.  Threads: the loop's.
 */
#ifndef NET_CONN_TLS_H
#define NET_CONN_TLS_H

#include <sys/uio.h>

#include "base/buf.h"
#include "net/tls.h"

struct conn_tls;

/* ERR_NOMEM; take_tls is then freed. */
NODISCARD enum err conn_tls_new(struct tls *take_tls, struct conn_tls **out);
void conn_tls_free(struct conn_tls *t); /* NULL is taken */

/* Frees all but the tls, which is the caller's then. Nothing waits to be sent. */
NODISCARD struct tls *conn_tls_leave(struct conn_tls *t);

/* Appends to plain what bytes hold. False when the stream is over; *clean: the other side ended it in order. */
NODISCARD bool conn_tls_feed(struct conn_tls *t, struct str bytes, struct buf *plain, bool *clean);

/* True when conn_tls_seal may be called. */
bool conn_tls_is_ready(const struct conn_tls *t);

/* Seals a record of the first bytes of iov. Returns how many it took; 0 without memory. */
size_t conn_tls_seal(struct conn_tls *t, const struct iovec *iov, size_t count);

/* Sealed bytes that wait to be sent. */
size_t conn_tls_waiting(const struct conn_tls *t);

/* Sends what waits in one call. Returns 0 when it is all gone, 1 when the socket is full, -1 at an error. */
int conn_tls_send(struct conn_tls *t, int fd);

/* Says that nothing more will come, if the socket takes it at once. */
void conn_tls_end(struct conn_tls *t, int fd);

#endif
