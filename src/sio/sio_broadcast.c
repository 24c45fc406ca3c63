/* SPDX-License-Identifier: MIT
 *
 * sio_broadcast - broadcasts that every recipient is to acknowledge: one id for all, a pending answer for each.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "sio/sio_inside.h"

struct broadcast {
	struct sio_broadcast_ack ack;
	struct frame *frame; /* while it is being sent */
	uint64_t id;
	size_t asked, answered, open;
	enum sio_result worst;
};

/* The last has answered, or will not. */
static void conclude(struct broadcast *b)
{
	if (b->open || b->frame)
		return;
	if (b->ack.done)
		b->ack.done(b->ack.context, b->worst, b->asked, b->answered);
	free(b);
}

static void on_answer(
	void *context, struct sio_socket *s, enum sio_result result, const struct sio_args *answer)
{
	struct broadcast *b = context;

	/* It counts as open while `answer` runs, which may end the other recipients. */
	if (result == SIO_OK) {
		b->answered++;
		if (b->ack.answer)
			b->ack.answer(b->ack.context, s, answer);
	} else if (b->worst != SIO_TIMEOUT) {
		b->worst = result;
	}
	b->open--;
	conclude(b);
}

static void ask(void *context, struct sio_socket *s)
{
	struct broadcast *b = context;
	struct sio_emit e = {
		.on_ack = on_answer, .ack_context = b, .ack_timeout = b->ack.timeout
	};

	b->asked++;
	enum sio_result r = sio_pending_add(s, &e, b->id);
	if (r) {
		b->worst = r;
		return;
	}
	b->open++;
	channel_send(s->client->session, b->frame);
}

enum sio_result sio_namespace_emit_with_ack(struct sio_namespace *n, const struct sio_emit *e,
	const struct sio_target *to, const struct sio_broadcast_ack *ack)
{
	static const struct sio_target everybody = { .rooms = NULL };
	struct str attachments[ATTACHMENTS_MAX];
	struct sio_packet_source from = sio_socket_event_source(n, e, attachments);

	if (ack->timeout <= 0 || e->on_ack || sio_packet_is_reserved(from.name))
		return SIO_INVALID;
	struct broadcast *b = calloc(1, sizeof *b);
	if (!b)
		return SIO_NO_MEMORY;
	b->ack = *ack;
	b->id = n->next_ack++;
	from.has_id = true;
	from.id = b->id;
	enum err err = sio_client_frame(n->core, &from, &b->frame);
	if (err) {
		free(b);
		return sio_inside_result(err);
	}
	sio_hooks_outgoing(n, NULL, e);
	sio_namespace_visit(n, to ? to : &everybody, ask, b);
	frame_unref(TAKE(b->frame));
	conclude(b);
	return SIO_OK;
}
