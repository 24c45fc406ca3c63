/* SPDX-License-Identifier: MIT
 *
 * listening - see listening.h.
 *
 * Layer: app.  Threads: the loop's.
 */
#include "app/listening.h"

#include <signal.h>
#include <stdio.h>

#include "net/listener.h"

static enum err refused(const struct listening *l, const char *where, enum sio_result r)
{
	switch (r) {
	case SIO_OK:
		return ERR_OK;
	case SIO_INVALID:
		log_line(l->log, LOG_ERROR,
			"`%s` is not an address to listen on; say ADDR:PORT, as 127.0.0.1:3000.",
			where);
		return ERR_BAD_REQUEST;
	case SIO_IN_USE:
		log_line(l->log, LOG_ERROR,
			"Another program listens on %s already; stop it, or say --listen "
			"ADDR:PORT.",
			where);
		return ERR_CONFLICT;
	case SIO_FORBIDDEN:
		log_line(l->log, LOG_ERROR,
			"This account may not listen on %s; ports below 1024 need root or "
			"CAP_NET_BIND_SERVICE.",
			where);
		return ERR_FORBIDDEN;
	default:
		log_line(l->log, LOG_ERROR, "This machine has no address %s to listen on.", where);
		return ERR_UNAVAILABLE;
	}
}

static enum err listen_at(struct listening *l, const char *where, bool secure)
{
	const char **first = secure ? &l->secure : &l->plain, *address = NULL;
	enum sio_result r = secure ? sio_server_listen_tls(l->server, where, &address)
	                           : sio_server_listen(l->server, where, &address);

	if (r == SIO_OK && !*first)
		*first = address;
	return refused(l, where, r);
}

static enum err read_certificate(struct listening *l)
{
	const char *chain = l->config->tls_certificate.p, *key = l->config->tls_key.p;

	if (!l->config->tls_certificate.n || !l->config->tls_key.n) {
		log_line(l->log, LOG_ERROR,
			"listen_tls needs tls_certificate and tls_key, PEM files both.");
		return ERR_BAD_REQUEST;
	}
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

/* Calls fn for every address, those of IPv4 first: 0.0.0.0 and [::] of one port are taken in this order. */
static enum err each_address(
	struct listening *l, enum err (*fn)(struct listening *l, const char *where, bool secure))
{
	const struct config_list *lists[] = { &l->config->listen, &l->config->listen_tls };
	enum err e = ERR_OK;

	for (int v6 = 0; v6 < 2; v6++) {
		for (size_t i = 0; i < COUNT_OF(lists); i++) {
			for (size_t k = 0; !e && k < lists[i]->n; k++) {
				if ((lists[i]->v[k].p[0] == '[') == v6)
					e = fn(l, lists[i]->v[k].p, i > 0);
			}
		}
	}
	return e;
}

static enum err prepare(struct listening *l)
{
	if (l->config->listen_tls.n)
		return read_certificate(l);
	if (l->config->listen.n)
		return ERR_OK;
	log_line(l->log, LOG_ERROR, "There is no address to listen on; set listen or listen_tls.");
	return ERR_BAD_REQUEST;
}

enum err listening_begin(struct listening *l, struct loop *loop)
{
	enum err e = prepare(l);

	if (!e)
		e = each_address(l, listen_at);
	return e ? e : loop_on_signal(loop, SIGHUP, read_again, l);
}

static enum err probe(struct listening *l, const char *where, bool secure)
{
	(void)secure;
	switch (listener_probe(str_of(where))) {
	case ERR_OK:
		return ERR_OK;
	case ERR_BAD_REQUEST:
		return refused(l, where, SIO_INVALID);
	case ERR_CONFLICT:
		log_line(l->log, LOG_WARNING,
			"%s is taken at the moment: fine when that is the running server.", where);
		return ERR_OK;
	case ERR_FORBIDDEN:
		log_line(l->log, LOG_WARNING,
			"This account may not listen on %s; the service must be allowed to.",
			where);
		return ERR_OK;
	default:
		return refused(l, where, SIO_UNAVAILABLE);
	}
}

enum err listening_check(struct listening *l)
{
	enum err e = prepare(l);

	return e ? e : each_address(l, probe);
}

/* "0.0.0.0:3000" and "[::]:3000" are every address of the machine: localhost is one that can be opened. */
static struct str openable(const char *address, struct str *host)
{
	struct str a = str_of(address);

	*host = STR("localhost");
	if (str_starts(a, STR("0.0.0.0:")))
		return str_after(a, strlen("0.0.0.0"));
	if (str_starts(a, STR("[::]:")))
		return str_after(a, strlen("[::]"));
	*host = STR("");
	return a;
}

void listening_url(const struct config *config, const char *plain, const char *secure,
	char out[LISTENING_URL_MAX])
{
	struct str base = config->public_url, host;

	while (base.n && base.p[base.n - 1] == '/')
		base.n--;
	if (base.n) {
		snprintf(out, LISTENING_URL_MAX, "%.*s", STR_ARG(base));
		return;
	}
	if (!plain && !secure) {
		plain = config->listen.n ? config->listen.v[0].p : NULL;
		secure = config->listen_tls.n ? config->listen_tls.v[0].p : NULL;
	}
	if (!plain && !secure) {
		out[0] = '\0';
		return;
	}
	struct str rest = openable(plain ? plain : secure, &host);
	snprintf(out, LISTENING_URL_MAX, "%s://%.*s%.*s", plain ? "http" : "https", STR_ARG(host),
		STR_ARG(rest));
}
