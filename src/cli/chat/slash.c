/* SPDX-License-Identifier: MIT
 *
 * slash - see slash.h. Commands that need several answers wait for them; those about one message do not (slash_message.c).
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/slash.h"

#include <stdlib.h>
#include <sysexits.h>

#include "cli/chat/group.h"
#include "cli/chat/notice.h"
#include "cli/chat/people.h"
#include "cli/chat/send.h"
#include "cli/look.h"
#include "cli/messages.h"
#include "cli/names.h"
#include "cli/page.h"

enum { FOUND_MAX = 20 };

static const struct {
	const char *name, *arguments, *doc;
	void (*run)(struct chat *chat, struct str rest);
} commands_of_chat[] = {
#define SLASH(id, arguments, doc) { #id, arguments, doc, chat_slash_##id },
#include "cli/chat/slash.def"
#undef SLASH
};

const char *chat_slash_name(size_t index)
{
	return index < COUNT_OF(commands_of_chat) ? commands_of_chat[index].name : NULL;
}

struct str chat_slash_word(struct str text, struct str *rest)
{
	size_t n = 0;

	while (n < text.n && text.p[n] != ' ' && text.p[n] != '\n')
		n++;
	*rest = str_after(text, n);
	while (rest->n && (rest->p[0] == ' ' || rest->p[0] == '\n'))
		*rest = str_after(*rest, 1);
	return (struct str){ text.p, n };
}

void chat_slash_run(struct chat *chat, struct str line)
{
	struct str rest, name = chat_slash_word(str_after(line, 1), &rest);

	for (size_t i = 0; i < COUNT_OF(commands_of_chat); i++) {
		bool needs =
			*commands_of_chat[i].arguments && *commands_of_chat[i].arguments != '[';
		if (!str_eq(name, str_of(commands_of_chat[i].name)))
			continue;
		if (needs && !rest.n)
			chat_notice_trouble(chat, "/%s needs %s. %s", commands_of_chat[i].name,
				commands_of_chat[i].arguments, commands_of_chat[i].doc);
		else
			commands_of_chat[i].run(chat, rest);
		return;
	}
	chat_notice_trouble(
		chat, "There is no command /" STR_FMT "; /help lists them.", STR_ARG(name));
}

/* --- those that wait for answers --- */

/* The command line's own functions tell what goes wrong on standard error: here that becomes a notice. */
struct aside {
	struct cli was;
	char *told;
	size_t n;
};

static bool begin_aside(struct chat *chat, struct aside *a)
{
	*a = (struct aside){ .was = *chat->c };
	FILE *err = open_memstream(&a->told, &a->n);

	if (!err)
		return false;
	chat->c->err = err;
	chat->c->arena = (struct arena){ 0 };
	chat->c->known = NULL;
	return true;
}

static void end_aside(struct chat *chat, struct aside *a)
{
	static const char program[] = "antiphon: ";

	fclose(chat->c->err);
	arena_done(&chat->c->arena);
	*chat->c = a->was;
	size_t n = strcspn(a->told, "\n");
	if (n > sizeof program - 1)
		chat_notice_trouble(
			chat, "%.*s", (int)(n - sizeof program + 1), a->told + sizeof program - 1);
	free(a->told);
}

/* Opens a group of the server, which is joined when it is a channel. */
static void turn_to(struct chat *chat, const char *id)
{
	struct session_json j;

	session_begin(&j);
	json_write_key(&j.w, STR("newChannelId"));
	json_write_begin_object(&j.w);
	session_text(&j, "id", id);
	json_write_end_object(&j.w);
	if (!session_ask(chat->c, "/chat", "USER_CHANGED_GROUP", &j, NULL))
		chat_group_open(chat, id);
}

/* As names_group: a name, #name, @username or an id. */
static bool find_and_open(struct chat *chat, struct str name)
{
	const struct antiphon_group *known = chat_group_find(chat, name);
	const char *text, *id = NULL;
	struct aside aside;

	if (known) {
		chat_group_open(chat, known->id);
		return true;
	}
	if (!begin_aside(chat, &aside))
		return false;
	text = arena_dup(&chat->c->arena, name.n && name.p[0] == '#' ? str_after(name, 1) : name).p;
	bool found = text && !names_group(chat->c, text, &id);
	if (found)
		turn_to(chat, id);
	found = found && strcmp(chat->group, id) == 0;
	end_aside(chat, &aside);
	return found;
}

void chat_slash_join(struct chat *chat, struct str rest)
{
	(void)find_and_open(chat, rest);
}

void chat_slash_msg(struct chat *chat, struct str rest)
{
	struct str text, name = chat_slash_word(rest, &text);

	if (name.n && name.p[0] != '@')
		name = arena_printf(&chat->scratch, "@" STR_FMT, STR_ARG(name));
	if (find_and_open(chat, name) && text.n)
		(void)chat_send(chat, &(struct chat_outgoing){ .text = text });
}

/* The ids of users, words of the text. */
static int write_members(struct cli *c, struct json_writer *w, struct str rest)
{
	int code = EX_OK;

	json_write_key(w, STR("members"));
	json_write_begin_array(w);
	while (rest.n && !code) {
		const char *id = NULL, *name;
		name = arena_dup(&c->arena, chat_slash_word(rest, &rest)).p;
		code = name ? names_user(c, name, &id) : cli_no_memory(c);
		if (!code)
			json_write_string(w, str_of(id));
	}
	json_write_end_array(w);
	return code;
}

static void create(struct chat *chat, const char *kind, struct str name, struct str members)
{
	struct session_json j;
	struct aside aside;
	struct str answer;

	if (!begin_aside(chat, &aside))
		return;
	session_begin(&j);
	session_text(&j, "kind", kind);
	json_write_key(&j.w, STR("name"));
	json_write_string(&j.w, name.n && name.p[0] == '#' ? str_after(name, 1) : name);
	if (write_members(chat->c, &j.w, members))
		buf_done(&j.b);
	else if (!session_ask(chat->c, "/chat", "GROUP_CREATED", &j, &answer))
		chat_group_open(chat,
			arena_dup(&chat->c->arena, look_text(answer, "group.id", &chat->c->arena))
				.p);
	end_aside(chat, &aside);
}

void chat_slash_create(struct chat *chat, struct str rest)
{
	create(chat, "channel", rest, STR(""));
}

void chat_slash_private(struct chat *chat, struct str rest)
{
	struct str members, name = chat_slash_word(rest, &members);

	create(chat, "private", name, members);
}

void chat_slash_search(struct chat *chat, struct str rest)
{
	const struct page p = { "/chat", "SEARCH_MESSAGES", "messages", FOUND_MAX };
	struct session_json j;
	struct aside aside;
	struct str list;

	if (!begin_aside(chat, &aside))
		return;
	session_begin(&j);
	json_write_key(&j.w, STR("query"));
	json_write_string(&j.w, rest);
	if (!page_collect(chat->c, &p, &j, &list)) {
		char *found = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&found, &n);
		struct cli to = *chat->c;
		to.out = out;
		to.colour = false;
		if (out)
			(void)messages_print(&to, list);
		chat->c->arena = to.arena;
		chat->c->known = to.known;
		if (out)
			fclose(out);
		if (n)
			chat_notice_add(chat, "%.*s", (int)n - 1, found);
		else
			chat_notice_add(chat, "No message holds all of these words.");
		free(found);
	}
	end_aside(chat, &aside);
}

/* --- those that do not --- */

void chat_slash_help(struct chat *chat, struct str rest)
{
	(void)rest;
	for (size_t i = 0; i < COUNT_OF(commands_of_chat); i++)
		chat_notice_add(chat, "/%s%s%s  %s", commands_of_chat[i].name,
			*commands_of_chat[i].arguments ? " " : "", commands_of_chat[i].arguments,
			commands_of_chat[i].doc);
	chat_notice_add(chat,
		"Enter sends, Alt-Enter begins a new line, Tab completes @names, #groups and "
		"/commands, Up and Down bring back what was sent, PageUp and PageDown scroll, End "
		"goes to the newest, Alt-Up and Alt-Down or Ctrl-P and Ctrl-N change the group, "
		"Ctrl-D quits. A message that begins with a slash is typed with two.");
}

void chat_slash_who(struct chat *chat, struct str rest)
{
	struct str all = STR("");

	(void)rest;
	for (size_t i = 0; i < chat->member_count; i++) {
		const struct chat_member *m = &chat->members[i];
		all = arena_printf(&chat->scratch, STR_FMT "%s%s (%s)", STR_ARG(all), i ? ", " : "",
			m->name, antiphon_status_text(m->status));
	}
	chat_notice_add(chat, STR_FMT, STR_ARG(all));
}

void chat_slash_clear(struct chat *chat, struct str rest)
{
	(void)rest;
	chat_notice_clear(chat);
}

void chat_slash_quit(struct chat *chat, struct str rest)
{
	(void)rest;
	chat->quit = true;
}
