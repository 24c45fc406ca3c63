/* SPDX-License-Identifier: MIT
 *
 * listening - see listening.h.
 *
 * Layer: app.  Threads: the loop's.
 */
#include "app/listening.h"

#include <signal.h>

static enum err listen_at(struct listening *l, const char *where, bool secure)
{
	const char **first = secure ? &l->secure : &l->plain, *address = NULL;
	enum sio_result r = secure ? sio_server_listen_tls(l->server, where, &address)
	                           : sio_server_listen(l->server, where, &address);

	switch (r) {
	case SIO_OK:
		*first = *first ? *first : address;
		return ERR_OK;
	case SIO_INVALID:
		log_line(l->log, LOG_ERROR, "`%s` is no address; say ADDR:PORT, as 127.0.0.1:3000.",
			where);
		return ERR_BAD_REQUEST;
	case SIO_IN_USE:
		log_line(l->log, LOG_ERROR,
			"Another program listens on %s already; stop it, or say --listen "
			"ADDR:PORT.",
			where);
		return ERR_CONFLICT;
	default:
		log_line(l->log, LOG_ERROR, "Listening on %s is not possible: %s.", where,
			sio_result_text(r));
		return ERR_UNAVAILABLE;
	}
}

static enum err read_certificate(struct listening *l)
{
	const char *chain = l->config->tls_certificate.p, *key = l->config->tls_key.p;

	switch (sio_server_set_certificate(l->server, chain, key)) {
	case SIO_OK:
		return ERR_OK;
	case SIO_UNAVAILABLE:
		log_line(l->log, LOG_ERROR,
			"tls_certificate `%s` or tls_key `%s` cannot be read; both are PEM files "
			"that this program may read.",
			chain, key);
		return ERR_NOT_FOUND;
	default:
		log_line(l->log, LOG_ERROR,
			"tls_certificate `%s` and tls_key `%s` are not a certificate and its key, "
			"in "
			"PEM.",
			chain, key);
		return ERR_BAD_REQUEST;
	}
}

static void read_again(void *context, int number)
{
	struct listening *l = context;

	(void)number;
	if (!l->secure)
		return;
	if (read_certificate(l))
		log_line(l->log, LOG_WARNING, "The certificate in use stays.");
	else
		log_line(l->log, LOG_INFO, "The certificate was read again.");
}

enum err listening_begin(struct listening *l, struct loop *loop)
{
	const struct config *c = l->config;
	enum err e = c->listen_tls.n ? read_certificate(l) : ERR_OK;

	for (size_t i = 0; !e && i < c->listen.n; i++)
		e = listen_at(l, c->listen.v[i].p, false);
	for (size_t i = 0; !e && i < c->listen_tls.n; i++)
		e = listen_at(l, c->listen_tls.v[i].p, true);
	return e ? e : loop_on_signal(loop, SIGHUP, read_again, l);
}
