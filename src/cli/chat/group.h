/* SPDX-License-Identifier: MIT
 *
 * group - the groups on the left: their order and names, which one is open, how far it is read and known.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_GROUP_H
#define CLI_CHAT_GROUP_H

#include "cli/chat/chat.h"

struct chat_group_list {
	const struct antiphon_group **v; /* channels, private groups, direct ones; each by name */
	size_t n;
};

/* One's groups as they are shown. In the scratch, valid until the client is driven. */
struct chat_group_list chat_group_all(struct chat *chat);

/* "#lobby", "friends", "@ann"; clean. In the scratch. */
struct str chat_group_name(struct chat *chat, const struct antiphon_group *group);

/* The one that is open; NULL when there is none. */
const struct antiphon_group *chat_group_open_find(struct chat *chat);

/* Opens it; what is new in it is read from now on. */
void chat_group_open(struct chat *chat, const char *id);

/* One's group by its id, name, #name or @username; NULL when none of them, or several, are meant. */
const struct antiphon_group *chat_group_find(struct chat *chat, struct str name);

/* Opens the one that is so many places below, around the ends. */
void chat_group_step(struct chat *chat, int places);

/* Opens one when none is, or when it is gone: the wanted one, else lobby, else the first. */
void chat_group_settle(struct chat *chat);

/* After each connection: the server is told which group is open, and asked who is there. */
void chat_group_announce(struct chat *chat);

/* Marks the open group as read, when its newest messages are in sight. */
void chat_group_read(struct chat *chat);

/* True when an unread notification says that one was mentioned there. */
bool chat_group_mentions(struct chat *chat, const char *group_id);

/* The index of the first message that is known without a gap up to the newest; the count when none is. */
size_t chat_group_first_message(const struct chat *chat, const char *group_id);

/* Asks for those before. */
void chat_group_ask_older(struct chat *chat);

/* The message of the open group with this seq; NULL when it is not known. */
const struct antiphon_message *chat_group_message(struct chat *chat, int64_t seq);

#endif
