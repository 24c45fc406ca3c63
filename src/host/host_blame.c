/* SPDX-License-Identifier: MIT
 *
 * host_blame - addresses whose connections end by faults of theirs, again and again: for a while they open no more.
 *
 * A small table of fixed size: an address that stands where another did takes its place, so nothing grows, and at
 * worst somebody is forgiven early. This very machine is never blamed: a proxy may stand there.
 *
 * Layer: host.  Threads: any; under the server's mutex, which no message takes.
 */
#include "base/limits.h"
#include "host/host_inside.h"

static struct host_blame *slot_of(struct sio_server *s, const uint8_t key[16])
{
	uint32_t h =
		2166136261u; /* FNV-1a; who finds addresses that collide is forgiven early, see above */

	for (size_t i = 0; i < 16; i++)
		h = (h ^ key[i]) * 16777619u;
	return &s->blamed[h % HOST_BLAMED];
}

static bool may_be_blamed(const struct sio_server *s, const struct conn_address *a)
{
	static const uint8_t here4[16] = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 };
	static const uint8_t here6[16] = { [15] = 1 };

	return memcmp(a->ip, here4, sizeof here4) != 0 && memcmp(a->ip, here6, sizeof here6) != 0 &&
	       !host_proxy_is_trusted(s, a);
}

void host_blame_address(struct sio_server *s, const struct conn_address *a, int64_t now_ms)
{
	uint8_t key[16];

	if (!may_be_blamed(s, a))
		return;
	conn_address_key(a, key);
	pthread_mutex_lock(&s->mutex);
	struct host_blame *b = slot_of(s, key);
	if (memcmp(b->ip, key, sizeof b->ip) != 0 || now_ms - b->last_ms > FAULT_TIME_MAX) {
		memcpy(b->ip, key, sizeof b->ip);
		b->faults = 0;
	}
	b->faults++;
	b->last_ms = now_ms;
	pthread_mutex_unlock(&s->mutex);
}

void host_blame(struct host_peer *p)
{
	struct conn_address from = conn_peer(p->conn);

	host_blame_address(p->server, &from, loop_now_ms(p->thread->loop));
}

bool host_blame_is_shut(struct sio_server *s, const struct conn_address *a)
{
	uint8_t key[16];

	conn_address_key(a, key);
	pthread_mutex_lock(&s->mutex);
	const struct host_blame *b = slot_of(s, key);
	bool shut = b->faults >= FAULTS_PER_ADDRESS_MAX && memcmp(b->ip, key, sizeof b->ip) == 0 &&
	            loop_now_ms(s->loop) - b->last_ms <= FAULT_TIME_MAX;
	pthread_mutex_unlock(&s->mutex);
	if (shut)
		host_count(s, SIO_LIMIT_FAULTS);
	return shut;
}
