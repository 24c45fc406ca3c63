/* SPDX-License-Identifier: MIT
 *
 * chat_fixture - real dispatch, real verbs, a real store; a wire that writes down what each socket hears.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#ifndef UNIT_CHAT_FIXTURE_H
#define UNIT_CHAT_FIXTURE_H

#include "../store/store_fixture.h"
#include "accounts/presence.h"
#include "accounts/session.h"
#include "accounts/token.h"
#include "app/verbs.h"
#include "base/text.h"
#include "dispatch/dispatch.h"
#include "dispatch/seat.h"
#include "store/url_key.h"

enum { SOCKETS_MAX = 16, PLACES_MAX = 4096, QUEUE_MAX = 64, LOBBY_PK = 1 };

#define LOBBY "01900000-0000-7000-8000-000000000001"

/* A socket in a room. */
struct standing {
	enum ns ns;
	struct room room;
	uint64_t socket;
};

struct queued {
	struct job *job;
	enum place place;
};

struct chat_fixture {
	struct store_fixture store;
	struct dispatch *d;
	struct presence *presence;
	struct limits limits;
	struct standing standing[PLACES_MAX];
	size_t standing_count;
	enum ns ns_of[SOCKETS_MAX];
	bool connected[SOCKETS_MAX];
	void *owner[SOCKETS_MAX],
		*lost[SOCKETS_MAX];    /* lost: the same, of one that may come back */
	struct buf heard[SOCKETS_MAX]; /* "NAME json\n" each, acknowledgements as "ack json\n" */
	struct queued waiting[QUEUE_MAX], finished[QUEUE_MAX];
	size_t waiting_count, finished_count;
	uint32_t ids;
	int64_t now_ms;
	struct fixture_sql *sql; /* all that were run: statements are kept by the query's address */
};

/* --- the wire --- */

static inline bool fixture_stands(
	const struct chat_fixture *f, enum ns ns, struct room room, uint64_t socket)
{
	for (size_t i = 0; i < f->standing_count; i++) {
		const struct standing *s = &f->standing[i];
		if (s->ns == ns && s->socket == socket && s->room.kind == room.kind &&
			uuid_eq(s->room.id, room.id))
			return true;
	}
	return false;
}

static inline bool fixture_in_any(const struct chat_fixture *f, enum ns ns,
	const struct room *rooms, size_t count, uint64_t socket)
{
	for (size_t i = 0; i < count; i++) {
		if (fixture_stands(f, ns, rooms[i], socket))
			return true;
	}
	return false;
}

static inline void fixture_emit(void *impl, const struct wire_packet *p, const struct audience *to)
{
	struct chat_fixture *f = impl;

	for (uint64_t s = 1; s < SOCKETS_MAX; s++) {
		bool hears = to->socket ? s == to->socket
		                        : fixture_in_any(f, p->ns, to->to, to->to_count, s) &&
		                                  !fixture_in_any(f, p->ns, to->except,
							  to->except_count, s) &&
		                                  s != to->except_socket;
		if (hears && f->connected[s] && f->ns_of[s] == p->ns)
			buf_printf(&f->heard[s], "%.*s %.*s\n", STR_ARG(p->name), STR_ARG(p->json));
	}
}

static inline void fixture_acknowledge(
	void *impl, uint64_t socket, uint64_t ack, const struct wire_packet *p)
{
	struct chat_fixture *f = impl;

	(void)ack;
	buf_printf(&f->heard[socket], "ack %.*s\n", STR_ARG(p->json));
}

static inline void fixture_join(void *impl, uint64_t socket, struct room room)
{
	struct chat_fixture *f = impl;

	if (fixture_stands(f, f->ns_of[socket], room, socket))
		return;
	assert_true(f->standing_count < PLACES_MAX);
	f->standing[f->standing_count++] = (struct standing){ f->ns_of[socket], room, socket };
}

static inline void fixture_leave(void *impl, uint64_t socket, struct room room)
{
	struct chat_fixture *f = impl;

	for (size_t i = 0; i < f->standing_count; i++) {
		struct standing *s = &f->standing[i];
		if (s->socket == socket && s->room.kind == room.kind &&
			uuid_eq(s->room.id, room.id)) {
			*s = f->standing[--f->standing_count];
			return;
		}
	}
}

static inline size_t fixture_count(void *impl, enum ns ns, struct room room)
{
	struct chat_fixture *f = impl;
	size_t n = 0;

	for (uint64_t s = 1; s < SOCKETS_MAX; s++)
		n += f->connected[s] && fixture_stands(f, ns, room, s);
	return n;
}

static inline void fixture_each(
	void *impl, enum ns ns, struct room room, void (*fn)(void *, uint64_t), void *context)
{
	struct chat_fixture *f = impl;

	for (uint64_t s = 1; s < SOCKETS_MAX; s++) {
		if (f->connected[s] && fixture_stands(f, ns, room, s))
			fn(context, s);
	}
}

static inline uint64_t fixture_accept(void *impl, uint64_t connect, void *owner)
{
	struct chat_fixture *f = impl;

	if (f->lost[connect]) /* it begins anew */
		dispatch_expired(f->d, f->lost[connect]);
	f->lost[connect] = NULL;
	f->owner[connect] = owner;
	f->connected[connect] = true;
	buf_printf(&f->heard[connect], "accepted\n");
	return connect;
}

static inline bool fixture_recover(void *impl, uint64_t connect, void *owner)
{
	struct chat_fixture *f = impl;

	f->lost[connect] = NULL;
	f->owner[connect] = owner;
	f->connected[connect] = true;
	buf_printf(&f->heard[connect], "recovered\n");
	return true;
}

static inline void fixture_end_lost(void *impl, uint64_t socket)
{
	struct chat_fixture *f = impl;
	void *owner = f->lost[socket];

	f->lost[socket] = NULL;
	dispatch_expired(f->d, owner);
}

static inline void fixture_refuse(void *impl, uint64_t connect, struct str message, struct str data)
{
	struct chat_fixture *f = impl;

	(void)message;
	fixture_end_lost(f, connect);
	buf_printf(&f->heard[connect], "refused %.*s\n", STR_ARG(data));
}

static inline void fixture_leave_all(struct chat_fixture *f, uint64_t socket)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->standing_count; i++) {
		if (f->standing[i].socket != socket)
			f->standing[kept++] = f->standing[i];
	}
	f->standing_count = kept;
	f->connected[socket] = false;
}

static inline void fixture_disconnect(void *impl, uint64_t socket)
{
	struct chat_fixture *f = impl;

	fixture_leave_all(f, socket);
	dispatch_gone(f->d, socket, PARTING_FOR_GOOD);
}

static inline void fixture_timer_start(void *impl, struct timer *t, int64_t delay_ms)
{
	(void)impl, (void)delay_ms;
	t->running = true;
}

static inline void fixture_timer_stop(void *impl, struct timer *t)
{
	(void)impl;
	t->running = false;
}

static const struct wire fixture_wire = {
	.emit = fixture_emit,
	.acknowledge = fixture_acknowledge,
	.join = fixture_join,
	.leave = fixture_leave,
	.count = fixture_count,
	.each = fixture_each,
	.accept = fixture_accept,
	.recover = fixture_recover,
	.end_lost = fixture_end_lost,
	.refuse = fixture_refuse,
	.disconnect = fixture_disconnect,
	.timer_start = fixture_timer_start,
	.timer_stop = fixture_timer_stop,
};

/* --- where steps run --- */

static inline enum err fixture_submit(void *impl, enum place place, struct job *job)
{
	struct chat_fixture *f = impl;

	assert_true(f->waiting_count < QUEUE_MAX);
	f->waiting[f->waiting_count++] = (struct queued){ job, place };
	return ERR_OK;
}

struct fixture_step {
	struct store_job store_job;
	struct job *job;
};

static inline enum err fixture_step_run(struct tx *tx, struct store_job *store_job)
{
	struct job *job = ((struct fixture_step *)store_job)->job;

	return job->run(job, tx);
}

static inline void fixture_step_done(struct store_job *job)
{
	(void)job;
}

static inline void fixture_run(struct chat_fixture *f, const struct queued *q)
{
	struct fixture_step step = { { .run = fixture_step_run, .done = fixture_step_done },
		q->job };

	if (q->place == PLACE_WORKER) {
		q->job->err = q->job->run(q->job, NULL);
		return;
	}
	step.store_job.looks = q->place == PLACE_LOOK;
	if (q->place != PLACE_READER) {
		q->job->err = store_run_now(f->store.store, &step.store_job);
	} else {
		assert_int_equal(store_read(f->store.store, &step.store_job), ERR_OK);
		store_fixture_await(&f->store, 1);
		q->job->err = step.store_job.err;
	}
	q->job->sentence = step.store_job.sentence;
}

/* Runs and commits what waits, in its order; what comes of it is not announced yet. */
static inline void chat_commit(struct chat_fixture *f)
{
	for (size_t i = 0; i < f->waiting_count; i++) {
		fixture_run(f, &f->waiting[i]);
		f->finished[f->finished_count++] = f->waiting[i];
	}
	f->waiting_count = 0;
}

/* Brings everything to its end. */
static inline void chat_settle(struct chat_fixture *f)
{
	do {
		chat_commit(f);
		size_t n = f->finished_count;
		struct queued done[QUEUE_MAX];
		memcpy(done, f->finished, sizeof done);
		f->finished_count = 0;
		for (size_t i = 0; i < n; i++)
			done[i].job->done(done[i].job);
	} while (f->waiting_count);
}

/* --- clock and chance --- */

static inline int64_t fixture_now(void *context)
{
	return ((struct chat_fixture *)context)->now_ms++;
}

static inline void fixture_random(void *context, void *bytes, size_t n)
{
	struct chat_fixture *f = context;
	unsigned char *b = bytes;

	memset(bytes, 0, n);
	if (n > 4) { /* where uuid_plus does not reach */
		b[3] = (unsigned char)(++f->ids >> 8);
		b[4] = (unsigned char)f->ids;
	}
}

/* --- a fixture --- */

static inline void fixture_left(struct hub *hub, struct seat *seat)
{
	presence_leave(hub_presence(hub), seat);
}

static inline enum err fixture_make_key(struct tx *tx, void *context)
{
	return url_key_make(tx, context);
}

static inline void chat_init(struct chat_fixture *f)
{
	memset(f, 0, sizeof *f);
	f->now_ms = 1700000000000;
	f->limits = limits_default();
	f->limits.socket_rate = f->limits.user_rate = 0;
	store_fixture_init(&f->store);
	assert_int_equal(presence_new(&f->limits, &f->presence), ERR_OK);
	const struct dispatch_options o = {
		.verbs = verbs_table,
		.executor = { .submit = fixture_submit,
			.impl = f,
			.blobs = store_blobs(f->store.store) },
		.wire = &fixture_wire,
		.wire_impl = f,
		.clock = { fixture_now, fixture_now, f },
		.rng = { fixture_random, f },
		.presence = f->presence,
		.limits = &f->limits,
		.recheck = session_recheck,
		.note_use = session_renew,
		.left = fixture_left,
	};
	assert_int_equal(dispatch_new(&o, &f->d), ERR_OK);
	struct digest key = { { 1 } };
	presence_bind(f->presence, dispatch_hub(f->d));
	assert_int_equal(store_fixture_write(&f->store, fixture_make_key, &key, NULL), ERR_OK);
}

/* One statement on the writer. */
struct fixture_sql {
	struct query query;
	const struct value *values;
	size_t count;
	int64_t out;
	struct fixture_sql *next;
};

static inline void chat_done(struct chat_fixture *f)
{
	presence_stop(f->presence);
	dispatch_free(f->d);
	presence_free(f->presence);
	for (size_t i = 0; i < SOCKETS_MAX; i++)
		buf_done(&f->heard[i]);
	store_fixture_done(&f->store);
	while (f->sql) {
		struct fixture_sql *next = f->sql->next;
		free(f->sql);
		f->sql = next;
	}
}

static inline enum err fixture_run_sql(struct tx *tx, void *context)
{
	struct fixture_sql *q = context;
	struct row *r;
	enum err e = tx_one(tx, &q->query, q->values, q->count, &r);

	if (!e)
		q->out = row_int(r, 0);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* The value of its first column, -1 without a row. */
static inline int64_t chat_sql(
	struct chat_fixture *f, const char *sql, const struct value *values, size_t count)
{
	struct fixture_sql *q = calloc(1, sizeof *q);

	assert_non_null(q);
	*q = (struct fixture_sql){ { sql }, values, count, -1, f->sql };
	f->sql = q;
	assert_int_equal(store_fixture_write(&f->store, fixture_run_sql, q, NULL), ERR_OK);
	return q->out;
}

/* The id of the user of this name: its first eight characters, then zeros. */
static inline struct uuid chat_user_id(const char *name)
{
	struct uuid u = { { 0 } };

	memcpy(u.b, name, strnlen(name, 8));
	u.b[15] = 1;
	return u;
}

/* An account, and a session whose token is its name. */
static inline void chat_user(struct chat_fixture *f, const char *name, enum role role)
{
	struct uuid id = chat_user_id(name), session = id;
	struct digest hash = token_hash(str_of(name));

	session.b[15] = 2;
	chat_sql(f,
		"INSERT INTO user (id, username, folded, display_name, role, password, created_at)"
		" VALUES (?1, ?2, ?3, '', ?4, '', 1700000000000)",
		VALUES(of_uuid(id), of_str(str_of(name)), of_str(str_of(name)), of_int(role)));
	chat_sql(f,
		"INSERT INTO session (id, user_id, token_hash, created_at, used_at, expires_at)"
		" VALUES (?1, ?2, ?3, 1700000000000, 1700000000000, 1800000000000)",
		VALUES(of_uuid(session), of_uuid(id), of_digest(&hash)));
}

static inline void chat_connect_begin(
	struct chat_fixture *f, uint64_t socket, enum ns ns, const char *token)
{
	char auth[80];

	snprintf(auth, sizeof auth, "{\"token\":\"%s\"}", token);
	f->ns_of[socket] = ns;
	dispatch_connect(f->d,
		&(struct dispatch_connect){ ns, socket, str_of(auth), STR("127.0.0.1"), false });
}

static inline void chat_forget(struct chat_fixture *f)
{
	for (size_t i = 0; i < SOCKETS_MAX; i++)
		buf_clear(&f->heard[i]);
}

/* A socket of /chat for an account that is there. */
static inline void chat_connect(struct chat_fixture *f, uint64_t socket, const char *token)
{
	chat_connect_begin(f, socket, NS_CHAT, token);
	chat_settle(f);
}

static inline void chat_gone(struct chat_fixture *f, uint64_t socket)
{
	fixture_leave_all(f, socket);
	dispatch_gone(f->d, socket, PARTING_FOR_GOOD);
}

/* The connection of a socket breaks; it may come back. */
static inline void chat_lose(struct chat_fixture *f, uint64_t socket)
{
	f->connected[socket] = false;
	f->lost[socket] = f->owner[socket];
	dispatch_gone(f->d, socket, PARTING_RETURNS);
}

/* It comes back with this token. */
static inline void chat_return(struct chat_fixture *f, uint64_t socket, const char *token)
{
	char auth[80];

	snprintf(auth, sizeof auth, "{\"token\":\"%s\"}", token);
	dispatch_connect(f->d, &(struct dispatch_connect){ f->ns_of[socket], socket, str_of(auth),
				       STR("127.0.0.1"), f->lost[socket] != NULL });
	chat_settle(f);
}

/* An event on its way; chat_settle brings it to its end. */
static inline void chat_begin(
	struct chat_fixture *f, uint64_t socket, uint64_t ack, const char *name, const char *args)
{
	const struct dispatch_packet p = { socket, ack, str_of(name), str_of(args), NULL, 0 };

	dispatch_event(f->d, &p);
}

/* What a socket has heard since chat_forget, as text. */
static inline const char *chat_heard(struct chat_fixture *f, uint64_t socket)
{
	buf_byte(&f->heard[socket], '\0');
	f->heard[socket].n--;
	return f->heard[socket].p;
}

/* Asks with an acknowledgement; everybody's ears are empty before. The answer is what the socket heard. */
static inline const char *chat_ask(struct chat_fixture *f, uint64_t socket, const char *name,
	const char *format, ...) PRINTF_LIKE(4, 5);

static inline const char *chat_ask(
	struct chat_fixture *f, uint64_t socket, const char *name, const char *format, ...)
{
	static char args[32768];
	va_list values;

	va_start(values, format);
	vsnprintf(args, sizeof args, format, values);
	va_end(values);
	chat_forget(f);
	chat_begin(f, socket, 1, name, args);
	chat_settle(f);
	return chat_heard(f, socket);
}

/* The 36 characters behind the first occurrence of `key` ("\"id\":\""), as a text of its own. */
struct id_text {
	char s[UUID_TEXT_BYTES + 1];
};

static inline struct id_text chat_id(const char *heard, const char *key)
{
	struct id_text id = { "" };
	const char *p = strstr(heard, key);

	if (!p)
		print_error("no %s in: %s\n", key, heard);
	assert_non_null(p);
	memcpy(id.s, p + strlen(key), UUID_TEXT_BYTES);
	return id;
}

static inline struct id_text chat_user_text(const char *name)
{
	struct id_text id = { "" };

	uuid_text(chat_user_id(name), id.s);
	return id;
}

/* How often a text occurs. */
static inline int chat_times(const char *heard, const char *what)
{
	int n = 0;

	for (const char *p = heard; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

static inline void assert_says(const char *heard, const char *what)
{
	if (!strstr(heard, what))
		print_error("expected %s\nin %s\n", what, heard);
	assert_non_null(strstr(heard, what));
}

static inline void assert_begins(const char *heard, const char *what)
{
	assert_true(strlen(heard) >= strlen(what));
	assert_memory_equal(heard, what, strlen(what));
}

static inline void assert_silent(const char *heard, const char *what)
{
	if (strstr(heard, what))
		print_error("did not expect %s\nin %s\n", what, heard);
	assert_null(strstr(heard, what));
}

static inline void assert_refused(const char *heard, const char *code)
{
	char expected[64];

	snprintf(expected, sizeof expected, "ack {\"ok\":false,\"error\":{\"errorCode\":\"%s\"",
		code);
	assert_says(heard, expected);
}

#endif
