/* SPDX-License-Identifier: MIT
 *
 * model_snapshot - the state of /chat as the server tells it at each connection, against what is known.
 *
 * The first time it is taken in silently; later, and against what a file has kept, what differs is raised.
 *
 * Layer: client.  Threads: the model's owner's.
 */
#include <stdlib.h>

#include "base/json_read.h"
#include "client/model_inside.h"

enum { SNAPSHOT_NOTIFICATIONS_MAX = 100 };

/* The snapshot at hand. */
struct take {
	struct model *m;
	const struct snapshot *s;
	int64_t now_ms;
	bool silent;
};

static enum err forget_other_account(struct take *t)
{
	static const enum model_kind kinds[] = { MODEL_GROUP, MODEL_MESSAGE, MODEL_SETTING,
		MODEL_NOTIFICATION };

	t->silent = !t->m->me;
	if (t->m->me && !model_chat_is_me(t->m, t->s->me.id)) {
		t->silent = true;
		for (size_t i = 0; i < COUNT_OF(kinds); i++)
			model_forget(t->m, kinds[i], STR(""));
	}
	enum err e = model_user_me(t->m, &t->s->me);
	for (size_t i = 0; i < t->s->users.n && !e; i++)
		e = model_user_person(t->m, &t->s->users.v[i]);
	return e;
}

/* ---- groups ---- */

static bool has_group(const struct snapshot *s, const struct antiphon_group *group)
{
	struct uuid id;

	if (uuid_parse(str_of(group->id), &id))
		return false;
	for (size_t i = 0; i < s->groups.n; i++)
		if (uuid_eq(s->groups.v[i].id, id))
			return true;
	return false;
}

static enum err leave_groups(struct take *t)
{
	const struct shelf *groups = &t->m->shelves[MODEL_GROUP];
	enum err e = ERR_OK;

	for (size_t i = groups->n; i-- > 0 && !e;) {
		const struct antiphon_group *group = item_object(groups->v[i]);
		struct member_removed gone = {
			.userId = t->s->me.id, .removedBy = t->s->me.id, .timestamp = t->now_ms
		};
		if (has_group(t->s, group) || uuid_parse(str_of(group->id), &gone.groupId))
			continue;
		model_chat_leave(t->m, gone.groupId);
		e = model_raise(t->m, ANTIPHON_GROUP_MEMBER_REMOVED,
			schema_payload(STR("member_removed")), &gone);
	}
	return e;
}

static enum err raise_created(struct take *t, const struct group *in)
{
	struct group_created out = { .groupId = in->id,
		.creatorId = in->creatorId.v,
		.timestamp = in->createdAt,
		.name = in->name,
		.kind = in->kind };

	return model_raise(
		t->m, ANTIPHON_GROUP_CREATED, schema_payload(STR("group_created")), &out);
}

static enum err take_group(struct take *t, const struct group *in)
{
	struct model_key key = model_key_of(in->id);
	const struct item *known = shelf_find(&t->m->shelves[MODEL_GROUP], model_key_str(&key));
	bool is_new = !known;
	struct item was = { 0 };
	int64_t last = 0;
	struct item *it;

	if (known) {
		was = *known;
		last = known->behind ? known->last
		                     : ((const struct antiphon_group *)item_object(known))->lastSeq;
	}
	enum err e = model_put(t->m, &(struct model_put){ .kind = MODEL_GROUP,
					     .key = model_key_str(&key),
					     .wire = in,
					     .rev = is_new ? in->rev : was.rev,
					     .mark = in->lastSeq,
					     .out = &it });
	if (e)
		return e;
	it->behind = in->rev > it->rev;
	it->seen = in->rev;
	it->last = last;
	return is_new && !t->silent ? raise_created(t, in) : ERR_OK;
}

/* { groupId: how many are unread } */
static enum err take_unread(struct take *t)
{
	struct json_reader r = json_read_of(t->s->unread);
	enum err e = json_read_open_object(&r);
	bool more = true;
	struct str key;
	int64_t unread;
	struct uuid id;

	while (!e) {
		e = json_read_more_members(&r, &t->m->scratch, &more, &key);
		if (e || !more)
			break;
		e = json_read_int(&r, &unread);
		struct item *it =
			!e && !uuid_parse(key, &id) ? model_message_group(t->m, id) : NULL;
		if (!it)
			continue;
		it->mark = ((const struct antiphon_group *)item_object(it))->lastSeq - unread;
		e = model_keep(t->m, MODEL_GROUP, it);
	}
	return e;
}

/* ---- settings ---- */

static enum err take_setting(struct take *t, struct str name, struct str value)
{
	const struct item *known = shelf_find(&t->m->shelves[MODEL_SETTING], name);
	struct setting setting = { t->s->me.id, name, value, t->now_ms };

	if (known && str_eq(str_of(((const struct antiphon_setting *)item_object(known))->newValue),
			     value))
		return ERR_OK;
	enum err e = model_chat_setting(t->m, &setting);
	if (e || t->silent)
		return e;
	return model_raise(
		t->m, ANTIPHON_USER_SETTINGS_UPDATED, model_payload(MODEL_SETTING), &setting);
}

static enum err drop_settings(struct take *t, const struct shelf *there)
{
	const struct shelf *known = &t->m->shelves[MODEL_SETTING];
	enum err e = ERR_OK;

	for (size_t i = known->n; i-- > 0 && !e;) {
		if (shelf_find(there, item_key(known->v[i])))
			continue;
		struct setting gone = { t->s->me.id,
			arena_dup(&t->m->scratch, item_key(known->v[i])), STR("null"), t->now_ms };
		if (!gone.settingName.p)
			return ERR_NOMEM;
		e = model_chat_setting(t->m, &gone);
		if (!e)
			e = model_raise(t->m, ANTIPHON_USER_SETTINGS_UPDATED,
				model_payload(MODEL_SETTING), &gone);
	}
	return e;
}

static enum err take_settings(struct take *t)
{
	struct json_reader r = json_read_of(t->s->settings);
	struct shelf there = { 0 };
	enum err e = json_read_open_object(&r);
	bool more = true;
	struct str name, value;
	char none = 0;

	while (!e) {
		e = json_read_more_members(&r, &t->m->scratch, &more, &name);
		if (e || !more)
			break;
		e = json_read_raw(&r, &value);
		if (!e)
			e = take_setting(t, name, value);
		struct item *seen =
			e ? NULL : shelf_item(schema_payload(STR("empty")), &none, name);
		if (!e)
			e = seen ? shelf_put(&there, seen) : ERR_NOMEM;
	}
	if (!e)
		e = drop_settings(t, &there);
	shelf_done(&there);
	return e;
}

/* ---- notifications ---- */

static bool has_notification(const struct snapshot *s, struct str key)
{
	for (size_t i = 0; i < s->notifications.n; i++)
		if (memcmp(s->notifications.v[i].notificationId.b, key.p, key.n) == 0)
			return true;
	return false;
}

/* The oldest that the snapshot would name if it were unread. */
static struct str oldest(const struct snapshot *s)
{
	if (s->notifications.n < SNAPSHOT_NOTIFICATIONS_MAX)
		return STR("");
	return (struct str){
		(const char *)s->notifications.v[s->notifications.n - 1].notificationId.b, 16
	};
}

static enum err drop_notifications(struct take *t)
{
	const struct shelf *known = &t->m->shelves[MODEL_NOTIFICATION];
	size_t from = shelf_lower(known, oldest(t->s));
	enum err e = ERR_OK;

	for (size_t i = known->n; i-- > from && !e;) {
		const struct antiphon_notification *n = item_object(known->v[i]);
		if (has_notification(t->s, item_key(known->v[i])))
			continue;
		struct notification_gone gone = {
			arena_dup(&t->m->scratch, str_of(n->notificationId)), t->now_ms
		};
		if (!gone.notificationId.p)
			return ERR_NOMEM;
		model_chat_notification_read(t->m, gone.notificationId);
		e = model_raise(t->m, ANTIPHON_NOTIFICATION_READ,
			schema_payload(STR("notification_gone")), &gone);
	}
	return e;
}

static enum err take_notifications(struct take *t)
{
	enum err e = drop_notifications(t);

	for (size_t i = t->s->notifications.n; i-- > 0 && !e;) { /* they come the newest first */
		const struct notification *in = &t->s->notifications.v[i];
		struct model_key key = model_key_of(in->notificationId);
		if (shelf_find(&t->m->shelves[MODEL_NOTIFICATION], model_key_str(&key)))
			continue;
		e = model_put(t->m, &(struct model_put){ .kind = MODEL_NOTIFICATION,
					    .key = model_key_str(&key),
					    .wire = in });
		if (!e && !t->silent)
			e = model_raise(t->m, ANTIPHON_NOTIFICATION_RECEIVED,
				model_payload(MODEL_NOTIFICATION), in);
	}
	return e;
}

enum err model_snapshot_take(struct model *m, const struct snapshot *s, int64_t now_ms)
{
	struct take t = { .m = m, .s = s, .now_ms = now_ms };
	enum err e = forget_other_account(&t);

	m->asking_history = false;
	m->chat_whole = false;
	if (!e)
		e = leave_groups(&t);
	for (size_t i = 0; i < s->groups.n && !e; i++)
		e = take_group(&t, &s->groups.v[i]);
	if (!e)
		e = take_unread(&t);
	if (!e)
		e = take_settings(&t);
	if (!e)
		e = take_notifications(&t);
	return e ? e : model_message_catch_up(m);
}
