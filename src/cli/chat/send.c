/* SPDX-License-Identifier: MIT
 *
 * send - see send.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/send.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/chat/notice.h"

enum { TYPING_EVERY_MS = 3000, DRAW_EVERY_MS = 200 };

static void unlink_pending(struct chat_pending *p)
{
	struct chat_pending **at = &p->chat->pending;

	while (*at && *at != p)
		at = &(*at)->next;
	if (*at)
		*at = p->next;
}

static void free_pending(struct chat_pending *p)
{
	free(p->failure);
	free(p);
}

static void stored(void *context, const struct antiphon_answer *a,
	const struct antiphon_message_sent_answer *typed)
{
	struct chat_pending *p = context;

	(void)typed;
	p->chat->changed = true;
	if (a->result == ANTIPHON_DISCONNECTED)
		return; /* the program ends; the next one sends it */
	if (a->result) {
		p->failure = strdup(a->sentence);
		return;
	}
	unlink_pending(p);
	free_pending(p);
}

bool chat_send(struct chat *chat, const struct chat_outgoing *m)
{
	struct chat_pending *p = *chat->group ? calloc(1, sizeof *p + m->text.n + 1) : NULL;
	struct chat_pending **at = &chat->pending;
	struct antiphon_message_sent what = { .replyTo = m->reply_to };

	if (!p) {
		chat_notice_trouble(chat, "There is no group to send it to; /join one.");
		return false;
	}
	p->chat = chat;
	memcpy(p->group, chat->group, sizeof p->group);
	memcpy(p->text, m->text.p, m->text.n);
	while (*at)
		at = &(*at)->next;
	*at = p;
	what.groupId = p->group;
	what.message = p->text;
	what.fileIds.set = m->file_id != NULL;
	what.fileIds.v = (struct antiphon_texts){ &m->file_id, 1 };
	antiphon_message_sent(chat->client, &what, stored, p);
	chat->scroll = 0;
	chat->new_after = -1; /* who answers has read */
	chat->changed = true;
	return true;
}

void chat_send_typing(struct chat *chat)
{
	int64_t now = chat_now_ms();

	if (!*chat->group || !antiphon_is_connected(chat->client) ||
		(chat->typed_ms && now - chat->typed_ms < TYPING_EVERY_MS))
		return;
	chat->typed_ms = now;
	antiphon_typing(
		chat->client, &(struct antiphon_typing){ .groupId = chat->group }, NULL, NULL);
}

/* --- files --- */

struct upload {
	struct chat *chat;
	const char *name;
	int64_t drawn_ms;
};

static bool show_progress(void *context, int64_t done, int64_t total)
{
	struct upload *u = context;
	struct chat *chat = u->chat;
	int64_t now = chat_now_ms();

	if (now - u->drawn_ms < DRAW_EVERY_MS)
		return !chat->quit;
	u->drawn_ms = now;
	snprintf(chat->busy, sizeof chat->busy, "Sending %s: %" PRId64 " %%; Esc gives it up",
		u->name, total > 0 ? done * 100 / total : 100);
	if (chat->draw)
		return chat->draw(chat);
	return true;
}

void chat_send_file(struct chat *chat, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct upload u = { .chat = chat, .name = slash ? slash + 1 : path };
	const struct antiphon_transfer t = {
		.path = path, .progress = show_progress, .context = &u
	};
	char group[CHAT_ID_BYTES], id[37];

	if (!antiphon_is_connected(chat->client)) {
		chat_notice_trouble(chat, "A file can be sent when there is a connection.");
		return;
	}
	memcpy(group, chat->group, sizeof group);
	enum antiphon_result result =
		antiphon_upload(chat->client, &t, ANTIPHON_UPLOAD_PURPOSE_FILE, group, id);
	chat->busy[0] = '\0';
	if (result == ANTIPHON_NOT_FOUND)
		chat_notice_trouble(chat, "%s cannot be read.", path);
	else if (result == ANTIPHON_CONFLICT)
		chat_notice_add(chat, "%s was not sent.", path);
	else if (result)
		chat_notice_trouble(
			chat, "%s was not sent: %s", path, antiphon_result_text(result));
	else
		(void)chat_send(
			chat, &(struct chat_outgoing){ .text = str_of(u.name), .file_id = id });
}

void chat_send_done(struct chat *chat)
{
	while (chat->pending) {
		struct chat_pending *next = chat->pending->next;
		free_pending(chat->pending);
		chat->pending = next;
	}
}
