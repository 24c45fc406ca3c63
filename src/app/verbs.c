/* SPDX-License-Identifier: MIT
 *
 * verbs - a thunk a function, so that each verb keeps its own types: a row whose functions are missing does
 * not link, one whose functions have another shape does not compile.
 *
 * Layer: app.  Threads: constant.
 */
#include "app/verbs.h"

#define APPLY(id, in_type)                                                                         \
	static enum err id##_call_apply(                                                           \
		struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void **out) \
	{                                                                                          \
		struct id##_out *made = NULL;                                                      \
		enum err e = id##_apply(tx, ask, (const struct in_type *)in, a, &made);            \
		*out = made;                                                                       \
		return e;                                                                          \
	}                                                                                          \
	static void id##_call_announce(                                                            \
		struct hub *hub, const struct ask *ask, const void *in, void *out)                 \
	{                                                                                          \
		id##_announce(hub, ask, (const struct in_type *)in, (const struct id##_out *)out); \
	}
#define PREPARE(id, in_type)                                                                       \
	static enum err id##_call_prepare(struct blobs *blobs, const struct ask *ask,              \
		const void *in, struct arena *a, const void **out)                                 \
	{                                                                                          \
		struct id##_prepared *made = NULL;                                                 \
		enum err e = id##_prepare(blobs, ask, (const struct in_type *)in, a, &made);       \
		*out = made;                                                                       \
		return e;                                                                          \
	}
#define READ(id, in_type, answer_type)                                                             \
	static enum err id##_call_read(                                                            \
		struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void *out)  \
	{                                                                                          \
		return id##_read(                                                                  \
			tx, ask, (const struct in_type *)in, a, (struct answer_type *)out);        \
	}
#define LOOK(id, in_type, answer_type)                                                             \
	static void id##_call_announce(                                                            \
		struct hub *hub, const struct ask *ask, const void *in, void *out)                 \
	{                                                                                          \
		id##_announce(hub, ask, (const struct in_type *)in, (struct answer_type *)out);    \
	}
#define LIVE(id, in_type)                                                                          \
	static enum err id##_call_live(                                                            \
		struct hub *hub, const struct ask *ask, const void *in, const char **sentence)     \
	{                                                                                          \
		return id##_announce(hub, ask, (const struct in_type *)in, sentence);              \
	}

#define THUNKS_WRITE(id, in_type, answer_type) APPLY(id, in_type)
#define THUNKS_TURN(id, in_type, answer_type)  APPLY(id, in_type)
#define THUNKS_BLOB(id, in_type, answer_type)  APPLY(id, in_type) PREPARE(id, in_type)
#define THUNKS_READ(id, in_type, answer_type)  READ(id, in_type, answer_type)
#define THUNKS_LOOK(id, in_type, answer_type)                                                      \
	READ(id, in_type, answer_type) LOOK(id, in_type, answer_type)
#define THUNKS_LIVE(id, in_type, answer_type) LIVE(id, in_type)

#define CONNECT(id, ns, in_type, errors, doc) APPLY(id, in_type)
#define ON(id, name, ns, kind, in_type, answer_type, who, rate, errors, doc)                       \
	THUNKS_##kind(id, in_type, answer_type)
#define EMIT(...)
#include "schema/events.def"
#undef CONNECT
#undef ON

#define ROW_WRITE(id)                                                                              \
	{                                                                                          \
		.apply = id##_call_apply, .announce = id##_call_announce                           \
	}
#define ROW_TURN(id) ROW_WRITE(id)
#define ROW_BLOB(id)                                                                               \
	{                                                                                          \
		.prepare = id##_call_prepare, .apply = id##_call_apply,                            \
		.announce = id##_call_announce                                                     \
	}
#define ROW_READ(id)                                                                               \
	{                                                                                          \
		.read = id##_call_read                                                             \
	}
#define ROW_LOOK(id)                                                                               \
	{                                                                                          \
		.read = id##_call_read, .announce = id##_call_announce                             \
	}
#define ROW_LIVE(id)                                                                               \
	{                                                                                          \
		.live = id##_call_live                                                             \
	}

const struct verb verbs_table[] = {
#define CONNECT(id, ns, in_type, errors, doc) [EVENT_##id] = ROW_WRITE(id),
#define ON(id, name, ns, kind, in_type, answer_type, who, rate, errors, doc)                       \
	[EVENT_##id] = ROW_##kind(id),
#include "schema/events.def"
#undef CONNECT
#undef ON
#undef EMIT
	[EVENT_COUNT] = { .apply = NULL },
};
