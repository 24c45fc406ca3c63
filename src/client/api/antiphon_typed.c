/* SPDX-License-Identifier: MIT
 *
 * antiphon_typed - what each row of the tables becomes: a request function an event, a text a word.
 *
 * Layer: client.  Threads: see antiphon.h.
 */
#include "client/api/inside.h"

#define WORDS(set, doc)                                                                            \
	const char *antiphon_##set##_text(enum antiphon_##set value)                               \
	{                                                                                          \
		static const char *const texts[] = {
#define WORD(set, id, text) text,
#define END(set)                                                                                   \
	}                                                                                          \
	;                                                                                          \
	return (size_t)value < COUNT_OF(texts) ? texts[value] : NULL;                              \
	}
#include "schema/words.def"
#undef WORDS
#undef WORD
#undef END

/* done is called by the type that it was given with. */
#define CONNECT(...)
#define EMIT(...)
#define ON(id_, name, ns, kind, payload, answer, who, rate, errors, doc)                           \
	static void finish_##id_(void (*done)(void), void *context,                                \
		const struct antiphon_answer *a, const void *typed)                                \
	{                                                                                          \
		((void (*)(void *, const struct antiphon_answer *,                                 \
			const struct antiphon_##answer *))done)(context, a, typed);                \
	}                                                                                          \
	uint64_t antiphon_##id_(struct antiphon *c, const struct antiphon_##payload *what,         \
		void (*done)(void *context, const struct antiphon_answer *a,                       \
			const struct antiphon_##answer *typed),                                    \
		void *context)                                                                     \
	{                                                                                          \
		return antiphon_request_new(c, &(struct antiphon_asked){ .id = EVENT_##id_,        \
						       .what = what,                               \
						       .finish = finish_##id_,                     \
						       .done = (void (*)(void))done,               \
						       .context = context });                      \
	}
#include "schema/events.def"
#undef CONNECT
#undef EMIT
#undef ON

static void finish_any(
	void (*done)(void), void *context, const struct antiphon_answer *a, const void *typed)
{
	(void)typed;
	((antiphon_done_fn *)done)(context, a);
}

const struct event *antiphon_typed_find(const struct antiphon_any *what)
{
	for (int i = 0; i < NS_COUNT; i++) {
		const struct event *row = schema_find((enum ns)i, str_of(what->event));
		if (row && strcmp(schema_namespace((enum ns)i), what->ns) == 0)
			return row;
	}
	return NULL;
}

uint64_t antiphon_request(
	struct antiphon *c, const struct antiphon_any *what, antiphon_done_fn *done, void *context)
{
	const struct event *row = antiphon_typed_find(what);

	if (!row)
		return 0;
	return antiphon_request_new(
		c, &(struct antiphon_asked){ .id = (enum event_id)(row - schema_events),
			   .json = str_of(what->json),
			   .bytes = what->bytes,
			   .byte_count = what->byte_count,
			   .finish = finish_any,
			   .done = (void (*)(void))done,
			   .context = context });
}
