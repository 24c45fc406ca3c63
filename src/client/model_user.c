/* SPDX-License-Identifier: MIT
 *
 * model_user - those connected, and everyone that was ever seen.
 *
 * Layer: client.  Threads: the model's owner's.
 */
#include <stdlib.h>

#include "client/model_inside.h"

enum { USERS_AT_ONCE_MAX = 1000, USERS_PAGE = 100 };

enum err model_user_me(struct model *m, const struct user *in)
{
	struct item *it = shelf_item(model_payload(MODEL_ME), in, STR(""));

	if (!it)
		return ERR_NOMEM;
	free(m->me);
	m->me = it;
	return model_keep(m, MODEL_ME, it);
}

/* Whoever is seen is known from then on. */
enum err model_user_seen_at(struct model *m, const struct user *in, int64_t rev)
{
	enum err e = model_music_take(m, &(struct model_change){ .kind = MODEL_PERSON,
						 .key = model_key_of(in->id),
						 .wire = in,
						 .rev = rev,
						 .source = MODEL_SOURCE_FIRST });
	struct uuid me;

	if (e || !m->me || uuid_parse(str_of(model_me(m)->id), &me) || !uuid_eq(me, in->id))
		return e;
	return model_user_me(m, in);
}

enum err model_user_person(struct model *m, const struct user *in)
{
	return model_user_seen_at(m, in, in->rev.v);
}

static enum err arrive(struct model *m, const struct user *in)
{
	struct model_key key = model_key_of(in->id);
	struct item *it = shelf_item(model_payload(MODEL_USER), in, model_key_str(&key));

	if (!it)
		return ERR_NOMEM;
	enum err e = shelf_put(&m->arriving, it);
	return e ? e : model_user_seen_at(m, in, in->rev.v);
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
	return model_music_begin_changes(m);
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

enum err model_user_connected(struct model *m, const struct user *v, size_t n)
{
	enum err e = ERR_OK;

	m->entered = true;
	if (m->users_whole)
		return ERR_OK; /* a second answer changes nothing */
	for (size_t i = 0; i < n && !e; i++)
		e = arrive(m, &v[i]);
	if (e)
		return e;
	return n < USERS_AT_ONCE_MAX ? users_arrived(m) : ask_users(m, STR(""));
}

enum err model_user_page(struct model *m, const struct users_page *page)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < page->users.n && !e; i++)
		e = arrive(m, &page->users.v[i]);
	if (e)
		return e;
	bool more = page->nextCursor.set && !page->nextCursor.null && page->nextCursor.v.n;
	return more ? ask_users(m, page->nextCursor.v) : users_arrived(m);
}

enum err model_user_came(struct model *m, const struct user *in)
{
	enum err e = m->users_whole ? ERR_OK : arrive(m, in);

	if (!e)
		e = model_user_seen_at(m, in, in->rev.v);
	if (e)
		return e;
	bool known = m->shelves[MODEL_USER].n &&
	             shelf_find(&m->shelves[MODEL_USER],
			     (struct str){ (const char *)in->id.b, sizeof in->id.b });
	return model_music_take(m, &(struct model_change){ .kind = MODEL_USER,
					   .key = model_key_of(in->id),
					   .wire = in,
					   .source = known ? MODEL_SOURCE_LIST : MODEL_SOURCE_RELAY,
					   .created = ANTIPHON_NEW_USER,
					   .updated = ANTIPHON_UPDATE_USER });
}

enum err model_user_changed(struct model *m, const struct user *in)
{
	struct model_key key = model_key_of(in->id);
	bool arriving = shelf_find(&m->arriving, model_key_str(&key)) != NULL;
	enum err e = arriving ? arrive(m, in) : model_user_seen_at(m, in, in->rev.v);

	if (e || !shelf_find(&m->shelves[MODEL_USER], model_key_str(&key)))
		return e;
	return model_music_take(m, &(struct model_change){ .kind = MODEL_USER,
					   .key = key,
					   .wire = in,
					   .rev = in->rev.v,
					   .source = MODEL_SOURCE_RELAY,
					   .created = ANTIPHON_NEW_USER,
					   .updated = ANTIPHON_UPDATE_USER });
}

void model_user_went(struct model *m, struct uuid id)
{
	struct model_key key = model_key_of(id);
	struct item *it = shelf_take(&m->shelves[MODEL_USER], model_key_str(&key));

	shelf_drop(&m->arriving, model_key_str(&key));
	if (it)
		model_raise_item(m, ANTIPHON_DELETE_USER, it);
	free(it);
}

/* Where too many would see each change, some names come at once; those never seen are left out. */
enum err model_user_presence(struct model *m, const struct presence_digest *in)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < in->disconnected.n; i++)
		model_user_went(m, in->disconnected.v[i]);
	for (size_t i = 0; i < in->connected.n && !e; i++) {
		struct model_key key = model_key_of(in->connected.v[i]);
		const struct item *person =
			shelf_find(&m->shelves[MODEL_PERSON], model_key_str(&key));
		struct user user;
		if (!person || shelf_find(&m->shelves[MODEL_USER], model_key_str(&key)))
			continue;
		e = model_thaw(m, MODEL_PERSON, person, &user);
		if (!e)
			e = model_user_came(m, &user);
	}
	return e;
}

/* What /chat tells is told again by /music as USER_UPDATE: that raises UPDATE_USER. */
enum err model_user_status(struct model *m, const struct status_changed *in)
{
	static const enum model_kind kinds[] = { MODEL_PERSON, MODEL_USER };
	struct model_key key = model_key_of(in->userId);
	enum err e = ERR_OK;

	for (size_t i = 0; i < COUNT_OF(kinds) && !e; i++) {
		const struct item *it = shelf_find(&m->shelves[kinds[i]], model_key_str(&key));
		struct user user;
		if (!it)
			continue;
		e = model_thaw(m, kinds[i], it, &user);
		user.status = in->newStatus;
		user.statusText = in->statusText;
		if (!e)
			e = model_put(m, &(struct model_put){ .kind = kinds[i],
						 .key = model_key_str(&key),
						 .wire = &user,
						 .rev = it->rev });
		if (!e && model_chat_is_me(m, in->userId))
			e = model_user_me(m, &user);
	}
	return e;
}
