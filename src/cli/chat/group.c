/* SPDX-License-Identifier: MIT
 *
 * group - see group.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/group.h"

#include <stdlib.h>

#include "base/text.h"
#include "cli/chat/clean.h"
#include "cli/chat/people.h"
#include "cli/look.h"

enum { HISTORY_PAGE = 100 };

const struct antiphon_group *chat_group_open_find(struct chat *chat)
{
	return *chat->group ? antiphon_group_find(chat->client, chat->group) : NULL;
}

/* --- names --- */

/* The other one of a direct conversation, as far as it can be told; NULL when it cannot. */
static const char *partner(struct chat *chat, const struct antiphon_group *group)
{
	size_t n = antiphon_message_count(chat->client, group->id);

	if (group->creatorId && !chat_people_is_me(chat, group->creatorId))
		return group->creatorId;
	for (size_t i = 0; i < chat->member_count && strcmp(group->id, chat->group) == 0; i++) {
		if (!chat_people_is_me(chat, chat->members[i].id))
			return chat->members[i].id;
	}
	for (size_t i = n; i-- > 0;) {
		const char *author = antiphon_message_at(chat->client, group->id, i)->userId;
		if (!chat_people_is_me(chat, author))
			return author;
	}
	return NULL;
}

struct str chat_group_name(struct chat *chat, const struct antiphon_group *group)
{
	const char *other;

	if (group->kind != ANTIPHON_GROUP_KIND_DIRECT) {
		struct str name = chat_clean(&chat->scratch, str_of(group->name), false);
		return arena_printf(&chat->scratch, "%s" STR_FMT,
			group->kind == ANTIPHON_GROUP_KIND_CHANNEL ? "#" : "", STR_ARG(name));
	}
	other = partner(chat, group);
	return other ? arena_printf(
			       &chat->scratch, "@" STR_FMT, STR_ARG(chat_people_name(chat, other)))
	             : STR("@?");
}

struct named {
	const struct antiphon_group *group;
	struct str name;
};

static int by_kind_and_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->group->kind != y->group->kind)
		return x->group->kind < y->group->kind ? -1 : 1;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int order = n ? strncasecmp(x->name.p, y->name.p, n) : 0;
	return order ? order : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

struct chat_group_list chat_group_all(struct chat *chat)
{
	size_t n = antiphon_group_count(chat->client);
	struct named *v = arena_array(&chat->scratch, n + 1, sizeof *v);
	struct chat_group_list list = { arena_array(&chat->scratch, n + 1, sizeof *list.v), 0 };

	if (!v || !list.v)
		return list;
	for (size_t i = 0; i < n; i++) {
		v[i].group = antiphon_group_at(chat->client, i);
		v[i].name = chat_group_name(chat, v[i].group);
	}
	qsort(v, n, sizeof *v, by_kind_and_name);
	for (; list.n < n; list.n++)
		list.v[list.n] = v[list.n].group;
	return list;
}

static bool same_name(struct chat *chat, struct str a, struct str b)
{
	struct str x, y;

	return !text_fold(a, &chat->scratch, &x) && !text_fold(b, &chat->scratch, &y) &&
	       str_eq(x, y);
}

const struct antiphon_group *chat_group_find(struct chat *chat, struct str name)
{
	struct chat_group_list all = chat_group_all(chat);
	const struct antiphon_group *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < all.n; i++) {
		bool direct = all.v[i]->kind == ANTIPHON_GROUP_KIND_DIRECT;
		if (str_eq(str_of(all.v[i]->id), name))
			return all.v[i];
		if (same_name(chat, chat_group_name(chat, all.v[i]), name) ||
			(!direct && same_name(chat, str_of(all.v[i]->name), name))) {
			found = all.v[i];
			n++;
		}
	}
	return n == 1 ? found : NULL;
}

/* --- the open one --- */

static void ignore_group(
	void *context, const struct antiphon_answer *a, const struct antiphon_group_answer *typed)
{
	(void)context;
	(void)a;
	(void)typed;
}

static void took_history(
	void *context, const struct antiphon_answer *a, const struct antiphon_history *typed)
{
	struct chat *chat = context;

	(void)a;
	(void)typed;
	chat->asking_history = false;
	chat->changed = true;
}

/* before: a seq, or 0 for the newest. */
static void ask_history(struct chat *chat, int64_t before)
{
	struct antiphon_get_history ask = { .groupId = chat->group,
		.limit = { .set = true, .v = HISTORY_PAGE } };

	if (chat->asking_history || !antiphon_is_connected(chat->client))
		return;
	ask.beforeSeq.set = before > 0;
	ask.beforeSeq.v = before;
	chat->asking_history = true;
	antiphon_get_history(chat->client, &ask, took_history, chat);
}

size_t chat_group_first_message(const struct chat *chat, const char *group_id)
{
	const struct antiphon_group *group = antiphon_group_find(chat->client, group_id);
	size_t n = antiphon_message_count(chat->client, group_id);
	int64_t expected = group ? group->lastSeq : 0;

	while (n > 0 && antiphon_message_at(chat->client, group_id, n - 1)->seq >= expected) {
		expected = antiphon_message_at(chat->client, group_id, n - 1)->seq - 1;
		n--;
	}
	return n;
}

/* The seq from which on all are known; 0: not even the newest. */
static int64_t known_from(struct chat *chat)
{
	size_t first = chat_group_first_message(chat, chat->group);

	return first < antiphon_message_count(chat->client, chat->group)
	               ? antiphon_message_at(chat->client, chat->group, first)->seq
	               : 0;
}

void chat_group_ask_older(struct chat *chat)
{
	const struct antiphon_group *group = chat_group_open_find(chat);
	int64_t from = group ? known_from(chat) : 0;

	if (group && group->lastSeq > 0 && from != 1)
		ask_history(chat, from);
}

const struct antiphon_message *chat_group_message(struct chat *chat, int64_t seq)
{
	size_t n = antiphon_message_count(chat->client, chat->group);

	for (size_t i = n; i-- > 0;) {
		const struct antiphon_message *m =
			antiphon_message_at(chat->client, chat->group, i);
		if (m->seq == seq)
			return m;
	}
	return NULL;
}

void chat_group_announce(struct chat *chat)
{
	const struct antiphon_group *group = chat_group_open_find(chat);

	if (!group || !antiphon_is_connected(chat->client))
		return;
	antiphon_user_changed_group(chat->client,
		&(struct antiphon_user_changed_group){ .newChannelId = { .id = chat->group } },
		ignore_group, NULL);
	chat_people_ask_members(chat);
	int64_t from = known_from(chat);
	if (group->lastSeq > 0 && (!from || (from > 1 && group->lastSeq - from < HISTORY_PAGE / 2)))
		ask_history(chat, from);
}

void chat_group_open(struct chat *chat, const char *id)
{
	const struct antiphon_group *group = antiphon_group_find(chat->client, id);
	int64_t unread;

	if (!group)
		return;
	memcpy(chat->group, group->id, sizeof chat->group);
	unread = antiphon_unread(chat->client, chat->group);
	chat->new_after = unread > 0 ? group->lastSeq - unread : -1;
	chat->scroll = 0;
	chat->read_seq = 0;
	chat->asking_history = false;
	chat->member_count = 0;
	chat->changed = true;
	chat_group_announce(chat);
}

void chat_group_step(struct chat *chat, int places)
{
	struct chat_group_list all = chat_group_all(chat);
	size_t at = 0;

	if (!all.n)
		return;
	while (at + 1 < all.n && strcmp(all.v[at]->id, chat->group) != 0)
		at++;
	at = (at + all.n + (size_t)(places < 0 ? (int)all.n + places % (int)all.n : places)) %
	     all.n;
	chat_group_open(chat, all.v[at]->id);
}

void chat_group_settle(struct chat *chat)
{
	const struct antiphon_group *group = chat_group_open_find(chat);

	if (group)
		return;
	if (chat->wanted)
		group = chat_group_find(chat, str_of(chat->wanted));
	else
		group = chat_group_find(chat, STR("#lobby"));
	if (!group && (!chat->wanted || chat->synchronised) && antiphon_group_count(chat->client))
		group = chat_group_all(chat).v[0];
	if (group)
		chat_group_open(chat, group->id);
}

/* --- how far it is read --- */

/* True when the notification is about the group; both types tell it alike. */
static bool is_about(struct chat *chat, const struct antiphon_notification *n, const char *group_id)
{
	bool fits = n->notificationType == ANTIPHON_NOTIFICATION_TYPE_MENTION ||
	            n->notificationType == ANTIPHON_NOTIFICATION_TYPE_DIRECT_MESSAGE;

	return fits &&
	       str_eq(look_text(str_of(n->data), "groupId", &chat->scratch), str_of(group_id));
}

bool chat_group_mentions(struct chat *chat, const char *group_id)
{
	for (size_t i = 0; i < antiphon_notification_count(chat->client); i++) {
		if (is_about(chat, antiphon_notification_at(chat->client, i), group_id))
			return true;
	}
	return false;
}

void chat_group_read(struct chat *chat)
{
	const struct antiphon_group *group = chat_group_open_find(chat);

	if (!group || chat->scroll || !chat->synchronised || !antiphon_is_connected(chat->client))
		return;
	if (antiphon_unread(chat->client, chat->group) > 0 && chat->read_seq < group->lastSeq) {
		chat->read_seq = group->lastSeq;
		antiphon_message_read(chat->client,
			&(struct antiphon_message_read){ chat->group, group->lastSeq }, NULL, NULL);
	}
	for (size_t i = 0; i < antiphon_notification_count(chat->client); i++) {
		const struct antiphon_notification *n = antiphon_notification_at(chat->client, i);
		if (!is_about(chat, n, chat->group) ||
			str_eq(str_of(n->notificationId), str_of(chat->read_id)))
			continue;
		snprintf(chat->read_id, sizeof chat->read_id, "%s", n->notificationId);
		antiphon_notification_read(chat->client,
			&(struct antiphon_notification_read){ chat->read_id }, NULL, NULL);
		break; /* the next one when this has gone */
	}
}
