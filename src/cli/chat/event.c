/* SPDX-License-Identifier: MIT
 *
 * event - see event.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/event.h"

#include "cli/chat/group.h"
#include "cli/chat/notice.h"
#include "cli/chat/people.h"

enum { TYPING_MS = 5000 };

/* --- who is writing --- */

static void begins_typing(struct chat *chat, const struct antiphon_typing_now *e)
{
	struct chat_typing *t = NULL;

	for (size_t i = 0; i < CHAT_TYPING_MAX; i++) {
		struct chat_typing *one = &chat->typing[i];
		if (strcmp(one->user_id, e->userId) == 0 || (!t && !one->until_ms))
			t = one;
	}
	if (!t || chat_people_is_me(chat, e->userId))
		return;
	snprintf(t->user_id, sizeof t->user_id, "%s", e->userId);
	snprintf(t->group_id, sizeof t->group_id, "%s", e->groupId);
	t->until_ms = chat_now_ms() + TYPING_MS;
}

static void ends_typing(struct chat *chat, const char *user_id)
{
	for (size_t i = 0; i < CHAT_TYPING_MAX; i++) {
		if (strcmp(chat->typing[i].user_id, user_id) == 0)
			chat->typing[i] = (struct chat_typing){ .until_ms = 0 };
	}
}

int64_t chat_event_typing_ends(struct chat *chat)
{
	int64_t now = chat_now_ms(), first = -1;

	for (size_t i = 0; i < CHAT_TYPING_MAX; i++) {
		struct chat_typing *t = &chat->typing[i];
		if (!t->until_ms)
			continue;
		if (t->until_ms <= now)
			*t = (struct chat_typing){ .until_ms = 0 };
		else if (first < 0 || t->until_ms - now < first)
			first = t->until_ms - now;
	}
	return first;
}

/* --- members --- */

/* "ann has joined." in the group, unless it is a large one's coming and going of others. */
static void tell_member(struct chat *chat, const char *group, const char *user, const char *what)
{
	struct str name = chat_people_name(chat, user);
	struct str text = arena_printf(&chat->scratch, STR_FMT " %s.", STR_ARG(name), what);

	chat_notice_to(chat, group, text);
	if (strcmp(group, chat->group) == 0)
		chat_people_ask_members(chat);
}

static void removed(struct chat *chat, const struct antiphon_member_removed *e)
{
	bool gone = strcmp(e->groupId, chat->group) == 0 && !chat_group_open_find(chat);

	if (!gone) {
		tell_member(chat, e->groupId, e->userId,
			strcmp(e->userId, e->removedBy) ? "was removed" : "has left");
		return;
	}
	chat->group[0] = '\0';
	chat_group_settle(chat);
	chat_notice_add(chat, "You are no longer in that group.");
}

/* --- the connection --- */

static void lost(struct chat *chat, const struct antiphon_connection_error *e)
{
	snprintf(chat->trouble, sizeof chat->trouble, "%s", e->errorMessage);
	chat->synchronised = chat->asking_history = false;
	chat->read_seq = 0;
	if (strcmp(e->errorCode, antiphon_result_code(ANTIPHON_UNAUTHORIZED)) == 0)
		chat->ended = true;
}

static void synchronised(struct chat *chat)
{
	chat->synchronised = true;
	chat->trouble[0] = '\0';
	if (!chat_group_open_find(chat))
		chat_group_settle(chat);
	else
		chat_group_announce(chat);
}

static void notified(struct chat *chat, const struct antiphon_notification *e)
{
	if (e->notificationType == ANTIPHON_NOTIFICATION_TYPE_MENTION ||
		e->notificationType == ANTIPHON_NOTIFICATION_TYPE_DIRECT_MESSAGE)
		chat->bell = true;
}

static void take_chat(struct chat *chat, enum antiphon_event event, const void *payload)
{
	const struct antiphon_presence_change *presence = payload;
	const struct antiphon_status_changed *status = payload;
	const struct antiphon_member_added *added = payload;

	switch ((int)event) {
	case ANTIPHON_MESSAGE_RECEIVED:
		ends_typing(chat, ((const struct antiphon_message *)payload)->userId);
		break;
	case ANTIPHON_USER_CONNECTED:
		chat_people_status(chat, presence->userId, ANTIPHON_STATUS_ONLINE);
		break;
	case ANTIPHON_USER_DISCONNECTED:
		chat_people_status(chat, presence->userId, ANTIPHON_STATUS_OFFLINE);
		break;
	case ANTIPHON_USER_STATUS_CHANGED:
		chat_people_status(chat, status->userId, status->newStatus);
		break;
	case ANTIPHON_GROUP_MEMBER_ADDED:
		tell_member(chat, added->groupId, added->userId, "has joined");
		break;
	case ANTIPHON_GROUP_MEMBER_REMOVED:
		removed(chat, payload);
		break;
	case ANTIPHON_NOTIFICATION_RECEIVED:
		notified(chat, payload);
		break;
	case ANTIPHON_TYPING:
		begins_typing(chat, payload);
		break;
	default:
		break;
	}
}

void chat_event_take(void *context, enum antiphon_event event, const void *payload)
{
	struct chat *chat = context;

	chat->changed = true;
	if (event == ANTIPHON_CONNECTION_ERROR)
		lost(chat, payload);
	else if (event == ANTIPHON_SYNCHRONISED)
		synchronised(chat);
	else
		take_chat(chat, event, payload);
}
