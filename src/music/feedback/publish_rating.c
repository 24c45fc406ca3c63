/* SPDX-License-Identifier: MIT
 *
 * publish_rating - PUBLISH_RATING: one rating a user and track; a second one replaces the first.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/change_log.h"
#include "accounts/notify.h"
#include "dispatch/verb.h"
#include "music/tracks/track_row.h"
#include "store/tx.h"

static const struct query before = {
	"SELECT value FROM rating WHERE track_pk = ?1 AND user_id = ?2"
};
static const struct query put = {
	"INSERT INTO rating (track_pk, user_id, value, at) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT (track_pk, user_id) DO UPDATE SET value = excluded.value, at = excluded.at"
};
static const struct query sum_up = {
	"UPDATE track SET rating_sum = rating_sum + ?2, rating_count = rating_count + ?3,"
	" rating_rank = (rating_sum + ?2) * 1000 / (rating_count + ?3) WHERE pk = ?1"
	" RETURNING rating_sum, rating_count"
};

struct publish_rating_out {
	struct rating rating;
	struct notification notice;
	bool has_notice;
};

/* Stores the rating and what the track's ratings come to. */
static enum err store_rating(struct tx *tx, struct rating *rating, int64_t track_pk)
{
	struct row *r;
	int64_t was = 0;
	enum err e = tx_one(tx, &before, VALUES(of_int(track_pk), of_uuid(rating->userId)), &r);
	bool is_first = e == ERR_NOT_FOUND;

	if (e && !is_first)
		return e;
	if (!is_first)
		was = row_int(r, 0);
	e = tx_run(tx, &put,
		VALUES(of_int(track_pk), of_uuid(rating->userId), of_int(rating->value),
			of_int(rating->timestamp)));
	if (!e)
		e = tx_one(tx, &sum_up,
			VALUES(of_int(track_pk), of_int(rating->value - was), of_int(is_first)),
			&r);
	if (e)
		return e;
	rating->count.set = rating->average.set = true;
	rating->count.v = row_int(r, 1);
	rating->average.v = (double)row_int(r, 0) / (double)rating->count.v;
	return ERR_OK;
}

static enum err notify_owner(struct tx *tx, const struct ask *ask, struct uuid owner,
	struct arena *a, struct publish_rating_out *o)
{
	char track[UUID_TEXT_BYTES], user[UUID_TEXT_BYTES];

	o->has_notice = !uuid_eq(owner, ask->user_id);
	if (!o->has_notice)
		return ERR_OK;
	uuid_text(o->rating.trackId, track);
	uuid_text(ask->user_id, user);
	const struct notify_new n = {
		.user_id = owner,
		.type = NOTIFICATION_TYPE_RATING,
		.data = arena_printf(a,
			"{\"trackId\":\"%.36s\",\"value\":%d,\"fromUserId\":\"%.36s\"}", track,
			(int)o->rating.value, user),
	};
	return notify_add(tx, ask, &n, &o->notice);
}

enum err publish_rating_apply(struct tx *tx, const struct ask *ask, const struct publish_rating *in,
	struct arena *a, struct publish_rating_out **out)
{
	struct publish_rating_out *o = ARENA_NEW(a, struct publish_rating_out);
	struct track_owned track;
	enum err e = o ? track_row_owner(tx, in->trackId, &track) : ERR_NOMEM;

	if (e)
		return e;
	o->rating = (struct rating){ .trackId = in->trackId,
		.userId = ask->user_id,
		.value = in->value,
		.timestamp = ask->now_ms };
	e = store_rating(tx, &o->rating, track.pk);
	if (!e)
		e = change_log_add(
			tx, CHANGE_KIND_RATING, in->trackId, &ask->user_id, &o->rating.rev.v);
	if (!e)
		e = notify_owner(tx, ask, track.owner, a, o);
	if (e)
		return e;
	o->rating.rev.set = true;
	*out = o;
	return ERR_OK;
}

void publish_rating_announce(struct hub *hub, const struct ask *ask,
	const struct publish_rating *in, const struct publish_rating_out *out)
{
	const struct rating_answer answer = { .rating = out->rating,
		.average = out->rating.average.v,
		.count = out->rating.count.v };

	(void)in;
	hub_answer(hub, ask, &answer);
	hub_emit_all(hub, EVENT_music_publish_rating, &out->rating, ask_except(ask));
	if (out->has_notice)
		notify_send(hub, &out->notice);
}
