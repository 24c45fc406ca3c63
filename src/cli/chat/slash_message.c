/* SPDX-License-Identifier: MIT
 *
 * slash_message - the commands about messages, and those that ask once; a refusal becomes a notice when it comes.
 *
 * Layer: cli.  Threads: one.
 */
#include <inttypes.h>

#include "base/buf.h"
#include "base/json_write.h"
#include "base/text.h"
#include "cli/chat/group.h"
#include "cli/chat/notice.h"
#include "cli/chat/people.h"
#include "cli/chat/send.h"
#include "cli/chat/slash.h"
#include "cli/look.h"
#include "cli/token_file.h"

static void tell(struct chat *chat, const struct antiphon_answer *a)
{
	chat->changed = true;
	if (a->result && a->result != ANTIPHON_DISCONNECTED)
		chat_notice_trouble(chat, "%s", a->sentence);
}

static void empty_done(
	void *context, const struct antiphon_answer *a, const struct antiphon_empty *typed)
{
	(void)typed;
	tell(context, a);
}

static void rev_done(
	void *context, const struct antiphon_answer *a, const struct antiphon_rev_answer *typed)
{
	(void)typed;
	tell(context, a);
}

/* The newest message of the open group that is there, one's own or anybody's. */
static const struct antiphon_message *newest(struct chat *chat, bool mine)
{
	size_t n = antiphon_message_count(chat->client, chat->group);

	for (size_t i = n; i-- > 0;) {
		const struct antiphon_message *m =
			antiphon_message_at(chat->client, chat->group, i);
		bool deleted = m->deletedAt.set && !m->deletedAt.null;
		if (!deleted && (!mine || chat_people_is_me(chat, m->userId)))
			return m;
	}
	return NULL;
}

/* The message that the first word numbers, with or without #; *rest is moved behind it. NULL, told, when there is none. */
static const struct antiphon_message *numbered(struct chat *chat, struct str *rest)
{
	struct str behind, word = chat_slash_word(*rest, &behind);
	int64_t seq;

	if (word.n && word.p[0] == '#')
		word = str_after(word, 1);
	if (!text_digits(word, &seq)) {
		chat_notice_trouble(chat, "Say the number of the message, which stands before it.");
		return NULL;
	}
	const struct antiphon_message *m = chat_group_message(chat, seq);
	if (!m)
		chat_notice_trouble(chat, "Message %" PRId64 " is not on the screen.", seq);
	*rest = behind;
	return m;
}

/* The same, or the newest where the first word is no number of a message. */
static const struct antiphon_message *numbered_or(struct chat *chat, struct str *rest, bool mine)
{
	struct str behind, word = chat_slash_word(*rest, &behind);
	int64_t seq;

	if (word.n && word.p[0] == '#')
		word = str_after(word, 1);
	if (text_digits(word, &seq) && chat_group_message(chat, seq))
		return numbered(chat, rest);
	const struct antiphon_message *m = newest(chat, mine);
	if (!m)
		chat_notice_trouble(chat, "There is no such message yet.");
	return m;
}

void chat_slash_reply(struct chat *chat, struct str rest)
{
	const struct antiphon_message *m = numbered(chat, &rest);

	if (m && rest.n)
		(void)chat_send(
			chat, &(struct chat_outgoing){ .text = rest, .reply_to = m->messageId });
	else if (m)
		chat_notice_trouble(chat, "There is no text to answer with.");
}

void chat_slash_edit(struct chat *chat, struct str rest)
{
	const struct antiphon_message *m = numbered_or(chat, &rest, true);

	if (m && !rest.n)
		chat_notice_trouble(chat, "There is no text to put there; /delete takes it away.");
	else if (m)
		antiphon_message_edited(chat->client,
			&(struct antiphon_message_edited){
				m->messageId, arena_dup(&chat->scratch, rest).p },
			rev_done, chat);
}

void chat_slash_delete(struct chat *chat, struct str rest)
{
	const struct antiphon_message *m = numbered_or(chat, &rest, true);

	if (m && rest.n)
		chat_notice_trouble(
			chat, "Message " STR_FMT " is not on the screen.", STR_ARG(rest));
	else if (m)
		antiphon_message_deleted(chat->client,
			&(struct antiphon_message_deleted){ m->messageId }, rev_done, chat);
}

/* True when one has given this reaction. */
static bool has_given(
	const struct chat *chat, const struct antiphon_message *m, struct str reaction)
{
	for (size_t i = 0; i < m->reactions.n; i++) {
		const struct antiphon_reaction *r = &m->reactions.v[i];
		if (!str_eq(str_of(r->reaction), reaction))
			continue;
		for (size_t j = 0; j < r->userIds.n; j++)
			if (chat_people_is_me(chat, r->userIds.v[j]))
				return true;
	}
	return false;
}

void chat_slash_react(struct chat *chat, struct str rest)
{
	const struct antiphon_message *m = numbered_or(chat, &rest, false);

	if (m)
		antiphon_message_reaction(chat->client,
			&(struct antiphon_message_reaction){ .messageId = m->messageId,
				.reaction = arena_dup(&chat->scratch, rest).p,
				.on = !has_given(chat, m, rest) },
			rev_done, chat);
}

/* Shows an address of the path that opens by itself. */
static void show_link(struct chat *chat, struct str name, struct str path)
{
	CLEANUP(buf_done) struct buf body = { 0 };
	struct json_writer w = json_write_into(&body);
	struct antiphon_http_answer answer = { 0 };

	json_write_begin_object(&w);
	json_write_key(&w, STR("path"));
	json_write_string(&w, path);
	json_write_end_object(&w);
	buf_byte(&body, '\0');
	enum antiphon_result r = buf_failed(&body) ? ANTIPHON_NOMEM
	                                           : antiphon_http(chat->client, "POST",
							     "/api/v1/links", body.p, &answer);
	struct str url = r ? STR("") : look_text(str_of(answer.body), "url", &chat->scratch);
	if (r)
		chat_notice_add(
			chat, "%.*s cannot be opened: %s.", STR_ARG(name), antiphon_result_text(r));
	else
		chat_notice_add(chat, "%.*s (ten minutes): %s%.*s", STR_ARG(name),
			token_file_server(chat->c), STR_ARG(url));
	antiphon_text_free(answer.body);
}

void chat_slash_link(struct chat *chat, struct str rest)
{
	const struct antiphon_message *m = numbered(chat, &rest);
	size_t n = m ? m->files.n : 0;
	struct str *names = arena_array(&chat->scratch, n, sizeof *names);
	struct str *paths = arena_array(&chat->scratch, n, sizeof *paths);

	if (m && !n)
		chat_notice_add(chat, "Message %" PRId64 " carries no file.", m->seq);
	if (!names || !paths)
		return;
	for (size_t i = 0; i < n;
		i++) { /* the calls may change the model, and with it the message */
		names[i] = arena_dup(&chat->scratch, str_of(m->files.v[i].fileName));
		paths[i] = arena_dup(&chat->scratch, str_of(m->files.v[i].url));
	}
	for (size_t i = 0; i < n; i++)
		show_link(chat, names[i], paths[i]);
}

void chat_slash_file(struct chat *chat, struct str rest)
{
	chat_send_file(chat, arena_dup(&chat->scratch, rest).p);
}

void chat_slash_leave(struct chat *chat, struct str rest)
{
	(void)rest;
	if (chat_group_open_find(chat))
		antiphon_group_member_removed(chat->client,
			&(struct antiphon_group_member){ .groupId = chat->group }, empty_done,
			chat);
}

void chat_slash_status(struct chat *chat, struct str rest)
{
	struct str text, word = chat_slash_word(rest, &text);
	struct antiphon_user_status_changed what = {
		.statusText = text.n ? arena_dup(&chat->scratch, text).p : NULL
	};

	for (int i = 0; antiphon_status_text((enum antiphon_status)i); i++) {
		what.newStatus = (enum antiphon_status)i;
		if (!str_eq(word, str_of(antiphon_status_text(what.newStatus))))
			continue;
		antiphon_user_status_changed(chat->client, &what, empty_done, chat);
		return;
	}
	chat_notice_trouble(chat, "A status is online, away, busy or offline.");
}
