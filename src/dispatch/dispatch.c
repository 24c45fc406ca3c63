/* SPDX-License-Identifier: MIT
 *
 * dispatch - see dispatch.h. One function a step; a call carries a request through them.
 *
 * Layer: dispatch.  Threads: the loop's, but for run_prepare, run_apply and run_read.
 */
#include "dispatch/dispatch.h"

#include <assert.h>
#include <stdlib.h>

#include "dispatch/state.h"
#include "schema/schema_decode.h"

enum {
	CALLS_KEPT_MAX = 512, /* calls whose memory waits for the next request */
	HELD_MAX = 256,       /* events of one socket that wait for a turn */
};

/* A request on its way. */
struct call {
	struct job job;
	struct dispatch *d;
	struct ask ask;
	struct arena arena;
	const struct verb *verb;
	void *in;
	void *out;
	struct call *next; /* among the kept ones */
	uint64_t number;   /* a change: which of its seat's; a read: how many had begun before it */
	unsigned behind;   /* a parked read: changes that it waits for */
	struct call *list_next,
		**list_at; /* in its seat's parked or reads; list_at NULL: in neither */
};

/* An event that waits for a turn to end; its bytes are in the arena. */
struct held {
	struct held *next;
	struct arena arena;
	struct dispatch_packet packet;
};

struct dispatch {
	struct hub hub;
	struct call *kept;
	unsigned kept_count;
};

static void start(struct call *c);

enum err dispatch_new(const struct dispatch_options *options, struct dispatch **out)
{
	struct dispatch *d = calloc(1, sizeof *d);

	if (!d)
		return ERR_NOMEM;
	d->hub.o = *options;
	*out = d;
	return ERR_OK;
}

static void held_free(struct held *h)
{
	arena_done(&h->arena);
	free(h);
}

static void drop_reads(struct seat *seat);

static void drop_held(struct seat *seat)
{
	while (seat->first) {
		struct held *next = seat->first->next;
		held_free(seat->first);
		seat->first = next;
	}
	seat->last = NULL;
}

void dispatch_free(struct dispatch *d)
{
	if (!d)
		return;
	struct seat_entry *entry, *following;
	HASH_ITER(hh, d->hub.seats, entry, following)
	{
		drop_held(&entry->seat);
		drop_reads(&entry->seat);
		hub_remove(&d->hub, &entry->seat);
	}
	struct user_rate *user, *next;
	HASH_ITER(hh, d->hub.users, user, next)
	{
		HASH_DEL(d->hub.users, user);
		free(user);
	}
	while (d->kept) {
		struct call *c = d->kept;
		d->kept = c->next;
		arena_done(&c->arena);
		free(c);
	}
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

static struct call *call_new(struct dispatch *d)
{
	struct call *c = d->kept;

	if (c) {
		d->kept = c->next;
		d->kept_count--;
	} else {
		c = calloc(1, sizeof *c);
		if (!c)
			return NULL;
	}
	c->d = d;
	c->job = (struct job){ .arena = &c->arena };
	c->ask =
		(struct ask){ .now_ms = clock_wall_ms(&d->hub.o.clock), .limits = d->hub.o.limits };
	c->ask.fresh = uuid_v7(c->ask.now_ms, &d->hub.o.rng);
	c->in = c->out = NULL;
	c->number = 0;
	c->behind = 0;
	c->list_at = NULL;
	d->hub.stats.calls++;
	return c;
}

static void call_free(struct call *c)
{
	struct dispatch *d = c->d;

	d->hub.stats.calls--;
	arena_reset(&c->arena);
	if (d->kept_count >= CALLS_KEPT_MAX) {
		arena_done(&c->arena);
		free(c);
		return;
	}
	c->next = d->kept;
	d->kept = c;
	d->kept_count++;
}

/* --- the reads of a seat --- */

static void list_add(struct call **list, struct call *c)
{
	c->list_next = *list;
	c->list_at = list;
	if (*list)
		(*list)->list_at = &c->list_next;
	*list = c;
}

static void list_remove(struct call *c)
{
	if (!c->list_at)
		return;
	*c->list_at = c->list_next;
	if (c->list_next)
		c->list_next->list_at = c->list_at;
	c->list_at = NULL;
}

/* The socket goes: what waits is dropped, what a reader has it may give up. */
static void drop_reads(struct seat *seat)
{
	while (seat->parked) {
		struct call *c = seat->parked;
		list_remove(c);
		call_free(c);
	}
	while (seat->reads) {
		struct call *c = seat->reads;
		list_remove(c);
		atomic_store_explicit(&c->job.abandoned, true, memory_order_relaxed);
	}
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

static void release_held(struct dispatch *d, uint64_t socket)
{
	struct seat *seat;

	while ((seat = hub_seat(&d->hub, socket)) && seat->first && seat->turns == 0) {
		struct held *h = seat->first;
		seat->first = h->next;
		if (!h->next)
			seat->last = NULL;
		struct held *rest =
			seat->first; /* dispatch_event must not queue this one behind the others */
		struct held *last = seat->last;
		seat->first = seat->last = NULL;
		dispatch_event(d, &h->packet);
		held_free(h);
		seat = hub_seat(&d->hub, socket);
		if (seat) {
			seat->first = rest;
			seat->last = last;
			continue;
		}
		while (rest) {
			struct held *next = rest->next;
			held_free(rest);
			rest = next;
		}
	}
}

static void submit_read(struct call *c);

/* A change of the socket has ended: of the reads that came behind it, those that wait for no other go to a reader. */
static void release_parked(struct dispatch *d, uint64_t socket, uint64_t change)
{
	struct seat *seat = hub_seat(&d->hub, socket);
	struct call *next, *ready = NULL;

	for (struct call *c = seat ? seat->parked : NULL; c; c = next) {
		next = c->list_next;
		if (c->number < change || --c->behind > 0)
			continue;
		list_remove(c);
		c->next = ready; /* the oldest will be the first */
		ready = c;
	}
	while (ready) {
		struct call *c = ready;
		ready = c->next;
		submit_read(c);
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
		release_held(d, socket);
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

	return c->verb->apply(tx, &c->ask, c->in, &c->arena, &c->out);
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

	list_remove(c);
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
		list_add(&seat->reads, c);
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
		list_add(&seat->parked, c);
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
	case KIND_WRITE:
	case KIND_TURN:
	case KIND_CONNECT:
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

static enum err guard(struct call *c, struct seat *seat, const char **sentence)
{
	const struct event *row = c->ask.row;
	struct dispatch_options *o = &c->d->hub.o;
	int64_t now_ms = clock_monotonic_ms(&o->clock);
	unsigned tokens = row ? schema_rates[row->rate].tokens : schema_rates[RATE_LIGHT].tokens;

	struct bucket_rate of_socket = { o->limits->socket_rate, o->limits->socket_burst };
	struct bucket_rate of_user = { o->limits->user_rate, o->limits->user_burst };

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
	if (row->who == WHO_ENTERED && !seat->entered) {
		*sentence = "Send USER_CONNECT first, and wait for its answer.";
		return ERR_UNAUTHORIZED;
	}
	return ERR_OK;
}

static void begin(struct dispatch *d, struct seat *seat, const struct dispatch_packet *p)
{
	struct call *c = call_new(d);
	struct str sentence = { NULL, 0 };
	const char *why = NULL;

	if (!c)
		return; /* not even memory to say so */
	const struct event *row = schema_find(seat->ns, p->name);
	c->ask.row = row;
	c->ask.ns = seat->ns;
	c->ask.event = row ? str_of(row->name) : arena_dup(&c->arena, p->name);
	c->ask.socket = seat->socket;
	c->ask.ack = p->ack;
	c->ask.user_id = seat->user_id;
	c->ask.session_id = seat->session_id;
	c->ask.role = seat->role;
	c->ask.open_group = seat->open_group;
	c->ask.none_open = seat->none_open;
	hub_trace(&d->hub, TRACE_REQUEST, &c->ask, p->args);

	enum err e = guard(c, seat, &why);
	if (!e) {
		d->hub.stats.requests[row - schema_events]++;
		c->verb = &d->hub.o.verbs[row - schema_events];
		e = take_payload(c, p, &sentence);
		why = sentence.p;
	}
	if (e)
		fail(c, e, why);
	else
		start(c);
}

static void hold(struct dispatch *d, struct seat *seat, const struct dispatch_packet *p)
{
	struct held *h = calloc(1, sizeof *h);
	struct str *attachments;

	(void)d;
	if (!h)
		return;
	h->packet = *p;
	h->packet.name = arena_dup(&h->arena, p->name);
	h->packet.args = arena_dup(&h->arena, p->args);
	attachments = arena_array(&h->arena, p->attachment_count, sizeof *attachments);
	bool whole = h->packet.name.p && h->packet.args.p && attachments;
	for (size_t i = 0; whole && i < p->attachment_count; i++) {
		attachments[i] = arena_dup(&h->arena, p->attachments[i]);
		whole = attachments[i].p != NULL;
	}
	if (!whole) {
		held_free(h);
		return;
	}
	h->packet.attachments = attachments;
	if (seat->last)
		seat->last->next = h;
	else
		seat->first = h;
	seat->last = h;
}

static bool may_hold(const struct seat *seat)
{
	size_t n = 0;

	for (const struct held *h = seat->first; h; h = h->next)
		n++;
	return n < HELD_MAX;
}

void dispatch_event(struct dispatch *d, const struct dispatch_packet *packet)
{
	struct seat *seat = hub_seat(&d->hub, packet->socket);

	if (!seat)
		return;
	if (seat->turns == 0 && !seat->first) {
		begin(d, seat, packet);
	} else if (may_hold(seat)) {
		hold(d, seat, packet);
	} else {
		struct ask ask = { .ns = seat->ns,
			.event = packet->name,
			.socket = seat->socket,
			.ack = packet->ack };
		hub_fail(&d->hub, &ask, ERR_RATE_LIMITED, NULL);
	}
}

void dispatch_connect(struct dispatch *d, const struct dispatch_connect *connect)
{
	static const enum event_id rows[NS_COUNT] = {
		[NS_MUSIC] = EVENT_music_connect, [NS_CHAT] = EVENT_chat_connect
	};
	struct call *c = call_new(d);
	struct dispatch_packet packet = { .args = connect->auth };
	struct str sentence = { NULL, 0 };

	if (!c) {
		struct ask ask = { .ns = connect->ns, .connect = connect->connect };
		hub_refuse(&d->hub, &ask, ERR_NOMEM, NULL);
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
	drop_held(seat);
	drop_reads(seat);
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
