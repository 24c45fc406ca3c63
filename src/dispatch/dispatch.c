/* SPDX-License-Identifier: MIT
 *
 * dispatch - see dispatch.h. One function a step; a call carries a request through them.
 *
 * Layer: dispatch.  Threads: the loop's, but for run_prepare, run_apply and run_read.
 */
#include "dispatch/dispatch.h"

#include <assert.h>
#include <stdlib.h>

#include "dispatch/call.h"
#include "dispatch/deferred.h"
#include "schema/schema_decode.h"

enum { TEXT_BYTES = 4096 };

enum err dispatch_new(const struct dispatch_options *options, struct dispatch **out)
{
	struct dispatch *d = calloc(1, sizeof *d);

	if (!d)
		return ERR_NOMEM;
	d->hub.o = *options;
	if (!buf_reserve(&d->hub.text, TEXT_BYTES)) { /* a refusal needs no more memory */
		free(d);
		return ERR_NOMEM;
	}
	*out = d;
	return ERR_OK;
}

void dispatch_free(struct dispatch *d)
{
	if (!d)
		return;
	struct seat_entry *entry, *following;
	HASH_ITER(hh, d->hub.seats, entry, following)
	{
		deferred_drop(&d->hub, &entry->seat);
		call_drop_reads(&entry->seat);
		hub_remove(&d->hub, &entry->seat);
	}
	struct user_rate *user, *next;
	HASH_ITER(hh, d->hub.users, user, next)
	{
		HASH_DEL(d->hub.users, user);
		free(user);
	}
	call_free_kept(d);
	buf_done(&d->hub.text);
	free(d);
}

struct hub *dispatch_hub(struct dispatch *d)
{
	return &d->hub;
}

const struct dispatch_stats *dispatch_stats(const struct dispatch *d)
{
	return &d->hub.stats;
}

/* --- the end of a call --- */

static bool changes_something(const struct event *row)
{
	return row->kind == KIND_WRITE || row->kind == KIND_TURN || row->kind == KIND_BLOB;
}

/* Counts what is under way on the seat, if it is still there. */
static void count_on_seat(struct call *c, int step)
{
	struct seat *seat = hub_seat(&c->d->hub, c->ask.socket);

	if (!seat || !changes_something(c->ask.row))
		return;
	seat->changes += (unsigned)step;
	if (step > 0)
		c->number = ++seat->changes_begun;
	if (c->ask.row->kind == KIND_TURN)
		seat->turns += (unsigned)step;
}

static void submit_read(struct call *c);
static void begin(struct dispatch *d, struct seat *seat, const struct dispatch_packet *p,
	struct charge *charge);

/* A change of the socket has ended: reads that waited for it go to a reader. */
static void release_parked(struct dispatch *d, uint64_t socket, uint64_t change)
{
	struct seat *seat = hub_seat(&d->hub, socket);
	struct call *ready = seat ? call_unpark(seat, change) : NULL;

	while (ready) {
		struct call *c = ready;
		ready = c->next;
		submit_read(c);
	}
}

/* A turn of the socket has ended: the events behind it begin, up to the next turn. */
static void release_deferred(struct dispatch *d, uint64_t socket)
{
	struct seat *seat;
	struct deferred *waiting;

	while ((seat = hub_seat(&d->hub, socket)) && seat->turns == 0 &&
		(waiting = deferred_take(seat)) != NULL) {
		begin(d, seat, &waiting->packet, &waiting->charge);
		deferred_free(&d->hub, waiting);
	}
}

static void end(struct call *c)
{
	struct dispatch *d = c->d;
	uint64_t socket = c->ask.socket, change = c->number;
	bool turn = c->ask.row && c->ask.row->kind == KIND_TURN;
	bool changed = c->ask.row && changes_something(c->ask.row) && change;

	call_free(c);
	if (changed)
		release_parked(d, socket, change);
	if (turn)
		release_deferred(d, socket);
}

/* Refuses a call before its first step, or after its last. */
static void fail(struct call *c, enum err e, const char *sentence)
{
	if (c->ask.connect)
		hub_refuse(&c->d->hub, &c->ask, e, sentence);
	else
		hub_fail(&c->d->hub, &c->ask, e, sentence);
	end(c);
}

/* --- the steps: run_ elsewhere, _done on the loop --- */

static struct call *call_of(struct job *job)
{
	return (struct call *)(void *)job; /* its first member */
}

static enum err run_prepare(struct job *job, struct tx *tx)
{
	struct call *c = call_of(job);

	(void)tx;
	return c->verb->prepare(
		c->d->hub.o.executor.blobs, &c->ask, c->in, &c->arena, &c->ask.prepared);
}

static enum err run_apply(struct job *job, struct tx *tx)
{
	struct call *c = call_of(job);
	enum err e = ERR_OK;

	if (changes_something(c->ask.row) && c->d->hub.o.recheck)
		e = c->d->hub.o.recheck(tx, &c->ask);
	return e ? e : c->verb->apply(tx, &c->ask, c->in, &c->arena, &c->out);
}

static enum err run_read(struct job *job, struct tx *tx)
{
	struct call *c = call_of(job);

	memset(c->out, 0, c->ask.row->answer->size);
	return c->verb->read(tx, &c->ask, c->in, &c->arena, c->out);
}

static void apply_done(struct job *job)
{
	struct call *c = call_of(job);

	count_on_seat(c, -1);
	if (job->err) {
		fail(c, job->err, job->sentence);
		return;
	}
	c->verb->announce(&c->d->hub, &c->ask, c->in, c->out);
	end(c);
}

static void read_done(struct job *job)
{
	struct call *c = call_of(job);

	call_list_remove(c);
	if (job->err) {
		fail(c, job->err, job->sentence);
		return;
	}
	if (c->verb->announce)
		c->verb->announce(&c->d->hub, &c->ask, c->in, c->out);
	else
		hub_answer(&c->d->hub, &c->ask, c->out);
	end(c);
}

static void submit(struct call *c, enum place place, enum err (*run)(struct job *, struct tx *),
	void (*done)(struct job *))
{
	c->job.run = run;
	c->job.done = done;
	c->job.sentence = NULL;
	c->job.owner = c->ask.user_id;
	enum err e = executor_submit(&c->d->hub.o.executor, place, &c->job);
	if (e) { /* as if it had come back so */
		c->job.err = e;
		done(&c->job);
	}
}

static void prepare_done(struct job *job)
{
	struct call *c = call_of(job);

	if (job->err)
		apply_done(job);
	else
		submit(c, PLACE_WRITER, run_apply, apply_done);
}

/* To a reader; the seat knows of it, so that it is given up when the socket goes. */
static void submit_read(struct call *c)
{
	struct seat *seat = hub_seat(&c->d->hub, c->ask.socket);

	if (seat)
		call_list_add(&seat->reads, c);
	else
		atomic_store_explicit(&c->job.abandoned, true, memory_order_relaxed);
	c->job.heavy = c->ask.row->rate == RATE_HEAVY;
	submit(c, PLACE_READER, run_read, read_done);
}

/* A read sees what its socket has asked for before it: it waits until that is committed, and then is no load to the writer. */
static void start_read(struct call *c)
{
	struct seat *seat = hub_seat(&c->d->hub, c->ask.socket);

	c->out = arena_alloc(&c->arena, c->ask.row->answer->size);
	if (!c->out) {
		fail(c, ERR_NOMEM, NULL);
	} else if (seat && seat->changes > 0) {
		c->number = seat->changes_begun;
		c->behind = seat->changes;
		call_list_add(&seat->parked, c);
	} else {
		submit_read(c);
	}
}

static void start_live(struct call *c)
{
	const char *sentence = NULL;
	enum err e = c->verb->live(&c->d->hub, &c->ask, c->in, &sentence);

	if (e) {
		fail(c, e, sentence);
		return;
	}
	hub_answer(&c->d->hub, &c->ask, NULL);
	end(c);
}

static void start(struct call *c)
{
	switch (c->ask.row->kind) {
	case KIND_BLOB:
		count_on_seat(c, 1);
		submit(c, PLACE_WORKER, run_prepare, prepare_done);
		return;
	case KIND_CONNECT:
		submit(c, PLACE_LOOK, run_apply, apply_done);
		return;
	case KIND_WRITE:
	case KIND_TURN:
		count_on_seat(c, 1);
		submit(c, PLACE_WRITER, run_apply, apply_done);
		return;
	case KIND_READ:
	case KIND_LOOK:
		start_read(c);
		return;
	case KIND_LIVE:
		start_live(c);
		return;
	case KIND_EMIT:
		assert(c->ask.row->kind != KIND_EMIT); /* schema_find gives none */
	}
}

/* --- the beginning of a call --- */

/* Copies what the caller lends, and decodes it into the row's struct. */
static enum err take_payload(struct call *c, const struct dispatch_packet *p, struct str *sentence)
{
	struct schema_source from = { .json = p->args.n ? arena_dup(&c->arena, p->args) : STR("{}"),
		.attachment_count = p->attachment_count };
	struct str *attachments = arena_array(&c->arena, p->attachment_count, sizeof *attachments);

	c->in = arena_alloc(&c->arena, c->ask.row->payload->size);
	if (!from.json.p || !attachments || !c->in)
		return ERR_NOMEM;
	for (size_t i = 0; i < p->attachment_count; i++) {
		attachments[i] = arena_dup(&c->arena, p->attachments[i]);
		if (!attachments[i].p)
			return ERR_NOMEM;
	}
	from.attachments = attachments;
	return schema_decode(c->ask.row->payload, &from, &c->arena, c->in, sentence);
}

/* Takes what the request costs; at its arrival, also when it is deferred. */
static enum err admit(
	struct dispatch *d, struct seat *seat, const struct event *row, const char **sentence)
{
	const struct limits *limits = d->hub.o.limits;
	int64_t now_ms = clock_monotonic_ms(&d->hub.o.clock);
	unsigned tokens = schema_rates[row ? row->rate : RATE_LIGHT].tokens;
	struct bucket_rate of_socket = { limits->socket_rate, limits->socket_burst };
	struct bucket_rate of_user = { limits->user_rate, limits->user_burst };

	if (!bucket_take(&seat->allowance, of_socket, tokens, now_ms) ||
		!bucket_take(&seat->user_rate->allowance, of_user, tokens, now_ms)) {
		*sentence = "Too many requests in a short time; wait a second and try again.";
		return ERR_RATE_LIMITED;
	}
	if (!row) {
		*sentence = "There is no event of this name here; see /asyncapi.json for those "
			    "there are.";
		return ERR_UNKNOWN_EVENT;
	}
	return ERR_OK;
}

/* The answer to a request of which there is no call; needs no memory. */
static void refuse(struct dispatch *d, const struct seat *seat, const struct dispatch_packet *p,
	enum err e, const char *sentence)
{
	struct ask ask = { .row = schema_find(seat->ns, p->name),
		.ns = seat->ns,
		.event = p->name,
		.socket = seat->socket,
		.ack = p->ack };

	hub_trace(&d->hub, TRACE_REQUEST, &ask, p->args);
	hub_fail(&d->hub, &ask, e, sentence);
}

/* An admitted request starts; takes its charge over when there is memory for it. */
static void begin(struct dispatch *d, struct seat *seat, const struct dispatch_packet *p,
	struct charge *charge)
{
	const struct event *row = schema_find(seat->ns, p->name);
	struct call *c = call_new(d);
	struct str sentence = { NULL, 0 };
	enum err e = ERR_OK;

	if (!c) {
		refuse(d, seat, p, ERR_NOMEM, NULL);
		return;
	}
	c->charge = *charge;
	*charge = (struct charge){ .bytes = 0 };
	c->ask.row = row;
	c->ask.ns = seat->ns;
	c->ask.event = str_of(row->name);
	c->ask.socket = seat->socket;
	c->ask.ack = p->ack;
	c->ask.user_id = seat->user_id;
	c->ask.session_id = seat->session_id;
	c->ask.role = seat->role;
	c->ask.open_group = seat->open_group;
	c->ask.none_open = seat->none_open;
	hub_trace(&d->hub, TRACE_REQUEST, &c->ask, p->args);
	if (row->who == WHO_ENTERED && !seat->entered) {
		fail(c, ERR_UNAUTHORIZED, "Send USER_CONNECT first, and wait for its answer.");
		return;
	}
	d->hub.stats.requests[row - schema_events]++;
	c->verb = &d->hub.o.verbs[row - schema_events];
	e = take_payload(c, p, &sentence);
	if (e)
		fail(c, e, sentence.p);
	else
		start(c);
}

void dispatch_event(struct dispatch *d, const struct dispatch_packet *packet)
{
	struct seat *seat = hub_seat(&d->hub, packet->socket);
	struct charge charge = { .bytes = 0 };
	const char *sentence = NULL;

	if (!seat)
		return;
	enum err e = admit(d, seat, schema_find(seat->ns, packet->name), &sentence);
	if (!e)
		e = charge_take(&d->hub, seat->user_rate, packet, &charge, &sentence);
	if (!e && (seat->turns > 0 || seat->first))
		e = deferred_add(seat, packet, &charge, &sentence);
	else if (!e)
		begin(d, seat, packet, &charge);
	if (e)
		refuse(d, seat, packet, e, sentence);
	charge_give(&d->hub, &charge);
}

void dispatch_connect(struct dispatch *d, const struct dispatch_connect *connect)
{
	static const enum event_id rows[NS_COUNT] = {
		[NS_MUSIC] = EVENT_music_connect, [NS_CHAT] = EVENT_chat_connect
	};
	struct call *c = call_new(d);
	struct dispatch_packet packet = { .args = connect->auth };
	struct str sentence = { NULL, 0 };
	struct ask ask = { .ns = connect->ns, .connect = connect->connect };
	const char *why = NULL;

	if (!c) {
		hub_refuse(&d->hub, &ask, ERR_NOMEM, NULL);
		return;
	}
	enum err e = connect->auth.n > CONNECT_AUTH_MAX
	                     ? ERR_UNAUTHORIZED
	                     : charge_take(&d->hub, NULL, &packet, &c->charge, &why);
	if (e) {
		call_free(c);
		hub_refuse(&d->hub, &ask, e, why);
		return;
	}
	c->ask.row = &schema_events[rows[connect->ns]];
	c->ask.ns = connect->ns;
	c->ask.event = str_of(c->ask.row->name);
	c->ask.connect = connect->connect;
	c->ask.address = arena_dup(&c->arena, connect->address);
	c->verb = &d->hub.o.verbs[rows[connect->ns]];
	d->hub.stats.requests[rows[connect->ns]]++;
	struct seat *lost = connect->recovers ? hub_seat(&d->hub, connect->connect) : NULL;
	if (lost) {
		c->ask.recovers = true;
		c->ask.user_id = lost->user_id;
		c->ask.session_id = lost->session_id;
	}
	if (take_payload(c, &packet, &sentence))
		fail(c, ERR_UNAUTHORIZED,
			"Connect with auth: { token }; POST /api/v1/sessions gives one.");
	else
		start(c);
}

bool dispatch_gone(struct dispatch *d, uint64_t socket, enum dispatch_parting parting)
{
	struct seat *seat = hub_seat(&d->hub, socket);

	if (!seat)
		return false;
	if (seat->is_lost && parting == PARTING_RETURNS)
		return true; /* lost again before it was back */
	seat->said_goodbye = seat->said_goodbye || parting == PARTING_FOR_GOOD;
	deferred_drop(&d->hub, seat);
	call_drop_reads(seat);
	if (d->hub.o.left)
		d->hub.o.left(&d->hub, seat);
	if (parting == PARTING_RETURNS)
		hub_lost_add(&d->hub, seat);
	else
		hub_remove(&d->hub, seat);
	return true;
}

void dispatch_expired(struct dispatch *d, void *owner)
{
	if (owner)
		hub_remove(&d->hub, owner);
}
