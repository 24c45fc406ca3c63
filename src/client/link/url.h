/* SPDX-License-Identifier: MIT
 *
 * url - the parts of a server's or a proxy's address (RFC 3986), and which proxy the environment names for one.
 *
 * Layer: client.  Threads: any.
 */
#ifndef CLIENT_URL_H
#define CLIENT_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/* All borrowed from the text. */
struct url {
	bool secure;      /* https or wss */
	struct str user;  /* "name:password", still percent-encoded; empty when there is none */
	struct str host;  /* without brackets; never empty */
	uint16_t port;    /* 80 or 443 when it is not named */
	bool port_is_own; /* it is named, and not that one */
	struct str path;  /* begins with '/', or is empty */
	struct str query; /* behind '?'; may be empty. What stands behind '#' is dropped */
};

/*
 * http, https, ws and wss; a text without "://" is taken as http. ERR_BAD_REQUEST for another scheme, a host or port
 * that is none, and for any byte that a URL may not hold.
 */
NODISCARD enum err url_parse(struct str text, struct url *out);

/*
 * The proxy for this address: true with its URL's text, borrowed from the environment. Read are https_proxy
 * or http_proxy by the scheme, all_proxy, and no_proxy: "*", or names and addresses between commas, each of which
 * stands for what ends with it too. Capital letters count but for HTTP_PROXY, which a web server's visitor could set.
 */
bool url_proxy(const struct url *u, char *(*environment)(const char *name), struct str *out);

#endif
