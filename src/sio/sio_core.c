/* SPDX-License-Identifier: MIT
 *
 * sio_core - see sio_core.h.
 *
 * Layer: sio.  Threads: the core's.
 */
#include "sio/sio_core.h"

#include <assert.h>
#include <stdlib.h>

#include "base/rng.h"
#include "sio/sio_inside.h"

/* A session's reasons are the first of a socket's. */
_Static_assert((int)SIO_TRANSPORT_ERROR == (int)ENGINE_TRANSPORT_ERROR, "reasons differ");
_Static_assert((int)SIO_TRANSPORT_CLOSE == (int)ENGINE_TRANSPORT_CLOSE, "reasons differ");
_Static_assert((int)SIO_FORCED_CLOSE == (int)ENGINE_FORCED_CLOSE, "reasons differ");
_Static_assert((int)SIO_PING_TIMEOUT == (int)ENGINE_PING_TIMEOUT, "reasons differ");
_Static_assert((int)SIO_SERVER_SHUTTING_DOWN == (int)ENGINE_SHUTTING_DOWN, "reasons differ");
_Static_assert((int)SIO_FORCED_SERVER_CLOSE == (int)ENGINE_FORCED_SERVER_CLOSE, "reasons differ");
_Static_assert((int)SIO_PARSE_ERROR == (int)ENGINE_PARSE_ERROR, "reasons differ");

enum err sio_core_new(
	struct engine *e, const struct sio_core_options *options, struct sio_core **out)
{
	struct rng rng = rng_system();
	struct sio_core *c = calloc(1, sizeof *c);

	if (!c)
		return ERR_NOMEM;
	c->engine = e;
	c->options = *options;
	rng_fill(&rng, c->recovery_key.b, sizeof c->recovery_key.b);
	c->recovery = (struct timer){ .fn = sio_recovery_run, .context = c };
	c->wait = (struct timer){ .fn = sio_client_wait_run, .context = c };
	engine_set_handler(e, sio_client_handler(), c);
	*out = c;
	return ERR_OK;
}

void sio_core_turn_end(struct sio_core *c)
{
	while (c->gone_sockets) {
		struct sio_socket *s = c->gone_sockets;
		c->gone_sockets = s->next_of_client;
		free(s);
	}
	while (c->gone_clients) {
		struct sio_client *client = c->gone_clients;
		c->gone_clients = client->next;
		free(client);
	}
	sio_dynamic_turn_end(c);
}

void sio_core_free(struct sio_core *c)
{
	struct sio_namespace *n, *next;

	if (!c)
		return;
	assert(!c->clients);
	sio_core_turn_end(c);
	timer_stop(engine_timers(c->engine), &c->wait);
	sio_recovery_done(c);
	HASH_ITER(hh, c->namespaces, n, next)
	sio_namespace_free(n);
	sio_dynamic_done(c);
	free(c->slots);
	arena_done(&c->arena);
	free(c);
}

const uint64_t *sio_core_exceeded(const struct sio_core *c)
{
	return c->exceeded;
}

size_t sio_core_sockets(const struct sio_core *c)
{
	return c->connected;
}

size_t sio_core_close_some(struct sio_core *c, size_t max, enum engine_reason reason)
{
	while (c->clients && max-- > 0)
		channel_close(c->clients->session, reason);

	size_t left = 0;
	for (const struct sio_client *client = c->clients; client; client = client->next)
		left++;
	return left;
}

const char *sio_reason_text(enum sio_reason reason)
{
	static const char *const texts[] = {
		[SIO_TRANSPORT_ERROR] = "transport error",
		[SIO_TRANSPORT_CLOSE] = "transport close",
		[SIO_FORCED_CLOSE] = "forced close",
		[SIO_PING_TIMEOUT] = "ping timeout",
		[SIO_SERVER_SHUTTING_DOWN] = "server shutting down",
		[SIO_FORCED_SERVER_CLOSE] = "forced server close",
		[SIO_PARSE_ERROR] = "parse error",
		[SIO_CLIENT_NAMESPACE_DISCONNECT] = "client namespace disconnect",
		[SIO_SERVER_NAMESPACE_DISCONNECT] = "server namespace disconnect",
	};

	assert((size_t)reason < COUNT_OF(texts));
	return texts[reason];
}

const char *sio_result_text(enum sio_result result)
{
	static const char *const texts[] = {
		[SIO_OK] = "ok",
		[SIO_NO_MEMORY] = "out of memory",
		[SIO_GONE] = "the socket has gone",
		[SIO_INVALID] = "invalid argument",
		[SIO_TOO_LARGE] = "over a limit",
		[SIO_TIMEOUT] = "no acknowledgement in time",
		[SIO_IN_USE] = "address in use",
		[SIO_FORBIDDEN] = "not permitted",
		[SIO_UNAVAILABLE] = "not possible now",
	};

	assert((size_t)result < COUNT_OF(texts));
	return texts[result];
}
