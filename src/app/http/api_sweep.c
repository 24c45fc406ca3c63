/* SPDX-License-Identifier: MIT
 *
 * api_sweep - sessions and uploads that expired: their rows, then the parts; files that no message carries; at the start,
 * parts without a row.
 *
 * Layer: app.  Threads: the loop's; run_… where the jobs run.
 */
#include <stdlib.h>

#include "accounts/session.h"
#include "app/http/api_call.h"
#include "files/group_file.h"

enum { SWEEP_EVERY_MS = 10 * 60 * 1000, SWEEP_SOON_MS = 1000 };

struct sweep {
	struct job job; /* first */
	struct arena arena;
	struct http_api *api;
	struct upload_swept swept;
};

static struct sweep *of_job(struct job *job)
{
	return (struct sweep *)(void *)job;
}

static void again(struct sweep *s)
{
	struct http_api *api = s->api;
	bool more = s->swept.n == UPLOAD_SWEEP_MAX;

	arena_done(&s->arena);
	free(s);
	loop_timer_start(
		web_loop(api->o.server), &api->sweep, more ? SWEEP_SOON_MS : SWEEP_EVERY_MS);
}

static void submit(struct sweep *s, enum place place,
	enum err (*run)(struct job *job, struct tx *tx), void (*done)(struct job *job))
{
	s->job.run = run;
	s->job.done = done;
	if (executor_submit(&s->api->o.executor, place, &s->job)) {
		s->swept.n = 0;
		again(s);
	}
}

static enum err run_remove(struct job *job, struct tx *tx)
{
	struct sweep *s = of_job(job);
	enum err e = ERR_OK;

	(void)tx;
	for (size_t i = 0; i < s->swept.n; i++) {
		enum err one = parts_remove(s->api->parts, s->swept.ids[i]);
		e = one ? one : e; /* what stays is swept at the next start */
	}
	return e;
}

static void remove_done(struct job *job)
{
	again(of_job(job));
}

static enum err wanted(void *context, struct uuid id, bool *keep)
{
	return upload_is_receiving(context, id, keep);
}

/* The first time also parts that nobody wants; on the writer, so that none is being made meanwhile. */
static enum err run_sweep(struct job *job, struct tx *tx)
{
	struct sweep *s = of_job(job);
	enum err e = ERR_OK;

	if (!s->api->has_swept_parts)
		e = parts_sweep(s->api->parts, wanted, tx);
	if (!e)
		e = session_expire(tx, clock_wall_ms(&s->api->o.clock));
	if (!e)
		e = group_file_sweep(tx, clock_wall_ms(&s->api->o.clock));
	return e ? e : upload_sweep(tx, clock_wall_ms(&s->api->o.clock), &s->swept);
}

static void sweep_done(struct job *job)
{
	struct sweep *s = of_job(job);

	if (job->err)
		s->swept.n = 0;
	else
		s->api->has_swept_parts = true;
	submit(s, PLACE_WORKER, run_remove, remove_done);
}

static void on_time(void *context)
{
	struct http_api *api = context;
	struct sweep *s = calloc(1, sizeof *s);

	if (!s) {
		loop_timer_start(web_loop(api->o.server), &api->sweep, SWEEP_EVERY_MS);
		return;
	}
	s->api = api;
	s->job.arena = &s->arena;
	submit(s, PLACE_WRITER, run_sweep, sweep_done);
}

void api_sweep_start(struct http_api *api)
{
	api->sweep = (struct timer){ .fn = on_time, .context = api };
	loop_timer_start(web_loop(api->o.server), &api->sweep, 0);
}

void api_sweep_stop(struct http_api *api)
{
	loop_timer_stop(web_loop(api->o.server), &api->sweep);
}
