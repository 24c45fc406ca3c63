/* SPDX-License-Identifier: MIT
 *
 * host_refusal - requests that were refused: the program is told, on its own thread.
 *
 * Layer: host.  Threads: each function says on which.
 */
#include "base/limits.h"
#include "host/host_inside.h"

/* On an I/O thread: a copy of the request travels with what else has happened there. Without memory nobody is told. */
static void post(struct web_request *r, const struct sio_connection_error *e)
{
	struct host_box *up = &r->http->peer->thread->up;
	struct web_request *copy;

	if (web_request_dup(r, &copy))
		return;
	struct host_record *rec = host_parcel_add(up, HOST_REFUSED, sizeof *e);
	if (!rec) {
		web_request_free(copy);
		return;
	}
	rec->subject = copy;
	memcpy(host_parcel_bytes(rec), e, sizeof *e);
	up->last->weight +=
		HEADER_BLOCK_MAX; /* at most; who asks faster than is listened to is not read */
	up->weight += HEADER_BLOCK_MAX;
}

void host_refusal_tell(struct web_request *r, const struct sio_connection_error *e)
{
	const struct sio_options *o = &r->server->options;

	if (!o->request_handler || !o->request_handler->connection_error)
		return;
	if (r->http && r->http->peer->thread->index)
		post(r, e);
	else /* without its connection it is one that the program refuses */
		o->request_handler->connection_error(o->request_context, sio_request_of(r), e);
}

void host_refusal_land(struct host_record *rec)
{
	struct web_request *r = rec->subject;
	const struct sio_options *o = &r->server->options;
	struct sio_connection_error e;

	memcpy(&e, host_parcel_bytes(rec), sizeof e);
	o->request_handler->connection_error(o->request_context, sio_request_of(r), &e);
	web_request_free(r);
}
