/* SPDX-License-Identifier: MIT
 *
 * tls - see tls.h: OpenSSL over a BIO of our own, which hands bytes through without keeping any.
 *
 * Layer: net.  Threads: one owner at a time.
 */
#include "net/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/tls_inside.h"

enum { HOST_MAX = 255, PIECE_BYTES = 16384, FAULT_MAX = 256 };

struct tls {
	SSL *ssl;
	struct tls_context *shared;
	const struct tls_sink *sink;
	void *context;
	struct str in; /* what came and OpenSSL has not taken yet */
	bool ready, failed;
	bool ended;  /* the other side has, in order */
	char *host;  /* owned; a client's alone */
	char *fault; /* owned, or NULL */
};

/* ---- between OpenSSL and the two streams ---- */

int tls_pipe_write(BIO *b, const char *p, size_t n, size_t *written)
{
	struct tls *t = BIO_get_data(b);

	t->sink->to_network(t->context, (struct str){ p, n });
	*written = n;
	return 1;
}

int tls_pipe_read(BIO *b, char *p, size_t n, size_t *read)
{
	struct tls *t = BIO_get_data(b);

	BIO_clear_retry_flags(b);
	if (t->in.n == 0) {
		BIO_set_retry_read(b);
		return 0;
	}
	if (n > t->in.n)
		n = t->in.n;
	memcpy(p, t->in.p, n);
	t->in = str_after(t->in, n);
	*read = n;
	return 1;
}

long tls_pipe_control(BIO *b, int command, long number, void *pointer)
{
	(void)b;
	(void)number;
	(void)pointer;
	return command == BIO_CTRL_FLUSH;
}

/* ---- making ---- */

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

static enum err make(struct tls_context *shared, struct tls **out)
{
	struct tls *t = calloc(1, sizeof *t);

	if (!t)
		return ERR_NOMEM;
	BIO *pipe = BIO_new(shared->pipe);
	t->ssl = SSL_new(shared->ctx);
	ERR_clear_error();
	if (!pipe || !t->ssl) {
		BIO_free(pipe);
		SSL_free(t->ssl);
		free(t);
		return ERR_NOMEM;
	}
	BIO_set_data(pipe, t);
	BIO_set_init(pipe, 1);
	SSL_set_bio(t->ssl, pipe, pipe);
	t->shared = tls_context_ref(shared);
	*out = t;
	return ERR_OK;
}

enum err tls_new(struct tls_context *trust, struct str host, const struct tls_sink *sink,
	void *context, struct tls **out)
{
	struct tls *t = NULL;

	if (host.n == 0 || host.n > HOST_MAX || memchr(host.p, 0, host.n))
		return ERR_BAD_REQUEST;
	enum err e = make(trust, &t);
	if (e)
		return e;
	SSL_set_connect_state(t->ssl);
	tls_set_sink(t, sink, context);
	t->host = strndup(host.p, host.n);
	if (!t->host)
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

enum err tls_new_server(struct tls_context *identity, struct tls **out)
{
	enum err e = make(identity, out);

	if (!e)
		SSL_set_accept_state((*out)->ssl);
	return e;
}

void tls_set_sink(struct tls *t, const struct tls_sink *sink, void *context)
{
	t->sink = sink;
	t->context = context;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	SSL_free(t->ssl);
	tls_context_free(t->shared);
	free(t->host);
	free(t->fault);
	free(t);
}

/* ---- at work ---- */

/* Notes why the stream is over; OpenSSL's own queue of errors is emptied. */
static bool fail(struct tls *t)
{
	long verified = SSL_get_verify_result(t->ssl);
	unsigned long code = ERR_get_error();
	const char *why = code ? ERR_reason_error_string(code) : NULL;

	t->failed = true;
	t->fault = malloc(FAULT_MAX);
	ERR_clear_error();
	if (!t->fault)
		return false;
	if (verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH)
		snprintf(t->fault, FAULT_MAX,
			"The server's certificate is not for %.100s: the address is wrong, or "
			"somebody stands between.",
			t->host);
	else if (verified != X509_V_OK)
		snprintf(t->fault, FAULT_MAX, "The server's certificate is not trusted: %.150s.",
			X509_verify_cert_error_string(verified));
	else
		snprintf(t->fault, FAULT_MAX, "TLS failed: %.150s.",
			why ? why : "the other side speaks something else");
	return false;
}

/* One call of OpenSSL did not succeed: true when it only waits for more. */
static bool waits(struct tls *t, int result)
{
	int error = SSL_get_error(t->ssl, result);

	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return true;
	if (error == SSL_ERROR_ZERO_RETURN) { /* close_notify */
		t->failed = t->ended = true;
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
		t->ready = true;
		if (t->sink->ready)
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
	t->in = bytes;
	return step(t);
}

bool tls_is_ready(const struct tls *t)
{
	return t->ready && !t->failed;
}

bool tls_write(struct tls *t, struct str bytes)
{
	if (t->failed)
		return false;
	ERR_clear_error();
	if (bytes.n && SSL_write(t->ssl, bytes.p, (int)bytes.n) != (int)bytes.n)
		return fail(t);
	return true;
}

void tls_end(struct tls *t)
{
	if (!tls_is_ready(t) || (SSL_get_shutdown(t->ssl) & SSL_SENT_SHUTDOWN))
		return;
	ERR_clear_error();
	SSL_shutdown(t->ssl);
	ERR_clear_error();
}

const char *tls_fault(const struct tls *t)
{
	return t->ended || t->fault ? t->fault : "There is no memory for TLS.";
}
