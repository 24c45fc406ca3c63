/* SPDX-License-Identifier: MIT
 *
 * tls - the client's side of TLS 1.2 and 1.3 by OpenSSL, between two byte streams: what came from the network goes in,
 * what is to go there comes out by a sink. No descriptor is touched here.
 *
 * The certificate must be good: signed by a trusted authority, in its time, and made for the host's name or address.
 *
 * Layer: net.  Threads: one owner at a time; a tls_trust is only read after it was made.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

struct tls_trust;
struct tls;

/*
 * Whom to trust: the authorities in the PEM file, or the system's for NULL. ERR_NOT_FOUND when the file cannot be read
 * or holds none, ERR_NOMEM.
 */
NODISCARD enum err tls_trust_new(const char *ca_file, struct tls_trust **out);
void tls_trust_free(struct tls_trust *t); /* NULL is taken; its tls are gone before */

/* None of these may call tls_free. */
struct tls_sink {
	void (*to_network)(void *context, struct str bytes);
	void (*ready)(void *context); /* the handshake is done, tls_write may be called */
	void (*plain)(void *context, char *p, size_t n); /* may be changed during the call */
};

/* host: a name or an address, without brackets. sink must outlive it. ERR_BAD_REQUEST for a host that is none, ERR_NOMEM. */
NODISCARD enum err tls_new(struct tls_trust *trust, struct str host, const struct tls_sink *sink,
	void *context, struct tls **out);
void tls_free(struct tls *t); /* NULL is taken */

/* Begins the handshake. False: tls_fault says why. */
NODISCARD bool tls_begin(struct tls *t);

/* Takes what came from the network; an empty one takes what is left. False when the stream is over: tls_fault says why. */
NODISCARD bool tls_feed(struct tls *t, struct str bytes);

/* Sends bytes to the other side. False: no memory. */
NODISCARD bool tls_write(struct tls *t, struct str bytes);

/* Says that nothing more will be sent. */
void tls_end(struct tls *t);

/* One English sentence; NULL when the other side has ended in order. Borrowed. */
const char *tls_fault(const struct tls *t);

#endif
