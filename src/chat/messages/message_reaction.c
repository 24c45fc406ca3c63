/* SPDX-License-Identifier: MIT
 *
 * message_reaction - MESSAGE_REACTION: a member reacts to a message, or takes the reaction back.
 *
 * Who gives what they have given, or takes back what they have not, changes nothing and is answered with the message's rev.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "chat/messages/message_reactions.h"
#include "chat/messages/message_row.h"
#include "chat/messages/message_target.h"
#include "dispatch/verb.h"
#include "store/tx.h"

struct message_reaction_out {
	struct uuid group_id;
	int64_t rev;
	bool changed;
};

static const struct query is_there = {
	"SELECT 1 FROM reaction WHERE message_pk = ?1 AND reaction = ?2 LIMIT 1"
};
static const struct query count_kinds = {
	"SELECT count(DISTINCT reaction) FROM reaction WHERE message_pk = ?1"
};
static const struct query give = {
	"INSERT OR IGNORE INTO reaction (message_pk, reaction, user_id) VALUES (?1, ?2, ?3)"
};
static const struct query take_back = {
	"DELETE FROM reaction WHERE message_pk = ?1 AND reaction = ?2 AND user_id = ?3"
};
static const struct query touch = {
	"UPDATE message SET rev = ?2, extras = extras | 4 WHERE pk = ?1"
};

/* ERR_OK when the message has this reaction, or may have one more. */
static enum err check_room(struct tx *tx, const struct ask *ask, int64_t pk, struct str reaction)
{
	struct row *r;
	enum err e = tx_one(tx, &is_there, VALUES(of_int(pk), of_str(reaction)), &r);

	if (e != ERR_NOT_FOUND)
		return e;
	e = tx_one(tx, &count_kinds, VALUES(of_int(pk)), &r);
	if (!e && row_int(r, 0) >= ask->limits->reactions_per_message)
		return tx_refuse(tx, ERR_TOO_LARGE,
			"The message has as many different reactions as it may have.");
	return e;
}

enum err message_reaction_apply(struct tx *tx, const struct ask *ask,
	const struct message_reaction *in, struct arena *a, struct message_reaction_out **out)
{
	struct message_reaction_out *made = ARENA_NEW(a, struct message_reaction_out);
	struct message_target t;

	if (!made)
		return ERR_NOMEM;
	if (!message_reactions_is_one(in->reaction))
		return tx_refuse(tx, ERR_BAD_REQUEST,
			"The field `reaction` must be one emoji, or a :name:.");
	enum err e = message_target_find_living(tx, ask, in->messageId, a, &t);
	if (!e && in->on)
		e = check_room(tx, ask, t.pk, in->reaction);
	if (!e)
		e = tx_run(tx, in->on ? &give : &take_back,
			VALUES(of_int(t.pk), of_str(in->reaction), of_uuid(ask->user_id)));
	if (e)
		return e;
	made->group_id = t.group_id;
	made->rev = t.rev;
	made->changed = tx_changes(tx) > 0;
	*out = made;
	if (!made->changed)
		return ERR_OK;
	e = message_target_next_rev(tx, t.group_pk, &made->rev);
	return e ? e : tx_run(tx, &touch, VALUES(of_int(t.pk), of_int(made->rev)));
}

void message_reaction_announce(struct hub *hub, const struct ask *ask,
	const struct message_reaction *in, const struct message_reaction_out *out)
{
	const struct rev_answer answer = { out->rev };
	const struct message_reaction_change event = {
		.messageId = in->messageId,
		.groupId = out->group_id,
		.userId = ask->user_id,
		.reaction = in->reaction,
		.on = in->on,
		.rev = out->rev,
		.timestamp = ask->now_ms,
	};

	hub_answer(hub, ask, &answer);
	if (out->changed)
		hub_emit_group(
			hub, EVENT_chat_message_reaction, &event, event.groupId, ask_except(ask));
}
