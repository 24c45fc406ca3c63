/* SPDX-License-Identifier: MIT
 *
 * tls_context - see tls_context.h.
 *
 * Layer: net.  Threads: see tls_context.h.
 */
#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <unistd.h>

#include "net/tls_inside.h"

enum { TICKET_KEYS_MAX = 256 };

/* Forward secrecy and authenticated encryption for 1.2; 1.3 has nothing else. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

struct tls_context *tls_context_ref(struct tls_context *t)
{
	atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
	return t;
}

void tls_context_free(struct tls_context *t)
{
	if (!t || atomic_fetch_sub_explicit(&t->refs, 1, memory_order_acq_rel) != 1)
		return;
	SSL_CTX_free(t->ctx);
	BIO_meth_free(t->pipe);
	free(t);
}

static enum err make(bool server, struct tls_context **out)
{
	struct tls_context *t = calloc(1, sizeof *t);

	if (!t)
		return ERR_NOMEM;
	atomic_init(&t->refs, 1);
	t->server = server;
	t->ctx = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
	t->pipe = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "tls");
	bool made = t->ctx && t->pipe && BIO_meth_set_write_ex(t->pipe, tls_pipe_write) &&
	            BIO_meth_set_read_ex(t->pipe, tls_pipe_read) &&
	            BIO_meth_set_ctrl(t->pipe, tls_pipe_control);
	ERR_clear_error();
	if (!made) {
		tls_context_free(t);
		return ERR_NOMEM;
	}
	SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION);
	SSL_CTX_set_mode(t->ctx, SSL_MODE_RELEASE_BUFFERS);
	*out = t;
	return ERR_OK;
}

enum err tls_context_trust(const char *ca_file, struct tls_context **out)
{
	struct tls_context *t = NULL;
	enum err e = make(false, &t);

	if (e)
		return e;
	SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, NULL);
	int ok = ca_file ? SSL_CTX_load_verify_locations(t->ctx, ca_file, NULL)
	                 : SSL_CTX_set_default_verify_paths(t->ctx);
	ERR_clear_error();
	if (ok != 1) {
		tls_context_free(t);
		return ERR_NOT_FOUND;
	}
	*out = t;
	return ERR_OK;
}

/* http/1.1 is all that we speak: who offers protocols without it is told so (RFC 7301). */
/* NOLINTNEXTLINE(readability-function-size): the parameters are OpenSSL's */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_n,
	const unsigned char *offered, unsigned offered_n, void *context)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen;

	(void)ssl;
	(void)context;
	if (SSL_select_next_proto(&chosen, out_n, ours, sizeof ours - 1, offered, offered_n) !=
		OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* The keys with which sessions are sealed into tickets. */
static void keep_ticket_keys(const struct tls_context *before, struct tls_context *t)
{
	unsigned char keys[TICKET_KEYS_MAX];
	long n = SSL_CTX_get_tlsext_ticket_keys(t->ctx, NULL, 0);

	if (before && n > 0 && n <= TICKET_KEYS_MAX &&
		SSL_CTX_get_tlsext_ticket_keys(before->ctx, keys, n) == 1)
		SSL_CTX_set_tlsext_ticket_keys(t->ctx, keys, n);
	OPENSSL_cleanse(keys, sizeof keys);
}

static enum err load_files(struct tls_context *t, const char *chain_file, const char *key_file)
{
	if (access(chain_file, R_OK) || access(key_file, R_OK))
		return ERR_NOT_FOUND;
	bool ok = SSL_CTX_use_certificate_chain_file(t->ctx, chain_file) == 1 &&
	          SSL_CTX_use_PrivateKey_file(t->ctx, key_file, SSL_FILETYPE_PEM) == 1 &&
	          SSL_CTX_check_private_key(t->ctx) == 1;
	ERR_clear_error();
	return ok ? ERR_OK : ERR_BAD_REQUEST;
}

enum err tls_context_identity(const char *chain_file, const char *key_file,
	const struct tls_context *before, struct tls_context **out)
{
	struct tls_context *t = NULL;
	enum err e = make(true, &t);

	if (e)
		return e;
	e = load_files(t, chain_file, key_file);
	if (e) {
		tls_context_free(t);
		return e;
	}
	SSL_CTX_set_cipher_list(t->ctx, CIPHERS);
	SSL_CTX_set_options(t->ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_session_cache_mode(t->ctx, SSL_SESS_CACHE_OFF); /* tickets need no memory */
	SSL_CTX_set_num_tickets(t->ctx, 1);
	SSL_CTX_set_alpn_select_cb(t->ctx, choose_protocol, NULL);
	keep_ticket_keys(before, t);
	ERR_clear_error();
	*out = t;
	return ERR_OK;
}
