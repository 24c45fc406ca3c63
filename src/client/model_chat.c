/* SPDX-License-Identifier: MIT
 *
 * model_chat - groups, settings, read marks and notifications, as the events of /chat change them.
 *
 * Layer: client.  Threads: the model's owner's.
 */
#include <stdlib.h>

#include "client/model_inside.h"

bool model_chat_is_me(const struct model *m, struct uuid id)
{
	struct uuid me;

	return m->me && !uuid_parse(str_of(model_me(m)->id), &me) && uuid_eq(me, id);
}

/* ---- what acknowledgements and events change alike ---- */

enum err model_chat_join(struct model *m, const struct group *in)
{
	struct model_key key = model_key_of(in->id);
	struct item *known = shelf_find(&m->shelves[MODEL_GROUP], model_key_str(&key));

	if (known) {
		((struct antiphon_group *)item_object(known))->memberCount = in->memberCount;
		return model_keep(m, MODEL_GROUP, known);
	}
	return model_put(m, &(struct model_put){ .kind = MODEL_GROUP,
				    .key = model_key_str(&key),
				    .wire = in,
				    .rev = in->rev });
}

void model_chat_leave(struct model *m, struct uuid group_id)
{
	struct model_key key = model_key_of(group_id);

	model_forget(m, MODEL_MESSAGE, model_key_str(&key));
	model_forget(m, MODEL_GROUP, model_key_str(&key));
}

static enum err count_members(struct model *m, struct uuid group_id, int64_t more)
{
	struct item *it = model_message_group(m, group_id);

	if (!it)
		return ERR_OK;
	((struct antiphon_group *)item_object(it))->memberCount += more;
	return model_keep(m, MODEL_GROUP, it);
}

enum err model_chat_setting(struct model *m, const struct setting *in)
{
	if (!str_eq(in->newValue, STR("null")))
		return model_put(
			m, &(struct model_put){
				   .kind = MODEL_SETTING, .key = in->settingName, .wire = in });
	/* A name may begin another: only this one goes. */
	struct item *it = shelf_take(&m->shelves[MODEL_SETTING], in->settingName);
	if (it)
		m->handler->keep(m->context,
			&(struct model_record){ .kind = MODEL_SETTING, .key = item_key(it) }, true);
	free(it);
	return ERR_OK;
}

enum err model_chat_read(struct model *m, struct uuid group_id, int64_t seq)
{
	struct item *it = model_message_group(m, group_id);

	if (!it || it->mark >= seq)
		return ERR_OK;
	it->mark = seq;
	return model_keep(m, MODEL_GROUP, it);
}

void model_chat_notification_read(struct model *m, struct str id)
{
	struct uuid uuid;

	if (str_eq(id, STR("all"))) {
		model_forget(m, MODEL_NOTIFICATION, STR(""));
	} else if (!uuid_parse(id, &uuid)) {
		struct model_key key = model_key_of(uuid);
		model_forget(m, MODEL_NOTIFICATION, model_key_str(&key));
	}
}

enum err model_chat_groups(struct model *m, const struct snapshot *s)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < s->groups.n && !e; i++)
		e = model_chat_join(m, &s->groups.v[i]);
	return e;
}

/* ---- the events ---- */

static enum err group_created(struct model *m, const struct group_created *in)
{
	struct group group = { .id = in->groupId,
		.name = in->name,
		.kind = in->kind,
		.creatorId = { .set = true, .v = in->creatorId },
		.createdAt = in->timestamp,
		.memberCount = (int64_t)in->members.n };

	for (size_t i = 0; i < in->members.n; i++)
		if (model_chat_is_me(m, in->members.v[i]))
			return model_chat_join(m, &group);
	return ERR_OK;
}

/* One is in a group of which nothing else is known: a snapshot tells. */
static enum err member_added(struct model *m, const struct member_added *in)
{
	struct empty nothing = { 0 };

	if (!model_chat_is_me(m, in->userId) || model_message_group(m, in->groupId))
		return count_members(m, in->groupId, 1);
	return model_ask(m, EVENT_get_snapshot, &nothing);
}

static enum err member_removed(struct model *m, const struct member_removed *in)
{
	if (!model_chat_is_me(m, in->userId))
		return count_members(m, in->groupId, -1);
	model_chat_leave(m, in->groupId);
	return ERR_OK;
}

static enum err notified(struct model *m, const struct notification *in, bool *is_new)
{
	struct model_key key = model_key_of(in->notificationId);

	*is_new = !shelf_find(&m->shelves[MODEL_NOTIFICATION], model_key_str(&key));
	return model_put(
		m, &(struct model_put){
			   .kind = MODEL_NOTIFICATION, .key = model_key_str(&key), .wire = in });
}

static enum err data_received(struct model *m, const struct data_received *in)
{
	struct snapshot snapshot;

	if (!str_eq(in->dataType, STR("snapshot")))
		return ERR_OK;
	enum err e = model_decode(m, schema_payload(STR("snapshot")), in->data, &snapshot);
	return e ? e : model_snapshot_take(m, &snapshot, in->timestamp);
}

/* What the event changes; *is_new false: it was known before and is not raised. */
static enum err apply(struct model *m, enum event_id id, const void *in, bool *is_new)
{
	const struct message_read_mark *read = in;

	switch ((int)id) {
	case EVENT_chat_message_sent:
	case EVENT_chat_message_received:
		return model_message_put(m, in, is_new);
	case EVENT_chat_message_edited:
		return model_message_edit(m, in, is_new);
	case EVENT_chat_message_deleted:
		return model_message_delete(m, in, is_new);
	case EVENT_chat_message_reaction:
		return model_message_react(m, in, is_new);
	case EVENT_chat_group_created:
		return group_created(m, in);
	case EVENT_chat_group_member_added:
		return member_added(m, in);
	case EVENT_chat_group_member_removed:
		return member_removed(m, in);
	case EVENT_chat_notification_received:
		return notified(m, in, is_new);
	case EVENT_chat_user_status_changed:
		return model_user_status(m, in);
	case EVENT_chat_user_settings_updated:
		return model_chat_setting(m, in);
	case EVENT_chat_message_read:
		return model_chat_read(m, read->groupId, read->seq);
	case EVENT_chat_notification_read:
		model_chat_notification_read(
			m, ((const struct notification_gone *)in)->notificationId);
		return ERR_OK;
	default:
		return ERR_OK;
	}
}

static enum antiphon_event name_of(enum event_id id)
{
	switch ((int)id) {
#define MODEL(name, payload, doc)
#define CHAT(name, row, payload, doc)                                                              \
	case EVENT_##row:                                                                          \
		return ANTIPHON_##name;
#include "client/model_events.def"
#undef MODEL
#undef CHAT
	default:
		return ANTIPHON_EVENT_COUNT;
	}
}

enum err model_chat_event(struct model *m, enum event_id id, struct str json)
{
	const struct payload *p = schema_events[id].payload;
	void *in = arena_alloc(&m->scratch, p->size);
	enum err e = in ? model_decode(m, p, json, in) : ERR_NOMEM;
	bool is_new = true;

	if (e)
		return e;
	/* SYNCHRONISED comes behind what the snapshot itself is told by. */
	if (id == EVENT_chat_data_received) {
		e = model_raise(m, ANTIPHON_DATA_RECEIVED, p, in);
		return e ? e : data_received(m, in);
	}
	e = apply(m, id, in, &is_new);
	return e || !is_new ? e : model_raise(m, name_of(id), p, in);
}
