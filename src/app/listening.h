/* SPDX-License-Identifier: MIT
 *
 * listening - the addresses of the server, with TLS and without, and its certificate, read again on SIGHUP.
 *
 * Layer: app.  Threads: the loop's.
 */
#ifndef APP_LISTENING_H
#define APP_LISTENING_H

#include "app/config.h"
#include "base/log.h"
#include "net/loop.h"
#include "sio/sio.h"

enum { LISTENING_URL_MAX = 512 };

struct listening {
	struct sio_server *server;
	const struct config *config;
	const struct log *log;
	const char *plain, *secure; /* the first address of each kind, or NULL */
};

/*
 * Listens everywhere that config names; l is filled in but for the addresses, and outlives the loop. What is wrong is told in
 * the log: ERR_BAD_REQUEST, ERR_NOT_FOUND (a file), ERR_CONFLICT, ERR_UNAVAILABLE.
 */
NODISCARD enum err listening_begin(struct listening *l, struct loop *loop);

/* What listening_begin would refuse, without listening: the certificate and every address. The same errors. */
NODISCARD enum err listening_check(struct listening *l);

/*
 * The URL that people open: public_url, else the address plain or secure (the first that is not NULL), else the first that
 * config names. NUL-terminated, without a slash at its end; 0.0.0.0 and [::] become localhost.
 */
void listening_url(const struct config *config, const char *plain, const char *secure,
	char out[LISTENING_URL_MAX]);

#endif
