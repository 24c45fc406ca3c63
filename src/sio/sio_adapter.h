/* SPDX-License-Identifier: MIT
 *
 * sio_adapter - how a namespace's broadcasts reach sockets: in memory here, through other nodes elsewhere.
 *
 * A clustered adapter publishes the event and then delivers it here with sio_namespace_deliver, as the
 * one in memory does; the two room calls tell it which rooms somebody here is in.
 *
 * Layer: sio.  Threads: the core's.
 */
#ifndef SIO_SIO_ADAPTER_H
#define SIO_SIO_ADAPTER_H

#include "base/str.h"
#include "sio/sio.h"

struct sio_adapter {
	enum sio_result (*emit)(void *context, struct sio_namespace *n, const struct sio_emit *e,
		const struct sio_target *to);
	void (*room_created)(
		void *context, struct sio_namespace *n, struct str room); /* may be NULL */
	void (*room_deleted)(
		void *context, struct sio_namespace *n, struct str room); /* may be NULL */
};

/* Of all namespaces that exist. adapter is a static table. */
void sio_adapter_set(struct sio_namespace *n, const struct sio_adapter *adapter, void *context);

/* Encodes and hands the frame to the sockets of this process. */
enum sio_result sio_namespace_deliver(
	struct sio_namespace *n, const struct sio_emit *e, const struct sio_target *to);

#endif
