/* SPDX-License-Identifier: MIT
 *
 * conn_address - the address part of conn.h: text to bytes and back.
 *
 * Layer: net.  Threads: any.
 */
#include <arpa/inet.h>

#include "net/conn.h"

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff }; /* RFC 4291 section 2.5.5.2 */

size_t conn_address_text(const struct conn_address *a, char out[CONN_ADDRESS_MAX])
{
	if (memcmp(a->ip, mapped, sizeof mapped) == 0)
		inet_ntop(AF_INET, a->ip + sizeof mapped, out, CONN_ADDRESS_MAX);
	else
		inet_ntop(AF_INET6, a->ip, out, CONN_ADDRESS_MAX);
	return strlen(out);
}

void conn_address_key(const struct conn_address *a, uint8_t key[16])
{
	memcpy(key, a->ip, 16);
	if (memcmp(a->ip, mapped, sizeof mapped) != 0 && !conn_address_is_loopback(a))
		memset(key + 8, 0, 8);
}

bool conn_address_is_loopback(const struct conn_address *a)
{
	static const uint8_t v6[16] = { [15] = 1 };

	if (memcmp(a->ip, mapped, sizeof mapped) == 0)
		return a->ip[12] == 127;
	return memcmp(a->ip, v6, sizeof v6) == 0;
}

enum err conn_address_parse(struct str text, struct conn_address *out)
{
	char z[CONN_ADDRESS_MAX];
	struct conn_address a = { 0 };

	if (text.n == 0 || text.n >= sizeof z)
		return ERR_BAD_REQUEST;
	memcpy(z, text.p, text.n);
	z[text.n] = '\0';
	if (inet_pton(AF_INET, z, a.ip + sizeof mapped) == 1)
		memcpy(a.ip, mapped, sizeof mapped);
	else if (inet_pton(AF_INET6, z, a.ip) != 1)
		return ERR_BAD_REQUEST;
	*out = a;
	return ERR_OK;
}
