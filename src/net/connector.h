/* SPDX-License-Identifier: MIT
 *
 * connector - an outgoing TCP connection: the name is looked up, its addresses are tried one after the other.
 *
 * Layer: net.  Threads: its loop's; names are looked up on libuv's own threads.
 */
#ifndef NET_CONNECTOR_H
#define NET_CONNECTOR_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"
#include "net/conn.h"
#include "net/loop.h"

struct connector;

struct connector_source {
	struct str host; /* a name, or an address without brackets; at most 255 bytes */
	uint16_t port;
	/* Called once, never from inside connector_new: with the connection (why is NULL), or without and one English sentence. */
	void (*done)(void *context, struct conn *c, const char *why);
	void *context;
};

/*
 * Begins. There is no time limit but the system's for the last address; each one before it has 5 s. ERR_BAD_REQUEST
 * for a host that is none, ERR_NOMEM, ERR_UNAVAILABLE.
 */
NODISCARD enum err connector_new(
	struct loop *l, const struct connector_source *from, struct connector **out);

/* Only before `done` was called, and then it is not called any more: after it the connector is gone by itself. */
void connector_cancel(struct connector *c);

#endif
