/* SPDX-License-Identifier: MIT
 *
 * stage - accounts that publish tracks: the functions of verbs as one call each.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#ifndef UNIT_MUSIC_STAGE_H
#define UNIT_MUSIC_STAGE_H

#include "../accounts/world.h"
#include "dispatch/verb.h"

#define STAGE_AUDIO STR("fLaC\0\0\0\x22 and what follows")

/* One verb under way. */
struct stage_call {
	enum err (*fn)(struct tx *tx, struct stage_call *c);
	struct ask ask;
	const void *in;
	void *out;
	struct arena *a;
};

static inline enum err stage_step(struct tx *tx, void *context)
{
	struct stage_call *c = context;

	return c->fn(tx, c);
}

static inline enum err stage_run(struct world *w, struct stage_call c)
{
	c.a = &w->a;
	return world_do(w, stage_step, &c);
}

/* call_ID(tx, call): the apply of a verb, its result into *(struct ID_out **)call->out; or its read. */
#define STAGE_APPLY(id, in_type)                                                                   \
	static inline enum err call_##id(struct tx *tx, struct stage_call *c)                      \
	{                                                                                          \
		struct id##_out *out = NULL;                                                       \
		enum err e = id##_apply(tx, &c->ask, (const struct in_type *)c->in, c->a, &out);   \
		*(void **)c->out = out;                                                            \
		return e;                                                                          \
	}
#define STAGE_READ(id, in_type, answer)                                                            \
	static inline enum err call_##id(struct tx *tx, struct stage_call *c)                      \
	{                                                                                          \
		return id##_read(tx, &c->ask, (const struct in_type *)c->in, c->a,                 \
			(struct answer *)c->out);                                                  \
	}

STAGE_APPLY(publish_track, publish_track)
STAGE_READ(get_track, get_track, track_full_answer)
STAGE_READ(list_changes, list_changes, changes_answer)

/* Publishes with these fields; the bytes are STAGE_AUDIO unless there are some. The id is the ask's first. */
static inline enum err stage_publish(
	struct world *w, struct uuid user, struct publish_track in, struct uuid *id)
{
	struct ask ask = world_ask(w, user);
	struct publish_track_prepared *prepared = NULL;
	void *out;

	if (!in.audio.set && !in.uploadId.set) {
		in.audio.set = true;
		in.audio.v = STAGE_AUDIO;
	}
	assert_int_equal(
		publish_track_prepare(store_blobs(w->store.store), &ask, &in, &w->a, &prepared),
		ERR_OK);
	ask.prepared = prepared;
	if (id)
		*id = ask_id(&ask, 0);
	return stage_run(w, (struct stage_call){ call_publish_track, ask, &in, &out, NULL });
}

static inline struct uuid stage_track(struct world *w, struct uuid user, const char *title)
{
	struct uuid id;

	assert_int_equal(
		stage_publish(w, user, (struct publish_track){ .title = str_of(title) }, &id),
		ERR_OK);
	return id;
}

static inline enum err stage_get(struct world *w, struct uuid id, struct track_full_answer *out)
{
	const struct get_track in = { id };

	*out = (struct track_full_answer){ .track = { .commentCount = 0 } };
	return stage_run(w, (struct stage_call){ call_get_track,
				    world_ask(w, (struct uuid){ { 0 } }), &in, out, NULL });
}

static inline struct changes_answer stage_changes(struct world *w, int64_t after, int64_t limit)
{
	const struct list_changes in = { .afterRev = after,
		.limit = { .set = limit > 0, .v = limit } };
	struct changes_answer out = { .rev = 0 };

	assert_int_equal(
		stage_run(w, (struct stage_call){ call_list_changes,
				     world_ask(w, (struct uuid){ { 0 } }), &in, &out, NULL }),
		ERR_OK);
	return out;
}

#endif
