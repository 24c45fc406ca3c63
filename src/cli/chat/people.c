/* SPDX-License-Identifier: MIT
 *
 * people - see people.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/people.h"

#include <stdlib.h>

#include "cli/chat/clean.h"

enum {
	MEMBERS_MAX = 500, /* of a larger group the first so many are shown */
	ID_HEAD = 8,       /* characters of an id that stand for a name */
};

bool chat_people_is_me(const struct chat *chat, const char *user_id)
{
	const struct antiphon_user *me = antiphon_me(chat->client);

	return me && strcmp(me->id, user_id) == 0;
}

static struct chat_person *find_person(const struct chat *chat, const char *id)
{
	struct chat_person *p = chat->people;

	while (p && strcmp(p->id, id) != 0)
		p = p->next;
	return p;
}

static void take_user(void *context, const struct antiphon_answer *a,
	const struct antiphon_user_full_answer *typed)
{
	struct chat *chat = context;
	struct chat_person *p = typed ? find_person(chat, typed->user.id) : NULL;

	(void)a;
	if (!p)
		return;
	snprintf(p->name, sizeof p->name, "%s", typed->user.username);
	chat->changed = true;
}

/* One that is new here; the server is asked once. */
static struct chat_person *add_person(struct chat *chat, const char *id)
{
	struct chat_person *p = calloc(1, sizeof *p);

	if (!p || !antiphon_is_connected(chat->client)) {
		free(p);
		return NULL;
	}
	snprintf(p->id, sizeof p->id, "%s", id);
	p->next = chat->people;
	chat->people = p;
	antiphon_get_user(chat->client, &(struct antiphon_get_user){ id }, take_user, chat);
	return p;
}

struct str chat_people_name(struct chat *chat, const char *user_id)
{
	const struct antiphon_user *user = antiphon_user_find(chat->client, user_id);
	const struct chat_person *p;

	if (user)
		return chat_clean(&chat->scratch, str_of(user->username), false);
	p = find_person(chat, user_id);
	if (!p)
		p = add_person(chat, user_id);
	if (p && *p->name)
		return chat_clean(&chat->scratch, str_of(p->name), false);
	return arena_dup(&chat->scratch, (struct str){ user_id, strnlen(user_id, ID_HEAD) });
}

/* --- the members of the open group --- */

static int by_name(const void *a, const void *b)
{
	const struct chat_member *x = a, *y = b;
	bool x_here = x->status != ANTIPHON_STATUS_OFFLINE,
	     y_here = y->status != ANTIPHON_STATUS_OFFLINE;

	return x_here != y_here ? (x_here ? -1 : 1) : strcasecmp(x->name, y->name);
}

static void add_members(struct chat *chat, const struct antiphon_members *page)
{
	struct chat_member *v = realloc(
		chat->members, (chat->member_count + page->users.n + 1) * sizeof *chat->members);

	if (!v)
		return;
	chat->members = v;
	for (size_t i = 0; i < page->users.n; i++) {
		const struct antiphon_user *user = &page->users.v[i];
		struct chat_member *m = &v[chat->member_count++];
		m->status = user->status;
		snprintf(m->id, sizeof m->id, "%s", user->id);
		snprintf(m->name, sizeof m->name, "%s", user->username);
	}
	qsort(v, chat->member_count, sizeof *v, by_name);
	chat->changed = true; /* names may be known now */
}

/* A page of members that was asked for. */
struct asked {
	struct chat *chat;
	unsigned number;
	bool first; /* of the pages */
};

static void ask_page(struct chat *chat, const char *cursor);

static void take_members(
	void *context, const struct antiphon_answer *a, const struct antiphon_members *typed)
{
	struct asked *asked = context;
	struct chat *chat = asked->chat;
	bool current = asked->number == chat->members_asked, first = asked->first;

	(void)a;
	free(asked);
	if (!typed || !current)
		return;
	if (first)
		chat->member_count = 0;
	add_members(chat, typed);
	if (typed->nextCursor && chat->member_count < MEMBERS_MAX)
		ask_page(chat, typed->nextCursor);
}

static void ask_page(struct chat *chat, const char *cursor)
{
	struct asked *asked = malloc(sizeof *asked);

	if (!asked)
		return;
	*asked = (struct asked){ chat, chat->members_asked, !cursor };
	antiphon_list_members(chat->client,
		&(struct antiphon_list_members){ .groupId = chat->group, .cursor = cursor },
		take_members, asked);
}

void chat_people_ask_members(struct chat *chat)
{
	chat->members_asked++;
	if (*chat->group)
		ask_page(chat, NULL);
}

void chat_people_status(struct chat *chat, const char *user_id, enum antiphon_status status)
{
	for (size_t i = 0; i < chat->member_count; i++) {
		if (strcmp(chat->members[i].id, user_id) == 0)
			chat->members[i].status = status;
	}
	if (chat->member_count)
		qsort(chat->members, chat->member_count, sizeof *chat->members, by_name);
}

size_t chat_people_here(const struct chat *chat)
{
	size_t n = 0;

	for (size_t i = 0; i < chat->member_count; i++)
		n += chat->members[i].status != ANTIPHON_STATUS_OFFLINE;
	return n;
}

void chat_people_done(struct chat *chat)
{
	while (chat->people) {
		struct chat_person *next = chat->people->next;
		free(chat->people);
		chat->people = next;
	}
	free(chat->members);
	chat->members = NULL;
}
