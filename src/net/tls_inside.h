/* SPDX-License-Identifier: MIT
 *
 * tls_inside - what tls and its contexts share.
 *
 * Layer: net, private to it.  Threads: see tls_context.h.
 */
#ifndef NET_TLS_INSIDE_H
#define NET_TLS_INSIDE_H

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "net/tls_context.h"

struct tls_context {
	atomic_uint refs;
	SSL_CTX *ctx;
	BIO_METHOD *pipe; /* between OpenSSL and a struct tls */
	bool server;
};

struct tls_context *tls_context_ref(struct tls_context *t);

/* In tls.c: the functions of `pipe`. */
int tls_pipe_write(BIO *b, const char *p, size_t n, size_t *written);
int tls_pipe_read(BIO *b, char *p, size_t n, size_t *read);
long tls_pipe_control(BIO *b, int command, long number, void *pointer);

#endif
