/* SPDX-License-Identifier: MIT
 *
 * listener - a listening TCP socket.
 *
 * Layer: net.  Threads: its loop's.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"
#include "net/conn.h"
#include "net/loop.h"

struct listener;

enum { LISTENER_ADDRESS_MAX = 64 };

/* Where and how to listen. */
struct listener_options {
	struct str
		address; /* "HOST:PORT", "[IPV6]:PORT", ":PORT" for all; port 0 is chosen by the kernel */
	bool v6_only; /* a socket of [::] takes no IPv4 connections: another one listens for those */
	/* Gets each descriptor, for conn_new on whichever loop. */
	void (*accepted)(void *context, int take_fd, const struct conn_address *peer);
	void *context;
};

/*
 * Begins to listen. ERR_BAD_REQUEST for an address that does not parse or resolve, ERR_CONFLICT when it is in use,
 * ERR_FORBIDDEN when the system does not allow it (a port below 1024), ERR_UNAVAILABLE when this machine does not have it, ERR_NOMEM.
 */
NODISCARD enum err listener_new(
	struct loop *l, const struct listener_options *options, struct listener **out);

/* Binds address for a moment, without listening, and says what listener_new would: the same errors. */
NODISCARD enum err listener_probe(struct str address);

/* Stops listening; connections stay. NULL is taken. */
void listener_free(struct listener *s);

/* Where it listens, as "127.0.0.1:3000" or "[::1]:3000", NUL-terminated: the real port. Borrowed. */
const char *listener_address(const struct listener *s);

#endif
