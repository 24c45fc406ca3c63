/* SPDX-License-Identifier: MIT
 *
 * antiphon_drive - the three ways to drive a client: a program that waits, another loop, a thread of its own.
 *
 * Layer: client.  Threads: see antiphon.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "client/api/inside.h"

int antiphon_fd(const struct antiphon *c)
{
	return loop_fd(c->loop);
}

int64_t antiphon_timeout_ms(struct antiphon *c)
{
	return loop_sleep_ms(c->loop);
}

void antiphon_process(struct antiphon *c)
{
	loop_turn(c->loop, 0);
}

static void *run(void *context)
{
	struct antiphon *c = context;

	loop_run(c->loop);
	return NULL;
}

enum antiphon_result antiphon_start(struct antiphon *c)
{
	if (c->started)
		return ANTIPHON_CONFLICT;
	c->started = true;
	if (pthread_create(&c->thread, NULL, run, c) == 0)
		return ANTIPHON_OK;
	c->started = false;
	return ANTIPHON_UNAVAILABLE;
}

void antiphon_lock(struct antiphon *c)
{
	pthread_mutex_lock(&c->mutex);
}

void antiphon_unlock(struct antiphon *c)
{
	pthread_mutex_unlock(&c->mutex);
}

/* ---- waiting ---- */

/* For the thread: pthread_cond_wait's clock is the wall's. */
static bool sleep_until(struct antiphon *c, int64_t deadline_ms)
{
	if (deadline_ms == INT64_MAX)
		return pthread_cond_wait(&c->changed, &c->mutex) == 0;
	int64_t at = clock_wall_ms(&c->clock) + deadline_ms - clock_monotonic_ms(&c->clock);
	struct timespec t = { .tv_sec = at / 1000, .tv_nsec = at % 1000 * 1000000 };

	return pthread_cond_timedwait(&c->changed, &c->mutex, &t) != ETIMEDOUT;
}

bool antiphon_drive_until(struct antiphon *c, int64_t timeout_ms,
	bool (*done)(struct antiphon *c, void *context), void *context)
{
	int64_t deadline = timeout_ms < 0 ? INT64_MAX : clock_monotonic_ms(&c->clock) + timeout_ms;

	while (!done(c, context)) {
		int64_t left =
			deadline == INT64_MAX ? -1 : deadline - clock_monotonic_ms(&c->clock);
		if (left <= 0 && deadline != INT64_MAX) {
			if (!c->started)
				loop_turn(c->loop, 0);
			return done(c, context);
		}
		if (c->started)
			(void)sleep_until(c, deadline);
		else
			loop_turn(c->loop, left);
	}
	return true;
}

static bool has_ended(struct antiphon *c, void *context)
{
	const uint64_t *ticket = context;

	for (const struct request *r = c->requests; r; r = r->next)
		if (r->ticket == *ticket)
			return false;
	return true;
}

enum antiphon_result antiphon_wait(struct antiphon *c, uint64_t ticket, int64_t timeout_ms)
{
	enum antiphon_result result = ANTIPHON_TIMED_OUT;

	pthread_mutex_lock(&c->mutex);
	if (!ticket)
		result = ANTIPHON_NOT_FOUND;
	else if (antiphon_drive_until(c, timeout_ms, has_ended, &ticket))
		result = c->results[ticket % ANTIPHON_RESULTS_MAX].ticket == ticket
		                 ? c->results[ticket % ANTIPHON_RESULTS_MAX].result
		                 : ANTIPHON_NOT_FOUND;
	pthread_mutex_unlock(&c->mutex);
	return result;
}

static void keep_answer(void *context, const struct antiphon_answer *a)
{
	char **out = context;

	*out = strdup(a->json);
}

enum antiphon_result antiphon_call(
	struct antiphon *c, const struct antiphon_any *what, char **answer)
{
	char *text = NULL;
	uint64_t ticket = antiphon_request(c, what, keep_answer, &text);

	if (!ticket)
		return antiphon_typed_find(what) ? ANTIPHON_NOMEM : ANTIPHON_UNKNOWN_EVENT;
	/* Without a limit: the request has its own, and `text` must outlive it. */
	enum antiphon_result result = antiphon_wait(c, ticket, -1);
	if (answer)
		*answer = text;
	else
		free(text);
	return result;
}

static bool is_in_step(struct antiphon *c, void *context)
{
	(void)context;
	return c->refused || (antiphon_is_connected(c) && model_is_synchronised(c->model));
}

static bool has_entered(struct antiphon *c, void *context)
{
	(void)context;
	return c->refused || (antiphon_is_connected(c) && model_has_entered(c->model));
}

static enum antiphon_result connection(
	struct antiphon *c, int64_t timeout_ms, bool (*done)(struct antiphon *c, void *context))
{
	enum antiphon_result result = ANTIPHON_TIMED_OUT;

	pthread_mutex_lock(&c->mutex);
	if (antiphon_drive_until(c, timeout_ms, done, NULL))
		result = c->refused;
	pthread_mutex_unlock(&c->mutex);
	return result;
}

enum antiphon_result antiphon_enter(struct antiphon *c, int64_t timeout_ms)
{
	return connection(c, timeout_ms, has_entered);
}

enum antiphon_result antiphon_synchronise(struct antiphon *c, int64_t timeout_ms)
{
	return connection(c, timeout_ms, is_in_step);
}
