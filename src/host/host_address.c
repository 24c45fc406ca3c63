/* SPDX-License-Identifier: MIT
 *
 * host_address - what a client's address, and the server in all, may have open: TCP connections and Engine.IO sessions.
 *
 * Both are counted by the address's key (conn_address_key). A session is counted from its request on until its memory is
 * given back, whatever its transport; one that has joined no namespace yet counts as waiting besides.
 *
 * Layer: host.  Threads: any.
 */
#include <stdlib.h>

#include "host/host_inside.h"

/* Where the client's address says nothing: a peer of this machine, when no proxy is trusted. */
static bool is_exempt(const struct sio_server *s, const struct conn_address *a)
{
	return !s->options.max_connections_per_address ||
	       (conn_address_is_loopback(a) && !s->options.trusted_proxy_count);
}

/* The address's entry, made when there is none; NULL without memory. Under the mutex. */
static struct host_address *entry_get(struct sio_server *s, const struct conn_address *a)
{
	struct host_address *entry;
	uint8_t key[16];

	conn_address_key(a, key);
	HASH_FIND(hh, s->addresses, key, sizeof key, entry);
	if (entry)
		return entry;
	entry = calloc(1, sizeof *entry);
	if (!entry)
		return NULL;
	memcpy(entry->ip, key, sizeof entry->ip);
	HASH_ADD(hh, s->addresses, ip, sizeof entry->ip, entry);
	if (entry->hh.tbl)
		return entry;
	free(entry);
	return NULL;
}

/* The address's entry with one more of *what (a member of it); NULL when it has too many. */
static struct host_address *count_in(
	struct sio_server *s, const struct conn_address *a, size_t offset)
{
	pthread_mutex_lock(&s->mutex);
	struct host_address *entry = entry_get(s, a);
	size_t *count = entry ? (size_t *)(void *)((char *)entry + offset) : NULL;

	if (count && *count >= s->options.max_connections_per_address) {
		s->refused_addresses++;
		entry = NULL;
	} else if (count) {
		++*count;
	}
	pthread_mutex_unlock(&s->mutex);
	return entry;
}

static void count_out(struct sio_server *s, struct host_address *entry, size_t offset)
{
	pthread_mutex_lock(&s->mutex);
	--*(size_t *)(void *)((char *)entry + offset);
	if (!entry->connections && !entry->sessions) {
		HASH_DEL(s->addresses, entry);
		free(entry);
	}
	pthread_mutex_unlock(&s->mutex);
}

bool host_address_admit(struct host_peer *p, const struct conn_address *a)
{
	if (p->address || is_exempt(p->server, a))
		return true;
	p->address = count_in(p->server, a, offsetof(struct host_address, connections));
	return p->address != NULL;
}

void host_address_release(struct host_peer *p)
{
	struct host_address *entry = TAKE(p->address);

	if (entry)
		count_out(p->server, entry, offsetof(struct host_address, connections));
}

uint64_t host_address_refused(const struct sio_server *s)
{
	struct sio_server *same = s->threads[0].server; /* the mutex is not const */

	pthread_mutex_lock(&same->mutex);
	uint64_t n = same->refused_addresses;
	pthread_mutex_unlock(&same->mutex);
	return n;
}

/* ---- sessions ---- */

struct host_charge {
	struct sio_server *server;
	struct host_address *address; /* or NULL: the address is not counted */
	bool waiting;                 /* it has joined no namespace yet */
};

/* One more, when there are fewer than max; 0: any. */
static bool add_one(atomic_size_t *count, size_t max)
{
	if (atomic_fetch_add_explicit(count, 1, memory_order_relaxed) < max || !max)
		return true;
	atomic_fetch_sub_explicit(count, 1, memory_order_relaxed);
	return false;
}

static void take_one(atomic_size_t *count)
{
	atomic_fetch_sub_explicit(count, 1, memory_order_relaxed);
}

static enum sio_limit charge(struct host_charge *c, const struct conn_address *a)
{
	struct sio_server *s = c->server;

	if (!is_exempt(s, a)) {
		c->address = count_in(s, a, offsetof(struct host_address, sessions));
		if (!c->address)
			return SIO_LIMIT_ADDRESS;
	}
	if (!add_one(&s->waiting, s->options.max_waiting_connections))
		return SIO_LIMIT_CONNECTIONS;
	c->waiting = true;
	if (add_one(&s->sessions, s->options.max_connections))
		return SIO_LIMIT_NONE;
	host_charge_joined(c);
	return SIO_LIMIT_CONNECTIONS;
}

struct host_charge *host_charge_new(
	struct sio_server *s, const struct conn_address *a, enum sio_limit *why)
{
	struct host_charge *c = calloc(1, sizeof *c);

	*why = SIO_LIMIT_NONE;
	if (!c)
		return NULL;
	c->server = s;
	*why = charge(c, a);
	if (!*why)
		return c;
	if (*why != SIO_LIMIT_ADDRESS) /* that one is in refused_addresses */
		host_count(s, *why);
	if (c->address)
		count_out(s, c->address, offsetof(struct host_address, sessions));
	free(c);
	return NULL;
}

void host_charge_joined(void *charge)
{
	struct host_charge *c = charge;

	if (c->waiting)
		take_one(&c->server->waiting);
	c->waiting = false;
}

void host_charge_free(void *charge)
{
	struct host_charge *c = charge;

	if (!c)
		return;
	host_charge_joined(c);
	take_one(&c->server->sessions);
	if (c->address)
		count_out(c->server, c->address, offsetof(struct host_address, sessions));
	free(c);
}
