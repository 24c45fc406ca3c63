/* SPDX-License-Identifier: MIT
 *
 * message_sent - MESSAGE_SENT: a message is stored in its place in the group and told to the members.
 *
 * The same clientId of the same user is stored once ever: its repeat gets the first acknowledgement and is told to nobody.
 * Ids: ask_id(ask, 0) the message's, ask_id(ask, 1 + n) the nth notification's.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "accounts/notify.h"
#include "chat/groups/group_rights.h"
#include "chat/messages/mention.h"
#include "chat/messages/message_parts.h"
#include "chat/messages/message_row.h"
#include "dispatch/verb.h"
#include "store/tx.h"

enum { PAIR_BYTES = 32 };

struct message_sent_out {
	struct message_sent_answer answer;
	bool is_repeat;
	struct message message; /* what follows is not filled for a repeat */
	const struct notification *notices;
	size_t notice_count;
};

static const struct query find_first = {
	"SELECT message.id, chat_group.id, message.seq, message.at" MESSAGE_ROW_FROM
	"WHERE message.client_id = ?1 AND message.user_id = ?2"
};
/* The next place in the group, for a member. Two statements: RETURNING would open a table of its own for its row. */
static const struct query next_place = {
	"SELECT pk, last_seq + 1, rev + 1, pair FROM chat_group"
	" WHERE id = ?1 AND (pk = 1 OR EXISTS"
	" (SELECT 1 FROM member WHERE group_pk = chat_group.pk AND user_id = ?2))"
};
static const struct query take_place = {
	"UPDATE chat_group SET last_seq = ?2, rev = ?3 WHERE pk = ?1"
};
static const struct query insert = { "INSERT INTO message (id, group_pk, seq, rev, user_id, text, "
				     "client_id, reply_to, at, extras)"
				     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)" };

/* The message's place, and of a direct group the other member. */
struct group_place {
	int64_t group_pk;
	bool is_direct;
	struct uuid other;
};

/* ERR_NOT_FOUND when there is no earlier message of this clientId. */
static enum err find_repeat(struct tx *tx, const struct ask *ask, const struct message_sent *in,
	struct message_sent_out *out)
{
	struct row *r;

	if (!in->clientId.set || in->clientId.null)
		return ERR_NOT_FOUND;
	enum err e =
		tx_one(tx, &find_first, VALUES(of_str(in->clientId.v), of_uuid(ask->user_id)), &r);
	if (e)
		return e;
	out->is_repeat = true;
	out->answer = (struct message_sent_answer){
		.messageId = row_uuid(r, 0),
		.groupId = row_uuid(r, 1),
		.seq = row_int(r, 2),
		.timestamp = row_int(r, 3),
	};
	return ERR_OK;
}

static struct uuid other_of(struct str pair, struct uuid asker)
{
	struct uuid ids[2];

	memcpy(ids, pair.p, PAIR_BYTES);
	return uuid_eq(ids[0], asker) ? ids[1] : ids[0];
}

static enum err find_place(struct tx *tx, const struct ask *ask, struct arena *a, struct message *m,
	struct group_place *out)
{
	struct group_seen g;
	struct row *r;
	enum err e =
		tx_one(tx, &next_place, VALUES(of_uuid(m->groupId), of_uuid(ask->user_id)), &r);

	if (e == ERR_NOT_FOUND) { /* no group, or no member of it */
		e = group_rights_see_as_member(tx, ask, m->groupId, a, &g);
		return e ? e : ERR_INTERNAL;
	}
	if (e)
		return e;
	struct str pair = row_borrow(r, 3);
	m->seq = row_int(r, 1);
	m->rev = row_int(r, 2);
	out->group_pk = row_int(r, 0);
	out->is_direct = pair.n == PAIR_BYTES;
	if (out->is_direct)
		out->other = other_of(pair, ask->user_id);
	return tx_run(
		tx, &take_place, VALUES(of_int(out->group_pk), of_int(m->seq), of_int(m->rev)));
}

static enum err store(struct tx *tx, const struct message_sent *in, const struct group_place *place,
	struct arena *a, struct message *m)
{
	enum err e = message_parts_check_reply(tx, in, place->group_pk);

	if (!e)
		e = tx_run(tx, &insert,
			VALUES(of_uuid(m->messageId), of_int(place->group_pk), of_int(m->seq),
				of_int(m->rev), of_uuid(m->userId), of_str(m->message),
				of_str_if(!m->clientId.null, m->clientId.v),
				of_uuid_if(!m->replyTo.null, m->replyTo.v), of_int(m->timestamp),
				of_int(message_parts_extras(in))));
	if (e)
		return e;
	int64_t pk = tx_rowid(tx);
	e = message_parts_store(tx, in, pk, a, m);
	const struct indexed row = { pk, place->group_pk, m->message };
	return e ? e : message_row_index(tx, &row);
}

/* Those who are notified of a message, and why. */
struct told {
	enum notification_type type;
	const struct uuid *v;
	size_t n;
};

/* One notification for each of these. */
static enum err notify(struct tx *tx, const struct ask *ask, const struct told *told,
	struct arena *a, struct message_sent_out *out)
{
	struct notification *v = arena_array(a, told->n, sizeof *v);
	char group[UUID_TEXT_BYTES], message[UUID_TEXT_BYTES], from[UUID_TEXT_BYTES];
	enum err e = ERR_OK;

	uuid_text(out->message.groupId, group);
	uuid_text(out->message.messageId, message);
	uuid_text(ask->user_id, from);
	struct str data = arena_printf(a,
		"{\"groupId\":\"%.*s\",\"messageId\":\"%.*s\",\"fromUserId\":\"%.*s\"}",
		UUID_TEXT_BYTES, group, UUID_TEXT_BYTES, message, UUID_TEXT_BYTES, from);
	if (!v)
		return ERR_NOMEM;
	for (size_t i = 0; i < told->n && !e; i++) {
		const struct notify_new n = { told->v[i], told->type, data, (uint32_t)i + 1 };
		e = notify_add(tx, ask, &n, &v[i]);
	}
	out->notices = v;
	out->notice_count = told->n;
	return e;
}

/* In a direct conversation every message is told to the other; elsewhere to those who are mentioned. */
static enum err notify_members(struct tx *tx, const struct ask *ask,
	const struct group_place *place, struct arena *a, struct message_sent_out *out)
{
	const struct mention_text said = { out->message.message, place->group_pk, ask->user_id };
	struct told told = { NOTIFICATION_TYPE_DIRECT_MESSAGE, &place->other, 1 };
	struct uuids mentioned;

	if (!place->is_direct) {
		enum err e = mention_find(tx, &said, a, &mentioned);
		if (e || mentioned.n == 0)
			return e;
		told = (struct told){ NOTIFICATION_TYPE_MENTION, mentioned.v, mentioned.n };
	}
	return notify(tx, ask, &told, a, out);
}

static struct message message_of(
	const struct ask *ask, const struct message_sent *in, struct uuid group_id)
{
	return (struct message){
		.messageId = ask_id(ask, 0),
		.groupId = group_id,
		.userId = ask->user_id,
		.message = in->message,
		.timestamp = ask->now_ms,
		.clientId = { true, !in->clientId.set || in->clientId.null, in->clientId.v },
		.replyTo = { true, !in->replyTo.set || in->replyTo.null, in->replyTo.v },
		.editedAt = { true, true, 0 },
		.deletedAt = { true, true, 0 },
	};
}

enum err message_sent_apply(struct tx *tx, const struct ask *ask, const struct message_sent *in,
	struct arena *a, struct message_sent_out **out)
{
	struct message_sent_out *made = ARENA_NEW(a, struct message_sent_out);
	bool is_named = in->groupId.set && !in->groupId.null;
	struct group_place place = { 0 };
	struct uuid group_id;

	if (!made)
		return ERR_NOMEM;
	*out = made;
	enum err e = find_repeat(tx, ask, in, made);
	if (e != ERR_NOT_FOUND)
		return e;
	const char *none = group_rights_meant(ask, is_named, in->groupId.v, &group_id);
	if (none)
		return tx_refuse(tx, ERR_CONFLICT, none);
	struct message *m = &made->message;
	*m = message_of(ask, in, group_id);
	e = find_place(tx, ask, a, m, &place);
	if (!e)
		e = store(tx, in, &place, a, m);
	made->answer =
		(struct message_sent_answer){ m->messageId, m->groupId, m->seq, m->timestamp };
	return e ? e : notify_members(tx, ask, &place, a, made);
}

void message_sent_announce(struct hub *hub, const struct ask *ask, const struct message_sent *in,
	const struct message_sent_out *out)
{
	const struct room own = { ROOM_USER, ask->user_id };
	const struct audience others = { .to = { { ROOM_GROUP, out->message.groupId } },
		.to_count = 1,
		.except = { own },
		.except_count = 1 };

	(void)in;
	hub_answer(hub, ask, &out->answer);
	if (out->is_repeat)
		return;
	hub_emit(hub, EVENT_chat_message_received, &out->message, &others);
	if (!ask->ack || hub_count(hub, NS_CHAT, own) > 1)
		hub_emit_user(
			hub, EVENT_chat_message_sent, &out->message, ask->user_id, ask_except(ask));
	for (size_t i = 0; i < out->notice_count; i++)
		notify_send(hub, &out->notices[i]);
}
