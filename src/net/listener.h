/* SPDX-License-Identifier: MIT
 *
 * listener - a listening TCP socket.
 *
 * Layer: net.  Threads: its loop's.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"
#include "net/conn.h"
#include "net/loop.h"

struct listener;

enum { LISTENER_ADDRESS_MAX = 64 };

/*
 * Listens on address: "HOST:PORT", "[IPV6]:PORT", ":PORT" for all; port 0 is chosen by the kernel.
 * accepted(context, take_fd, peer) gets each descriptor, for conn_new on whichever loop. ERR_BAD_REQUEST for an address that is none,
 * ERR_CONFLICT when it is in use, ERR_FORBIDDEN, ERR_UNAVAILABLE, ERR_NOMEM.
 */
NODISCARD enum err listener_new(struct loop *l, struct str address,
	void (*accepted)(void *context, int take_fd, const struct conn_address *peer),
	void *context, struct listener **out);

/* Stops listening; connections stay. NULL is taken. */
void listener_free(struct listener *s);

/* Where it listens, as "127.0.0.1:3000" or "[::1]:3000", NUL-terminated: the real port. Borrowed. */
const char *listener_address(const struct listener *s);

#endif
