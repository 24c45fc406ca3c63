/* SPDX-License-Identifier: MIT
 *
 * people - what users are called, and who belongs to the open group.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_PEOPLE_H
#define CLI_CHAT_PEOPLE_H

#include "cli/chat/chat.h"

enum { CHAT_NAME_BYTES = 129 }; /* a username of 32 code points, and its NUL */

/* A user whom the model does not know; name is "" until the server has told it. */
struct chat_person {
	struct chat_person *next;
	char id[CHAT_ID_BYTES], name[CHAT_NAME_BYTES];
};

struct chat_member {
	char id[CHAT_ID_BYTES], name[CHAT_NAME_BYTES];
	enum antiphon_status status;
};

/* The username, clean; asks for it when it is not known, and gives the beginning of the id until then. In the scratch, or constant. */
struct str chat_people_name(struct chat *chat, const char *user_id);

/* True for oneself. */
bool chat_people_is_me(const struct chat *chat, const char *user_id);

/* Asks for the members of the open group anew. */
void chat_people_ask_members(struct chat *chat);

/* A user has come, gone, or has another status. */
void chat_people_status(struct chat *chat, const char *user_id, enum antiphon_status status);

/* How many members of the open group are here. */
size_t chat_people_here(const struct chat *chat);

void chat_people_done(struct chat *chat);

#endif
