/* SPDX-License-Identifier: MIT
 *
 * sio_dynamic - namespaces that begin with the first client that names them, and end with the last.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "sio/sio_inside.h"

struct sio_dynamic {
	struct sio_core *core;
	struct sio_dynamic *next;
	sio_match_fn *match;
	const struct sio_namespace_handler *handler;
	void *context;
};

enum sio_result sio_core_of_dynamic(struct sio_core *core, sio_match_fn *match,
	const struct sio_namespace_handler *handler, void *context, struct sio_dynamic **out)
{
	struct sio_dynamic **at = &core->dynamics;
	struct sio_dynamic *d = malloc(sizeof *d);

	if (!d)
		return SIO_NO_MEMORY;
	*d = (struct sio_dynamic){
		.core = core, .match = match, .handler = handler, .context = context
	};
	while (*at)
		at = &(*at)->next;
	*at = d;
	if (out)
		*out = d;
	return SIO_OK;
}

enum sio_result sio_dynamic_open(
	struct sio_core *core, struct str name, struct str auth, struct sio_namespace **out)
{
	struct sio_dynamic *d = core->dynamics;

	while (d && !d->match(d->context, sio_inside_out(name), sio_inside_out(auth)))
		d = d->next;
	if (!d)
		return SIO_INVALID;
	if (core->dynamic_count >= core->options.dynamic_max)
		return SIO_TOO_LARGE;
	enum sio_result r = sio_core_of(core, name, d->handler, d->context, out);
	if (r)
		return r;
	(*out)->dynamic = d;
	core->dynamic_count++;
	if (d->handler->created)
		d->handler->created(d->context, *out);
	return SIO_OK;
}

void sio_dynamic_check(struct sio_namespace *n)
{
	if (!n->dynamic || n->socket_count || n->parked_count || n->is_empty)
		return;
	n->is_empty = true;
	n->next_empty = n->core->empty;
	n->core->empty = n;
}

void sio_dynamic_turn_end(struct sio_core *core)
{
	while (core->empty) {
		struct sio_namespace *n = core->empty;
		core->empty = n->next_empty;
		n->is_empty = false;
		if (!n->dynamic || n->socket_count || n->parked_count)
			continue;
		core->dynamic_count--;
		sio_namespace_free(n);
	}
}

void sio_dynamic_done(struct sio_core *core)
{
	while (core->dynamics) {
		struct sio_dynamic *d = core->dynamics;
		core->dynamics = d->next;
		free(d);
	}
}

enum sio_result sio_dynamic_emit(
	struct sio_dynamic *d, const struct sio_emit *e, const struct sio_target *to)
{
	enum sio_result worst = SIO_OK;

	for (struct sio_namespace *n = d->core->namespaces; n; n = n->hh.next) {
		enum sio_result r = n->dynamic == d ? sio_namespace_emit(n, e, to) : SIO_OK;
		worst = r ? r : worst;
	}
	return worst;
}
