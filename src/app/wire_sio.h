/* SPDX-License-Identifier: MIT
 *
 * wire_sio - the wire of dispatch on libsio: namespaces, sockets, rooms, acknowledgements.
 *
 * Layer: app.  Threads: the loop's.
 */
#ifndef APP_WIRE_SIO_H
#define APP_WIRE_SIO_H

#include <sio/sio.h>

#include "dispatch/dispatch.h"
#include "net/loop.h"

struct wire_sio;

/* One namespace, as libsio's handlers are told. */
struct wire_channel {
	struct wire_sio *wire;
	enum ns ns;
	struct sio_namespace *room_space;
};

struct wire_sio {
	struct sio_server *server;
	struct loop *loop;
	struct dispatch *dispatch; /* set before the first connection */
	struct wire_channel channels[NS_COUNT];
};

extern const struct wire wire_sio_functions;

/* Makes the namespaces of w->server; w stays where it is. ERR_NOMEM. */
NODISCARD enum err wire_sio_open(struct wire_sio *w);

#endif
