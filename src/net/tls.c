/* SPDX-License-Identifier: MIT
 *
 * tls - see tls.h: OpenSSL over two memory BIOs.
 *
 * Layer: net.  Threads: one owner at a time.
 */
#include "net/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

enum { HOST_MAX = 255, PIECE_BYTES = 16384, FAULT_MAX = 256 };

struct tls_trust {
	SSL_CTX *ctx;
};

struct tls {
	SSL *ssl;
	const struct tls_sink *sink;
	void *context;
	bool ready, failed;
	char host[HOST_MAX + 1];
	char fault[FAULT_MAX]; /* empty when there is none */
};

enum err tls_trust_new(const char *ca_file, struct tls_trust **out)
{
	struct tls_trust *t = calloc(1, sizeof *t);

	if (!t)
		return ERR_NOMEM;
	t->ctx = SSL_CTX_new(TLS_client_method());
	if (!t->ctx) {
		free(t);
		return ERR_NOMEM;
	}
	SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION);
	SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, NULL);
	int ok = ca_file ? SSL_CTX_load_verify_locations(t->ctx, ca_file, NULL)
	                 : SSL_CTX_set_default_verify_paths(t->ctx);
	ERR_clear_error();
	if (ok != 1) {
		tls_trust_free(t);
		return ERR_NOT_FOUND;
	}
	*out = t;
	return ERR_OK;
}

void tls_trust_free(struct tls_trust *t)
{
	if (!t)
		return;
	SSL_CTX_free(t->ctx);
	free(t);
}

/* The certificate must be for this host; a name is also sent, so that a server with many knows which (RFC 6066). */
static bool expect_host(struct tls *t)
{
	struct in6_addr address;
	bool is_address = inet_pton(AF_INET, t->host, &address) == 1 ||
	                  inet_pton(AF_INET6, t->host, &address) == 1;

	if (is_address)
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(t->ssl), t->host) == 1;
	SSL_set_hostflags(t->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set_tlsext_host_name(t->ssl, t->host) == 1 &&
	       SSL_set1_host(t->ssl, t->host) == 1;
}

static bool make_ssl(struct tls *t, SSL_CTX *ctx)
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	t->ssl = SSL_new(ctx);
	if (!in || !out || !t->ssl) {
		BIO_free(in);
		BIO_free(out);
		return false;
	}
	SSL_set_bio(t->ssl, in, out);
	SSL_set_connect_state(t->ssl);
	SSL_set_mode(t->ssl, SSL_MODE_RELEASE_BUFFERS);
	return true;
}

enum err tls_new(struct tls_trust *trust, struct str host, const struct tls_sink *sink,
	void *context, struct tls **out)
{
	if (host.n == 0 || host.n > HOST_MAX || memchr(host.p, 0, host.n))
		return ERR_BAD_REQUEST;
	struct tls *t = calloc(1, sizeof *t);
	if (!t)
		return ERR_NOMEM;
	memcpy(t->host, host.p, host.n);
	t->sink = sink;
	t->context = context;
	enum err e = ERR_OK;
	if (!make_ssl(t, trust->ctx))
		e = ERR_NOMEM;
	else if (!expect_host(t))
		e = ERR_BAD_REQUEST;
	ERR_clear_error();
	if (e) {
		tls_free(t);
		return e;
	}
	*out = t;
	return ERR_OK;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	SSL_free(t->ssl);
	free(t);
}

/* Hands on what OpenSSL has written. */
static void drain(struct tls *t)
{
	BIO *out = SSL_get_wbio(t->ssl);
	char *p;
	long n = BIO_get_mem_data(out, &p);

	if (n <= 0)
		return;
	t->sink->to_network(t->context, (struct str){ p, (size_t)n });
	(void)BIO_reset(out);
}

/* Notes why the stream is over; OpenSSL's own queue of errors is emptied. */
static bool fail(struct tls *t)
{
	long verified = SSL_get_verify_result(t->ssl);
	unsigned long code = ERR_get_error();
	const char *why = code ? ERR_reason_error_string(code) : NULL;

	t->failed = true;
	if (verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH)
		snprintf(t->fault, sizeof t->fault,
			"The server's certificate is not for %.100s: the address is wrong, or "
			"somebody stands between.",
			t->host);
	else if (verified != X509_V_OK)
		snprintf(t->fault, sizeof t->fault,
			"The server's certificate is not trusted: %.150s.",
			X509_verify_cert_error_string(verified));
	else
		snprintf(t->fault, sizeof t->fault, "TLS failed: %.150s.",
			why ? why : "the other side speaks something else");
	ERR_clear_error();
	drain(t); /* the alert */
	return false;
}

/* One call of OpenSSL did not succeed: true when it only waits for more. */
static bool waits(struct tls *t, int result)
{
	int error = SSL_get_error(t->ssl, result);

	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
		drain(t);
		return true;
	}
	if (error == SSL_ERROR_ZERO_RETURN) { /* close_notify */
		t->failed = true;
		return false;
	}
	return fail(t);
}

/* Goes on with the handshake, then reads what there is. */
static bool step(struct tls *t)
{
	char piece[PIECE_BYTES];

	ERR_clear_error();
	if (!t->ready) {
		int result = SSL_do_handshake(t->ssl);
		if (result != 1)
			return waits(t, result);
		drain(t);
		t->ready = true;
		t->sink->ready(t->context);
	}
	for (;;) {
		int n = SSL_read(t->ssl, piece, sizeof piece);
		if (n <= 0)
			return waits(t, n);
		t->sink->plain(t->context, piece, (size_t)n);
		ERR_clear_error();
	}
}

bool tls_begin(struct tls *t)
{
	return step(t);
}

bool tls_feed(struct tls *t, struct str bytes)
{
	if (t->failed)
		return false;
	if (bytes.n && BIO_write(SSL_get_rbio(t->ssl), bytes.p, (int)bytes.n) != (int)bytes.n)
		return fail(t);
	return step(t);
}

bool tls_write(struct tls *t, struct str bytes)
{
	if (t->failed)
		return false;
	ERR_clear_error();
	if (bytes.n && SSL_write(t->ssl, bytes.p, (int)bytes.n) != (int)bytes.n)
		return fail(t);
	drain(t);
	return true;
}

void tls_end(struct tls *t)
{
	if (t->failed || !t->ready)
		return;
	ERR_clear_error();
	SSL_shutdown(t->ssl);
	drain(t);
	ERR_clear_error();
}

const char *tls_fault(const struct tls *t)
{
	return t->fault[0] ? t->fault : NULL;
}
