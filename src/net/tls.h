/* SPDX-License-Identifier: MIT
 *
 * tls - TLS 1.2 and 1.3 by OpenSSL, either side of it, between two byte streams: what came from the network goes in,
 * what is to go there comes out by a sink. No descriptor is touched here; between messages it keeps no buffer.
 *
 * To a client the certificate must be good: signed by a trusted authority, in its time, and made for the host's name or
 * address.
 *
 * Layer: net.  Threads: one owner at a time.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"
#include "net/tls_context.h"

struct tls;

/* None of these may call tls_free. */
struct tls_sink {
	void (*to_network)(void *context, struct str bytes);
	void (*ready)(
		void *context); /* the handshake is done, tls_write may be called; may be NULL */
	void (*plain)(void *context, char *p, size_t n); /* may be changed during the call */
};

/* A client's end. host: a name or an address, without brackets. sink must outlive it. ERR_BAD_REQUEST for a host that is none, ERR_NOMEM. */
NODISCARD enum err tls_new(struct tls_context *trust, struct str host, const struct tls_sink *sink,
	void *context, struct tls **out);

/* A server's end; it has no sink yet. ERR_NOMEM. */
NODISCARD enum err tls_new_server(struct tls_context *identity, struct tls **out);
void tls_set_sink(struct tls *t, const struct tls_sink *sink, void *context);

void tls_free(struct tls *t); /* NULL is taken */

/* Begins a client's handshake. False: tls_fault says why. */
NODISCARD bool tls_begin(struct tls *t);

/* Takes what came from the network; an empty one takes what is left. False when the stream is over: tls_fault says why. */
NODISCARD bool tls_feed(struct tls *t, struct str bytes);

/* True when the handshake is done and the stream is not over. */
bool tls_is_ready(const struct tls *t);

/* Sends bytes to the other side. False: no memory. */
NODISCARD bool tls_write(struct tls *t, struct str bytes);

/* Says that nothing more will be sent. */
void tls_end(struct tls *t);

/* One English sentence; NULL when the other side has ended in order. Borrowed. */
const char *tls_fault(const struct tls *t);

#endif
