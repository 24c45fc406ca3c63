/* SPDX-License-Identifier: MIT
 *
 * charge - the bytes that requests under way keep, counted against their user and the server before they are kept.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#ifndef DISPATCH_CHARGE_H
#define DISPATCH_CHARGE_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

struct dispatch_packet;
struct hub;
struct user_rate;

/* What is charged, to be given back by charge_give; 0 bytes: nothing. */
struct charge {
	struct user_rate *user; /* NULL: only the server */
	size_t bytes;
};

/*
 * Charges what a packet keeps while it is deferred or worked on. A user's only request always has room. Refused by
 * ERR_RATE_LIMITED when the user has too much under way, by ERR_UNAVAILABLE when all have; *sentence says so.
 */
NODISCARD enum err charge_take(struct hub *hub, struct user_rate *user,
	const struct dispatch_packet *packet, struct charge *out, const char **sentence);

void charge_give(struct hub *hub, struct charge *c);

#endif
