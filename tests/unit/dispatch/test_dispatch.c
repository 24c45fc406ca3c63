/* SPDX-License-Identifier: MIT
 *
 * test_dispatch - packets through the guard to fake verbs, with a fake wire and an executor that runs
 * jobs when the test says so.
 *
 * Layer: tests.  Threads: one.
 */
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

static void emit(void *impl, const struct wire_packet *p, const struct audience *to)
{
	struct fixture *f = impl;

	buf_printf(&f->said, "emit %.*s to %d: %.*s\n", STR_ARG(p->name), (int)to->socket,
		STR_ARG(p->json));
}

static void acknowledge(void *impl, uint64_t socket, uint64_t ack, const struct wire_packet *p)
{
	struct fixture *f = impl;

	buf_printf(&f->said, "ack %d of %d: %.*s\n", (int)ack, (int)socket, STR_ARG(p->json));
}

static void move(void *impl, uint64_t socket, struct room room)
{
	(void)impl, (void)socket, (void)room;
}

static size_t count(void *impl, enum ns ns, struct room room)
{
	(void)impl, (void)ns, (void)room;
	return 1;
}

static void each(
	void *impl, enum ns ns, struct room room, void (*fn)(void *, uint64_t), void *context)
{
	(void)impl, (void)room;
	if (ns == NS_MUSIC)
		fn(context, SOCKET);
}

static uint64_t accept_socket(void *impl, uint64_t connect, void *owner)
{
	struct fixture *f = impl;

	(void)owner;
	return f->gone ? 0 : connect;
}

static void refuse(void *impl, uint64_t connect, struct str message, struct str data)
{
	struct fixture *f = impl;

	buf_printf(
		&f->said, "refuse %d: %.*s %.*s\n", (int)connect, STR_ARG(message), STR_ARG(data));
}

static void disconnect(void *impl, uint64_t socket)
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

static enum err submit(void *impl, enum place place, struct job *job)
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
static enum place step(struct fixture *f)
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

static int64_t fake_now(void *context)
{
	return ((struct fixture *)context)->now_ms;
}

static void fake_random(void *context, void *bytes, size_t n)
{
	(void)context;
	memset(bytes, 1, n);
}

static enum err apply_ok(
	struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void **out)
{
	(void)tx, (void)in, (void)ask;
	*out = arena_alloc(a, 8);
	return ERR_OK;
}

static enum err apply_forbidden(
	struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void **out)
{
	(void)tx, (void)ask, (void)in, (void)a, (void)out;
	return ERR_FORBIDDEN;
}

static void announce_connect(struct hub *hub, const struct ask *ask, const void *in, void *out)
{
	(void)in, (void)out;
	(void)hub_accept(hub, ask, &(struct identity){ .user_id = { { 9 } } });
}

static void announce_enter(struct hub *hub, const struct ask *ask, const void *in, void *out)
{
	struct seat *seat = hub_seat(hub, ask->socket);

	(void)in, (void)out;
	if (seat)
		seat->entered = true;
	hub_answer(hub, ask, &(struct users_answer){ .users = { NULL, 0 } });
}

static void announce_rating(struct hub *hub, const struct ask *ask, const void *in, void *out)
{
	const struct publish_rating *rating = in;

	(void)out;
	hub_answer(
		hub, ask, &(struct rating_answer){ .average = (double)rating->value, .count = 1 });
}

static enum err read_changes(
	struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void *out)
{
	(void)tx, (void)ask, (void)in, (void)a;
	*(struct changes_answer *)out = (struct changes_answer){ .rev = 5 };
	return ERR_OK;
}

static enum err read_nothing(
	struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void *out)
{
	(void)tx, (void)ask, (void)in, (void)a, (void)out;
	return ERR_OK;
}

static void setup(struct fixture *f)
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
	assert_int_equal(step(f), PLACE_WRITER);
}

static void teardown(struct fixture *f)
{
	dispatch_free(f->d);
	buf_done(&f->said);
}

static void send(struct fixture *f, const char *name, const char *args, uint64_t ack)
{
	dispatch_event(f->d,
		&(struct dispatch_packet){ SOCKET, ack, str_of(name), str_of(args), NULL, 0 });
}

static void enter(struct fixture *f)
{
	send(f, "USER_CONNECT", "{}", 1);
	assert_int_equal(step(f), PLACE_WRITER);
	buf_clear(&f->said);
}

static void expect(struct fixture *f, const char *text)
{
	buf_byte(&f->said, '\0');
	if (!strstr(f->said.p, text))
		fail_msg("no %s in %s", text, f->said.p);
	buf_clear(&f->said);
}

#define RATING  "{\"trackId\":\"0193a1b2-0000-7000-8000-000000000001\",\"value\":4}"
#define COMMENT "{\"trackId\":\"0193a1b2-0000-7000-8000-000000000001\",\"text\":\"x\"}"

/* --- the tests --- */

static void an_unknown_event_is_refused_by_its_name(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	send(&f, "NO_SUCH", "{}", 3);
	expect(&f, "ack 3 of 7: {\"ok\":false,\"error\":{\"errorCode\":\"unknown_event\"");
	send(&f, "NO_SUCH", "{}", 0);
	expect(&f, "emit ERROR_OCCURED to 7: {\"errorCode\":\"unknown_event\"");
	teardown(&f);
}

static void nothing_works_before_user_connect(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	send(&f, "PUBLISH_RATING", RATING, 2);
	expect(&f, "\"errorCode\":\"unauthorized\"");
	assert_int_equal(f.job_count, 0);
	teardown(&f);
}

static void a_wrong_field_is_named_and_nothing_runs(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "PUBLISH_RATING",
		"{\"trackId\":\"0193a1b2-0000-7000-8000-000000000001\",\"value\":6}", 2);
	expect(&f, "The field `value` must be a whole number from 1 to 5.");
	assert_int_equal(f.job_count, 0);
	teardown(&f);
}

static void a_change_is_acknowledged_after_its_commit(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "PUBLISH_RATING", RATING, 2);
	assert_int_equal(f.said.n, 0);
	assert_int_equal(step(&f), PLACE_WRITER);
	expect(&f, "ack 2 of 7: {\"ok\":true,");
	teardown(&f);
}

static void a_refusal_of_the_verb_travels_with_its_sentence(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "PUBLISH_COMMENT", COMMENT, 2);
	step(&f);
	expect(&f, "{\"errorCode\":\"forbidden\",\"errorMessage\":\"No, says the verb.\"");
	send(&f, "PUBLISH_COMMENT", COMMENT, 0);
	step(&f);
	expect(&f, "\"event\":\"PUBLISH_COMMENT\"");
	teardown(&f);
}

static void a_full_queue_is_unavailable(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	f.submit_err = ERR_UNAVAILABLE;
	send(&f, "PUBLISH_RATING", RATING, 2);
	expect(&f, "\"errorCode\":\"unavailable\"");
	f.submit_err = ERR_OK;
	send(&f, "PUBLISH_RATING", RATING, 3);
	step(&f);
	expect(&f, "ack 3 of 7: {\"ok\":true");
	teardown(&f);
}

static void what_follows_a_turn_waits_for_it(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	send(&f, "USER_CONNECT", "{}", 1);
	send(&f, "PUBLISH_RATING", RATING, 2); /* without waiting for the answer */
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 3);
	assert_int_equal(f.job_count, 1);
	step(&f);
	assert_int_equal(f.job_count, 1);
	step(&f);
	assert_int_equal(step(&f), PLACE_READER); /* behind the rating */
	expect(&f, "ack 3 of 7: {\"ok\":true,\"changes\":[],\"rev\":5");
	teardown(&f);
}

static void a_read_waits_for_the_changes_before_it_and_never_runs_on_the_writer(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
	assert_int_equal(step(&f), PLACE_READER);
	send(&f, "PUBLISH_RATING", RATING, 3);
	send(&f, "PUBLISH_COMMENT", COMMENT, 4); /* refused: an end, too */
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 5);
	send(&f, "PUBLISH_RATING", RATING, 6); /* behind the read: it does not wait for this */
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 7);
	assert_int_equal(f.job_count, 3);
	assert_int_equal(step(&f), PLACE_WRITER);
	assert_int_equal(f.job_count, 2);
	assert_int_equal(step(&f), PLACE_WRITER);
	assert_int_equal(f.job_count, 2); /* the third change, and the read that has waited */
	assert_int_equal(step(&f), PLACE_WRITER);
	assert_int_equal(step(&f), PLACE_READER);
	expect(&f, "ack 5 of 7: {\"ok\":true");
	assert_int_equal(step(&f), PLACE_READER);
	expect(&f, "ack 7 of 7: {\"ok\":true");
	assert_int_equal(dispatch_stats(f.d)->calls, 0);
	teardown(&f);
}

static void reads_of_a_socket_that_has_gone_are_dropped_or_given_up(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2); /* a reader has it */
	send(&f, "PUBLISH_RATING", RATING, 3);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 4); /* waits for the rating */
	assert_false(f.jobs[0]->abandoned);
	dispatch_gone(f.d, SOCKET, true);
	assert_true(f.jobs[0]->abandoned);
	step(&f);
	step(&f);
	assert_int_equal(f.job_count, 0);
	assert_int_equal(dispatch_stats(f.d)->calls, 0);
	teardown(&f);
}

static void a_read_names_its_user_and_whether_it_is_heavy(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
	send(&f, "LIST_TRACKS", "{}", 3);
	assert_int_equal(f.jobs[0]->owner.b[0], 9);
	assert_false(f.jobs[0]->heavy);
	assert_true(f.jobs[1]->heavy);
	step(&f);
	step(&f);
	teardown(&f);
}

static void a_read_without_acknowledgement_answers_by_its_event(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 0);
	step(&f);
	expect(&f, "emit LIST_CHANGES to 7: {\"ok\":true,");
	teardown(&f);
}

static void the_allowance_of_a_socket_ends_and_comes_back(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	f.now_ms += 60000;
	for (int64_t i = 0; i < f.limits.socket_burst; i++) {
		send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
		step(&f);
	}
	buf_clear(&f.said);
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
	expect(&f, "\"errorCode\":\"rate_limited\"");
	f.now_ms += 1000 / f.limits.socket_rate;
	send(&f, "LIST_CHANGES", "{\"afterRev\":0}", 2);
	step(&f);
	expect(&f, "{\"ok\":true");
	teardown(&f);
}

static void a_change_of_a_socket_that_has_gone_is_announced_all_the_same(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	send(&f, "PUBLISH_RATING", RATING, 2);
	dispatch_gone(f.d, SOCKET, PARTING_LOST);
	step(&f);
	expect(&f, "ack 2 of 7"); /* the wire drops it */
	assert_int_equal(dispatch_stats(f.d)->calls, 0);
	assert_int_equal(dispatch_stats(f.d)->seats[NS_MUSIC], 0);
	teardown(&f);
}

static void a_turn_of_a_socket_that_has_gone_leaves_nothing_behind(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	send(&f, "USER_CONNECT", "{}", 1);
	send(&f, "PUBLISH_RATING", RATING, 2);
	dispatch_gone(f.d, SOCKET, PARTING_LOST);
	step(&f);
	assert_int_equal(f.job_count, 0);
	assert_int_equal(dispatch_stats(f.d)->calls, 0);
	teardown(&f);
}

static void connecting_without_a_token_is_refused(void **state)
{
	static const char *const auths[] = { "", "{}", "{\"token\":5}", "[]", "null" };
	struct fixture f;
	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT_OF(auths); i++) {
		dispatch_connect(f.d,
			&(struct dispatch_connect){ NS_MUSIC, 8, str_of(auths[i]), STR("::1") });
		expect(&f, "refuse 8: Connect with auth: { token }; POST /api/v1/sessions gives "
			   "one. {\"errorCode\":\"unauthorized\"");
	}
	teardown(&f);
}

static void an_ended_session_is_told_before_it_is_disconnected(void **state)
{
	struct fixture f;
	(void)state;
	setup(&f);
	enter(&f);
	hub_end_session(dispatch_hub(f.d), (struct uuid){ { 0 } }, ERR_UNAUTHORIZED,
		"The session has ended.");
	expect(&f, "\"errorMessage\":\"The session has "
		   "ended.\",\"timestamp\":\"1970-01-01T00:00:01.000Z\",\"event\":null}"
		   "\ndisconnect 7\n");
	assert_int_equal(dispatch_stats(f.d)->seats[NS_MUSIC], 0);
	teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_event_is_refused_by_its_name),
		cmocka_unit_test(nothing_works_before_user_connect),
		cmocka_unit_test(a_wrong_field_is_named_and_nothing_runs),
		cmocka_unit_test(a_change_is_acknowledged_after_its_commit),
		cmocka_unit_test(a_refusal_of_the_verb_travels_with_its_sentence),
		cmocka_unit_test(a_full_queue_is_unavailable),
		cmocka_unit_test(what_follows_a_turn_waits_for_it),
		cmocka_unit_test(
			a_read_waits_for_the_changes_before_it_and_never_runs_on_the_writer),
		cmocka_unit_test(reads_of_a_socket_that_has_gone_are_dropped_or_given_up),
		cmocka_unit_test(a_read_names_its_user_and_whether_it_is_heavy),
		cmocka_unit_test(a_read_without_acknowledgement_answers_by_its_event),
		cmocka_unit_test(the_allowance_of_a_socket_ends_and_comes_back),
		cmocka_unit_test(a_change_of_a_socket_that_has_gone_is_announced_all_the_same),
		cmocka_unit_test(a_turn_of_a_socket_that_has_gone_leaves_nothing_behind),
		cmocka_unit_test(connecting_without_a_token_is_refused),
		cmocka_unit_test(an_ended_session_is_told_before_it_is_disconnected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
