/* SPDX-License-Identifier: MIT
 *
 * dispatch_fixture - a dispatch with fakes around it: verbs, a wire that writes down what it is told, an executor whose
 * jobs the test steps through.
 *
 * Layer: tests.  Threads: one.
 */
#ifndef UNIT_DISPATCH_FIXTURE_H
#define UNIT_DISPATCH_FIXTURE_H
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/buf.h"
#include "dispatch/dispatch.h"
#include "dispatch/seat.h"

enum { SOCKET = 7, JOBS_MAX = 16 };

struct fixture {
	struct dispatch *d;
	struct verb verbs[EVENT_COUNT];
	struct limits limits;
	struct buf said; /* what went to the wire, a line each */
	struct job *jobs[JOBS_MAX];
	enum place places[JOBS_MAX];
	size_t job_count;
	enum err submit_err;
	int64_t now_ms;
	bool gone;
};

/* --- the fakes --- */

static inline void emit(void *impl, const struct wire_packet *p, const struct audience *to)
{
	struct fixture *f = impl;

	buf_printf(&f->said, "emit %.*s to %d: %.*s\n", STR_ARG(p->name), (int)to->socket,
		STR_ARG(p->json));
}

static inline void acknowledge(
	void *impl, uint64_t socket, uint64_t ack, const struct wire_packet *p)
{
	struct fixture *f = impl;

	buf_printf(&f->said, "ack %d of %d: %.*s\n", (int)ack, (int)socket, STR_ARG(p->json));
}

static inline void move(void *impl, uint64_t socket, struct room room)
{
	(void)impl, (void)socket, (void)room;
}

static inline size_t count(void *impl, enum ns ns, struct room room)
{
	(void)impl, (void)ns, (void)room;
	return 1;
}

static inline void each(
	void *impl, enum ns ns, struct room room, void (*fn)(void *, uint64_t), void *context)
{
	(void)impl, (void)room;
	if (ns == NS_MUSIC)
		fn(context, SOCKET);
}

static inline uint64_t accept_socket(void *impl, uint64_t connect, void *owner)
{
	struct fixture *f = impl;

	(void)owner;
	return f->gone ? 0 : connect;
}

static inline void refuse(void *impl, uint64_t connect, struct str message, struct str data)
{
	struct fixture *f = impl;

	buf_printf(
		&f->said, "refuse %d: %.*s %.*s\n", (int)connect, STR_ARG(message), STR_ARG(data));
}

static inline void disconnect(void *impl, uint64_t socket)
{
	struct fixture *f = impl;

	buf_printf(&f->said, "disconnect %d\n", (int)socket);
	dispatch_gone(f->d, socket, PARTING_FOR_GOOD);
}

static const struct wire fake_wire = { .emit = emit,
	.acknowledge = acknowledge,
	.join = move,
	.leave = move,
	.count = count,
	.each = each,
	.accept = accept_socket,
	.refuse = refuse,
	.disconnect = disconnect };

static inline enum err submit(void *impl, enum place place, struct job *job)
{
	struct fixture *f = impl;

	if (f->submit_err)
		return f->submit_err;
	assert_true(f->job_count < JOBS_MAX);
	f->places[f->job_count] = place;
	f->jobs[f->job_count++] = job;
	return ERR_OK;
}

/* Runs the oldest job. */
static inline enum place step(struct fixture *f)
{
	struct job *job = f->jobs[0];
	enum place place = f->places[0];

	assert_true(f->job_count > 0);
	f->job_count--;
	memmove(f->jobs, f->jobs + 1, f->job_count * sizeof *f->jobs);
	memmove(f->places, f->places + 1, f->job_count * sizeof *f->places);
	job->err = job->run(job, NULL);
	job->sentence = job->err ? "No, says the verb." : NULL;
	job->done(job);
	return place;
}

static inline int64_t fake_now(void *context)
{
	return ((struct fixture *)context)->now_ms;
}

static inline void fake_random(void *context, void *bytes, size_t n)
{
	(void)context;
	memset(bytes, 1, n);
}

static inline enum err apply_ok(
	struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void **out)
{
	(void)tx, (void)in, (void)ask;
	*out = arena_alloc(a, 8);
	return ERR_OK;
}

static inline enum err apply_forbidden(
	struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void **out)
{
	(void)tx, (void)ask, (void)in, (void)a, (void)out;
	return ERR_FORBIDDEN;
}

static inline void announce_connect(
	struct hub *hub, const struct ask *ask, const void *in, void *out)
{
	(void)in, (void)out;
	(void)hub_accept(hub, ask, &(struct identity){ .user_id = { { 9 } } });
}

static inline void announce_enter(struct hub *hub, const struct ask *ask, const void *in, void *out)
{
	struct seat *seat = hub_seat(hub, ask->socket);

	(void)in, (void)out;
	if (seat)
		seat->entered = true;
	hub_answer(hub, ask, &(struct users_answer){ .users = { NULL, 0 } });
}

static inline void announce_rating(
	struct hub *hub, const struct ask *ask, const void *in, void *out)
{
	const struct publish_rating *rating = in;

	(void)out;
	hub_answer(
		hub, ask, &(struct rating_answer){ .average = (double)rating->value, .count = 1 });
}

static inline enum err read_changes(
	struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void *out)
{
	(void)tx, (void)ask, (void)in, (void)a;
	*(struct changes_answer *)out = (struct changes_answer){ .rev = 5 };
	return ERR_OK;
}

static inline enum err read_nothing(
	struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void *out)
{
	(void)tx, (void)ask, (void)in, (void)a, (void)out;
	return ERR_OK;
}

static inline void setup(struct fixture *f)
{
	*f = (struct fixture){ .limits = limits_default(), .now_ms = 1000 };
	f->verbs[EVENT_music_connect] =
		(struct verb){ .apply = apply_ok, .announce = announce_connect };
	f->verbs[EVENT_user_connect] =
		(struct verb){ .apply = apply_ok, .announce = announce_enter };
	f->verbs[EVENT_publish_rating] =
		(struct verb){ .apply = apply_ok, .announce = announce_rating };
	f->verbs[EVENT_publish_comment] = (struct verb){ .apply = apply_forbidden };
	f->verbs[EVENT_list_changes] = (struct verb){ .read = read_changes };
	f->verbs[EVENT_list_tracks] = (struct verb){ .read = read_nothing };
	struct dispatch_options o = { .verbs = f->verbs,
		.executor = { .submit = submit, .impl = f },
		.wire = &fake_wire,
		.wire_impl = f,
		.clock = { fake_now, fake_now, f },
		.rng = { fake_random, f },
		.limits = &f->limits };
	assert_int_equal(dispatch_new(&o, &f->d), ERR_OK);
	dispatch_connect(f->d, &(struct dispatch_connect){
				       NS_MUSIC, SOCKET, STR("{\"token\":\"t\"}"), STR("::1") });
	assert_int_equal(step(f), PLACE_LOOK);
}

static inline void teardown(struct fixture *f)
{
	dispatch_free(f->d);
	buf_done(&f->said);
}

static inline void send(struct fixture *f, const char *name, const char *args, uint64_t ack)
{
	dispatch_event(f->d,
		&(struct dispatch_packet){ SOCKET, ack, str_of(name), str_of(args), NULL, 0 });
}

static inline void enter(struct fixture *f)
{
	send(f, "USER_CONNECT", "{}", 1);
	assert_int_equal(step(f), PLACE_WRITER);
	buf_clear(&f->said);
}

static inline void expect(struct fixture *f, const char *text)
{
	buf_byte(&f->said, '\0');
	if (!strstr(f->said.p, text))
		fail_msg("no %s in %s", text, f->said.p);
	buf_clear(&f->said);
}

#define RATING  "{\"trackId\":\"0193a1b2-0000-7000-8000-000000000001\",\"value\":4}"
#define COMMENT "{\"trackId\":\"0193a1b2-0000-7000-8000-000000000001\",\"text\":\"x\"}"

#endif
