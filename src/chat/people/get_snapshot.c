/* SPDX-License-Identifier: MIT
 *
 * get_snapshot - GET_SNAPSHOT: what a socket got when it connected, as it is now.
 *
 * Layer: chat.  Threads: read a reader, announce the loop.
 */
#include "chat/people/snapshot.h"
#include "dispatch/verb.h"

enum err get_snapshot_read(struct tx *tx, const struct ask *ask, const struct empty *in,
	struct arena *a, struct snapshot_answer *out)
{
	(void)in;
	return snapshot_load(tx, ask, a, &out->data);
}

void get_snapshot_announce(
	struct hub *hub, const struct ask *ask, const struct empty *in, struct snapshot_answer *out)
{
	(void)in;
	snapshot_show(hub, &out->data);
	hub_answer(hub, ask, out);
}
