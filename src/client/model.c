/* SPDX-License-Identifier: MIT
 *
 * model - see model.h: the things, how they are put, kept, raised, and which file takes in what.
 *
 * Layer: client.  Threads: the model's owner's.
 */
#include "client/model.h"

#include <assert.h>
#include <stdlib.h>

#include "client/model_inside.h"
#include "schema/schema_decode.h"

static const enum event_id no_event = EVENT_COUNT;

enum err model_new(const struct model_handler *handler, void *context, struct model **out)
{
	struct model *m = calloc(1, sizeof *m);

	if (!m)
		return ERR_NOMEM;
	m->handler = handler;
	m->context = context;
	*out = m;
	return ERR_OK;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	for (int i = 0; i < MODEL_KIND_COUNT; i++)
		shelf_done(&m->shelves[i]);
	shelf_done(&m->arriving);
	shelf_done(&m->gone);
	arena_done(&m->scratch);
	free(m->me);
	free(m);
}

const struct payload *model_payload(enum model_kind kind)
{
	static const char *const names[MODEL_KIND_COUNT] = { "user", "user", "track", "comment",
		"rating", "group", "message", "setting", "notification" };

	assert(kind < MODEL_KIND_COUNT || kind == MODEL_ME);
	return schema_payload(str_of(names[kind == MODEL_ME ? MODEL_USER : kind]));
}

const struct shelf *model_shelf(const struct model *m, enum model_kind kind)
{
	return &m->shelves[kind];
}

const struct antiphon_user *model_me(const struct model *m)
{
	return m->me ? item_object(m->me) : NULL;
}

bool model_has_entered(const struct model *m)
{
	return m->entered;
}

bool model_is_synchronised(const struct model *m)
{
	return m->users_whole && m->music_whole && m->chat_whole;
}

/* ---- keys ---- */

struct model_key model_key_of(struct uuid id)
{
	struct model_key key = { .n = sizeof id.b };

	memcpy(key.b, id.b, sizeof id.b);
	return key;
}

struct model_key model_key_pair(struct uuid first, struct uuid second)
{
	struct model_key key = model_key_of(first);

	memcpy(key.b + key.n, second.b, sizeof second.b);
	key.n += sizeof second.b;
	return key;
}

struct model_key model_key_seq(struct uuid group_id, int64_t seq)
{
	struct model_key key = model_key_of(group_id);

	for (int shift = 56; shift >= 0; shift -= 8)
		key.b[key.n++] = (char)((uint64_t)seq >> shift);
	return key;
}

struct str model_key_str(const struct model_key *key)
{
	return (struct str){ key->b, key->n };
}

/* ---- in and out ---- */

enum err model_decode(struct model *m, const struct payload *p, struct str json, void *out)
{
	struct schema_source from = { .json = json };
	struct str sentence;

	if (m->at_hand) {
		from.attachments = m->at_hand->attachments;
		from.attachment_count = m->at_hand->attachment_count;
	}
	memset(out, 0, p->size);
	return schema_decode(p, &from, &m->scratch, out, &sentence);
}

enum err model_raise(
	struct model *m, enum antiphon_event event, const struct payload *p, const void *wire)
{
	struct form form = form_of(p);
	void *payload = arena_alloc(&m->scratch, form_size(&form, wire));

	if (!payload)
		return ERR_NOMEM;
	form_pack(&form, wire, payload);
	m->handler->raise(m->context, event, payload);
	return ERR_OK;
}

void model_raise_item(struct model *m, enum antiphon_event event, const struct item *it)
{
	m->handler->raise(m->context, event, item_object(it));
}

enum err model_ask(struct model *m, enum event_id id, const void *in)
{
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);

	schema_encode(schema_events[id].payload, in, &w, NULL);
	enum err e = buf_failed(&json) ? ERR_NOMEM : ERR_OK;
	if (!e)
		m->handler->ask(m->context, id, buf_str(&json));
	buf_done(&json);
	return e;
}

enum err model_keep(struct model *m, enum model_kind kind, const struct item *it)
{
	struct form form = form_of(model_payload(kind));
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);

	if (kind == MODEL_USER)
		return ERR_OK; /* who is connected is nothing to remember */
	enum err e = form_encode(&form, item_object(it), &w, NULL);
	if (!e && buf_failed(&json))
		e = ERR_NOMEM;
	if (!e)
		m->handler->keep(m->context,
			&(struct model_record){ .kind = kind,
				.key = item_key(it),
				.rev = it->rev,
				.mark = it->mark,
				.json = buf_str(&json) },
			false);
	buf_done(&json);
	return e;
}

enum err model_put(struct model *m, const struct model_put *what)
{
	struct item *it = shelf_item(model_payload(what->kind), what->wire, what->key);

	if (!it)
		return ERR_NOMEM;
	it->rev = what->rev;
	it->mark = what->mark;
	enum err e = shelf_put(&m->shelves[what->kind], it);
	if (!e)
		e = model_keep(m, what->kind, it);
	if (!e && what->out)
		*what->out = it;
	return e;
}

void model_forget(struct model *m, enum model_kind kind, struct str prefix)
{
	shelf_drop(&m->shelves[kind], prefix);
	m->handler->keep(m->context, &(struct model_record){ .kind = kind, .key = prefix }, true);
}

enum err model_thaw(struct model *m, enum model_kind kind, const struct item *it, void *out)
{
	struct form form = form_of(model_payload(kind));
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);

	enum err e = form_encode(&form, item_object(it), &w, NULL);
	struct str copy = arena_dup(&m->scratch, buf_str(&json));
	if (buf_failed(&json) || !copy.p)
		e = ERR_NOMEM;
	buf_done(&json);
	return e ? e : model_decode(m, form.payload, copy, out);
}

enum err model_load(struct model *m, const struct model_record *r)
{
	enum err e;

	if (r->kind == MODEL_REV) {
		m->rev = m->whole_rev = r->rev;
		return ERR_OK;
	}
	if (r->kind != MODEL_ME && (r->kind >= MODEL_KIND_COUNT || r->kind == MODEL_USER))
		return ERR_BAD_REQUEST;
	const struct payload *p = model_payload(r->kind);
	void *wire = arena_alloc(&m->scratch, p->size);
	e = wire ? model_decode(m, p, r->json, wire) : ERR_NOMEM;
	struct item *it = e ? NULL : shelf_item(p, wire, r->key);
	arena_reset(&m->scratch);
	if (!it)
		return e ? e : ERR_NOMEM;
	it->rev = r->rev;
	it->mark = r->mark;
	if (r->kind != MODEL_ME)
		return shelf_put(&m->shelves[r->kind], it);
	free(m->me);
	m->me = it;
	return ERR_OK;
}

/* ---- what happens ---- */

void model_look_whole(struct model *m)
{
	struct antiphon_empty nothing = { 0 };

	if (model_is_synchronised(m))
		m->handler->raise(m->context, ANTIPHON_SYNCHRONISED, &nothing);
}

void model_connected(struct model *m, enum ns ns, bool recovered)
{
	if (recovered) {
		/* What was missed follows; what is still to be asked is asked for by its owner again. */
		model_look_whole(m);
		return;
	}
	if (ns == NS_CHAT) {
		m->chat_whole = false; /* the server's snapshot follows */
		return;
	}
	m->entered = m->users_whole = m->music_whole = false;
	enum err e = model_music_begin(m);
	(void)e; /* without memory it stays out of step until the next connection */
	arena_reset(&m->scratch);
}

static enum event_id find_emitted(enum ns ns, struct str name)
{
	for (int i = 0; i < EVENT_COUNT; i++)
		if (schema_events[i].kind == KIND_EMIT && schema_events[i].ns == ns &&
			str_eq(str_of(schema_events[i].name), name))
			return (enum event_id)i;
	return no_event;
}

enum err model_event(struct model *m, enum ns ns, struct str name, const struct schema_source *in)
{
	enum event_id id = find_emitted(ns, name);

	if (id == no_event)
		return ERR_UNKNOWN_EVENT;
	m->at_hand = in;
	enum err e = ns == NS_MUSIC ? model_music_event(m, id, in->json)
	                            : model_chat_event(m, id, in->json);
	m->at_hand = NULL;
	arena_reset(&m->scratch);
	return e;
}

enum err model_answer(struct model *m, const struct model_answer *a)
{
	assert(!m->at_hand); /* an event's scratch would be emptied under it */
	enum err e =
		schema_events[a->id].ns == NS_MUSIC ? model_music_answer(m, a) : model_reply(m, a);

	arena_reset(&m->scratch);
	return e;
}
