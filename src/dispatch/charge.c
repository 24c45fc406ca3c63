/* SPDX-License-Identifier: MIT
 *
 * charge - see charge.h.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#include "dispatch/charge.h"

#include <assert.h>

#include "dispatch/state.h"

enum { FIXED_BYTES = 1024 }; /* of a request without a payload */

static size_t weight(const struct dispatch_packet *p)
{
	size_t bytes = FIXED_BYTES + p->name.n + p->args.n;

	for (size_t i = 0; i < p->attachment_count; i++)
		bytes += p->attachments[i].n;
	return bytes;
}

enum err charge_take(struct hub *hub, struct user_rate *user, const struct dispatch_packet *packet,
	struct charge *out, const char **sentence)
{
	const struct limits *limits = hub->o.limits;
	size_t bytes = weight(packet);

	*out = (struct charge){ .bytes = 0 };
	if (user && user->bytes && user->bytes + bytes > (size_t)limits->user_request_bytes) {
		*sentence = "Your requests under way are too large together; wait for some of "
			    "their answers.";
		return ERR_RATE_LIMITED;
	}
	if (hub->bytes + bytes > (size_t)limits->request_bytes) {
		*sentence = "The server has too much to do; try again in a moment.";
		return ERR_UNAVAILABLE;
	}
	if (user)
		user->bytes += bytes;
	hub->bytes += bytes;
	*out = (struct charge){ user, bytes };
	return ERR_OK;
}

void charge_give(struct hub *hub, struct charge *c)
{
	assert(hub->bytes >= c->bytes && (!c->user || c->user->bytes >= c->bytes));
	hub->bytes -= c->bytes;
	if (c->user)
		c->user->bytes -= c->bytes;
	*c = (struct charge){ .bytes = 0 };
}
