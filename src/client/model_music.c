/* SPDX-License-Identifier: MIT
 *
 * model_music - users, and the catalogue with its comments and ratings.
 *
 * A change comes by relay, by one's own acknowledgement, or by LIST_CHANGES; each carries its rev, so that
 * whichever comes second is known for what it is.
 *
 * Layer: client.  Threads: the model's owner's.
 */
#include <stdlib.h>

#include "client/model_inside.h"

enum { USERS_AT_ONCE_MAX = 1000, USERS_PAGE = 100, CHANGES_PAGE = 500 };

/* How a change came. */
enum source {
	SOURCE_FIRST, /* the catalogue, the first time: nothing is raised */
	SOURCE_LIST,
	SOURCE_RELAY
};

struct change_in {
	enum model_kind kind;
	struct model_key key;
	const void *wire;
	int64_t rev;
	enum source source;
	enum antiphon_event created, updated;
};

/* Puts what is newer than what is known and raises its event. */
static enum err take(struct model *m, const struct change_in *in)
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
	if (e || in->source == SOURCE_FIRST || (in->source == SOURCE_LIST && same))
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

/* ---- users ---- */

enum err model_music_me(struct model *m, const struct user *in)
{
	struct item *it = shelf_item(model_payload(MODEL_ME), in, STR(""));

	if (!it)
		return ERR_NOMEM;
	free(m->me);
	m->me = it;
	return model_keep(m, MODEL_ME, it);
}

/* Whoever is seen is known from then on. */
static enum err take_person(struct model *m, const struct user *in, int64_t rev)
{
	enum err e = take(m, &(struct change_in){ .kind = MODEL_PERSON,
				     .key = model_key_of(in->id),
				     .wire = in,
				     .rev = rev,
				     .source = SOURCE_FIRST });
	struct uuid me;

	if (e || !m->me || uuid_parse(str_of(model_me(m)->id), &me) || !uuid_eq(me, in->id))
		return e;
	return model_music_me(m, in);
}

enum err model_music_person(struct model *m, const struct user *in)
{
	return take_person(m, in, in->rev.v);
}

static enum err arrive(struct model *m, const struct user *in)
{
	struct model_key key = model_key_of(in->id);
	struct item *it = shelf_item(model_payload(MODEL_USER), in, model_key_str(&key));

	if (!it)
		return ERR_NOMEM;
	enum err e = shelf_put(&m->arriving, it);
	return e ? e : take_person(m, in, in->rev.v);
}

static enum err begin_changes(struct model *m)
{
	struct list_changes ask = { .afterRev = m->rev,
		.limit = { .set = true, .v = CHANGES_PAGE } };

	return model_ask(m, EVENT_list_changes, &ask);
}

/* What differs between those who were there and those who are. */
static void raise_user_differences(struct model *m, const struct shelf *before)
{
	struct shelf *now = &m->shelves[MODEL_USER];
	struct form form = form_of(model_payload(MODEL_USER));

	for (size_t i = 0; i < before->n; i++)
		if (!shelf_find(now, item_key(before->v[i])))
			model_raise_item(m, ANTIPHON_DELETE_USER, before->v[i]);
	for (size_t i = 0; i < now->n; i++) {
		const struct item *was = shelf_find(before, item_key(now->v[i]));
		if (!was)
			model_raise_item(m, ANTIPHON_NEW_USER, now->v[i]);
		else if (!form_equal(&form, item_object(was), item_object(now->v[i])))
			model_raise_item(m, ANTIPHON_UPDATE_USER, now->v[i]);
	}
}

static enum err users_arrived(struct model *m)
{
	struct shelf before = m->shelves[MODEL_USER];
	struct antiphon_empty nothing = { 0 };

	m->shelves[MODEL_USER] = m->arriving;
	m->arriving = (struct shelf){ 0 };
	m->users_whole = true;
	if (m->users_told)
		raise_user_differences(m, &before);
	else
		m->handler->raise(m->context, ANTIPHON_NEW_USERS, &nothing);
	m->users_told = true;
	shelf_done(&before);
	return begin_changes(m);
}

static enum err ask_users(struct model *m, struct str cursor)
{
	struct list_users ask = { .connected = { .set = true, .v = true },
		.limit = { .set = true, .v = USERS_PAGE } };

	if (cursor.n) {
		ask.cursor.set = true;
		ask.cursor.v = cursor;
	}
	return model_ask(m, EVENT_list_users, &ask);
}

static enum err take_connected(struct model *m, const struct user *v, size_t n)
{
	enum err e = ERR_OK;

	if (m->users_whole)
		return ERR_OK; /* a second answer changes nothing */
	for (size_t i = 0; i < n && !e; i++)
		e = arrive(m, &v[i]);
	if (e)
		return e;
	return n < USERS_AT_ONCE_MAX ? users_arrived(m) : ask_users(m, STR(""));
}

static enum err take_users_page(struct model *m, const struct users_page *page)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < page->users.n && !e; i++)
		e = arrive(m, &page->users.v[i]);
	if (e)
		return e;
	bool more = page->nextCursor.set && !page->nextCursor.null && page->nextCursor.v.n;
	return more ? ask_users(m, page->nextCursor.v) : users_arrived(m);
}

static enum err user_came(struct model *m, const struct user *in)
{
	enum err e = m->users_whole ? ERR_OK : arrive(m, in);

	if (!e)
		e = take_person(m, in, in->rev.v);
	if (e)
		return e;
	bool known = m->shelves[MODEL_USER].n &&
	             shelf_find(&m->shelves[MODEL_USER],
			     (struct str){ (const char *)in->id.b, sizeof in->id.b });
	return take(m, &(struct change_in){ .kind = MODEL_USER,
			       .key = model_key_of(in->id),
			       .wire = in,
			       .source = known ? SOURCE_LIST : SOURCE_RELAY,
			       .created = ANTIPHON_NEW_USER,
			       .updated = ANTIPHON_UPDATE_USER });
}

static enum err user_changed(struct model *m, const struct user *in)
{
	struct model_key key = model_key_of(in->id);
	enum err e = take_person(m, in, in->rev.v);

	if (e || !shelf_find(&m->shelves[MODEL_USER], model_key_str(&key)))
		return e;
	return take(m, &(struct change_in){ .kind = MODEL_USER,
			       .key = key,
			       .wire = in,
			       .rev = in->rev.v,
			       .source = SOURCE_RELAY,
			       .created = ANTIPHON_NEW_USER,
			       .updated = ANTIPHON_UPDATE_USER });
}

static void user_went(struct model *m, struct uuid id)
{
	struct model_key key = model_key_of(id);
	struct item *it = shelf_take(&m->shelves[MODEL_USER], model_key_str(&key));

	shelf_drop(&m->arriving, model_key_str(&key));
	if (it)
		model_raise_item(m, ANTIPHON_DELETE_USER, it);
	free(it);
}

/* Where too many would see each change, some names come at once; those never seen are left out. */
static enum err take_presence(struct model *m, const struct presence_digest *in)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < in->disconnected.n; i++)
		user_went(m, in->disconnected.v[i]);
	for (size_t i = 0; i < in->connected.n && !e; i++) {
		struct model_key key = model_key_of(in->connected.v[i]);
		const struct item *person =
			shelf_find(&m->shelves[MODEL_PERSON], model_key_str(&key));
		struct user user;
		if (!person || shelf_find(&m->shelves[MODEL_USER], model_key_str(&key)))
			continue;
		e = model_thaw(m, MODEL_PERSON, person, &user);
		if (!e)
			e = user_came(m, &user);
	}
	return e;
}

/* ---- the catalogue ---- */

static enum err take_track(struct model *m, const struct track *in, int64_t rev, enum source source)
{
	return take(m, &(struct change_in){ .kind = MODEL_TRACK,
			       .key = model_key_of(in->id),
			       .wire = in,
			       .rev = rev,
			       .source = source,
			       .created = ANTIPHON_NEW_TRACK,
			       .updated = ANTIPHON_UPDATE_TRACK });
}

static enum err drop_track(struct model *m, struct uuid id, enum source source)
{
	struct model_key key = model_key_of(id);
	struct item *it = shelf_take(&m->shelves[MODEL_TRACK], model_key_str(&key));

	if (!it)
		return ERR_OK;
	model_forget(m, MODEL_COMMENT, model_key_str(&key));
	model_forget(m, MODEL_RATING, model_key_str(&key));
	model_forget(m, MODEL_TRACK, model_key_str(&key));
	if (source != SOURCE_FIRST)
		model_raise_item(m, ANTIPHON_DELETE_TRACK, it);
	free(it);
	return ERR_OK;
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

static enum err take_comment(
	struct model *m, const struct comment *in, int64_t rev, enum source source)
{
	enum err e = take(m, &(struct change_in){ .kind = MODEL_COMMENT,
				     .key = model_key_pair(in->trackId, in->id),
				     .wire = in,
				     .rev = rev,
				     .source = source,
				     .created = ANTIPHON_NEW_COMMENT,
				     .updated = ANTIPHON_NEW_COMMENT });

	return e || source == SOURCE_FIRST ? e : count_again(m, in->trackId);
}

static enum err take_rating(
	struct model *m, const struct rating *in, int64_t rev, enum source source)
{
	enum err e = take(m, &(struct change_in){ .kind = MODEL_RATING,
				     .key = model_key_pair(in->trackId, in->userId),
				     .wire = in,
				     .rev = rev,
				     .source = source,
				     .created = ANTIPHON_NEW_RATING,
				     .updated = ANTIPHON_NEW_RATING });

	return e || source == SOURCE_FIRST ? e : count_again(m, in->trackId);
}

static enum err take_object(struct model *m, const struct change *c, enum source source)
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
		return take_person(m, &in.user, c->rev);
	if (c->kind == CHANGE_KIND_TRACK)
		return take_track(m, &in.track, c->rev, source);
	if (c->kind == CHANGE_KIND_COMMENT)
		return take_comment(m, &in.comment, c->rev, source);
	return take_rating(m, &in.rating, c->rev, source);
}

static enum err take_change(struct model *m, const struct change *c, enum source source)
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
	enum source source = m->whole_rev ? SOURCE_LIST : SOURCE_FIRST;
	struct antiphon_empty nothing = { 0 };
	enum err e = ERR_OK;

	for (size_t i = 0; i < in->changes.n && !e; i++)
		e = take_change(m, &in->changes.v[i], source);
	if (e)
		return e;
	m->rev = in->rev;
	/* What was relayed meanwhile may have been undone by an older page: the next one tells. */
	if (in->more || (in->changes.n && in->rev < m->seen_rev))
		return begin_changes(m);
	m->music_whole = true;
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
	return model_ask(m, EVENT_user_connect, &nothing);
}

static enum err take_relay(struct model *m, enum event_id id, const void *in)
{
	const struct track *track = in;
	const struct comment *comment = in;
	const struct rating *rating = in;

	switch ((int)id) {
	case EVENT_music_user_connect:
		return user_came(m, in);
	case EVENT_music_user_update:
		note_rev(m, ((const struct user *)in)->rev.v);
		return user_changed(m, in);
	case EVENT_music_user_disconnect:
		user_went(m, ((const struct user *)in)->id);
		return ERR_OK;
	case EVENT_music_publish_track:
	case EVENT_music_update_track:
		note_rev(m, track->rev.v);
		return take_track(m, track, track->rev.v, SOURCE_RELAY);
	case EVENT_music_unpublish_track:
		note_rev(m, track->rev.v);
		return drop_track(m, track->id, SOURCE_RELAY);
	case EVENT_music_publish_comment:
		note_rev(m, comment->rev.v);
		return take_comment(m, comment, comment->rev.v, SOURCE_RELAY);
	case EVENT_music_publish_rating:
		note_rev(m, rating->rev.v);
		return take_rating(m, rating, rating->rev.v, SOURCE_RELAY);
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
	return e ? e : take_presence(m, &digest);
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
		return take_connected(m, list->v, list->n);
	}
	if (id == EVENT_music_data_received)
		return take_data(m, in);
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
		return take_connected(m, users->users.v, users->users.n);
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
		return e ? e : drop_track(m, unpublished.id, SOURCE_RELAY);
	}
	void *in = arena_alloc(&m->scratch, row->answer->size);
	enum err e = in ? model_decode(m, row->answer, a->answer, in) : ERR_NOMEM;
	if (e)
		return e;
	if (a->own && a->id == EVENT_list_changes)
		return take_changes(m, in);
	if (a->own && a->id == EVENT_list_users)
		return take_users_page(m, in);
	return take_own(m, a, in);
}
