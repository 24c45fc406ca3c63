/* SPDX-License-Identifier: MIT
 *
 * transport_inside - what transport.c and transport_ws.c share and nobody else sees.
 *
 * Layer: client, private to link.  Threads: its loop's.
 */
#ifndef CLIENT_TRANSPORT_INSIDE_H
#define CLIENT_TRANSPORT_INSIDE_H

#include "base/buf.h"
#include "client/link/requester.h"
#include "client/link/stream.h"
#include "client/link/transport.h"
#include "http/http_answer.h"
#include "ws/ws.h"

enum { TRANSPORT_FAULT_MAX = 320 };

struct transport {
	struct loop *loop;
	struct transport_source from;
	struct engine_client *engine;
	bool over, reached;
	bool leaving;             /* over, but the goodbye is not answered */
	struct timer farewell;    /* and will not be waited for any longer */
	struct loop_task release; /* a callback of ours may still be under way */
	struct buf head;          /* of the request at hand */
	char fault[TRANSPORT_FAULT_MAX];
	/* polling */
	struct requester *get, *post;
	/* WebSocket */
	struct stream *stream;
	struct http_answer upgrade;
	char accept[WS_ACCEPT_BYTES]; /* what the server must answer */
	bool upgraded;
	struct ws ws;
};

/* Ends it and tells; the last thing that a function does. sentence: NULL for the reason's own. */
void transport_end_now(struct transport *t, enum engine_reason reason, const char *sentence);

/* Appends the target of a request, the rest of its line, and the fields that all requests have. */
void transport_write_target(struct transport *t, struct buf *b, struct str sid);

NODISCARD enum err transport_ws_begin(struct transport *t);
enum err transport_ws_send(void *context, struct frame *f);
size_t transport_ws_waiting(void *context);

/* Sends a close frame if there is memory for one. */
void transport_ws_goodbye(struct transport *t, enum ws_status status);

#endif
