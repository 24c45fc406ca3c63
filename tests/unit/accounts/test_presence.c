/* SPDX-License-Identifier: MIT
 *
 * test_presence - who hears of whom: sockets counted, grace, invisibility, the fan-out's bound, the digest.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "accounts/presence.h"
#include "base/buf.h"
#include "dispatch/dispatch.h"

enum { PLACES_MAX = 200 };

/* A socket in a room. */
struct place_of {
	uint64_t socket;
	enum ns ns;
	struct room room;
};

struct fixture {
	struct dispatch *d;
	struct hub *hub;
	struct presence *presence;
	struct limits limits;
	struct place_of places[PLACES_MAX];
	size_t place_count;
	struct timers timers;
	int64_t now_ms;
	struct arena a;
	struct buf said; /* "SOCKET EVENT …", a line for each that got it */
	enum ns ns_of[64];
};

static bool is_in(const struct fixture *f, uint64_t socket, struct room room)
{
	for (size_t i = 0; i < f->place_count; i++) {
		const struct place_of *p = &f->places[i];
		if (p->socket == socket && p->room.kind == room.kind &&
			uuid_eq(p->room.id, room.id))
			return true;
	}
	return false;
}

static bool reaches(const struct fixture *f, const struct audience *to, uint64_t socket)
{
	bool in = false;

	if (to->socket)
		return socket == to->socket;
	if (socket == to->except_socket)
		return false;
	for (size_t i = 0; i < to->to_count; i++)
		in = in || is_in(f, socket, to->to[i]);
	for (size_t i = 0; i < to->except_count; i++)
		in = in && !is_in(f, socket, to->except[i]);
	return in;
}

static void emit(void *impl, const struct wire_packet *p, const struct audience *to)
{
	struct fixture *f = impl;

	for (uint64_t s = 1; s < COUNT_OF(f->ns_of); s++) {
		if (f->ns_of[s] == p->ns && reaches(f, to, s))
			buf_printf(&f->said, "%d %.*s\n", (int)s, STR_ARG(p->name));
	}
	if (memmem(p->json.p, p->json.n, "\"presence\"", 10))
		buf_printf(&f->said, "%.*s\n", STR_ARG(p->json));
}

static void acknowledge(void *impl, uint64_t socket, uint64_t ack, const struct wire_packet *p)
{
	(void)impl, (void)socket, (void)ack, (void)p;
}

static void join(void *impl, uint64_t socket, struct room room)
{
	struct fixture *f = impl;

	assert_true(f->place_count < PLACES_MAX);
	f->places[f->place_count++] = (struct place_of){ socket, f->ns_of[socket], room };
}

static void leave(void *impl, uint64_t socket, struct room room)
{
	struct fixture *f = impl;

	for (size_t i = 0; i < f->place_count; i++) {
		struct place_of *p = &f->places[i];
		if (p->socket == socket && p->room.kind == room.kind &&
			uuid_eq(p->room.id, room.id))
			*p = f->places[--f->place_count];
	}
}

static void each(
	void *impl, enum ns ns, struct room room, void (*fn)(void *, uint64_t), void *context)
{
	struct fixture *f = impl;

	for (uint64_t s = 1; s < COUNT_OF(f->ns_of); s++) {
		if (f->ns_of[s] == ns && is_in(f, s, room))
			fn(context, s);
	}
}

static void add_one(void *context, uint64_t socket)
{
	(void)socket;
	(*(size_t *)context)++;
}

static size_t count(void *impl, enum ns ns, struct room room)
{
	size_t n = 0;

	each(impl, ns, room, add_one, &n);
	return n;
}

static uint64_t accept_socket(void *impl, uint64_t connect, void *owner)
{
	(void)impl, (void)owner;
	return connect;
}

static void refuse(void *impl, uint64_t connect, struct str message, struct str data)
{
	(void)impl, (void)connect, (void)message, (void)data;
}

static void disconnect(void *impl, uint64_t socket)
{
	(void)impl, (void)socket;
}

static void start_timer(void *impl, struct timer *t, int64_t delay_ms)
{
	struct fixture *f = impl;

	timer_start(&f->timers, t, f->now_ms + delay_ms);
}

static void stop_timer(void *impl, struct timer *t)
{
	struct fixture *f = impl;

	timer_stop(&f->timers, t);
}

static const struct wire wire = { .emit = emit,
	.acknowledge = acknowledge,
	.join = join,
	.leave = leave,
	.count = count,
	.each = each,
	.accept = accept_socket,
	.refuse = refuse,
	.disconnect = disconnect,
	.timer_start = start_timer,
	.timer_stop = stop_timer };

static int64_t fake_now(void *context)
{
	return ((struct fixture *)context)->now_ms;
}

static void left(struct hub *hub, struct seat *seat)
{
	presence_leave(hub_presence(hub), seat);
}

static void fill_zero(void *context, void *bytes, size_t n)
{
	(void)context;
	memset(bytes, 0, n);
}

static void fixture_init(struct fixture *f)
{
	static const struct verb verbs[EVENT_COUNT];

	*f = (struct fixture){
		.limits = limits_default(), .timers = timers_none(), .now_ms = 1000
	};
	for (size_t i = 0; i < COUNT_OF(f->ns_of); i++)
		f->ns_of[i] = NS_COUNT;
	assert_int_equal(presence_new(&f->limits, &f->presence), ERR_OK);
	const struct dispatch_options o = { .verbs = verbs,
		.wire = &wire,
		.wire_impl = f,
		.clock = { fake_now, fake_now, f },
		.rng = { fill_zero, NULL },
		.presence = f->presence,
		.limits = &f->limits,
		.left = left };
	assert_int_equal(dispatch_new(&o, &f->d), ERR_OK);
	f->hub = dispatch_hub(f->d);
	presence_bind(f->presence, f->hub);
}

static void fixture_done(struct fixture *f)
{
	presence_stop(f->presence);
	dispatch_free(f->d);
	presence_free(f->presence);
	buf_done(&f->said);
	arena_done(&f->a);
}

static struct uuid id_of(uint8_t n)
{
	struct uuid u = { { 1 } };

	u.b[15] = n;
	return u;
}

static struct user user_of(uint8_t n, enum status status)
{
	static const char *const names[] = { "nobody", "ann", "bob", "cid", "dan", "eve" };

	return (struct user){ .id = id_of(n),
		.username = str_of(names[n]),
		.displayName = STR("Miss Smith"),
		.avatarUrl = { .set = true, .null = n != 1 },
		.status = status };
}

/* A socket of user n enters; group 0: none. */
static void enter_as(
	struct fixture *f, uint64_t socket, enum ns ns, struct user user, uint8_t group)
{
	const struct identity who = { .user_id = user.id, .session_id = id_of(99) };
	const struct presence_group groups[] = { { id_of(group), false } };
	const struct presence_groups list = { groups, group != 0 };

	f->ns_of[socket] = ns;
	struct seat *seat = hub_accept(f->hub, &(struct ask){ .ns = ns, .connect = socket }, &who);
	assert_non_null(seat);
	hub_join(f->hub, socket, (struct room){ .kind = ROOM_NAMESPACE });
	if (group)
		hub_join(f->hub, socket, (struct room){ ROOM_GROUP, id_of(group) });
	assert_int_equal(presence_enter(f->presence, seat, &user, &list), ERR_OK);
}

static void enter(struct fixture *f, uint64_t socket, enum ns ns, uint8_t user)
{
	enter_as(f, socket, ns, user_of(user, STATUS_ONLINE), 0);
}

static void gone(struct fixture *f, uint64_t socket, bool lost)
{
	for (size_t i = f->place_count; i-- > 0;) {
		if (f->places[i].socket == socket)
			f->places[i] = f->places[--f->place_count];
	}
	f->ns_of[socket] = NS_COUNT;
	dispatch_gone(f->d, socket, lost ? PARTING_LOST : PARTING_FOR_GOOD);
}

static void pass(struct fixture *f, int64_t ms)
{
	f->now_ms += ms;
	timer_run(&f->timers, f->now_ms);
}

static enum err list(struct fixture *f, struct str query, struct str after, size_t max,
	struct presence_page *page)
{
	*page = (struct presence_page){ .after = after, .max = max };
	assert_int_equal(search_needles(query, &f->a, &page->needles), ERR_OK);
	return presence_list(f->presence, page, &f->a);
}

/* What was said since the last look. */
static void expect(struct fixture *f, const char *lines)
{
	buf_byte(&f->said, '\0');
	assert_string_equal(f->said.p, lines);
	buf_clear(&f->said);
}

static void the_first_socket_connects_and_the_last_disconnects(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	enter(&f, 1, NS_CHAT, 1);
	expect(&f, "");
	enter(&f, 2, NS_CHAT, 2);
	expect(&f, "1 USER_CONNECTED\n");
	enter(&f, 3, NS_CHAT, 2);
	enter(&f, 4, NS_MUSIC, 2);
	expect(&f, "");
	gone(&f, 2, false);
	expect(&f, "");
	assert_true(presence_is_connected(f.presence, NS_CHAT, id_of(2)));
	gone(&f, 3, false);
	expect(&f, "1 USER_DISCONNECTED\n");
	assert_false(presence_is_connected(f.presence, NS_CHAT, id_of(2)));
	assert_true(presence_is_connected(f.presence, NS_COUNT, id_of(2)));
	gone(&f, 4, false);
	assert_false(presence_is_connected(f.presence, NS_COUNT, id_of(2)));
	assert_int_equal(presence_count(f.presence, NS_CHAT), 1);
	fixture_done(&f);
}

static void who_is_lost_and_comes_back_in_time_was_never_away(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	enter(&f, 1, NS_MUSIC, 1);
	enter(&f, 2, NS_MUSIC, 2);
	expect(&f, "1 USER_CONNECT\n");
	gone(&f, 2, true);
	pass(&f, f.limits.presence_grace - 1);
	expect(&f, "");
	enter(&f, 3, NS_MUSIC, 2);
	pass(&f, f.limits.presence_grace * 2);
	expect(&f, "");
	gone(&f, 3, true);
	pass(&f, f.limits.presence_grace);
	expect(&f, "1 USER_DISCONNECT\n");
	enter(&f, 4, NS_MUSIC, 2);
	expect(&f, "1 USER_CONNECT\n");
	fixture_done(&f);
}

static void the_invisible_are_announced_and_listed_nowhere(void **state)
{
	struct presence_page page;
	struct fixture f;

	(void)state;
	fixture_init(&f);
	enter(&f, 1, NS_CHAT, 1);
	enter_as(&f, 2, NS_CHAT, user_of(2, STATUS_OFFLINE), 0);
	enter_as(&f, 3, NS_MUSIC, user_of(2, STATUS_OFFLINE), 0);
	expect(&f, "");
	assert_false(presence_is_connected(f.presence, NS_COUNT, id_of(2)));
	assert_int_equal(list(&f, STR(""), STR(""), 10, &page), ERR_OK);
	assert_int_equal(page.n, 0);
	struct user bob = user_of(2, STATUS_BUSY);
	presence_status(f.presence, &bob, 0, 2);
	expect(&f, "3 USER_UPDATE\n1 USER_CONNECTED\n1 USER_STATUS_CHANGED\n");
	assert_int_equal(presence_shown(f.presence, id_of(2), STATUS_BUSY), STATUS_BUSY);
	bob.status = STATUS_AWAY;
	presence_status(f.presence, &bob, 0, 2);
	expect(&f, "3 USER_UPDATE\n1 USER_STATUS_CHANGED\n");
	bob.status = STATUS_OFFLINE;
	presence_status(f.presence, &bob, 0, 2);
	expect(&f, "3 USER_UPDATE\n1 USER_DISCONNECTED\n"); /* 3 is a socket of the user's own */
	gone(&f, 2, false);
	gone(&f, 3, true);
	pass(&f, 60000);
	expect(&f, "");
	fixture_done(&f);
}

static void above_the_bound_only_those_concerned_hear_and_all_get_a_digest(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	f.limits.presence_fanout = 3;
	enter_as(&f, 1, NS_CHAT, user_of(1, STATUS_ONLINE), 7);
	enter(&f, 2, NS_CHAT, 2);
	enter(&f, 3, NS_CHAT, 3);
	expect(&f, "1 USER_CONNECTED\n1 USER_CONNECTED\n2 USER_CONNECTED\n");
	enter_as(&f, 4, NS_CHAT, user_of(4, STATUS_ONLINE), 7); /* four would see it now */
	expect(&f, "1 USER_CONNECTED\n");
	enter(&f, 5, NS_CHAT, 5);
	gone(&f, 5, false);
	expect(&f, "");
	pass(&f, 999);
	expect(&f, "");
	pass(&f, 1);
	expect(&f, "1 DATA_RECEIVED\n2 DATA_RECEIVED\n3 DATA_RECEIVED\n4 DATA_RECEIVED\n"
		   "{\"dataType\":\"presence\",\"data\":{\"online\":4,"
		   "\"connected\":[\"01000000-0000-0000-0000-000000000004\"],"
		   "\"disconnected\":[\"01000000-0000-0000-0000-000000000005\"]},"
		   "\"timestamp\":\"1970-01-01T00:00:02.000Z\"}\n");
	pass(&f, 5000);
	expect(&f, ""); /* nothing new */
	fixture_done(&f);
}

static void lists_are_by_name_and_page_by_page(void **state)
{
	struct presence_page page;
	struct fixture f;

	(void)state;
	fixture_init(&f);
	for (uint8_t n = 5; n >= 1; n--)
		enter(&f, n, NS_MUSIC, n);
	assert_int_equal(list(&f, STR(""), STR(""), 2, &page), ERR_OK);
	assert_int_equal(page.n, 2);
	assert_true(page.more);
	assert_true(
		str_eq(page.v[0].username, STR("ann")) && str_eq(page.v[1].username, STR("bob")));
	assert_true(!page.v[0].avatarUrl.null && page.v[0].avatarUrl.v.n > 0);
	assert_true(page.v[1].avatarUrl.null);
	assert_int_equal(list(&f, STR(""), STR("bob"), 3, &page), ERR_OK);
	assert_int_equal(page.n, 3);
	assert_false(page.more);
	assert_true(str_eq(page.v[2].username, STR("eve")));
	assert_int_equal(list(&f, STR("ci"), STR(""), 3, &page), ERR_OK);
	assert_int_equal(page.n, 1);
	assert_int_equal(list(&f, STR("smi"), STR(""), 9, &page), ERR_OK);
	assert_int_equal(page.n, 5);
	assert_int_equal(list(&f, STR("mith"), STR(""), 9, &page), ERR_OK);
	assert_int_equal(page.n, 0);
	fixture_done(&f);
}

static void memberships_follow_the_groups(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	enter_as(&f, 1, NS_CHAT, user_of(1, STATUS_ONLINE), 7);
	assert_true(presence_is_member(f.presence, id_of(1), id_of(7)));
	assert_false(presence_is_member(f.presence, id_of(1), id_of(8)));
	for (uint8_t n = 10; n < 40; n++)
		presence_group_added(
			f.presence, id_of(1), (struct presence_group){ id_of(n), true });
	presence_group_removed(f.presence, id_of(1), id_of(7));
	assert_false(presence_is_member(f.presence, id_of(1), id_of(7)));
	assert_true(presence_is_member(f.presence, id_of(1), id_of(39)));
	assert_false(presence_is_member(f.presence, id_of(2), id_of(39)));
	fixture_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_socket_connects_and_the_last_disconnects),
		cmocka_unit_test(who_is_lost_and_comes_back_in_time_was_never_away),
		cmocka_unit_test(the_invisible_are_announced_and_listed_nowhere),
		cmocka_unit_test(above_the_bound_only_those_concerned_hear_and_all_get_a_digest),
		cmocka_unit_test(lists_are_by_name_and_page_by_page),
		cmocka_unit_test(memberships_follow_the_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
