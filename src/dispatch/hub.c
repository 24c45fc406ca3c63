/* SPDX-License-Identifier: MIT
 *
 * hub - see hub.h: payloads become text here, once, and go to the wire.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#include "dispatch/hub.h"

#include <stdlib.h>

#include "dispatch/state.h"

enum { USERS_SWEEP_MS = 10000, ROUND_MAX = 64 };

void hub_trace(
	struct hub *hub, enum trace_direction direction, const struct ask *ask, struct str json)
{
	if (hub->o.trace)
		hub->o.trace(hub->o.trace_context,
			&(struct trace_entry){ direction, ask->ns, ask->event, json });
}

void hub_emit(struct hub *hub, enum event_id id, const void *payload, const struct audience *to)
{
	const struct event *row = &schema_events[id];
	struct schema_attachments attachments = { .n = 0 };
	struct json_writer w = json_write_into(&hub->text);

	buf_clear(&hub->text);
	schema_encode(row->payload, payload, &w, &attachments);
	if (buf_failed(&hub->text))
		return; /* without memory a relay is lost; GET_HISTORY and LIST_CHANGES still have it */
	struct wire_packet packet = { .ns = row->ns,
		.name = str_of(row->name),
		.json = buf_str(&hub->text),
		.attachments = attachments.v,
		.attachment_count = attachments.n };
	hub->stats.emitted[id]++;
	hub_trace(
		hub, TRACE_EMIT, &(struct ask){ .ns = row->ns, .event = packet.name }, packet.json);
	hub->o.wire->emit(hub->o.wire_impl, &packet, to);
}

void hub_emit_all(struct hub *hub, enum event_id id, const void *payload, uint64_t except_socket)
{
	hub_emit(hub, id, payload,
		&(struct audience){ .to = { { .kind = ROOM_NAMESPACE } },
			.to_count = 1,
			.except_socket = except_socket });
}

void hub_emit_user(struct hub *hub, enum event_id id, const void *payload, struct uuid user_id,
	uint64_t except_socket)
{
	hub_emit(hub, id, payload,
		&(struct audience){ .to = { { ROOM_USER, user_id } },
			.to_count = 1,
			.except_socket = except_socket });
}

void hub_emit_group(struct hub *hub, enum event_id id, const void *payload, struct uuid group_id,
	uint64_t except_socket)
{
	hub_emit(hub, id, payload,
		&(struct audience){ .to = { { ROOM_GROUP, group_id } },
			.to_count = 1,
			.except_socket = except_socket });
}

void hub_emit_socket(struct hub *hub, enum event_id id, const void *payload, uint64_t socket)
{
	hub_emit(hub, id, payload, &(struct audience){ .socket = socket });
}

static void acknowledge(struct hub *hub, const struct ask *ask)
{
	struct wire_packet packet = { .ns = ask->ns, .json = buf_str(&hub->text) };

	if (!buf_failed(&hub->text))
		hub->o.wire->acknowledge(hub->o.wire_impl, ask->socket, ask->ack, &packet);
}

/* In /chat the answer to a reading request that asked for no acknowledgement: DATA_RECEIVED. */
static void answer_as_data(struct hub *hub, const struct ask *ask, const void *answer)
{
	const struct payload *p = ask->row->answer;
	struct buf data = { 0 };
	struct json_writer w = json_write_into(&data);

	if (p->count == 1 &&
		p->fields[0].type == FIELD_OBJECT) { /* the snapshot, which stands in `data` */
		answer = (const char *)answer + p->fields[0].value_offset;
		p = p->fields[0].object;
	}
	schema_encode(p, answer, &w, NULL);
	struct data_received event = { .dataType = str_of(p->name),
		.data = buf_str(&data),
		.timestamp = clock_wall_ms(&hub->o.clock) };
	if (!buf_failed(&data))
		hub_emit_socket(hub, EVENT_chat_data_received, &event, ask->socket);
	buf_done(&data);
}

static bool is_reading(const struct ask *ask)
{
	return ask->row->kind == KIND_READ || ask->row->kind == KIND_LOOK;
}

void hub_answer(struct hub *hub, const struct ask *ask, const void *answer)
{
	struct json_writer w = json_write_into(&hub->text);

	if (!ask->socket || (!ask->ack && !is_reading(ask)))
		return;
	if (!ask->ack && ask->ns == NS_CHAT) {
		answer_as_data(hub, ask, answer);
		return;
	}
	buf_clear(&hub->text);
	json_write_begin_object(&w);
	json_write_key(&w, STR("ok"));
	json_write_bool(&w, true);
	if (answer)
		schema_encode_members(ask->row->answer, answer, &w, NULL);
	json_write_end_object(&w);
	if (buf_failed(&hub->text)) {
		hub_fail(hub, ask, ERR_NOMEM, NULL);
		return;
	}
	hub_trace(hub, TRACE_ANSWER, ask, buf_str(&hub->text));
	if (ask->ack) {
		acknowledge(hub, ask);
		return;
	}
	struct wire_packet packet = {
		.ns = ask->ns, .name = ask->event, .json = buf_str(&hub->text)
	};
	hub->o.wire->emit(hub->o.wire_impl, &packet, &(struct audience){ .socket = ask->socket });
}

static struct str sentence_or_doc(enum err e, const char *sentence)
{
	return str_of(sentence ? sentence : err_doc(e));
}

/* { errorCode, errorMessage, timestamp } into the hub's text, behind what the caller has begun. */
static void write_error(struct hub *hub, struct json_writer *w, enum err e, const char *sentence)
{
	struct connection_error error = { .errorCode = str_of(err_wire(e)),
		.errorMessage = sentence_or_doc(e, sentence),
		.timestamp = clock_wall_ms(&hub->o.clock) };

	schema_encode(schema_payload(STR("connection_error")), &error, w, NULL);
}

static void emit_error(struct hub *hub, const struct ask *ask, enum err e, const char *sentence)
{
	struct error_occured error = { .errorCode = str_of(err_wire(e)),
		.errorMessage = sentence_or_doc(e, sentence),
		.timestamp = clock_wall_ms(&hub->o.clock),
		.event = { .set = ask->event.n > 0, .v = ask->event } };

	hub_emit_socket(hub,
		ask->ns == NS_CHAT ? EVENT_chat_error_occured : EVENT_music_error_occured, &error,
		ask->socket);
}

/* Counts a refusal, and has the ones that are not the client's fault reported. */
static void note(struct hub *hub, const struct ask *ask, enum err e, const char *sentence)
{
	hub->stats.refused[e]++;
	if (hub->o.report && (e == ERR_INTERNAL || e == ERR_UNAVAILABLE || e == ERR_NOMEM))
		hub->o.report(hub->o.report_context, ask, e, sentence);
}

void hub_fail(struct hub *hub, const struct ask *ask, enum err e, const char *sentence)
{
	struct json_writer w = json_write_into(&hub->text);

	note(hub, ask, e, sentence);
	buf_clear(&hub->text);
	json_write_begin_object(&w);
	json_write_key(&w, STR("ok"));
	json_write_bool(&w, false);
	json_write_key(&w, STR("error"));
	write_error(hub, &w, e, sentence);
	json_write_end_object(&w);
	hub_trace(hub, TRACE_ERROR, ask, buf_str(&hub->text));
	if (ask->ack)
		acknowledge(hub, ask);
	else
		emit_error(hub, ask, e, sentence);
}

void hub_refuse(struct hub *hub, const struct ask *ask, enum err e, const char *sentence)
{
	struct json_writer w = json_write_into(&hub->text);

	note(hub, ask, e, sentence);
	buf_clear(&hub->text);
	write_error(hub, &w, e, sentence);
	hub_trace(hub, TRACE_ERROR, ask, buf_str(&hub->text));
	hub->o.wire->refuse(hub->o.wire_impl, ask->connect, sentence_or_doc(e, sentence),
		buf_failed(&hub->text) ? STR("null") : buf_str(&hub->text));
}

void hub_join(struct hub *hub, uint64_t socket, struct room room)
{
	hub->o.wire->join(hub->o.wire_impl, socket, room);
}

void hub_leave(struct hub *hub, uint64_t socket, struct room room)
{
	hub->o.wire->leave(hub->o.wire_impl, socket, room);
}

/* What hub_join_user and hub_leave_user hand to each socket. */
struct move {
	struct hub *hub;
	struct room room;
	void (*step)(struct hub *hub, uint64_t socket, struct room room);
};

static void move_one(void *context, struct seat *seat)
{
	struct move *m = context;

	m->step(m->hub, seat->socket, m->room);
}

void hub_join_user(struct hub *hub, enum ns ns, struct uuid user_id, struct room room)
{
	struct move m = { hub, room, hub_join };

	hub_each_of_user(hub, ns, user_id, move_one, &m);
}

void hub_leave_user(struct hub *hub, enum ns ns, struct uuid user_id, struct room room)
{
	struct move m = { hub, room, hub_leave };

	hub_each_of_user(hub, ns, user_id, move_one, &m);
}

size_t hub_count(struct hub *hub, enum ns ns, struct room room)
{
	return hub->o.wire->count(hub->o.wire_impl, ns, room);
}

static struct bucket_rate rate_of_user(const struct hub *hub)
{
	return (struct bucket_rate){ hub->o.limits->user_rate, hub->o.limits->user_burst };
}

/* Who has no socket any more is forgotten when a new allowance would be the same, looked at now and then. */
static void user_rates_sweep(struct hub *hub, int64_t now_ms)
{
	struct user_rate *u, *next;

	if (now_ms - hub->users_swept_ms < USERS_SWEEP_MS)
		return;
	hub->users_swept_ms = now_ms;
	HASH_ITER(hh, hub->users, u, next)
	{
		if (u->seats > 0 || u->bytes > 0 ||
			!bucket_is_full(&u->allowance, rate_of_user(hub), now_ms))
			continue;
		HASH_DEL(hub->users, u);
		free(u);
	}
}

static struct user_rate *user_rate_get(struct hub *hub, struct uuid user_id)
{
	struct user_rate *u;

	user_rates_sweep(hub, clock_monotonic_ms(&hub->o.clock));
	HASH_FIND(hh, hub->users, &user_id, sizeof user_id, u);
	if (u)
		return u;
	u = calloc(1, sizeof *u);
	if (!u)
		return NULL;
	u->user_id = user_id;
	HASH_ADD(hh, hub->users, user_id, sizeof u->user_id, u);
	if (u->hh.tbl)
		return u;
	free(u);
	return NULL;
}

/* Connecting reads as much as a heavy request does, and is charged like one. */
enum err hub_charge(struct hub *hub, struct user_rate *rate, const char **sentence)
{
	*sentence = NULL;
	if (!rate)
		return ERR_NOMEM;
	*sentence = "Too many connections in a short time; wait a second and try again.";
	return bucket_take(&rate->allowance, rate_of_user(hub), schema_rates[RATE_HEAVY].tokens,
		       clock_monotonic_ms(&hub->o.clock))
	               ? ERR_OK
	               : ERR_RATE_LIMITED;
}

struct seat *hub_accept(struct hub *hub, const struct ask *ask, const struct identity *who)
{
	struct seat_entry *entry = calloc(1, sizeof *entry);
	struct user_rate *rate = entry ? user_rate_get(hub, who->user_id) : NULL;
	const char *sentence;
	enum err e = hub_charge(hub, rate, &sentence);
	uint64_t socket = e ? 0 : hub->o.wire->accept(hub->o.wire_impl, ask->connect, entry);

	if (e)
		hub_refuse(hub, ask, e, sentence);
	if (!socket) {
		free(entry);
		return NULL;
	}
	entry->seat = (struct seat){ .socket = socket,
		.ns = ask->ns,
		.role = who->role,
		.user_id = who->user_id,
		.session_id = who->session_id,
		.user_rate = rate };
	HASH_ADD(hh, hub->seats, seat.socket, sizeof socket, entry);
	if (!entry->hh.tbl) { /* without memory it cannot be served */
		free(entry);
		hub_disconnect(hub, socket);
		return NULL;
	}
	rate->seats++;
	hub->stats.seats[ask->ns]++;
	hub_join(hub, socket, (struct room){ ROOM_USER, who->user_id });
	hub_join(hub, socket, (struct room){ ROOM_SESSION, who->session_id });
	return &entry->seat;
}

struct seat *hub_seat(struct hub *hub, uint64_t socket)
{
	struct seat_entry *entry;

	HASH_FIND(hh, hub->seats, &socket, sizeof socket, entry);
	return entry ? &entry->seat : NULL;
}

void hub_remove(struct hub *hub, struct seat *seat)
{
	struct seat_entry *entry = (struct seat_entry *)(void *)seat; /* its first member */
	struct user_rate *rate = seat->user_rate;

	if (seat->is_lost)
		hub_lost_take(hub, seat);
	HASH_DEL(hub->seats, entry);
	hub->stats.seats[seat->ns]--;
	rate->seats--;
	free(entry);
}

/* Sockets first, seats after: what fn does to the room must not disturb the walk. */
struct collected {
	uint64_t *sockets;
	size_t n, cap;
	size_t at, skip; /* which one of the room it is, and how many were taken before */
};

static void collect(void *context, uint64_t socket)
{
	struct collected *c = context;

	if (c->at++ >= c->skip && c->n < c->cap)
		c->sockets[c->n++] = socket;
}

void hub_each(struct hub *hub, enum ns ns, struct room room,
	void (*fn)(void *context, struct seat *seat), void *context)
{
	uint64_t few[ROUND_MAX];
	struct collected c = { .cap = hub_count(hub, ns, room) };
	uint64_t *all = c.cap > ROUND_MAX ? calloc(c.cap, sizeof *all) : NULL;

	c.sockets = all ? all : few;
	if (!all)
		c.cap = ROUND_MAX; /* without memory in rounds: whom this passes over would keep what others took away */
	do {
		c.n = c.at = 0;
		hub->o.wire->each(hub->o.wire_impl, ns, room, collect, &c);
		for (size_t i = 0; i < c.n; i++) {
			struct seat *seat = hub_seat(hub, c.sockets[i]);
			if (seat)
				fn(context, seat);
		}
		c.skip += c.n;
	} while (!all && c.n == c.cap);
	free(all);
}

void hub_disconnect(struct hub *hub, uint64_t socket)
{
	hub->o.wire->disconnect(hub->o.wire_impl, socket);
}

/* What hub_end_session and hub_end_user do to each socket. */
struct ending {
	struct hub *hub;
	enum err e;
	const char *sentence;
};

static void end_one(void *context, struct seat *seat)
{
	struct ending *end = context;

	emit_error(end->hub, &(struct ask){ .ns = seat->ns, .socket = seat->socket }, end->e,
		end->sentence);
	seat->said_goodbye = true;
	hub_disconnect(end->hub, seat->socket);
}

/* In rounds, without memory: a suspension must end all sockets also when there is none. Those that are ended leave the room. */
static void end_room(struct hub *hub, struct room room, enum err e, const char *sentence)
{
	struct ending end = { hub, e, sentence };
	uint64_t sockets[ROUND_MAX];
	size_t ended;

	for (int ns = 0; ns < NS_COUNT; ns++) {
		do {
			struct collected c = { .sockets = sockets, .cap = ROUND_MAX };
			ended = 0;
			hub->o.wire->each(hub->o.wire_impl, (enum ns)ns, room, collect, &c);
			for (size_t i = 0; i < c.n; i++) {
				struct seat *seat = hub_seat(hub, c.sockets[i]);
				if (!seat)
					continue;
				end_one(&end, seat);
				ended += hub_seat(hub, c.sockets[i]) == NULL;
			}
		} while (ended > 0);
	}
}

void hub_end_session(struct hub *hub, struct uuid session_id, enum err e, const char *sentence)
{
	end_room(hub, (struct room){ ROOM_SESSION, session_id }, e, sentence);
	hub_lost_end_session(hub, session_id);
}

void hub_end_user(struct hub *hub, struct uuid user_id, enum err e, const char *sentence)
{
	end_room(hub, (struct room){ ROOM_USER, user_id }, e, sentence);
	hub_lost_end_user(hub, user_id);
}

struct presence *hub_presence(const struct hub *hub)
{
	return hub->o.presence;
}

const struct clock *hub_clock(const struct hub *hub)
{
	return &hub->o.clock;
}

void hub_timer_start(struct hub *hub, struct timer *t, int64_t delay_ms)
{
	hub->o.wire->timer_start(hub->o.wire_impl, t, delay_ms);
}

void hub_timer_stop(struct hub *hub, struct timer *t)
{
	hub->o.wire->timer_stop(hub->o.wire_impl, t);
}
