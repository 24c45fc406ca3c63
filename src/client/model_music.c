/* SPDX-License-Identifier: MIT
 *
 * model_music - the catalogue with its comments and ratings, and which of /music's events concern users.
 *
 * A change comes by relay, by one's own acknowledgement, or by LIST_CHANGES; each carries its rev, so that
 * whichever comes second is known for what it is.
 *
 * Layer: client.  Threads: the model's owner's.
 */
#include <stdlib.h>

#include "client/model_inside.h"

enum { CHANGES_PAGE = 500 };

/* Puts what is newer than what is known and raises its event. */
enum err model_music_take(struct model *m, const struct model_change *in)
{
	struct str key = model_key_str(&in->key);
	struct item *known = shelf_find(&m->shelves[in->kind], key);
	bool is_new = !known;

	if (known && in->rev && known->rev >= in->rev)
		return ERR_OK;
	struct item *it = shelf_item(model_payload(in->kind), in->wire, key);
	if (!it)
		return ERR_NOMEM;
	struct form form = form_of(model_payload(in->kind));
	bool same = known && form_equal(&form, item_object(known), item_object(it));
	it->rev = in->rev ? in->rev : known ? known->rev : 0;
	bool keep = !same || it->rev != known->rev; /* else a signature has changed at most */
	enum err e = shelf_put(&m->shelves[in->kind], it);
	if (!e && keep)
		e = model_keep(m, in->kind, it);
	if (e || in->source == MODEL_SOURCE_FIRST || (in->source == MODEL_SOURCE_LIST && same))
		return e;
	model_raise_item(m, is_new ? in->created : in->updated, it);
	return ERR_OK;
}

static void note_rev(struct model *m, int64_t rev)
{
	if (rev > m->seen_rev)
		m->seen_rev = rev;
	if (m->music_whole && rev > m->rev) {
		m->rev = m->whole_rev = rev;
		m->handler->keep(
			m->context, &(struct model_record){ .kind = MODEL_REV, .rev = rev }, false);
	}
}

/* ---- the catalogue ---- */

enum err model_music_begin_changes(struct model *m)
{
	struct list_changes ask = { .afterRev = m->rev,
		.limit = { .set = true, .v = CHANGES_PAGE } };

	return model_ask(m, EVENT_list_changes, &ask);
}

static bool has_track(const struct model *m, struct uuid id)
{
	struct model_key key = model_key_of(id);

	return shelf_find(&m->shelves[MODEL_TRACK], model_key_str(&key)) != NULL;
}

/* What came before its track is told behind it. */
static void raise_all_of(
	struct model *m, enum model_kind kind, struct str track, enum antiphon_event event)
{
	const struct shelf *s = &m->shelves[kind];
	size_t first, n = shelf_range(s, track, &first);

	for (size_t i = first; i < first + n; i++)
		model_raise_item(m, event, s->v[i]);
}

static enum err take_track(
	struct model *m, const struct track *in, int64_t rev, enum model_source source)
{
	struct model_key key = model_key_of(in->id);
	bool is_new = !has_track(m, in->id);

	if (is_new && shelf_find(&m->gone, model_key_str(&key)))
		return ERR_OK; /* of an older page than its end */
	enum err e = model_music_take(m, &(struct model_change){ .kind = MODEL_TRACK,
						 .key = key,
						 .wire = in,
						 .rev = rev,
						 .source = source,
						 .created = ANTIPHON_NEW_TRACK,
						 .updated = ANTIPHON_UPDATE_TRACK });
	if (!e && is_new && source != MODEL_SOURCE_FIRST) {
		raise_all_of(m, MODEL_COMMENT, model_key_str(&key), ANTIPHON_NEW_COMMENT);
		raise_all_of(m, MODEL_RATING, model_key_str(&key), ANTIPHON_NEW_RATING);
	}
	return e;
}

static void forget_all_of(struct model *m, enum model_kind kind, struct str track)
{
	size_t first;

	if (shelf_range(&m->shelves[kind], track, &first))
		model_forget(m, kind, track);
}

/* Until the catalogue is whole an older page may still name it. */
static enum err note_gone(struct model *m, struct str key)
{
	char none = 0;

	if (m->music_whole)
		return ERR_OK;
	struct item *it = shelf_item(schema_payload(STR("empty")), &none, key);
	return it ? shelf_put(&m->gone, it) : ERR_NOMEM;
}

static enum err drop_track(struct model *m, struct uuid id, enum model_source source)
{
	struct model_key key = model_key_of(id);
	struct item *it = shelf_take(&m->shelves[MODEL_TRACK], model_key_str(&key));
	enum err e = source == MODEL_SOURCE_RELAY ? note_gone(m, model_key_str(&key)) : ERR_OK;

	forget_all_of(m, MODEL_COMMENT, model_key_str(&key));
	forget_all_of(m, MODEL_RATING, model_key_str(&key));
	if (!it)
		return e;
	model_forget(m, MODEL_TRACK, model_key_str(&key));
	if (source != MODEL_SOURCE_FIRST)
		model_raise_item(m, ANTIPHON_DELETE_TRACK, it);
	free(it);
	return e;
}

/* The track's own numbers follow what is known of its comments and ratings. */
static enum err count_again(struct model *m, struct uuid track_id)
{
	struct model_key key = model_key_of(track_id);
	struct item *it = shelf_find(&m->shelves[MODEL_TRACK], model_key_str(&key));
	const struct shelf *ratings = &m->shelves[MODEL_RATING];
	size_t first, n;
	double sum = 0;

	if (!it)
		return ERR_OK;
	struct antiphon_track *track = item_object(it);
	n = shelf_range(&m->shelves[MODEL_COMMENT], model_key_str(&key), &first);
	track->commentCount = (int64_t)n;
	n = shelf_range(ratings, model_key_str(&key), &first);
	for (size_t i = first; i < first + n; i++)
		sum += (double)((const struct antiphon_rating *)item_object(ratings->v[i]))->value;
	track->rating = (struct antiphon_average){ n ? sum / (double)n : 0, (int64_t)n };
	return model_keep(m, MODEL_TRACK, it);
}

/* A comment or a rating. Of a track that is not known yet, silently; of one that is gone, not at all. */
static enum err take_of(struct model *m, struct uuid track_id, struct model_change *in)
{
	struct model_key key = model_key_of(track_id);

	if (!has_track(m, track_id)) {
		if (m->music_whole || shelf_find(&m->gone, model_key_str(&key)))
			return ERR_OK;
		in->source = MODEL_SOURCE_FIRST;
	}
	enum err e = model_music_take(m, in);
	return e || in->source == MODEL_SOURCE_FIRST ? e : count_again(m, track_id);
}

static enum err take_comment(
	struct model *m, const struct comment *in, int64_t rev, enum model_source source)
{
	return take_of(m, in->trackId,
		&(struct model_change){ .kind = MODEL_COMMENT,
			.key = model_key_pair(in->trackId, in->id),
			.wire = in,
			.rev = rev,
			.source = source,
			.created = ANTIPHON_NEW_COMMENT,
			.updated = ANTIPHON_NEW_COMMENT });
}

static enum err take_rating(
	struct model *m, const struct rating *in, int64_t rev, enum model_source source)
{
	return take_of(m, in->trackId,
		&(struct model_change){ .kind = MODEL_RATING,
			.key = model_key_pair(in->trackId, in->userId),
			.wire = in,
			.rev = rev,
			.source = source,
			.created = ANTIPHON_NEW_RATING,
			.updated = ANTIPHON_NEW_RATING });
}

static enum err take_object(struct model *m, const struct change *c, enum model_source source)
{
	union {
		struct user user;
		struct track track;
		struct comment comment;
		struct rating rating;
	} in;
	static const enum model_kind kinds[] = { [CHANGE_KIND_USER] = MODEL_PERSON,
		[CHANGE_KIND_TRACK] = MODEL_TRACK,
		[CHANGE_KIND_COMMENT] = MODEL_COMMENT,
		[CHANGE_KIND_RATING] = MODEL_RATING };
	enum err e = model_decode(m, model_payload(kinds[c->kind]), c->object.v, &in);

	if (e)
		return e == ERR_NOMEM ? e : ERR_OK; /* one that is malformed is passed over */
	if (c->kind == CHANGE_KIND_USER)
		return model_user_seen_at(m, &in.user, c->rev);
	if (c->kind == CHANGE_KIND_TRACK)
		return take_track(m, &in.track, c->rev, source);
	if (c->kind == CHANGE_KIND_COMMENT)
		return take_comment(m, &in.comment, c->rev, source);
	return take_rating(m, &in.rating, c->rev, source);
}

static enum err take_change(struct model *m, const struct change *c, enum model_source source)
{
	struct uuid id;

	if (c->object.set && !str_eq(c->object.v, STR("null")))
		return take_object(m, c, source);
	if (c->kind != CHANGE_KIND_TRACK || uuid_parse(c->id, &id))
		return ERR_OK;
	return drop_track(m, id, source);
}

static enum err take_changes(struct model *m, const struct changes_answer *in)
{
	enum model_source source = m->whole_rev ? MODEL_SOURCE_LIST : MODEL_SOURCE_FIRST;
	struct antiphon_empty nothing = { 0 };
	enum err e = ERR_OK;

	for (size_t i = 0; i < in->changes.n && !e; i++)
		e = take_change(m, &in->changes.v[i], source);
	if (e)
		return e;
	m->rev = in->rev;
	/* What was relayed meanwhile may have been undone by an older page: the next one tells. */
	if (in->more || (in->changes.n && in->rev < m->seen_rev))
		return model_music_begin_changes(m);
	m->music_whole = true;
	shelf_done(&m->gone);
	note_rev(m, m->seen_rev);
	m->whole_rev = m->rev;
	m->handler->keep(
		m->context, &(struct model_record){ .kind = MODEL_REV, .rev = m->rev }, false);
	if (!m->tracks_told)
		m->handler->raise(m->context, ANTIPHON_NEW_TRACKS, &nothing);
	m->tracks_told = true;
	model_look_whole(m);
	return ERR_OK;
}

/* ---- what comes in ---- */

enum err model_music_begin(struct model *m)
{
	struct user_connect nothing = { 0 };

	shelf_done(&m->arriving);
	shelf_done(&m->gone);
	return model_ask(m, EVENT_user_connect, &nothing);
}

static enum err take_relay(struct model *m, enum event_id id, const void *in)
{
	const struct track *track = in;
	const struct comment *comment = in;
	const struct rating *rating = in;

	switch ((int)id) {
	case EVENT_music_user_connect:
		return model_user_came(m, in);
	case EVENT_music_user_update:
		note_rev(m, ((const struct user *)in)->rev.v);
		return model_user_changed(m, in);
	case EVENT_music_user_disconnect:
		model_user_went(m, ((const struct user *)in)->id);
		return ERR_OK;
	case EVENT_music_publish_track:
	case EVENT_music_update_track:
		note_rev(m, track->rev.v);
		return take_track(m, track, track->rev.v, MODEL_SOURCE_RELAY);
	case EVENT_music_unpublish_track:
		note_rev(m, track->rev.v);
		return drop_track(m, track->id, MODEL_SOURCE_RELAY);
	case EVENT_music_publish_comment:
		note_rev(m, comment->rev.v);
		return take_comment(m, comment, comment->rev.v, MODEL_SOURCE_RELAY);
	case EVENT_music_publish_rating:
		note_rev(m, rating->rev.v);
		return take_rating(m, rating, rating->rev.v, MODEL_SOURCE_RELAY);
	default:
		return ERR_OK;
	}
}

static enum err take_data(struct model *m, const struct data_received *in)
{
	struct presence_digest digest;

	if (!str_eq(in->dataType, STR("presence")))
		return ERR_OK;
	enum err e = model_decode(m, schema_payload(STR("presence_digest")), in->data, &digest);
	return e ? e : model_user_presence(m, &digest);
}

enum err model_music_event(struct model *m, enum event_id id, struct str json)
{
	const struct payload *p = schema_events[id].payload;
	void *in = arena_alloc(&m->scratch, p->size);
	enum err e = in ? model_decode(m, p, json, in) : ERR_NOMEM;

	if (e)
		return e;
	if (id == EVENT_music_user_connected) {
		const struct user_list *list = in;
		return model_user_connected(m, list->v, list->n);
	}
	if (id == EVENT_music_data_received)
		return take_data(m, in);
	if (id == EVENT_music_download_track)
		return model_raise(m, ANTIPHON_DOWNLOAD_TRACK, p, in);
	if (id == EVENT_music_error_occured)
		return model_raise(m, ANTIPHON_ERROR_OCCURED, p, in);
	return take_relay(m, id, in);
}

static enum err take_own(struct model *m, const struct model_answer *a, const void *in)
{
	const struct rating_answer *rating = in;

	switch ((int)a->id) {
	case EVENT_user_update:
		return take_relay(
			m, EVENT_music_user_update, &((const struct user_answer *)in)->user);
	case EVENT_publish_track:
		return take_relay(
			m, EVENT_music_publish_track, &((const struct track_answer *)in)->track);
	case EVENT_update_track:
		return take_relay(
			m, EVENT_music_update_track, &((const struct track_answer *)in)->track);
	case EVENT_publish_comment:
		return take_relay(m, EVENT_music_publish_comment,
			&((const struct comment_answer *)in)->comment);
	case EVENT_publish_rating:
		return take_relay(m, EVENT_music_publish_rating, &rating->rating);
	case EVENT_user_connect: {
		const struct users_answer *users = in;
		return model_user_connected(m, users->users.v, users->users.n);
	}
	default:
		return ERR_OK;
	}
}

enum err model_music_answer(struct model *m, const struct model_answer *a)
{
	const struct event *row = &schema_events[a->id];
	struct unpublish_track unpublished;

	if (!a->answer.n)
		return ERR_OK; /* refused: nothing has changed */
	if (a->id == EVENT_unpublish_track) {
		enum err e = model_decode(m, row->payload, a->request, &unpublished);
		return e ? e : drop_track(m, unpublished.id, MODEL_SOURCE_RELAY);
	}
	void *in = arena_alloc(&m->scratch, row->answer->size);
	enum err e = in ? model_decode(m, row->answer, a->answer, in) : ERR_NOMEM;
	if (e)
		return e;
	if (a->own && a->id == EVENT_list_changes)
		return take_changes(m, in);
	if (a->own && a->id == EVENT_list_users)
		return model_user_page(m, in);
	return take_own(m, a, in);
}
