/* SPDX-License-Identifier: MIT
 *
 * model_reply - what acknowledgements of /chat tell the model. One's own changes are told by them alone, so
 * that they are taken in silently; but a message, which may have waited long, is raised as MESSAGE_SENT.
 *
 * Layer: client.  Threads: the model's owner's.
 */
#include "client/model_inside.h"

/* Files and tracks come as ids: the message as the server has it is asked for. */
static enum err ask_sent(struct model *m, const struct message_sent_answer *answer)
{
	struct get_history ask = { .groupId = answer->groupId,
		.beforeSeq = { .set = true, .v = answer->seq + 1 },
		.limit = { .set = true, .v = 1 } };

	return model_ask(m, EVENT_get_history, &ask);
}

static enum err raise_sent(struct model *m, const struct message *message)
{
	bool is_new;
	enum err e = model_message_put(m, message, &is_new);

	if (e || !is_new)
		return e;
	return model_raise(m, ANTIPHON_MESSAGE_SENT, model_payload(MODEL_MESSAGE), message);
}

static enum err sent(
	struct model *m, const struct message_sent *in, const struct message_sent_answer *answer)
{
	struct message message = { .messageId = answer->messageId,
		.groupId = answer->groupId,
		.seq = answer->seq,
		.rev = 1, /* not told; the real one is not less */
		.message = in->message,
		.timestamp = answer->timestamp };

	if (!m->me || in->fileIds.v.n || in->trackIds.v.n)
		return ask_sent(m, answer);
	enum err e = uuid_parse(str_of(model_me(m)->id), &message.userId);
	if (e)
		return e;
	message.clientId.set = in->clientId.set && !in->clientId.null;
	message.clientId.v = in->clientId.v;
	message.replyTo.set = in->replyTo.set && !in->replyTo.null;
	message.replyTo.v = in->replyTo.v;
	return raise_sent(m, &message);
}

/* Where a message of this id is; false when it is not known. */
static bool locate(struct model *m, struct uuid message_id, struct uuid *group_id, int64_t *seq)
{
	const struct shelf *s = &m->shelves[MODEL_MESSAGE];
	char text[UUID_TEXT_BYTES];

	uuid_text(message_id, text);
	for (size_t i = s->n; i-- > 0;) {
		const struct antiphon_message *message = item_object(s->v[i]);
		if (memcmp(message->messageId, text, sizeof text) != 0)
			continue;
		*seq = message->seq;
		return uuid_parse(str_of(message->groupId), group_id) == ERR_OK;
	}
	return false;
}

static enum err edited(struct model *m, const struct message_edited *in, int64_t rev)
{
	struct message_edit edit = {
		.messageId = in->messageId, .message = in->message, .rev = rev
	};
	bool is_new;

	if (!locate(m, in->messageId, &edit.groupId, &edit.seq))
		return ERR_OK;
	return model_message_edit(m, &edit, &is_new);
}

static enum err deleted(struct model *m, const struct message_deleted *in, int64_t rev)
{
	struct message_deletion deletion = { .messageId = in->messageId, .rev = rev };
	bool is_new;

	if (!locate(m, in->messageId, &deletion.groupId, &deletion.seq))
		return ERR_OK;
	return model_message_delete(m, &deletion, &is_new);
}

static enum err reacted(struct model *m, const struct message_reaction *in, int64_t rev)
{
	struct message_reaction_change change = {
		.messageId = in->messageId, .reaction = in->reaction, .on = in->on, .rev = rev
	};
	int64_t seq;
	bool is_new;

	if (!m->me || uuid_parse(str_of(model_me(m)->id), &change.userId) ||
		!locate(m, in->messageId, &change.groupId, &seq))
		return ERR_OK;
	return model_message_react(m, &change, &is_new);
}

static enum err stored(struct model *m, const struct user_settings_updated *in)
{
	struct setting setting = { .settingName = in->settingName, .newValue = in->newValue };

	if (!m->me || uuid_parse(str_of(model_me(m)->id), &setting.userId))
		return ERR_OK;
	return model_chat_setting(m, &setting);
}

static enum err removed(struct model *m, const struct group_member *in)
{
	struct item *it = model_message_group(m, in->groupId);

	if (!in->userId.set || in->userId.null || model_chat_is_me(m, in->userId.v)) {
		model_chat_leave(m, in->groupId);
		return ERR_OK;
	}
	if (!it)
		return ERR_OK;
	((struct antiphon_group *)item_object(it))->memberCount--;
	return model_keep(m, MODEL_GROUP, it);
}

/* Of one's own history: what was missed, or the message that one sent. */
static enum err own_history(
	struct model *m, const struct get_history *asked, const struct history *h)
{
	enum err e = ERR_OK;

	if (asked->afterRev.set)
		return model_message_history(m, asked, h);
	for (size_t i = 0; h && i < h->messages.n && !e; i++)
		e = raise_sent(m, &h->messages.v[i]);
	return e;
}

static enum err fetched(struct model *m, const struct history *h)
{
	bool is_new;
	enum err e = ERR_OK;

	for (size_t i = 0; i < h->messages.n && !e; i++)
		if (model_message_group(m, h->messages.v[i].groupId))
			e = model_message_put(m, &h->messages.v[i], &is_new);
	return e;
}

static enum err seen(struct model *m, const struct members *in)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < in->users.n && !e; i++)
		e = model_user_person(m, &in->users.v[i]);
	return e;
}

static enum err take(
	struct model *m, const struct model_answer *a, const void *request, const void *answer)
{
	const struct rev_answer *rev = answer;
	const struct message_read *read = request;

	switch ((int)a->id) {
	case EVENT_message_sent:
		return sent(m, request, answer);
	case EVENT_message_edited:
		return edited(m, request, rev->rev);
	case EVENT_message_deleted:
		return deleted(m, request, rev->rev);
	case EVENT_message_reaction:
		return reacted(m, request, rev->rev);
	case EVENT_message_read:
		return model_chat_read(m, read->groupId, read->seq);
	case EVENT_user_settings_updated:
		return stored(m, request);
	case EVENT_group_created:
	case EVENT_group_member_added:
	case EVENT_user_changed_group:
		return model_chat_join(m, &((const struct group_answer *)answer)->group);
	case EVENT_group_member_removed:
		return removed(m, request);
	case EVENT_notification_read:
		model_chat_notification_read(
			m, ((const struct notification_read *)request)->notificationId);
		return ERR_OK;
	case EVENT_get_history:
		return a->own ? own_history(m, request, answer) : fetched(m, answer);
	case EVENT_get_snapshot:
		return model_chat_groups(m, &((const struct snapshot_answer *)answer)->data);
	case EVENT_list_members:
		return seen(m, answer);
	default:
		return ERR_OK;
	}
}

enum err model_reply(struct model *m, const struct model_answer *a)
{
	const struct event *row = &schema_events[a->id];
	void *request = arena_alloc(&m->scratch, row->payload->size);
	void *answer = arena_alloc(&m->scratch, row->answer->size);
	enum err e =
		request && answer ? model_decode(m, row->payload, a->request, request) : ERR_NOMEM;

	if (e)
		return e;
	if (!a->answer.n) /* a group whose history is refused is no longer ours */
		return a->own && a->id == EVENT_get_history ? own_history(m, request, NULL)
		                                            : ERR_OK;
	e = model_decode(m, row->answer, a->answer, answer);
	return e ? e : take(m, a, request, answer);
}
