/* SPDX-License-Identifier: MIT
 *
 * tls_context - what connections share: a client's trust, a server's identity. TLS 1.2 and 1.3.
 *
 * Layer: net.  Threads: any may read one; each reference has one owner.
 */
#ifndef NET_TLS_CONTEXT_H
#define NET_TLS_CONTEXT_H

#include "base/attr.h"
#include "base/err.h"

struct tls_context;

/*
 * For a client: whom to trust, the authorities in the PEM file, or the system's for NULL. ERR_NOT_FOUND when the file
 * cannot be read or holds none, ERR_NOMEM.
 */
NODISCARD enum err tls_context_trust(const char *ca_file, struct tls_context **out);

/*
 * For a server: the certificate with its chain and its key, both PEM. before (may be NULL) is what it replaces: clients
 * of that resume their sessions. ERR_NOT_FOUND when a file cannot be read, ERR_BAD_REQUEST when it does not hold what it should or the
 * key is another certificate's, ERR_NOMEM.
 */
NODISCARD enum err tls_context_identity(const char *chain_file, const char *key_file,
	const struct tls_context *before, struct tls_context **out);

/* What is made of it lives on. NULL is taken. */
void tls_context_free(struct tls_context *t);

#endif
