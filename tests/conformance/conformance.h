/* SPDX-License-Identifier: MIT
 *
 * conformance - the profiles that stand in files of their own.
 *
 * Layer: tests.  Threads: one.
 */
#ifndef CONFORMANCE_CONFORMANCE_H
#define CONFORMANCE_CONFORMANCE_H

#include <string.h>

#include <sio/sio.h>
#include <sio/sio_engine.h>

#define TEXT(literal) ((struct sio_str){ "" literal, sizeof(literal) - 1 })

static inline bool conformance_is(struct sio_str s, const char *z)
{
	return s.n == strlen(z) && memcmp(s.p, z, s.n) == 0;
}

/* conformance_client.c: what socket.io-client's own tests ask of a server. */
void conformance_client_options(struct sio_options *o);
enum sio_result conformance_client(struct sio_server *s);

/* conformance_engine.c: what engine.io-client's own tests ask of a server. */
void conformance_engine_options(struct sio_options *o);
enum sio_result conformance_engine(struct sio_server *s);

/* The same file: a first message, and each message is answered by who sent it how. */
void conformance_initial_options(struct sio_options *o);
enum sio_result conformance_initial(struct sio_server *s);

/* conformance_hooks.c: a program that gives ids and is told of refused requests. */
void conformance_hooks_options(struct sio_options *o);
void conformance_watched_options(struct sio_options *o); /* without CORS, nor hooks of requests */
enum sio_result conformance_hooks(struct sio_server *s);

#endif
