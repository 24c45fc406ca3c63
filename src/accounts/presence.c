/* SPDX-License-Identifier: MIT
 *
 * presence - see presence.h.
 *
 * Layer: accounts.  Threads: the loop's.
 */
#include "accounts/presence.h"

#include <assert.h>
#include <stdlib.h>

#include "accounts/media.h"
#include "accounts/presence/presence_news.h"
#include "base/table.h"
#include "base/text.h"

/* A user in one namespace. */
struct place {
	struct person *person;
	enum ns ns;
	unsigned sockets;
	bool announced;     /* the others believe the user to be connected */
	struct timer grace; /* runs when the last socket was lost */
};

/* A user who has a socket somewhere, or had one a moment ago. */
struct person {
	struct presence *presence;
	struct user user; /* strings in `strings`; avatarUrl is made when it is needed */
	char *strings;
	struct str folded; /* username, by which lists are sorted */
	struct str words;  /* of both names, as needles are looked for in */
	struct presence_group *groups;
	size_t group_count, group_max;
	struct place at[NS_COUNT];
	UT_hash_handle hh; /* by user.id */
};

struct presence {
	struct presence_news news;
	struct person *people;
};

enum err presence_new(const struct limits *limits, struct presence **out)
{
	struct presence *p = calloc(1, sizeof *p);

	if (!p)
		return ERR_NOMEM;
	presence_news_init(&p->news, limits);
	*out = p;
	return ERR_OK;
}

void presence_bind(struct presence *p, struct hub *hub)
{
	p->news.hub = hub;
}

static struct person *person_find(const struct presence *p, struct uuid id)
{
	struct person *person;

	HASH_FIND(hh, p->people, &id, sizeof id, person);
	return person;
}

static void person_free(struct person *person)
{
	struct presence *p = person->presence;

	for (int ns = 0; ns < NS_COUNT && p->news.hub; ns++)
		hub_timer_stop(p->news.hub, &person->at[ns].grace);
	HASH_DEL(p->people, person);
	free(person->strings);
	free(person->groups);
	free(person);
}

void presence_stop(struct presence *p)
{
	presence_news_stop(&p->news);
	while (p->people)
		person_free(p->people);
}

void presence_free(struct presence *p)
{
	if (!p)
		return;
	p->news.hub = NULL; /* its timers went with presence_stop */
	while (p->people)
		person_free(p->people);
	free(p);
}

/* --- what is remembered of a user --- */

static struct str put(char **at, struct str s)
{
	struct str copy = { *at, s.n };

	memcpy(*at, s.n ? s.p : "", s.n);
	*at += s.n;
	return copy;
}

/* What the person is sorted by and found by. */
static enum err fold_names(
	const struct user *user, struct arena *a, struct str *folded, struct str *words)
{
	struct str both =
		arena_printf(a, "%.*s %.*s", STR_ARG(user->displayName), STR_ARG(user->username));
	enum err e = both.p ? search_haystack(both, a, words) : ERR_NOMEM;

	return e ? e : text_fold(user->username, a, folded);
}

/* Copies the user into the person; the strings of before go. ERR_NOMEM: it stays as it was. */
static enum err person_set(struct person *person, const struct user *user)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct str folded, words;
	enum err e = fold_names(user, &a, &folded, &words);

	if (e)
		return e;
	char *strings = malloc(user->username.n + user->displayName.n + user->bio.n +
			       user->statusText.n + folded.n + words.n + 1);
	if (!strings)
		return ERR_NOMEM;
	char *at = strings;
	struct user copy = *user;
	copy.username = put(&at, user->username);
	copy.displayName = put(&at, user->displayName);
	copy.bio = put(&at, user->bio);
	copy.statusText = put(&at, user->statusText);
	copy.rev.set = false;
	person->folded = put(&at, folded);
	person->words = put(&at, words);
	free(person->strings);
	person->strings = strings;
	person->user = copy;
	return ERR_OK;
}

/* The user as they travel now; the address of the picture lies in the arena. */
static struct user person_user(const struct person *person, struct arena *a)
{
	struct user user = person->user;

	if (!user.avatarUrl.null) {
		user.avatarUrl.v = media_avatar_url(user.id, a);
		user.avatarUrl.null = !user.avatarUrl.v.p;
	}
	return user;
}

static enum err set_groups(struct person *person, const struct presence_groups *groups)
{
	struct presence_group *copy = malloc((groups->n ? groups->n : 1) * sizeof *copy);

	if (!copy)
		return ERR_NOMEM;
	memcpy(copy, groups->n ? groups->v : copy, groups->n * sizeof *copy);
	free(person->groups);
	person->groups = copy;
	person->group_count = person->group_max = groups->n;
	return ERR_OK;
}

/* --- coming and going --- */

static void tell_presence(
	struct place *at, bool connected, bool not_to_user, uint64_t except_socket)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct person *person = at->person;
	struct presence_news *news = &person->presence->news;
	const struct presence_change change = { person->user.id,
		clock_wall_ms(hub_clock(news->hub)) };
	struct presence_item item = { .ns = at->ns,
		.user_id = person->user.id,
		.groups = person->groups,
		.group_count = person->group_count,
		.not_to_user = not_to_user,
		.except_socket = except_socket };
	struct user user;

	if (at->ns == NS_CHAT) {
		item.event = connected ? EVENT_chat_user_connected : EVENT_chat_user_disconnected;
		item.payload = &change;
	} else {
		user = person_user(person, &a);
		if (!connected)
			user.status = STATUS_OFFLINE;
		user.statusText = presence_shown_text(user.status, user.statusText);
		item.event = connected ? EVENT_music_user_connect : EVENT_music_user_disconnect;
		item.payload = &user;
	}
	presence_news_tell(news, &item);
	presence_news_count(news, at->ns, person->user.id, connected);
}

/* Frees a person who is nowhere any more. */
static void person_check(struct person *person)
{
	for (int ns = 0; ns < NS_COUNT; ns++) {
		if (person->at[ns].sockets || person->at[ns].grace.running)
			return;
	}
	person_free(person);
}

static void place_gone(struct place *at)
{
	if (!at->announced)
		return;
	at->announced = false;
	tell_presence(at, false, false, 0);
}

static void grace_is_over(void *context)
{
	struct place *at = context;

	place_gone(at);
	person_check(at->person);
}

static struct person *person_new(struct presence *p, struct uuid id)
{
	struct person *person = calloc(1, sizeof *person);

	if (!person)
		return NULL;
	person->presence = p;
	person->user.id = id;
	for (int ns = 0; ns < NS_COUNT; ns++) {
		person->at[ns] = (struct place){ .person = person, .ns = (enum ns)ns };
		person->at[ns].grace.fn = grace_is_over;
		person->at[ns].grace.context = &person->at[ns];
	}
	HASH_ADD(hh, p->people, user.id, sizeof person->user.id, person);
	if (person->hh.tbl)
		return person;
	free(person);
	return NULL;
}

enum err presence_enter(struct presence *p, struct seat *seat, const struct user *user,
	const struct presence_groups *groups)
{
	struct person *person = person_find(p, user->id);

	if (!person)
		person = person_new(p, user->id);
	if (!person)
		return ERR_NOMEM;
	struct place *at = &person->at[seat->ns];
	enum err e = person_set(person, user);
	if (!e)
		e = set_groups(person, groups);
	at->sockets++;
	seat->is_present = true;
	hub_timer_stop(p->news.hub, &at->grace);
	if (e || at->announced || user->status == STATUS_OFFLINE)
		return e;
	at->announced = true;
	tell_presence(at, true, false, seat->has_returned ? 0 : seat->socket);
	return ERR_OK;
}

void presence_leave(struct presence *p, struct seat *seat)
{
	struct person *person = seat->is_present ? person_find(p, seat->user_id) : NULL;

	if (!person)
		return;
	struct place *at = &person->at[seat->ns];
	assert(at->sockets > 0);
	seat->is_present = false;
	if (--at->sockets > 0)
		return;
	if (at->announced && !seat->said_goodbye && p->news.limits->presence_grace > 0) {
		hub_timer_start(p->news.hub, &at->grace, p->news.limits->presence_grace);
		return;
	}
	place_gone(at);
	person_check(person);
}

/* --- changes --- */

static void tell_status(struct place *at, int64_t now_ms, const struct user *user,
	uint64_t except_socket, bool to_user_alone)
{
	struct person *person = at->person;
	struct presence_news *news = &person->presence->news;
	const struct status_changed change = { person->user.id, user->status, user->statusText,
		now_ms };
	struct presence_item item = { .ns = at->ns,
		.user_id = person->user.id,
		.groups = person->groups,
		.group_count = person->group_count,
		.except_socket = except_socket };

	item.event = at->ns == NS_CHAT ? EVENT_chat_user_status_changed : EVENT_music_user_update;
	item.payload = at->ns == NS_CHAT ? (const void *)&change : user;
	if (to_user_alone)
		hub_emit_user(news->hub, item.event, item.payload, person->user.id, except_socket);
	else
		presence_news_tell(news, &item);
}

static void place_status(
	struct place *at, const struct user *user, int64_t now_ms, uint64_t except_socket)
{
	bool visible = user->status != STATUS_OFFLINE;

	if (visible && !at->announced && at->sockets) {
		at->announced = true;
		tell_presence(at, true, true, except_socket);
	} else if (!visible && at->announced) {
		at->announced = false;
		hub_timer_stop(at->person->presence->news.hub, &at->grace);
		tell_presence(at, false, true, except_socket);
	}
	tell_status(at, now_ms, user, except_socket, !visible);
}

void presence_status(
	struct presence *p, const struct user *user, int64_t now_ms, uint64_t except_socket)
{
	struct person *person = person_find(p, user->id);

	if (!person || person_set(person, user))
		return;
	for (int ns = 0; ns < NS_COUNT; ns++)
		place_status(&person->at[ns], user, now_ms, except_socket);
	person_check(person);
}

void presence_profile(struct presence *p, const struct user *user)
{
	struct person *person = person_find(p, user->id);

	if (!person)
		return;
	if (person_set(person, user))
		return; /* the old profile is shown until the next change */
}

void presence_group_removed(struct presence *p, struct uuid user_id, struct uuid group_id)
{
	struct person *person = person_find(p, user_id);

	for (size_t i = 0; person && i < person->group_count; i++) {
		if (uuid_eq(person->groups[i].id, group_id)) {
			person->groups[i] = person->groups[--person->group_count];
			return;
		}
	}
}

void presence_group_added(struct presence *p, struct uuid user_id, struct presence_group group)
{
	struct person *person = person_find(p, user_id);

	if (!person)
		return;
	presence_group_removed(p, user_id, group.id);
	if (person->group_count == person->group_max) {
		size_t max = person->group_max * 2 + 4;
		struct presence_group *more = realloc(person->groups, max * sizeof *more);
		if (!more)
			return;
		person->groups = more;
		person->group_max = max;
	}
	person->groups[person->group_count++] = group;
}

/* --- questions --- */

bool presence_is_member(const struct presence *p, struct uuid user_id, struct uuid group_id)
{
	const struct person *person = person_find(p, user_id);

	for (size_t i = 0; person && i < person->group_count; i++) {
		if (uuid_eq(person->groups[i].id, group_id))
			return true;
	}
	return false;
}

bool presence_is_connected(const struct presence *p, enum ns ns, struct uuid user_id)
{
	const struct person *person = person_find(p, user_id);

	if (!person)
		return false;
	if (ns == NS_COUNT)
		return person->at[NS_MUSIC].announced || person->at[NS_CHAT].announced;
	return person->at[ns].announced;
}

enum status presence_shown(const struct presence *p, struct uuid user_id, enum status set)
{
	return presence_is_connected(p, NS_COUNT, user_id) ? set : STATUS_OFFLINE;
}

void presence_show_one(const struct presence *p, struct user *user)
{
	user->status = presence_shown(p, user->id, user->status);
	user->statusText = presence_shown_text(user->status, user->statusText);
}

void presence_show(const struct presence *p, struct uuid asker, const struct user *list, size_t n)
{
	struct user *users;

	memcpy(&users, &list, sizeof users); /* a read made them: see the header */
	for (size_t i = 0; i < n; i++) {
		if (!uuid_eq(users[i].id, asker))
			presence_show_one(p, &users[i]);
	}
}

size_t presence_count(const struct presence *p, enum ns ns)
{
	return p->news.online[ns];
}

static int str_order(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* Puts the person at its place among the first `max` by name. */
static void insert_sorted(
	const struct person **list, size_t *count, size_t max, const struct person *person)
{
	size_t low = 0, high = *count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (str_order(list[middle]->folded, person->folded) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == max)
		return;
	if (*count < max)
		(*count)++;
	memmove(&list[low + 1], &list[low], (*count - low - 1) * sizeof list[0]);
	list[low] = person;
}

enum err presence_list(const struct presence *p, struct presence_page *page, struct arena *a)
{
	const struct person **list = arena_array(a, page->max + 2, sizeof list[0]);
	struct person *person, *next;
	size_t n = 0;

	page->v = arena_array(a, page->max + 1, sizeof *page->v);
	if (!list || !page->v)
		return ERR_NOMEM;
	HASH_ITER(hh, p->people, person, next)
	{
		if (person->at[NS_MUSIC].announced &&
			search_needles_are_in(&page->needles, person->words) &&
			(!page->after.n || str_order(person->folded, page->after) > 0))
			insert_sorted(list, &n, page->max + 1, person);
	}
	page->more = n > page->max;
	page->n = page->more ? page->max : n;
	for (size_t i = 0; i < page->n; i++)
		page->v[i] = person_user(list[i], a);
	return ERR_OK;
}
