/* SPDX-License-Identifier: MIT
 *
 * model_message - the messages of groups, and catching up with what a group has seen without us.
 *
 * A group's item knows up to which rev its changes were taken in. One that is behind asks for the rest, one
 * group after the other; what is relayed meanwhile is taken in at once and known again when it comes.
 *
 * Layer: client.  Threads: the model's owner's.
 */
#include "client/model_inside.h"

enum { HISTORY_PAGE = 200 };

struct item *model_message_group(struct model *m, struct uuid group_id)
{
	struct model_key key = model_key_of(group_id);

	return shelf_find(&m->shelves[MODEL_GROUP], model_key_str(&key));
}

void model_message_rev(struct model *m, struct uuid group_id, int64_t rev)
{
	struct item *it = model_message_group(m, group_id);

	if (!it)
		return;
	struct antiphon_group *group = item_object(it);
	if (rev > group->rev)
		group->rev = rev;
	if (it->behind && rev > it->seen)
		it->seen = rev;
	if (!it->behind && rev > it->rev)
		it->rev = rev;
}

static enum err put(struct model *m, const struct message *in, int64_t rev)
{
	struct model_key key = model_key_seq(in->groupId, in->seq);

	return model_put(m, &(struct model_put){ .kind = MODEL_MESSAGE,
				    .key = model_key_str(&key),
				    .wire = in,
				    .rev = rev });
}

static struct item *find(struct model *m, struct uuid group_id, int64_t seq)
{
	struct model_key key = model_key_seq(group_id, seq);

	return shelf_find(&m->shelves[MODEL_MESSAGE], model_key_str(&key));
}

/* The group has a message of this seq. */
static enum err note_last(struct model *m, const struct message *in)
{
	struct item *it = model_message_group(m, in->groupId);

	if (!it)
		return ERR_OK;
	struct antiphon_group *group = item_object(it);
	if (in->seq > group->lastSeq)
		group->lastSeq = in->seq;
	return model_keep(m, MODEL_GROUP, it);
}

enum err model_message_put(struct model *m, const struct message *in, bool *is_new)
{
	struct item *known = find(m, in->groupId, in->seq);

	*is_new = !known;
	if (known && known->rev >= in->rev)
		return ERR_OK;
	enum err e = put(m, in, in->rev);
	if (!e) {
		model_message_rev(m, in->groupId, in->rev);
		e = note_last(m, in);
	}
	return e;
}

/* ---- changes of one message ---- */

/*
 * A change tells what is new of a message, not all of it: while the group is behind, the message may lack what came before. So the
 * item's rev stays, up to which it is whole, and `seen` notes the change: the history that follows has both.
 */
static bool is_behind(struct model *m, struct uuid group_id)
{
	const struct item *group = model_message_group(m, group_id);

	return group && group->behind;
}

/* One that is not known, of a group that is behind, its history tells. */
static bool is_news(struct model *m, struct uuid group_id, const struct item *known, int64_t rev)
{
	return known ? known->rev < rev && known->seen < rev : !is_behind(m, group_id);
}

static enum err put_change(
	struct model *m, const struct item *known, struct message *message, int64_t rev)
{
	bool behind = is_behind(m, message->groupId);
	struct model_key key = model_key_seq(message->groupId, message->seq);
	struct item *it;

	message->rev = rev;
	enum err e = model_put(m, &(struct model_put){ .kind = MODEL_MESSAGE,
					  .key = model_key_str(&key),
					  .wire = message,
					  .rev = behind ? known->rev : rev,
					  .out = &it });
	if (!e && behind)
		it->seen = rev;
	return e;
}

enum err model_message_edit(struct model *m, const struct message_edit *in, bool *is_new)
{
	struct item *known = find(m, in->groupId, in->seq);
	struct message message;

	model_message_rev(m, in->groupId, in->rev);
	*is_new = is_news(m, in->groupId, known, in->rev);
	if (!known || !*is_new)
		return ERR_OK;
	enum err e = model_thaw(m, MODEL_MESSAGE, known, &message);
	if (e)
		return e;
	message.message = in->message;
	message.editedAt.set = true;
	message.editedAt.null = false;
	message.editedAt.v = in->editedAt;
	return put_change(m, known, &message, in->rev);
}

enum err model_message_delete(struct model *m, const struct message_deletion *in, bool *is_new)
{
	struct item *known = find(m, in->groupId, in->seq);
	struct message message;

	model_message_rev(m, in->groupId, in->rev);
	*is_new = is_news(m, in->groupId, known, in->rev);
	if (!known || !*is_new)
		return ERR_OK;
	enum err e = model_thaw(m, MODEL_MESSAGE, known, &message);
	if (e)
		return e;
	message.message = STR("");
	message.files.n = message.tracks.n = message.reactions.n = 0;
	message.deletedAt.set = true;
	message.deletedAt.null = false;
	message.deletedAt.v = in->timestamp;
	return put_change(m, known, &message, in->rev);
}

static struct item *find_by_id(struct model *m, struct uuid group_id, struct uuid message_id)
{
	const struct shelf *s = &m->shelves[MODEL_MESSAGE];
	struct model_key key = model_key_of(group_id);
	char text[UUID_TEXT_BYTES];
	size_t first, n = shelf_range(s, model_key_str(&key), &first);

	uuid_text(message_id, text);
	for (size_t i = first + n; i-- > first;) {
		const struct antiphon_message *message = item_object(s->v[i]);
		if (memcmp(message->messageId, text, sizeof text) == 0)
			return s->v[i];
	}
	return NULL;
}

/* The list with or without the user; true when that changes it. */
static bool change_users(struct arena *a, struct uuids *list, struct uuid user_id, bool on)
{
	struct uuid *v = arena_array(a, list->n + 1, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; v && i < list->n; i++)
		if (!uuid_eq(list->v[i], user_id))
			v[n++] = list->v[i];
	if (!v || (n < list->n) == on)
		return false;
	if (on)
		v[n++] = user_id;
	*list = (struct uuids){ v, n };
	return true;
}

/* The message's reactions with the change. */
static enum err change_reactions(
	struct arena *a, struct message *message, const struct message_reaction_change *in)
{
	struct reaction *v = arena_array(a, message->reactions.n + 1, sizeof *v);
	size_t n = 0;
	bool found = false;

	if (!v)
		return ERR_NOMEM;
	for (size_t i = 0; i < message->reactions.n; i++) {
		struct reaction r = message->reactions.v[i];
		if (str_eq(r.reaction, in->reaction)) {
			found = true;
			(void)change_users(a, &r.userIds, in->userId, in->on);
		}
		if (r.userIds.n)
			v[n++] = r;
	}
	if (!found && in->on) {
		v[n] = (struct reaction){ .reaction = in->reaction };
		if (change_users(a, &v[n].userIds, in->userId, true))
			n++;
	}
	message->reactions.v = v;
	message->reactions.n = n;
	return ERR_OK;
}

enum err model_message_react(
	struct model *m, const struct message_reaction_change *in, bool *is_new)
{
	struct item *known = find_by_id(m, in->groupId, in->messageId);
	struct message message;

	model_message_rev(m, in->groupId, in->rev);
	*is_new = is_news(m, in->groupId, known, in->rev);
	if (!known || !*is_new)
		return ERR_OK;
	enum err e = model_thaw(m, MODEL_MESSAGE, known, &message);
	if (!e)
		e = change_reactions(&m->scratch, &message, in);
	if (e)
		return e;
	return put_change(m, known, &message, in->rev);
}

/* ---- what differs after an absence ---- */

static bool has_reaction(const struct message *in, struct str reaction, struct uuid user_id)
{
	for (size_t i = 0; i < in->reactions.n; i++)
		for (size_t j = 0; j < in->reactions.v[i].userIds.n; j++)
			if (str_eq(in->reactions.v[i].reaction, reaction) &&
				uuid_eq(in->reactions.v[i].userIds.v[j], user_id))
				return true;
	return false;
}

/* Those that a has and b has not. */
static enum err raise_reactions(
	struct model *m, const struct message *a, const struct message *b, bool on)
{
	for (size_t i = 0; i < a->reactions.n; i++) {
		const struct reaction *r = &a->reactions.v[i];
		for (size_t j = 0; j < r->userIds.n; j++) {
			struct message_reaction_change change = { .messageId = a->messageId,
				.groupId = a->groupId,
				.userId = r->userIds.v[j],
				.reaction = r->reaction,
				.on = on,
				.rev = on ? a->rev : b->rev,
				.timestamp = a->timestamp };
			if (has_reaction(b, r->reaction, r->userIds.v[j]))
				continue;
			enum err e = model_raise(m, ANTIPHON_MESSAGE_REACTION,
				schema_payload(STR("message_reaction_change")), &change);
			if (e)
				return e;
		}
	}
	return ERR_OK;
}

static enum err raise_deletion(struct model *m, const struct message *in)
{
	struct message_deletion out = { in->messageId, in->groupId, in->seq, in->rev, in->userId,
		in->deletedAt.v };

	return model_raise(
		m, ANTIPHON_MESSAGE_DELETED, schema_payload(STR("message_deletion")), &out);
}

static enum err raise_edit(struct model *m, const struct message *in)
{
	struct message_edit out = { in->messageId, in->groupId, in->seq, in->rev, in->userId,
		in->message, in->editedAt.v };

	return model_raise(m, ANTIPHON_MESSAGE_EDITED, schema_payload(STR("message_edit")), &out);
}

/* One that was not known: a new one, or an old one that has changed. */
static enum err raise_unknown(struct model *m, const struct message *in, int64_t last)
{
	bool mine;

	if (in->seq > last) {
		mine = model_chat_is_me(m, in->userId);
		return model_raise(m, mine ? ANTIPHON_MESSAGE_SENT : ANTIPHON_MESSAGE_RECEIVED,
			model_payload(MODEL_MESSAGE), in);
	}
	if (in->deletedAt.set && !in->deletedAt.null)
		return raise_deletion(m, in);
	if (in->editedAt.set && !in->editedAt.null)
		return raise_edit(m, in);
	return ERR_OK;
}

static enum err raise_known(struct model *m, const struct message *was, const struct message *in)
{
	bool gone = in->deletedAt.set && !in->deletedAt.null;
	enum err e = ERR_OK;

	if (gone)
		return was->deletedAt.set && !was->deletedAt.null ? ERR_OK : raise_deletion(m, in);
	if (!str_eq(was->message, in->message))
		e = raise_edit(m, in);
	if (!e)
		e = raise_reactions(m, in, was, true);
	return e ? e : raise_reactions(m, was, in, false);
}

static enum err take_missed(struct model *m, const struct message *in, int64_t last)
{
	struct item *known = find(m, in->groupId, in->seq);
	struct message was;
	enum err e;

	if (known && (known->rev >= in->rev || known->seen > in->rev))
		return ERR_OK;
	if (!known) {
		e = put(m, in, in->rev);
		return e ? e : raise_unknown(m, in, last);
	}
	e = model_thaw(m, MODEL_MESSAGE, known, &was);
	if (!e)
		e = put(m, in, in->rev);
	return e ? e : raise_known(m, &was, in);
}

static enum err ask_missed(struct model *m, struct uuid group_id, const struct item *group)
{
	struct get_history ask = { .groupId = group_id,
		.afterRev = { .set = true, .v = group->rev },
		.limit = { .set = true, .v = HISTORY_PAGE } };

	m->asking_history = true;
	m->asked_seen = group->seen;
	return model_ask(m, EVENT_get_history, &ask);
}

enum err model_message_catch_up(struct model *m)
{
	const struct shelf *groups = &m->shelves[MODEL_GROUP];

	if (m->asking_history || m->chat_whole)
		return ERR_OK;
	for (size_t i = 0; i < groups->n; i++) {
		const struct antiphon_group *group = item_object(groups->v[i]);
		struct uuid id;
		if (groups->v[i]->behind && !uuid_parse(str_of(group->id), &id))
			return ask_missed(m, id, groups->v[i]);
	}
	m->chat_whole = true;
	model_look_whole(m);
	return ERR_OK;
}

/* The group has caught up, or cannot any more. */
static enum err end_missed(struct model *m, struct item *it)
{
	if (it) {
		if (it->seen > it->rev)
			it->rev = it->seen;
		it->behind = false;
		enum err e = model_keep(m, MODEL_GROUP, it);
		if (e)
			return e;
	}
	return model_message_catch_up(m);
}

enum err model_message_history(
	struct model *m, const struct get_history *asked, const struct history *h)
{
	struct item *it = model_message_group(m, asked->groupId);
	enum err e = ERR_OK;

	m->asking_history = false;
	for (size_t i = 0; h && it && i < h->messages.n && !e; i++) {
		e = take_missed(m, &h->messages.v[i], it->last);
		if (h->messages.v[i].rev > it->rev)
			it->rev = h->messages.v[i].rev;
	}
	if (e)
		return e;
	/* What was relayed meanwhile may not be in the page. */
	bool rest = h && it &&
	            (h->messages.n ? h->more || it->rev < it->seen
				   : it->rev < it->seen && m->asked_seen < it->seen);
	return rest ? ask_missed(m, asked->groupId, it) : end_missed(m, it);
}
