/* SPDX-License-Identifier: MIT
 *
 * handshake - what a session remembers of the request that opened it: who, from where, with which fields.
 *
 * Layer: eio.  Threads: one owner at a time.
 */
#ifndef EIO_HANDSHAKE_H
#define EIO_HANDSHAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

struct handshake;

struct handshake_field {
	struct str name, value;
};

/* What the host keeps for a session as long as its memory lives. */
struct handshake_charge {
	void *charge; /* owned; NULL: none */
	void (*joined)(void *charge);
	void (*free)(void *charge);
};

/* What goes in; all is copied, `fields` as they stand. */
struct handshake_source {
	struct str address; /* the client's, as text */
	struct str path;
	struct str query; /* still percent-encoded */
	const struct handshake_field *fields;
	size_t field_count;
	int64_t time_ms;                /* since 1970 */
	bool secure;                    /* https or wss, as far as is known */
	struct handshake_charge charge; /* the handshake's, unless handshake_new fails */
};

NODISCARD enum err handshake_new(
	const struct handshake_source *from, struct handshake **out); /* ERR_NOMEM, ERR_TOO_LARGE */
void handshake_free(struct handshake *h);

/* The session is in use now: its charge is told, once. */
void handshake_joined(struct handshake *h);

struct str handshake_address(const struct handshake *h);
struct str handshake_path(const struct handshake *h);
struct str handshake_query(const struct handshake *h);
int64_t handshake_time_ms(const struct handshake *h);
bool handshake_is_secure(const struct handshake *h);

/* The next field from *at on: true, and *at behind it; false at the end. *at begins with 0. */
bool handshake_next(const struct handshake *h, size_t *at, struct handshake_field *out);

#endif
