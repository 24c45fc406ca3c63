/* SPDX-License-Identifier: MIT
 *
 * publish_comment - PUBLISH_COMMENT: a comment, and its notification to the track's owner.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/change_log.h"
#include "accounts/notify.h"
#include "dispatch/verb.h"
#include "music/tracks/track_row.h"
#include "store/tx.h"

static const struct query insert = { "INSERT INTO comment (id, track_pk, user_id, text, "
				     "position_ms, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)" };
static const struct query count = {
	"UPDATE track SET comment_count = comment_count + 1 WHERE pk = ?1"
};

struct publish_comment_out {
	struct comment comment;
	struct notification notice;
	bool has_notice;
};

static enum err notify_owner(struct tx *tx, const struct ask *ask, struct uuid owner,
	struct arena *a, struct publish_comment_out *o)
{
	char track[UUID_TEXT_BYTES], comment[UUID_TEXT_BYTES], user[UUID_TEXT_BYTES];

	o->has_notice = !uuid_eq(owner, ask->user_id);
	if (!o->has_notice)
		return ERR_OK;
	uuid_text(o->comment.trackId, track);
	uuid_text(o->comment.id, comment);
	uuid_text(ask->user_id, user);
	const struct notify_new n = {
		.user_id = owner,
		.type = NOTIFICATION_TYPE_COMMENT,
		.data = arena_printf(a,
			"{\"trackId\":\"%.36s\",\"commentId\":\"%.36s\",\"fromUserId\":\"%.36s\"}",
			track, comment, user),
		.nth = 1,
	};
	return notify_add(tx, ask, &n, &o->notice);
}

static enum err store_comment(
	struct tx *tx, const struct ask *ask, const struct comment *c, int64_t track_pk)
{
	enum err e = tx_run(tx, &insert,
		VALUES(of_uuid(c->id), of_int(track_pk), of_uuid(c->userId), of_str(c->text),
			of_int_if(!c->positionMs.null, c->positionMs.v), of_int(ask->now_ms)));

	return e ? e : tx_run(tx, &count, VALUES(of_int(track_pk)));
}

enum err publish_comment_apply(struct tx *tx, const struct ask *ask,
	const struct publish_comment *in, struct arena *a, struct publish_comment_out **out)
{
	struct publish_comment_out *o = ARENA_NEW(a, struct publish_comment_out);
	struct track_owned track;
	enum err e = o ? track_row_owner(tx, in->trackId, &track) : ERR_NOMEM;

	if (e)
		return e;
	bool at_a_moment = in->positionMs.set && !in->positionMs.null;
	o->comment = (struct comment){
		.id = ask_id(ask, 0),
		.trackId = in->trackId,
		.userId = ask->user_id,
		.text = in->text,
		.positionMs = { .set = true, .null = !at_a_moment, .v = in->positionMs.v },
		.timestamp = ask->now_ms,
	};
	e = store_comment(tx, ask, &o->comment, track.pk);
	if (!e)
		e = change_log_add(tx, CHANGE_KIND_COMMENT, o->comment.id, NULL, &o->comment.rev.v);
	if (!e)
		e = notify_owner(tx, ask, track.owner, a, o);
	if (e)
		return e;
	o->comment.rev.set = true;
	*out = o;
	return ERR_OK;
}

void publish_comment_announce(struct hub *hub, const struct ask *ask,
	const struct publish_comment *in, const struct publish_comment_out *out)
{
	const struct comment_answer answer = { out->comment };

	(void)in;
	hub_answer(hub, ask, &answer);
	hub_emit_all(hub, EVENT_music_publish_comment, &out->comment, ask_except(ask));
	if (out->has_notice)
		notify_send(hub, &out->notice);
}
