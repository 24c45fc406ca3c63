/* SPDX-License-Identifier: MIT
 *
 * hub_note - hub_note_use, see hub.h.
 *
 * Layer: dispatch.  Threads: the loop's, but for run_use.
 */
#include <stdlib.h>

#include "dispatch/state.h"

struct session_use {
	struct job job; /* first */
	struct arena arena;
	enum err (*note)(struct tx *tx, struct uuid session_id, int64_t now_ms);
	struct uuid session_id;
	int64_t now_ms;
};

static enum err run_use(struct job *job, struct tx *tx)
{
	struct session_use *u = (struct session_use *)(void *)job;

	return u->note(tx, u->session_id, u->now_ms);
}

static void use_done(struct job *job)
{
	struct session_use *u = (struct session_use *)(void *)job;

	arena_done(&u->arena);
	free(u);
}

void hub_note_use(struct hub *hub, const struct ask *ask, struct uuid session_id)
{
	struct session_use *u = hub->o.note_use ? calloc(1, sizeof *u) : NULL;

	if (!u)
		return;
	u->note = hub->o.note_use;
	u->session_id = session_id;
	u->now_ms = ask->now_ms;
	u->job = (struct job){ .run = run_use, .done = use_done, .arena = &u->arena };
	if (executor_submit(&hub->o.executor, PLACE_WRITER, &u->job))
		use_done(&u->job);
}
