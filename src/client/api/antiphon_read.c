/* SPDX-License-Identifier: MIT
 *
 * antiphon_read - the model, as a program reads it.
 *
 * Layer: client.  Threads: see antiphon.h.
 */
#include "base/uuid.h"
#include "client/api/inside.h"

/* The key of an id as text; empty for what is none, which nothing has as its key. */
struct id_key {
	struct uuid id;
	size_t n;
};

static struct id_key key_of(const char *id)
{
	struct id_key key = { .n = sizeof key.id.b };

	if (!id || uuid_parse(str_of(id), &key.id))
		key.n = 0;
	return key;
}

static struct str key_str(const struct id_key *key)
{
	return (struct str){ (const char *)key->id.b, key->n };
}

static const void *at(const struct antiphon *c, enum model_kind kind, size_t index)
{
	const struct shelf *s = model_shelf(c->model, kind);

	return index < s->n ? item_object(s->v[index]) : NULL;
}

static const void *find(const struct antiphon *c, enum model_kind kind, const char *id)
{
	struct id_key key = key_of(id);
	const struct item *it = shelf_find(model_shelf(c->model, kind), key_str(&key));

	return key.n && it ? item_object(it) : NULL;
}

/* Of those that belong to something. */
static size_t count_of(const struct antiphon *c, enum model_kind kind, const char *id)
{
	struct id_key key = key_of(id);
	size_t first;

	return key.n ? shelf_range(model_shelf(c->model, kind), key_str(&key), &first) : 0;
}

static const void *at_of(
	const struct antiphon *c, enum model_kind kind, const char *id, size_t index)
{
	struct id_key key = key_of(id);
	size_t first, n = shelf_range(model_shelf(c->model, kind), key_str(&key), &first);

	return key.n && index < n ? at(c, kind, first + index) : NULL;
}

const struct antiphon_user *antiphon_me(const struct antiphon *c)
{
	return model_me(c->model);
}

size_t antiphon_user_count(const struct antiphon *c)
{
	return model_shelf(c->model, MODEL_USER)->n;
}

const struct antiphon_user *antiphon_user_at(const struct antiphon *c, size_t index)
{
	return at(c, MODEL_USER, index);
}

const struct antiphon_user *antiphon_user_find(const struct antiphon *c, const char *id)
{
	const void *connected = find(c, MODEL_USER, id);

	return connected ? connected : find(c, MODEL_PERSON, id);
}

size_t antiphon_track_count(const struct antiphon *c)
{
	return model_shelf(c->model, MODEL_TRACK)->n;
}

const struct antiphon_track *antiphon_track_at(const struct antiphon *c, size_t index)
{
	return at(c, MODEL_TRACK, index);
}

const struct antiphon_track *antiphon_track_find(const struct antiphon *c, const char *id)
{
	return find(c, MODEL_TRACK, id);
}

size_t antiphon_comment_count(const struct antiphon *c, const char *track_id)
{
	return count_of(c, MODEL_COMMENT, track_id);
}

const struct antiphon_comment *antiphon_comment_at(
	const struct antiphon *c, const char *track_id, size_t index)
{
	return at_of(c, MODEL_COMMENT, track_id, index);
}

size_t antiphon_rating_count(const struct antiphon *c, const char *track_id)
{
	return count_of(c, MODEL_RATING, track_id);
}

const struct antiphon_rating *antiphon_rating_at(
	const struct antiphon *c, const char *track_id, size_t index)
{
	return at_of(c, MODEL_RATING, track_id, index);
}

size_t antiphon_group_count(const struct antiphon *c)
{
	return model_shelf(c->model, MODEL_GROUP)->n;
}

const struct antiphon_group *antiphon_group_at(const struct antiphon *c, size_t index)
{
	return at(c, MODEL_GROUP, index);
}

const struct antiphon_group *antiphon_group_find(const struct antiphon *c, const char *id)
{
	return find(c, MODEL_GROUP, id);
}

int64_t antiphon_unread(const struct antiphon *c, const char *group_id)
{
	struct id_key key = key_of(group_id);
	const struct item *it = shelf_find(model_shelf(c->model, MODEL_GROUP), key_str(&key));

	return it ? ((const struct antiphon_group *)item_object(it))->lastSeq - it->mark : 0;
}

size_t antiphon_message_count(const struct antiphon *c, const char *group_id)
{
	return count_of(c, MODEL_MESSAGE, group_id);
}

const struct antiphon_message *antiphon_message_at(
	const struct antiphon *c, const char *group_id, size_t index)
{
	return at_of(c, MODEL_MESSAGE, group_id, index);
}

size_t antiphon_setting_count(const struct antiphon *c)
{
	return model_shelf(c->model, MODEL_SETTING)->n;
}

const struct antiphon_setting *antiphon_setting_at(const struct antiphon *c, size_t index)
{
	return at(c, MODEL_SETTING, index);
}

const struct antiphon_setting *antiphon_setting_find(const struct antiphon *c, const char *name)
{
	const struct item *it = shelf_find(model_shelf(c->model, MODEL_SETTING), str_of(name));

	return it ? item_object(it) : NULL;
}

size_t antiphon_notification_count(const struct antiphon *c)
{
	return model_shelf(c->model, MODEL_NOTIFICATION)->n;
}

const struct antiphon_notification *antiphon_notification_at(const struct antiphon *c, size_t index)
{
	return at(c, MODEL_NOTIFICATION, index);
}
