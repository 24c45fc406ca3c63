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

#endif
