/* SPDX-License-Identifier: MIT
 *
 * status - see status.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/status.h"

#include <inttypes.h>

#include "cli/chat/clean.h"
#include "cli/chat/group.h"
#include "cli/chat/people.h"
#include "cli/token_file.h"

enum { NAMES_MAX = 4 };

struct str chat_status_title(struct chat *chat, bool alone)
{
	const struct antiphon_group *group = chat_group_open_find(chat);
	struct str name = group ? chat_group_name(chat, group) : STR("antiphon");
	int64_t elsewhere = 0;

	for (size_t i = 0; alone && i < antiphon_group_count(chat->client); i++) {
		const struct antiphon_group *one = antiphon_group_at(chat->client, i);
		if (one != group)
			elsewhere += antiphon_unread(chat->client, one->id);
	}
	return elsewhere > 0 ? arena_printf(&chat->scratch, STR_FMT "  (%" PRId64 " elsewhere)",
				       STR_ARG(name), elsewhere)
	                     : name;
}

struct str chat_status_who(struct chat *chat, bool listed)
{
	const struct antiphon_group *group = chat_group_open_find(chat);
	size_t here = chat_people_here(chat);
	struct str names = { 0 };

	if (!group || !chat->member_count)
		return STR("");
	for (size_t i = 0; !listed && i < here && i < NAMES_MAX; i++)
		names = arena_printf(&chat->scratch, STR_FMT "%s%s", STR_ARG(names),
			i ? ", " : ": ", chat->members[i].name);
	return chat_clean(&chat->scratch,
		arena_printf(&chat->scratch, "%zu of %" PRId64 " here" STR_FMT "%s", here,
			group->memberCount, STR_ARG(names),
			!listed && here > NAMES_MAX ? ", …" : ""),
		false);
}

/* "ann is writing", "ann and bob are writing"; empty when nobody is. */
static struct str writing(struct chat *chat)
{
	struct str names = STR("");
	size_t n = 0;

	for (size_t i = 0; i < CHAT_TYPING_MAX; i++) {
		const struct chat_typing *t = &chat->typing[i];
		if (!t->until_ms || strcmp(t->group_id, chat->group) != 0)
			continue;
		struct str name = chat_people_name(chat, t->user_id);
		names = arena_printf(&chat->scratch, STR_FMT "%s" STR_FMT, STR_ARG(names),
			n++ ? " and " : "", STR_ARG(name));
	}
	return n ? arena_printf(&chat->scratch, STR_FMT " %s writing", STR_ARG(names),
			   n == 1 ? "is" : "are")
	         : STR("");
}

static struct str connection(struct chat *chat)
{
	const struct antiphon_user *me = antiphon_me(chat->client);
	const char *server = token_file_server(chat->c);

	if (chat->ended)
		return STR("the session has ended; quit and run `antiphon login`");
	if (!antiphon_is_connected(chat->client))
		return *chat->trouble ? arena_printf(&chat->scratch, "offline: %s", chat->trouble)
		                      : arena_printf(&chat->scratch, "connecting to %s", server);
	if (!chat->synchronised)
		return STR("connected; catching up");
	return arena_printf(&chat->scratch, "%s at %s", me ? me->username : "connected", server);
}

struct str chat_status_text(struct chat *chat)
{
	struct str who = writing(chat), where = connection(chat);
	size_t waiting = antiphon_waiting_count(chat->client);

	if (*chat->busy)
		return chat_clean(&chat->scratch, str_of(chat->busy), false);
	if (who.n)
		return who;
	if (waiting)
		where = arena_printf(&chat->scratch, "%zu message%s wait%s to be sent · " STR_FMT,
			waiting, waiting == 1 ? "" : "s", waiting == 1 ? "s" : "", STR_ARG(where));
	return chat_clean(&chat->scratch, where, false);
}

struct str chat_status_scroll(struct chat *chat)
{
	return chat->scroll ? STR("older messages; End: the newest") : STR("/help");
}
