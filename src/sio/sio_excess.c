/* SPDX-License-Identifier: MIT
 *
 * sio_excess - limits that were exceeded: which, by how much, how often.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <assert.h>

#include "sio/sio_inside.h"

_Static_assert((int)SIO_LIMIT_QUEUE_BYTES == (int)CHANNEL_QUEUE_BYTES, "limits differ");
_Static_assert((int)SIO_LIMIT_QUEUE_PACKETS == (int)CHANNEL_QUEUE_PACKETS, "limits differ");

const char *sio_limit_text(enum sio_limit limit)
{
	static const char *const texts[] = {
		[SIO_LIMIT_NONE] = "none",
		[SIO_LIMIT_QUEUE_BYTES] = "bytes waiting to be sent",
		[SIO_LIMIT_QUEUE_PACKETS] = "packets waiting for a poll",
		[SIO_LIMIT_PACKET_RATE] = "packets a second",
		[SIO_LIMIT_ATTACHMENTS] = "attachments of a packet",
		[SIO_LIMIT_EVENT_NAME] = "bytes of an event's name",
		[SIO_LIMIT_JSON_DEPTH] = "levels of JSON",
		[SIO_LIMIT_NAMESPACES] = "namespaces of a connection",
		[SIO_LIMIT_ROOMS] = "rooms of a socket",
		[SIO_LIMIT_ACKS] = "acknowledgements awaited from a socket",
		[SIO_LIMIT_ADDRESS] = "connections of an address",
		[SIO_LIMIT_HANDSHAKES] = "handshakes a second",
		[SIO_LIMIT_HEADERS] = "bytes of a header block",
		[SIO_LIMIT_BODY] = "bytes of a body or message",
		[SIO_LIMIT_SLOWNESS] = "time for a request",
		[SIO_LIMIT_PINGS] = "pings of a read",
		[SIO_LIMIT_CONNECTIONS] = "connections",
		[SIO_LIMIT_FAULTS] = "faults of an address",
	};

	assert((size_t)limit < COUNT_OF(texts));
	return texts[limit];
}

static uint64_t max_of(const struct sio_core *core, enum sio_limit limit)
{
	switch (limit) {
	case SIO_LIMIT_QUEUE_BYTES:
		return core->options.send_queue_max;
	case SIO_LIMIT_QUEUE_PACKETS:
		return QUEUE_PACKETS_MAX;
	case SIO_LIMIT_PACKET_RATE:
		return core->options.packet_rate;
	case SIO_LIMIT_ATTACHMENTS:
		return ATTACHMENTS_MAX;
	case SIO_LIMIT_EVENT_NAME:
		return EVENT_NAME_MAX;
	case SIO_LIMIT_JSON_DEPTH:
		return JSON_DEPTH_MAX;
	default:
		return 0;
	}
}

struct sio_excess sio_socket_excess(const struct sio_socket *s)
{
	const struct sio_client *c = s->client;

	return (struct sio_excess){ .limit = (enum sio_limit)c->limit,
		.value = c->excess,
		.max = max_of(c->core, (enum sio_limit)c->limit) };
}

void sio_excess_count(struct sio_core *core, enum sio_limit limit)
{
	core->exceeded[limit]++;
}

void sio_excess_note(struct sio_client *c, enum sio_limit limit, uint64_t value)
{
	if (c->limit != SIO_LIMIT_NONE || limit == SIO_LIMIT_NONE)
		return;
	c->limit = (uint8_t)limit;
	c->excess = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
	sio_excess_count(c->core, limit);
}

bool sio_excess_rate(struct sio_client *c)
{
	uint32_t second = (uint32_t)(engine_now_ms(c->core->engine) / 1000);

	if (!c->core->options.packet_rate)
		return false;
	c->packets = c->second == second ? c->packets + 1 : 1;
	c->second = second;
	if (c->packets <= c->core->options.packet_rate)
		return false;
	sio_excess_note(c, SIO_LIMIT_PACKET_RATE, c->packets);
	return true;
}

/* The deepest nesting outside of strings, and the length of the first string inside of the first array. */
static void measure(struct str json, uint64_t *depth, uint64_t *name)
{
	uint64_t open = 0, begun = 0;
	bool quoted = false;

	*depth = *name = 0;
	for (size_t i = 0; i < json.n; i++) {
		char c = json.p[i];
		if (quoted && c == '\\') {
			i++;
		} else if (c == '"') {
			if (quoted && !*name)
				*name = i - begun;
			quoted = !quoted;
			begun = i + 1;
		} else if (!quoted && (c == '[' || c == '{')) {
			*depth = ++open > *depth ? open : *depth;
		} else if (!quoted && (c == ']' || c == '}')) {
			open -= open > 0;
		}
	}
}

void sio_excess_packet(struct sio_client *c, struct str text)
{
	struct str digits = text.n ? str_after(text, 1) : text;
	uint64_t attachments = 0, depth, name;
	size_t i = 0;

	for (; i < digits.n && i < 9 && digits.p[i] >= '0' && digits.p[i] <= '9'; i++)
		attachments = attachments * 10 + (uint64_t)(digits.p[i] - '0');
	bool binary = text.n && text.p[0] >= '5' && i < digits.n && digits.p[i] == '-';
	measure(text, &depth, &name);
	if (binary && attachments > ATTACHMENTS_MAX)
		sio_excess_note(c, SIO_LIMIT_ATTACHMENTS, attachments);
	else if (depth > JSON_DEPTH_MAX)
		sio_excess_note(c, SIO_LIMIT_JSON_DEPTH, depth);
	else if (name > EVENT_NAME_MAX)
		sio_excess_note(c, SIO_LIMIT_EVENT_NAME, name);
}
